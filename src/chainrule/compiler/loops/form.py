r"""Affine forms: where an element is read or written, as a function of the axes of a loop nest.

.. math:: \mathrm{offset} + \sum_i c_i \, \mathrm{axis}_i

Reshaping, transposing, slicing, flipping and broadcasting change the form of a reader and move no element.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
        """The form over a nest of another shape with equally many elements, or None if it is not affine there."""
        coefs: list[int] = []
        for before, after, found in _segments(old, new, self.coefs):
            split = _split(before, after, found)
            if split is None:
                return None
            coefs += split
        return Form(self.offset, tuple(coefs))

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


def _segments(
    old: Shape, new: Shape, coefs: tuple[int, ...]
) -> list[tuple[list[int], list[int], list[int]]]:
    """Runs of old and new axes with equal products, each as short as possible."""
    found: list[tuple[list[int], list[int], list[int]]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        before, after, kept = [], [], []
        left = right = 1
        while True:
            if left == right and (before or after) and not _more_ones(old, new, i, j, before, after):
                break
            if (left <= right and i < len(old)) or j == len(new):
                before.append(old[i])
                kept.append(coefs[i])
                left *= old[i]
                i += 1
            else:
                after.append(new[j])
                right *= new[j]
                j += 1
        found.append((before, after, kept))
    return found


def _more_ones(old: Shape, new: Shape, i: int, j: int, before: list[int], after: list[int]) -> bool:
    """Whether a run is still one-sided: it needs an axis of the other shape."""
    if before and not after:
        return j < len(new) and (new[j] == 1 or any(n != 1 for n in before))
    if after and not before:
        return i < len(old) and (old[i] == 1 or any(n != 1 for n in after))
    return False


def _split(before: list[int], after: list[int], coefs: list[int]) -> list[int] | None:
    """Coefficients of the new axes of one run: the old ones must step through memory evenly."""
    real = [(n, c) for n, c in zip(before, coefs, strict=True) if n != 1]
    for (_, outer), (n, inner) in zip(real, real[1:], strict=False):
        if outer != n * inner:
            return None
    step = real[-1][1] if real else 0
    return [step * s for s in row_major(tuple(after))]
