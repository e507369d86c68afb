"""Critical points: where the gradient is zero, found from many starts and classified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

import chainrule.calculus.messages_optimize  # noqa: F401  (registers the messages used here)
from chainrule import random
from chainrule.calculus.fields import Array, Function, ScalarField, as_point, as_tensor, form_of, shown
from chainrule.calculus.printed import Printed
from chainrule.calculus.regions import Box, as_box, check_count
from chainrule.errors import error, printed_width, text

KINDS = ("minimum", "maximum", "saddle", "degenerate")
# Eigenvalues below this part of the largest in the region count as 0, gradients likewise.
_ZERO = 1e-7
# Points closer than this part of the region are the same; Newton's method is slow at degenerate ones.
_SAME = 1e-5
_MOST_SHOWN = 20
_MANY = 10


@dataclass(frozen=True, repr=False)
class CriticalPoint(Printed):
    r"""A point where :math:`\nabla f = 0`.

    Attributes
    ----------
    point : ndarray (n,)
        The place.
    value : float
        The function there.
    gradient_norm : float
        What is left of the gradient.
    eigenvalues : ndarray (n,)
        Of the Hessian, in rising order.
    kind : str
        ``"minimum"`` (all eigenvalues positive), ``"maximum"`` (all negative), ``"saddle"`` (both signs), or
        ``"degenerate"``: some are zero, the rest of one sign, and the second order does not decide; or the
        second derivatives jump there.
    """

    point: Array
    value: float
    gradient_norm: float
    eigenvalues: Array
    kind: str

    @property
    def cells(self) -> list[str]:
        """Point, value, eigenvalues and gradient norm as text."""
        return [shown(self.point), shown(self.value), shown(self.eigenvalues), f"{self.gradient_norm:.0e}"]

    def __str__(self) -> str:
        cells = dict(zip(("point", "value", "eigenvalues", "norm"), self.cells, strict=True))
        return text("optimum.critical", kind=text(f"optimum.{self.kind}"), **cells)


@dataclass(frozen=True, repr=False)
class CriticalPoints(Printed):
    """Critical points in order of their values, degenerate ones after the others.

    Attributes
    ----------
    points : tuple of CriticalPoint
        The points, each once.
    starts : int
        From how many starts they were searched.
    failed : int
        How many of these led nowhere, or out of the region.
    """

    points: tuple[CriticalPoint, ...]
    starts: int
    failed: int

    def __len__(self) -> int:
        return len(self.points)

    def __iter__(self) -> Iterator[CriticalPoint]:
        return iter(self.points)

    @overload
    def __getitem__(self, index: int) -> CriticalPoint: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[CriticalPoint, ...]: ...
    def __getitem__(self, index: int | slice) -> CriticalPoint | tuple[CriticalPoint, ...]:
        return self.points[index]

    def of_kind(self, kind: str) -> tuple[CriticalPoint, ...]:
        """Those of one kind."""
        return tuple(p for p in self.points if p.kind == kind)

    def __str__(self) -> str:
        found = text("optimum.searched", starts=self.starts, found=len(self), failed=self.failed)
        lines = [found, *(_table(self.points[:_MOST_SHOWN]) if self.points else ())]
        if len(self) > _MOST_SHOWN:
            lines.append(text("optimum.more", count=len(self) - _MOST_SHOWN))
        if len(self.of_kind("degenerate")) > _MANY:
            lines.append(text("optimum.not_isolated"))
        return "\n".join(lines)


def _table(points: Sequence[CriticalPoint]) -> list[str]:
    head = [text(f"optimum.column_{name}") for name in ("kind", "point", "value", "eigenvalues", "norm")]
    rows = [head, *([text(f"optimum.{p.kind}"), *p.cells] for p in points)]
    widths = [max(map(printed_width, column)) for column in zip(*rows, strict=True)]
    padded = ([c + " " * (w - printed_width(c)) for c, w in zip(row, widths, strict=True)] for row in rows)
    return ["  ".join(row).rstrip() for row in padded]


def critical_points(
    f: Function, region: Any = None, *, starts: Any = 64, steps: int = 100, seed: int = 0
) -> CriticalPoints:
    r"""Find and classify points where :math:`\nabla f = 0`.

    From each start, Newton's method on the gradient, :math:`x \leftarrow x - t\,(\nabla^2 f)^{+} \nabla f`,
    with steps cut so that :math:`\|\nabla f\|` falls. It goes to minima, maxima and saddles alike. That all
    were found cannot be promised; more starts find more. Corners, as :math:`|x|` has, are not looked for, nor
    is the edge of the region.

    Parameters
    ----------
    f : callable
        A function of n numbers, or of one vector (n,), that gives one number.
    region : pair, or sequence of pairs, optional
        ``(low, high)`` for each variable; what lies outside is left out.
    starts : int or array_like (m, n)
        How many points of the region to start from, or the points themselves.
    steps : int
        The most steps from each.
    seed : int
        Of the random starts.

    Returns
    -------
    CriticalPoints

    Raises
    ------
    ConfigError
        Neither region nor starts are given, or the region is reversed.
    ShapeError
        ``f`` does not take the variables, or gives more than one number.

    Examples
    --------
    >>> print(critical_points(lambda x, y: x**3 - 3 * x + y**2, [(-2, 2), (-2, 2)]))
    critical points found: 2 (64 starts, 1 without one; there may be more)
    kind     point    value  eigenvalues  gradient
    minimum  (1, 0)   -2     (2, 6)       0e+00
    saddle   (-1, 0)  2      (-6, 2)      0e+00
    """
    check_count(steps, "critical_points", "steps")
    box = None if region is None else as_box(region, "critical_points")
    first = _starts(box, starts, seed)
    field = ScalarField(f, form_of(f, len(first), "critical_points"), "critical_points")
    scale, reach = _scale(field, first), _reach(box, first)
    with np.errstate(all="ignore"):  # What is not finite is left out.
        last = _settle(field, first, steps, reach)
    norms = np.linalg.norm(field.gradients(last), axis=0)
    good = norms <= _ZERO * scale * min(1.0, reach.width.max())
    good &= np.isfinite(field.values(last))
    good &= True if box is None else box.contains(last)
    found = _distinct(last[:, good], norms[good], _SAME * reach.width.max())
    points = sorted(
        (_classified(field, p, scale) for p in found), key=lambda p: (p.kind == "degenerate", p.value)
    )
    return CriticalPoints(tuple(points), first.shape[1], int((~good).sum()))


def _starts(box: Box | None, starts: Any, seed: int) -> Array:
    """Start points, as columns (n, m)."""
    if isinstance(starts, int):
        check_count(starts, "critical_points", "starts")
        if box is None:
            raise error("optimum.no_starts")
        spread = box.random_points(starts, random.Generator(seed))
        # The centre is where symmetric functions have theirs.
        spread[:, 0] = (box.low + box.high) / 2
        return spread
    points = np.array(as_tensor(starts).numpy())
    points = points[:, None] if points.ndim == 1 else points
    if points.ndim != 2 or 0 in points.shape or (box is not None and points.shape[1] != box.count):
        raise error("optimum.starts", shape=points.shape)
    return np.array([as_point(row, "critical_points") for row in points]).T


def _scale(field: ScalarField, points: Array) -> float:
    """The usual size of second derivatives where the search begins."""
    values, gradients, hessians = field.values(points), field.gradients(points), field.hessians(points)
    finite = np.isfinite(values) & np.isfinite(gradients).all(axis=0) & np.isfinite(hessians).all(axis=(1, 2))
    if not finite.any():
        raise error("optimum.not_finite", point=shown(points[:, 0]))
    return float(abs(hessians[finite]).max()) or 1.0


def _reach(box: Box | None, points: Array) -> Box:
    """The space that the search may use: three times what was asked for."""
    low, high = (points.min(axis=1), points.max(axis=1)) if box is None else (box.low, box.high)
    margin = np.maximum(high - low, 0 if box is not None else 1 + abs(points).max())
    return Box(low - margin, high + margin)


def _settle(field: ScalarField, points: Array, steps: int, reach: Box) -> Array:
    """Where Newton's method leads from each column."""
    points = points.copy()
    moving = np.arange(points.shape[1])
    for _ in range(steps):
        here = points[:, moving]
        g, H = field.gradients(here), field.hessians(here)
        usable = np.isfinite(g).all(axis=0) & np.isfinite(H).all(axis=(1, 2))
        full = np.zeros_like(here)
        full[:, usable] = -np.einsum("mij,jm->im", np.linalg.pinv(H[usable], rcond=1e-14), g[:, usable])
        step = _shortened(field, here, full, np.linalg.norm(g, axis=0))
        points[:, moving] = here + step
        small = np.linalg.norm(step, axis=0) <= 1e-12 * (1 + np.linalg.norm(here, axis=0))
        moving = moving[~small & reach.contains(points[:, moving])]
        if not moving.size:
            break
    return points


