"""Moves of elements that do nothing, or that one move can do."""

from __future__ import annotations

from typing import Any

from chainrule.core.spec import Shape
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import Exact, example, rewrites
from chainrule.ops.move import broadcast_to, concatenate, flip, pad, reshape, slice_, transpose
from chainrule.ops.pointwise import add


@rewrites(
    "reshape to the same shape",
    "a reshape to the shape that a tensor has changes nothing",
    "reshape",
    "broadcast_to",
    examples=(
        example(lambda x: reshape(x, shape=(2, 3)), "f32[2, 3]"),
        example(lambda x: broadcast_to(x, shape=(2, 3)), "f32[2, 3]"),
    ),
    refusals=(example(lambda x: reshape(x, shape=(3, 2)), "f32[2, 3]"),),
)
def same_shape(here: Here) -> Any:
    """The tensor itself."""
    return here.x if here.x.shape == here.shape else None


@rewrites(
    "reshapes merged",
    "of two reshapes only the last counts",
    "reshape",
    examples=(example(lambda x: reshape(reshape(x, shape=(6,)), shape=(3, 2)), "f32[2, 3]"),),
    refusals=(example(lambda x: reshape(transpose(x, axes=(1, 0)), shape=(6,)), "f32[2, 3]"),),
)
def merge_reshapes(here: Here) -> Any:
    """Reshape the first tensor straight to the last shape."""
    inner = here.made_by(here.x, "reshape")
    return None if inner is None else reshape(inner.x, shape=here.shape)


@rewrites(
    "broadcasts merged",
    "of two broadcasts only the last counts; axes of extent 1 in front need no reshape before",
    "broadcast_to",
    examples=(
        example(lambda x: broadcast_to(broadcast_to(x, shape=(2, 3)), shape=(4, 2, 3)), "f32[3]"),
        example(lambda x: broadcast_to(reshape(x, shape=(1, 3)), shape=(2, 3)), "f32[3]"),
        example(lambda x: broadcast_to(reshape(x, shape=(1, 1)), shape=(2, 3)), "f32[]"),
    ),
    refusals=(example(lambda x: broadcast_to(reshape(x, shape=(3, 1)), shape=(3, 2)), "f32[3]"),),
)
def merge_broadcasts(here: Here) -> Any:
    """Broadcast the first tensor straight to the last shape."""
    inner = here.made_by(here.x, "broadcast_to", "reshape")
    if inner is None or (inner.name == "reshape" and not _adds_axes_in_front(inner)):
        return None
    return broadcast_to(inner.x, shape=here.shape)


def _adds_axes_in_front(inner: Here) -> bool:
    before, after = inner.x.shape, inner.shape
    return len(before) <= len(after) and after == (1,) * (len(after) - len(before)) + before


@rewrites(
    "broadcast of new axes only",
    "a broadcast that adds axes of extent 1 is a reshape",
    "broadcast_to",
    examples=(example(lambda x: broadcast_to(x, shape=(1, 1, 3)), "f32[3]"),),
    refusals=(example(lambda x: broadcast_to(x, shape=(2, 1, 3)), "f32[3]"),),
)
def broadcast_as_reshape(here: Here) -> Any:
    """The reshape."""
    added = len(here.shape) - len(here.x.shape)
    return reshape(here.x, shape=here.shape) if here.shape == (1,) * added + here.x.shape else None


@rewrites(
    "slice of everything",
    "a slice of all elements changes nothing",
    "slice",
    examples=(example(lambda x: slice_(x, start=(0, 0), stop=(2, 3), step=(1, 1)), "f32[2, 3]"),),
    refusals=(example(lambda x: slice_(x, start=(0, 0), stop=(2, 3), step=(1, 2)), "f32[2, 3]"),),
)
def slice_of_everything(here: Here) -> Any:
    """The tensor itself: a slice that leaves out nothing has its shape."""
    return here.x if here.x.shape == here.shape else None


