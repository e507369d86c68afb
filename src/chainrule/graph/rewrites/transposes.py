"""Transposes, moved to where they cancel or where another operation does them."""

from __future__ import annotations

from typing import Any

from chainrule.core.spec import Shape
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import Exact, example, rewrites
from chainrule.ops.contract import contract, letters
from chainrule.ops.move import inverse_permutation, reshape, transpose
from chainrule.ops.pointwise import add, exp
from chainrule.ops.reduce import argmax, max_, sum_


def _with_its_transpose(x: Any) -> Any:
    return add(x, transpose(x, axes=(1, 0)))


def _axes(here: Here) -> Shape:
    return tuple(a % len(here.shape) for a in here.params["axes"])


@rewrites(
    "transposes merged",
    r"(x^{P})^{Q} = x^{P Q}",
    "transpose",
    examples=(
        example(lambda x: transpose(transpose(x, axes=(1, 2, 0)), axes=(0, 2, 1)), "f32[2, 3, 4]"),
        example(lambda x: transpose(transpose(x, axes=(1, 0)), axes=(1, 0)), "f32[2, 3]"),
        example(lambda x: transpose(x, axes=(0, 1)), "f32[2, 3]"),
    ),
    refusals=(example(lambda x: transpose(x, axes=(1, 0)), "f32[2, 3]"),),
)
def merge_transposes(here: Here) -> Any:
    """One permutation, or none."""
    inner, axes = here.made_by(here.x, "transpose"), _axes(here)
    x = here.x
    if inner is not None:
        x, axes = inner.x, tuple(_axes(inner)[a] for a in axes)
    if axes == tuple(range(len(axes))):
        return x
    return None if inner is None else transpose(x, axes=axes)


@rewrites(
    "transpose of axes of extent 1",
    "a transpose that only moves axes of extent 1 is a reshape",
    "transpose",
    examples=(example(lambda x: transpose(x, axes=(1, 0, 2)), "f32[2, 1, 3]"),),
    refusals=(example(lambda x: transpose(x, axes=(2, 1, 0)), "f32[2, 1, 3]"),),
)
def transpose_as_reshape(here: Here) -> Any:
    """The reshape."""
    moved = [a for a in _axes(here) if here.x.shape[a] != 1]
    return reshape(here.x, shape=here.shape) if moved == sorted(moved) else None


@rewrites(
    "transpose within a reshape",
    "axes of extent 1 that a reshape adds before a transpose can be added after it",
    "transpose",
    examples=(
        example(lambda x: transpose(reshape(x, shape=(2, 1, 3, 4)), axes=(2, 1, 0, 3)), "f32[2, 3, 4]"),
    ),
    refusals=(example(lambda x: transpose(reshape(x, shape=(2, 1, 12)), axes=(2, 1, 0)), "f32[2, 3, 4]"),),
)
def transpose_within_reshape(here: Here) -> Any:
    """Transpose what was reshaped, then add the axes, so that reshapes after it merge with it."""
    inner = here.made_by(here.x, "reshape")
    if inner is None or 1 in inner.x.shape:
        return None
    kept = [a for a, n in enumerate(here.x.shape) if n != 1]
    if tuple(here.x.shape[a] for a in kept) != inner.x.shape or len(kept) == len(here.shape):
        return None
    axes = tuple(kept.index(a) for a in _axes(here) if a in kept)
    return reshape(transpose(inner.x, axes=axes), shape=here.shape)


@rewrites(
    "transposed operand",
    r"\sum_{k} (A^{T})_{k i} B_{k j} = \sum_{k} A_{i k} B_{k j}",
    "contract",
    exact=Exact.ROUNDING,
    bound="the same products are added, in an order of the computer's choice",
    ulps=8,
    examples=(
        example(
            lambda a, b: contract(transpose(a, axes=(1, 0)), b, spec="ki,kj->ij"), "f32[2, 3]", "f32[3, 4]"
        ),
        example(
            lambda a, b: contract(a, transpose(b, axes=(1, 0)), spec="ik,kj->ij"), "f32[2, 3]", "f32[4, 3]"
        ),
    ),
    refusals=(example(lambda a, b: contract(a, b, spec="ik,kj->ij"), "f32[2, 3]", "f32[3, 4]"),),
)
def transposed_operand(here: Here) -> Any:
    """Letters are permuted in place of elements."""
    inner = [here.made_by(x, "transpose") for x in here.inputs]
    if inner == [None, None]:
        return None
    *given, result = letters(here.params["spec"])
    inputs = [x if made is None else made.x for x, made in zip(here.inputs, inner, strict=True)]
    a, b = (
        word if made is None else _permuted(word, inverse_permutation(_axes(made)))
        for word, made in zip(given, inner, strict=True)
    )
    return contract(*inputs, spec=f"{a},{b}->{result}")


