"""Whether a function is convex on a box: proof, evidence, or a counter-example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import chainrule.calculus.messages_optimize  # noqa: F401  (registers the messages used here)
from chainrule import random
from chainrule.calculus.fields import Array, Form, Function, ScalarField, form_of, shown
from chainrule.calculus.printed import Printed
from chainrule.calculus.regions import Box, as_box, check_count
from chainrule.errors import ChainruleError, error, text

# Relative to the largest value or eigenvalue: less may be rounding.
_ROUNDING = 1e-9
_MOST_CORNERS = 6
_ROUNDS = 4


@dataclass(frozen=True, repr=False)
class Chord(Printed):
    r"""A chord that lies below the function: :math:`f(t x + (1 - t) y) > t f(x) + (1 - t) f(y)`.

    Attributes
    ----------
    x, y : ndarray (n,)
        Its ends.
    t : float
        Where on it the function is above.
    excess : float
        By how much.
    """

    x: Array
    y: Array
    t: float
    excess: float

    def __str__(self) -> str:
        shown_ = {"x": shown(self.x), "y": shown(self.y), "middle": shown(self.t * self.x + self.rest)}
        return text("optimum.chord", t=f"{self.t:.4g}", excess=f"{self.excess:.3g}", **shown_)

    @property
    def rest(self) -> Array:
        """(1 - t) y."""
        return (1 - self.t) * self.y


@dataclass(frozen=True, repr=False)
class Convexity(Printed):
    """Whether a function is convex on a box; true if nothing speaks against it.

    Attributes
    ----------
    kind : str
        ``"proof"`` (the Hessian's formula is never negative), ``"evidence"`` (all tests passed) or
        ``"not_convex"``.
    smallest : float
        The smallest eigenvalue of the Hessian that was found.
    point, direction : ndarray (n,)
        Where it was found, and its eigenvector: there the function curves least.
    counterexample : Chord or None
        Two points between which the function is above its chord.
    samples : int
        How many points and chords were tested.
    """

    kind: str
    smallest: float
    point: Array
    direction: Array
    counterexample: Chord | None
    samples: int

    def __bool__(self) -> bool:
        return self.kind != "not_convex"

    def __str__(self) -> str:
        shown_ = {"smallest": f"{self.smallest:.4g}", "point": shown(self.point)}
        direction = shown(self.direction)
        said = text(f"optimum.convex_{self.kind}", samples=self.samples, direction=direction, **shown_)
        return said if self.counterexample is None else f"{said}\n{self.counterexample}"


def is_convex(f: Function, region: Any, *, samples: int = 300, seed: int = 0) -> Convexity:
    r"""Whether a function is convex on a box.

    .. math:: f(t x + (1 - t) y) \le t f(x) + (1 - t) f(y)

    Tested are the eigenvalues of the Hessian at many points, with a closer look where they are smallest, and
    many chords. If the function has a polynomial formula of constant Hessian, or a Hessian that is
    diagonal and visibly never negative, passing is a proof; otherwise it is evidence.

    Parameters
    ----------
    f : callable
        A function of n numbers, or of one vector (n,), that gives one number.
    region : pair, or sequence of pairs
        ``(low, high)`` for each variable.
    samples : int
        How many points, and how many chords.
    seed : int
        Of the random points.

    Returns
    -------
    Convexity
        False with a counter-example where the function is not convex. For concavity ask about ``-f``.

    Raises
    ------
    NonFiniteError
        The function is not finite somewhere in the region.

    Examples
    --------
    >>> import chainrule as cr
    >>> is_convex(lambda x, y: x * x + x * y + y * y, [(-1, 1), (-1, 1)]).kind
    'proof'
    >>> is_convex(lambda x, y: cr.logaddexp(x, y), [(-1, 1), (-1, 1)]).kind
    'evidence'
    >>> found = is_convex(lambda x: x**3, (-1, 1))
    >>> bool(found), found.counterexample.excess > 0
    (False, True)
    """
    check_count(samples, "is_convex", "samples", 2)
    box = as_box(region, "is_convex")
    form = form_of(f, box.count, "is_convex")
    field = ScalarField(f, form, "is_convex")
    generator = random.Generator(seed)
    points = _points(box, samples, generator)
    values = field.values(points)
    if not np.isfinite(values).all():
        raise error("optimum.region_finite", point=shown(points[:, np.argmin(np.isfinite(values))]))
    smallest, point, direction = _least_curved(field, box, points, generator)
    chords = (_along(field, box, point, direction), _random_chord(field, box, samples, generator))
    found = max((c for c in chords if c is not None), key=lambda c: c.excess, default=None)
    kind = "not_convex" if found is not None else "proof" if is_proven(f, form) else "evidence"
    return Convexity(kind, smallest, point, direction, found, samples)


def _points(box: Box, samples: int, generator: random.Generator) -> Array:
    """The centre, the corners if they are few, and random points, as columns."""
    chosen = [((box.low + box.high) / 2)[:, None], box.random_points(samples, generator)]
    if box.count <= _MOST_CORNERS:
        chosen.append(box.corners())
    return np.concatenate(chosen, axis=1)


def _least_curved(
    field: ScalarField, box: Box, points: Array, generator: random.Generator
) -> tuple[float, Array, Array]:
    """The smallest eigenvalue of the Hessian, its place and its direction; each round looks closer."""
    best = (np.inf, points[:, 0], np.eye(box.count)[0])
    for shrink in 0.25 ** np.arange(1, _ROUNDS + 1):
        H = field.hessians(points)
        usable = np.flatnonzero(np.isfinite(H).all(axis=(1, 2)))
        eigenvalues, vectors = np.linalg.eigh(H[usable])
        if usable.size and eigenvalues[:, 0].min() < best[0]:
            i = int(np.argmin(eigenvalues[:, 0]))
            best = (float(eigenvalues[i, 0]), points[:, usable[i]], vectors[i, :, 0])
        low, high = (np.clip(best[1] + s * shrink * box.width / 2, box.low, box.high) for s in (-1, 1))
        points = Box(low, high).random_points(64, generator)
    return best


def _along(field: ScalarField, box: Box, point: Array, direction: Array) -> Chord | None:
    """A chord in the direction of least curvature that lies below the function, if there is one."""
    moving = abs(direction) > 1e-12
    room = np.minimum(box.high - point, point - box.low)[moving] / abs(direction[moving])
    reach = float(room.min())
    if not reach > 0:
        # From the side of the box, chords go inwards.
        inwards = (box.low + box.high) / 2 - point
        point, reach = point + 1e-3 * inwards, 1e-3 * float((box.width / 2).min())
    lengths = reach * 0.5 ** np.arange(20)
    moves = direction[:, None] * lengths
    return _best(field, point[:, None] - moves, point[:, None] + moves, np.full(len(lengths), 0.5))


def _random_chord(field: ScalarField, box: Box, samples: int, generator: random.Generator) -> Chord | None:
    """The worst of many random chords, if it lies below the function."""
    x, y = (box.random_points(samples, generator) for _ in range(2))
    # Half of them short, to see narrow bends.
    y[:, ::2] = x[:, ::2] + 0.1 * (y[:, ::2] - x[:, ::2])
    t = random.uniform((samples,), 0.1, 0.9, dtype=np.float64, generator=generator).numpy()
    return _best(field, x, y, t)


def _best(field: ScalarField, x: Array, y: Array, t: Array) -> Chord | None:
    """Of chords between columns, the one furthest below the function."""
    at_x, at_y, between = (field.values(p) for p in (x, y, t * x + (1 - t) * y))
    excess = between - (t * at_x + (1 - t) * at_y)
    rounding = _ROUNDING * np.maximum(abs(between), np.maximum(abs(at_x), abs(at_y)))
    worst = int(np.nanargmax(np.where(np.isfinite(excess), excess - rounding, -np.inf)))
    if not excess[worst] > rounding[worst]:
        return None
    return Chord(x[:, worst], y[:, worst], float(t[worst]), float(excess[worst]))


def is_proven(f: Function, form: Form) -> bool:
    """Whether the function's formula shows that its Hessian is nowhere negative."""
    import sympy as sp

    from chainrule.calculus.subject import Subject

    try:
        entries, symbols = Subject(f, "is_convex").expressions(form)
    except ChainruleError:
        return False
    expression = entries.reshape(-1)[0]
    if not _is_smooth(expression):
        return False
    H = sp.hessian(sp.expand(expression), symbols)
    if not H.free_symbols:
        return bool(H.is_positive_semidefinite)
    return bool(H.is_diagonal() and all(entry.is_nonnegative for entry in H.diagonal()))


def _is_smooth(expression: Any) -> bool:
    """Whether a formula has neither steps, kinks nor poles, which a Hessian's formula does not show."""
    import sympy as sp
    from sympy.core.function import Application

    known = (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh)
    functions = expression.atoms(Application)
    powers = expression.atoms(sp.Pow)
    whole = all(p.exp.is_Integer and p.exp >= 0 for p in powers if not p.is_number)
    return whole and all(isinstance(function, known) for function in functions)