def _shortened(field: ScalarField, points: Array, steps: Array, before: Array) -> Array:
    """Each step halved until the gradient falls; no step where it does not."""
    length = np.ones(points.shape[1])
    waiting = np.arange(points.shape[1])
    for _ in range(16):
        tried = points[:, waiting] + length[waiting] * steps[:, waiting]
        norms = np.linalg.norm(field.gradients(tried), axis=0)
        waiting = waiting[~(norms < before[waiting])]
        if not waiting.size:
            break
        length[waiting] /= 2
    length[waiting] = 0
    return length * steps


def _distinct(points: Array, norms: Array, apart: float) -> list[Array]:
    """The columns without those close to a better one."""
    kept: list[Array] = []
    for p in points[:, np.argsort(norms, kind="stable")].T:
        if all(np.linalg.norm(p - q) > apart for q in kept):
            kept.append(p)
    return kept


def _classified(field: ScalarField, point: Array, scale: float) -> CriticalPoint:
    point = _tidied(field, point)
    eigenvalues, vectors = np.linalg.eigh(field.hessian(point))
    norm = float(np.linalg.norm(field.gradient(point)))
    kind = kind_of(eigenvalues, _ZERO * scale)
    if not _curves_so(field, point, eigenvalues, vectors):
        kind = "degenerate"
    return CriticalPoint(point, field.value(point), norm, eigenvalues, kind)