def _permuted(word: str, axes: Shape) -> str:
    return "".join(word[a] for a in axes)


@rewrites(
    "transposed product",
    r"(A B)^{T}_{j i} = \sum_{k} A_{i k} B_{k j}",
    "transpose",
    exact=Exact.ROUNDING,
    bound="the same products are added, in an order of the computer's choice",
    ulps=8,
    examples=(
        example(
            lambda a, b: transpose(contract(a, b, spec="ik,kj->ij"), axes=(1, 0)), "f32[2, 3]", "f32[3, 4]"
        ),
    ),
    refusals=(
        example(lambda a, b: _with_its_transpose(contract(a, b, spec="ik,kj->ij")), "f32[2, 3]", "f32[3, 2]"),
    ),
)
def transposed_product(here: Here) -> Any:
    """The product with its letters in the order of the transpose, unless others need it as it is."""
    inner = here.made_by(here.x, "contract")
    if inner is None or here.uses(here.x) > 1:
        return None
    a, b, result = letters(inner.params["spec"])
    return inner.again(*inner.inputs, spec=f"{a},{b}->{_permuted(result, _axes(here))}")


@rewrites(
    "transpose after a pointwise operation",
    r"f(x^{T}, y^{T}) = f(x, y)^{T}",
    examples=(
        example(lambda x: exp(transpose(x, axes=(1, 0))), "f32[2, 3]"),
        example(
            lambda x, y: add(transpose(x, axes=(1, 0)), transpose(y, axes=(1, 0))), "f32[2, 3]", "f32[2, 3]"
        ),
        example(lambda x: add(transpose(x, axes=(1, 0)), 2.0), "f32[2, 3]"),
    ),
    refusals=(
        example(lambda x, y: add(transpose(x, axes=(1, 0)), y), "f32[2, 3]", "f32[3, 2]"),
        example(lambda x: add(transpose(x, axes=(1, 0)), x), "f32[3, 3]"),
    ),
)
def transpose_after_pointwise(here: Here) -> Any:
    """Compute first where all inputs with axes are transposed alike, and used for nothing else."""
    if here.node.op.family != "pointwise":
        return None
    found = [here.made_by(x, "transpose") if x.shape else None for x in here.inputs]
    moved = [inner for inner in found if inner is not None]
    if not moved or len(moved) < sum(bool(x.shape) for x in here.inputs):
        return None
    axes = _axes(moved[0])
    if any(_axes(inner) != axes or not here.is_only_user(inner.y) for inner in moved):
        return None
    inputs = [x if inner is None else inner.x for x, inner in zip(here.inputs, found, strict=True)]
    return transpose(here.again(*inputs), axes=axes)


@rewrites(
    "transpose after a reduction",
    r"\sum_{i} (x^{T})_{i j} = \sum_{i} x_{j i}",
    *("sum", "prod", "max", "min", "any", "all", "argmax", "argmin"),
    exact=Exact.ROUNDING,
    bound="the same numbers are added or multiplied, in an order of the computer's choice",
    ulps=8,
    examples=(
        example(lambda x: max_(transpose(x, axes=(2, 0, 1)), axis=(1,), keepdims=False), "f32[2, 3, 4]"),
        example(lambda x: sum_(transpose(x, axes=(2, 0, 1)), axis=(0, 2), keepdims=True), "f32[2, 3, 4]"),
        example(lambda x: argmax(transpose(x, axes=(1, 0)), axis=(0,), keepdims=False), "f32[2, 3]"),
    ),
    refusals=(
        # The index counts through both axes, in their order.
        example(lambda x: argmax(transpose(x, axes=(1, 0)), axis=(0, 1), keepdims=False), "f32[2, 3]"),
    ),
)
def transpose_after_reduction(here: Here) -> Any:
    """Fold the axes where they come from, then transpose those that are left."""
    inner, folded = here.made_by(here.x, "transpose"), here.params["axis"]
    if inner is None or (here.name.startswith("arg") and len(folded) > 1):
        return None
    axes = _axes(inner)
    reduced = here.again(inner.x, axis=tuple(sorted(axes[a] for a in folded)))
    if here.params["keepdims"]:
        return transpose(reduced, axes=axes)
    left = [a for i, a in enumerate(axes) if i not in folded]
    return transpose(reduced, axes=tuple(sorted(left).index(a) for a in left))
