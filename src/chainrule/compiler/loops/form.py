r"""Affine forms: where an element is read or written, as a function of the axes of a loop nest.

.. math:: \mathrm{offset} + \sum_i c_i \, \mathrm{axis}_i

Reshaping, transposing, slicing, flipping and broadcasting change the form of a reader and move no element.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from chainrule.core.spec import Shape


@dataclass(frozen=True)
class Form:
    """An affine function of the axes.

    Parameters
    ----------
    offset : int
        Its value at the origin.
    coefs : tuple of int
        How much one step along each axis adds.
    """

    offset: int
    coefs: tuple[int, ...]

    @cached_property
    def axes(self) -> frozenset[int]:
        """The axes that it depends on."""
        return frozenset([i for i, c in enumerate(self.coefs) if c])

    def after(self, substitution: Sequence[Form]) -> Form:
        """The form in new axes, where each old axis is a form of the new ones."""
        offset, coefs = self.offset, [0] * len(substitution[0].coefs) if substitution else []
        for coef, old in zip(self.coefs, substitution, strict=True):
            offset += coef * old.offset
            for j, c in enumerate(old.coefs):
                coefs[j] += coef * c
        return Form(offset, tuple(coefs))

    def permuted(self, axes: Sequence[int]) -> Form:
        """The form of axes in another order: axis i becomes what axis ``axes[i]`` was."""
        return Form(self.offset, tuple(self.coefs[a] for a in axes))

    def extended(self, ndim: int) -> Form:
        """The form over further axes, which do not matter to it."""
        return Form(self.offset, self.coefs + (0,) * (ndim - len(self.coefs)))

    def reshaped(self, old: Shape, new: Shape) -> Form | None:
        """The form over a nest of another shape with as many elements, or None if it is not affine there."""
        steps = iter(self._steps(old, [n for n in new if n != 1]) or ())
        coefs = [next(steps, None) if n != 1 else 0 for n in new]
        return None if None in coefs else Form(self.offset, tuple(c for c in coefs if c is not None))

    def _steps(self, old: Shape, new: Sequence[int]) -> list[int] | None:
        """Coefficients of new axes, none of which has one element: run by run of axes with equal products."""
        rest = [(n, c) for n, c in zip(old, self.coefs, strict=True) if n != 1]
        found: list[int] = []
        left = list(new)
        while rest and left:
            before, after = [rest.pop(0)], [left.pop(0)]
            while (product := math.prod(n for n, _ in before)) != (wanted := math.prod(after)):
                if product < wanted:
                    before.append(rest.pop(0))
                else:
                    after.append(left.pop(0))
            # The old axes of a run must step through memory evenly, as one axis would.
            if any(outer != n * inner for (_, outer), (n, inner) in itertools.pairwise(before)):
                return None
            found += [before[-1][1] * step for step in row_major(tuple(after))]
        return found

    def span(self, extents: Shape) -> tuple[int, int]:
        """The smallest and the largest value over a nest that is not empty."""
        ends = [c * (n - 1) for c, n in zip(self.coefs, extents, strict=True)]
        return self.offset + sum(min(e, 0) for e in ends), self.offset + sum(max(e, 0) for e in ends)


def row_major(shape: Shape) -> tuple[int, ...]:
    """Distance in memory of a step along each axis, the last one contiguous."""
    strides, step = [], 1
    for extent in reversed(shape):
        strides.append(step)
        step *= extent
    return tuple(reversed(strides))


def are_apart(a: Form, b: Form, extents: Shape) -> bool:
    """Whether two forms surely never have the same value, wherever in a nest each of them is.

    So it is where they differ by a part of an axis' step that all inner axes together do not fill.

    >>> rows = (6, 1)
    >>> are_apart(Form(0, rows), Form(2, rows), (4, 2)), are_apart(Form(0, rows), Form(1, rows), (4, 2))
    (True, False)
    """
    between = abs(a.offset - b.offset)
    if a.coefs != b.coefs or len(a.coefs) != len(extents):
        return False
    steps = [(abs(c), n) for c, n in zip(a.coefs, extents, strict=True) if c and n > 1]
    filled = sum(c * (n - 1) for c, n in steps if c <= between)
    outer = [c for c, _ in steps if c > between]
    repeat = math.gcd(*outer)
    return filled < between and (not outer or between + filled < repeat)