def _curves_so(field: ScalarField, point: Array, eigenvalues: Array, vectors: Array) -> bool:
    """Whether the function rises and falls around a point as the eigenvalues say.

    Where its second derivative jumps it may not, as x |x| at 0.
    """
    value, reach = field.value(point), 1 + float(np.linalg.norm(point))
    rounding = 10 * np.finfo(np.float64).eps * abs(value)
    for h in (1e-4 * reach, 1e-6 * reach):
        moves = h * np.concatenate([vectors, -vectors], axis=1)
        rises = field.values(point[:, None] + moves) - value
        if not (rises * np.sign(np.tile(eigenvalues, 2)) < -rounding).any():
            return True
    return False


def _tidied(field: ScalarField, point: Array) -> Array:
    """The point with fewer digits where that is as good: (1, 0) rather than (1.0000000000000002, 1e-17)."""
    rounded = np.round(point, 9) + 0.0
    before, after = (np.linalg.norm(field.gradient(p)) for p in (point, rounded))
    return rounded if after <= before else point


def kind_of(eigenvalues: Array, zero: float) -> str:
    """What the eigenvalues of a Hessian say about a critical point.

    Examples
    --------
    >>> [kind_of(np.array(e), 1e-9) for e in ([1.0, 2.0], [-1.0, 2.0], [0.0, 2.0])]
    ['minimum', 'saddle', 'degenerate']
    """
    up, down = eigenvalues > zero, eigenvalues < -zero
    if up.any() and down.any():
        return "saddle"
    return "minimum" if up.all() else "maximum" if down.all() else "degenerate"
