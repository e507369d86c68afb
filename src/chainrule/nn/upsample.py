"""Resizing images and other signals: `interpolate` and the layer of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from chainrule.core.composite import composite
from chainrule.core.constraint import POSITIVE, Constraint, one_of, or_none
from chainrule.core.interpreter import lift
from chainrule.core.sample import sample
from chainrule.errors import error
from chainrule.functions.resize import resize
from chainrule.nn.adaptive_pool import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d
from chainrule.nn.checks import check_ndim
from chainrule.nn.module import Module
from chainrule.nn.options import SIZES, Constraints
from chainrule.nn.registry import layer
from chainrule.tensor import Tensor

Factors = float | Sequence[float]

# By PyTorch's name of a mode: the number of space axes (0 for any), and how it reads.
MODES: dict[str, tuple[int, str]] = {
    "nearest": (0, "nearest"),
    "nearest-exact": (0, "nearest"),
    "area": (0, "area"),
    "linear": (1, "linear"),
    "bilinear": (2, "linear"),
    "trilinear": (3, "linear"),
    "bicubic": (2, "cubic"),
}


@composite(r"\sum_{k} h(|s_p - k|) x_k")
def interpolate(
    input: Any,
    size: int | Sequence[int] | None = None,
    scale_factor: Factors | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """Change the extents of the space axes by reading between elements.

    Parameters
    ----------
    input : Tensor
        (N, C, L), (N, C, H, W) or (N, C, D, H, W).
    size : int or tuple, optional
        New extents; either these or ``scale_factor``.
    scale_factor : number or tuple, optional
        Factors of the extents, which are rounded down.
    mode : str
        ``"nearest"`` (the element before), ``"nearest-exact"`` (the nearest one), ``"linear"``,
        ``"bilinear"``, ``"trilinear"``, ``"bicubic"``, or ``"area"`` (means of regions).
    align_corners : bool, optional
        Whether first and last elements agree, in place of the ends of the axes; for linear and cubic modes.

    Raises
    ------
    ConfigError
        A mode that is not for this number of space axes, or ``align_corners`` where it has no meaning.

    Examples
    --------
    >>> import chainrule as cr
    >>> import chainrule.nn.functional as F
    >>> F.interpolate(cr.tensor([[[0.0, 1.0]]]), scale_factor=2, mode="linear")
    tensor([[[0.  , 0.25, 0.75, 1.  ]]])
    """
    x = lift(input)
    check_ndim("interpolate", x, (3, 4, 5), "(N, C, L), (N, C, H, W) or (N, C, D, H, W)")
    how = _how(mode, len(x.shape) - 2, align_corners)
    if how == "area":
        return _mean_of_areas(x, size, scale_factor)
    if align_corners:
        coordinates = "align_corners"
    else:
        coordinates = "asymmetric" if mode == "nearest" else "half_pixel"
    return resize(x, size, scale=scale_factor, mode=how, coordinates=coordinates)


def _how(mode: str, space: int, align_corners: bool | None) -> str:
    if mode not in MODES:
        allowed = ", ".join(map(repr, MODES))
        raise error("structure.choice", op="interpolate", name="mode", got=repr(mode), allowed=allowed)
    wanted, how = MODES[mode]
    if wanted not in (0, space):
        raise error(
            "nn.interpolate_axes", mode=mode, expected=wanted, got=space, layer="interpolate", remedy=""
        )
    if align_corners is not None and how in ("nearest", "area"):
        raise error("nn.align_corners", mode=mode, layer="interpolate", remedy="")
    return how


def _mean_of_areas(x: Any, size: Any, scale: Any) -> Tensor:
    space = len(x.shape) - 2
    if (size is None) == (scale is None):
        raise error("structure.resize_twice", size=size, scale=scale)
    if size is None:
        factors = scale if isinstance(scale, tuple | list) else (scale,) * space
        size = tuple(int(n * factor) for n, factor in zip(x.shape[2:], factors, strict=True))
    pool = {1: adaptive_avg_pool1d, 2: adaptive_avg_pool2d, 3: adaptive_avg_pool3d}[space]
    return pool(x, size)


def _are_factors(value: Any) -> bool:
    several = value if isinstance(value, tuple | list) else (value,)
    return len(several) > 0 and all(map(POSITIVE.holds, several))


_FACTORS = Constraint("(0, ∞), or a tuple of them", _are_factors, (0.5, 2), (0, -1, "2", (0,), ()))


@layer(
    interpolate,
    sample((2, 3, 4), scale_factor=2),
    sample((2, 3, 5), size=8, mode="linear"),
    sample((2, 3, 5), size=3, mode="linear", align_corners=True),
    sample((1, 2, 3, 5), scale_factor=(2, 1.5), mode="bilinear"),
    sample((1, 2, 4, 5), size=(3, 9), mode="bilinear", align_corners=True),
    sample((1, 2, 4, 5), size=(7, 3), mode="bicubic"),
    sample((1, 2, 4, 5), scale_factor=1.7, mode="bicubic", align_corners=True),
    sample((1, 2, 4, 3), size=(6, 2), mode="nearest-exact"),
    sample((1, 2, 2, 3, 4), size=(3, 4, 2), mode="trilinear"),
    sample((1, 2, 2, 3, 4), scale_factor=2),
)
class Upsample(Module):
    r"""Change the extents of the space axes by reading between elements.

    .. math:: y_p = \sum_{k} h(|s_p - k|) \, x_k

    Input (N, C, L), (N, C, H, W) or (N, C, D, H, W). The axes are resized one after another, with the
    kernel :math:`h` of the mode at the places :math:`s_p = (p + 1/2) n / m - 1/2`, or, if corners are
    aligned, :math:`s_p = p (n - 1) / (m - 1)`.

    Parameters
    ----------
    size : int or tuple, optional
        New extents; either these or ``scale_factor``.
    scale_factor : number or tuple, optional
        Factors of the extents, which are rounded down.
    mode : str
        ``"nearest"``, ``"nearest-exact"``, ``"linear"``, ``"bilinear"``, ``"trilinear"``, ``"bicubic"`` or
        ``"area"``.
    align_corners : bool, optional
        Whether first and last elements agree, in place of the ends of the axes.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.Upsample(scale_factor=2)(cr.tensor([[[1.0, 2.0]]]))
    tensor([[[1., 1., 2., 2.]]])
    """

    constraints: ClassVar[Constraints] = {
        "size": or_none(SIZES),
        "scale_factor": or_none(_FACTORS),
        "mode": one_of(*MODES),
        "align_corners": or_none(one_of(False, True)),
    }

    def __init__(
        self,
        size: int | Sequence[int] | None = None,
        scale_factor: Factors | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
    ) -> None:
        self.size, self.scale_factor = size, scale_factor
        self.mode, self.align_corners = mode, align_corners

    def forward(self, input: Any) -> Tensor:
        """The input with other extents."""
        return interpolate(input, self.size, self.scale_factor, self.mode, self.align_corners)