@rewrites(
    "slices merged",
    "a slice of a slice is a slice",
    "slice",
    examples=(
        example(
            lambda x: slice_(
                slice_(x, start=(1, 0), stop=(9, 3), step=(2, 1)), start=(1, 1), stop=(4, 3), step=(2, 1)
            ),
            "f32[10, 3]",
        ),
    ),
    refusals=(example(lambda x: slice_(x, start=(1,), stop=(9,), step=(2,)), "f32[10]"),),
)
def merge_slices(here: Here) -> Any:
    """Places of places."""
    inner = here.made_by(here.x, "slice")
    if inner is None or 0 in here.shape:
        return None
    starts, steps = _bounds(inner)
    more, by = _bounds(here)
    start = tuple(a + s * b for a, s, b in zip(starts, steps, more, strict=True))
    step = tuple(s * t for s, t in zip(steps, by, strict=True))
    stop = tuple(a + (n - 1) * s + 1 for a, n, s in zip(start, here.shape, step, strict=True))
    return slice_(inner.x, start=start, stop=stop, step=step)


def _bounds(here: Here) -> tuple[Shape, Shape]:
    return here.params["start"], here.params["step"]


@rewrites(
    "padding by nothing",
    "padding by 0 changes nothing",
    "pad",
    examples=(example(lambda x: pad(x, low=(0, 0), high=(0, 0), interior=(0, 0)), "f32[2, 3]"),),
    refusals=(example(lambda x: pad(x, low=(1, 0), high=(0, 0), interior=(0, 0)), "f32[2, 3]"),),
)
def pad_by_nothing(here: Here) -> Any:
    """The tensor itself."""
    return here.x if here.x.shape == here.shape and not any(here.params["low"]) else None


@rewrites(
    "slice of a padded tensor",
    "a slice that takes exactly what was padded is that",
    "slice",
    examples=(
        example(
            lambda x: slice_(
                pad(x, low=(1, 0), high=(0, 2), interior=(1, 0)), start=(1, 0), stop=(4, 3), step=(2, 1)
            ),
            "f32[2, 3]",
        ),
    ),
    refusals=(
        example(
            lambda x: slice_(pad(x, low=(1,), high=(1,), interior=(0,)), start=(0,), stop=(3,), step=(1,)),
            "f32[3]",
        ),
    ),
)
def slice_of_pad(here: Here) -> Any:
    """What was padded, where the slice begins at it, has its extents and steps over the gaps."""
    inner = here.made_by(here.x, "pad")
    if inner is None or inner.x.shape != here.shape or min(inner.params["low"], default=0) < 0:
        return None
    start, step = _bounds(here)
    gaps = tuple(gap + 1 for gap in inner.params["interior"])
    return inner.x if start == tuple(inner.params["low"]) and step == gaps else None


@rewrites(
    "slice of joined tensors",
    "a slice that takes exactly one of the tensors that were joined is that",
    "slice",
    examples=(
        example(
            lambda x, y: slice_(concatenate(x, y, axis=0), start=(2, 0), stop=(6, 3), step=(1, 1)),
            *("f32[2, 3]", "f32[4, 3]"),
        ),
    ),
    refusals=(
        example(
            lambda x, y: slice_(concatenate(x, y, axis=0), start=(1, 0), stop=(3, 3), step=(1, 1)),
            *("f32[2, 3]", "f32[4, 3]"),
        ),
    ),
)
def slice_of_concatenation(here: Here) -> Any:
    """The tensor whose place it is."""
    inner = here.made_by(here.x, "concatenate")
    start, step = _bounds(here)
    if inner is None or any(s != 1 for s in step):
        return None
    axis, at = inner.params["axis"], 0
    for part in inner.inputs:
        if start[axis] == at and here.shape == part.shape:
            return part
        at += part.shape[axis]
    return None


@rewrites(
    "joining one tensor",
    "one tensor alone is joined already",
    "concatenate",
    examples=(example(lambda x: concatenate(x, axis=0), "f32[2, 3]"),),
    refusals=(example(lambda x: concatenate(x, x, axis=0), "f32[2, 3]"),),
)
def concatenate_one(here: Here) -> Any:
    """The tensor itself."""
    return here.x if len(here.inputs) == 1 else None


@rewrites(
    "joins merged",
    "tensors that are joined along the same axis twice are joined once",
    "concatenate",
    examples=(
        example(lambda x, y: concatenate(concatenate(x, y, axis=0), x, axis=0), *("f32[2, 3]", "f32[1, 3]")),
    ),
    refusals=(
        example(lambda x, y: concatenate(concatenate(x, x, axis=1), y, axis=0), *("f32[2, 3]", "f32[1, 6]")),
    ),
)
def merge_concatenations(here: Here) -> Any:
    """All of them in a row; a join that others use too is left alone."""
    parts: list[Any] = []
    for x in here.inputs:
        inner = here.made_by(x, "concatenate")
        same = inner is not None and inner.params == here.params and here.uses(x) == 1
        parts += inner.inputs if inner is not None and same else [x]
    return concatenate(*parts, **here.params) if len(parts) > len(here.inputs) else None


@rewrites(
    "flips merged",
    "axes that are flipped twice are not flipped, and those of extent 1 need not be",
    "flip",
    examples=(
        example(lambda x: flip(flip(x, axis=(0, 1)), axis=(1,)), "f32[2, 3]"),
        example(lambda x: flip(x, axis=(0, 1)), "f32[1, 3]"),
        example(lambda x: flip(x, axis=(0,)), "f32[1]"),
    ),
    refusals=(example(lambda x: flip(x, axis=(0,)), "f32[2, 3]"),),
)
def merge_flips(here: Here) -> Any:
    """One flip, or none."""
    inner = here.made_by(here.x, "flip")
    x, before = (here.x, ()) if inner is None else (inner.x, inner.params["axis"])
    turned = {a % len(x.shape) for a in here.params["axis"]} ^ {a % len(x.shape) for a in before}
    axes = tuple(sorted(a for a in turned if x.shape[a] > 1))
    if inner is None and len(axes) == len(here.params["axis"]):
        return None
    return flip(x, axis=axes) if axes else x


@rewrites(
    "sum of neighbours",
    r"(x, 0) + (0, y) = (x, y)",
    "add",
    exact=Exact.ZERO_SIGN,
    examples=(
        example(
            lambda x, y: add(
                pad(x, low=(0, 0), high=(0, 3), interior=(0, 0)),
                pad(y, low=(0, 2), high=(0, 1), interior=(0, 0)),
            ),
            *("f32[4, 2]", "f32[4, 2]"),
        ),
    ),
    refusals=(
        example(
            lambda x, y: add(
                pad(x, low=(0, 0), high=(0, 1), interior=(0, 0)),
                pad(y, low=(0, 1), high=(0, 0), interior=(0, 0)),
            ),
            *("f32[4, 2]", "f32[4, 2]"),
        ),
        example(lambda x: add(pad(x, low=(1,), high=(0,), interior=(0,)), 1.0), "f32[3]"),
    ),
)
def sum_of_neighbours(here: Here) -> Any:
    """Tensors that were padded to stand side by side are joined: the derivative of a split."""
    pads = [here.made_by(x, "pad") for x in here.inputs]
    pairs = [(side, inner) for inner in pads if inner is not None and (side := _side(inner)) is not None]
    if len(pairs) < 2 or here.inputs[0].shape != here.inputs[1].shape:
        return None
    ((axis, _, end), first), ((other, start, _), second) = sorted(pairs, key=lambda pair: pair[0])
    if axis != other or end != start:
        return None
    low, high = first.params["low"], second.params["high"]
    return pad(concatenate(first.x, second.x, axis=axis), low=low, high=high, interior=(0,) * len(low))


def _side(here: Here) -> tuple[int, int, int] | None:
    """The one axis along which a tensor is padded without gaps, and where along it the tensor stands."""
    low, high = here.params["low"], here.params["high"]
    padded = [a for a, (b, c) in enumerate(zip(low, high, strict=True)) if b or c]
    if len(padded) != 1 or any(here.params["interior"]) or min(*low, *high) < 0:
        return None
    (axis,) = padded
    return axis, low[axis], low[axis] + here.x.shape[axis]
