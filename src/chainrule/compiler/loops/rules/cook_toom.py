r"""The matrices of minimal filtering, made from points, by Cook and Toom.

:math:`m` neighbouring results of a filter of three taps are

.. math:: y = A^\top \left[ (G g) \odot (B^\top d) \right]

with :math:`m + 2` multiplications. :math:`G` gives the values of the filter's polynomial at the points (and
its highest coefficient, its value at infinity). :math:`B^\top` and :math:`A^\top` are the transposes of
interpolation and of evaluation: filtering is the transpose of multiplying polynomials.

Source: A. L. Toom (1963); S. A. Cook (1966); as in B. Barabasz et al., *Error Analysis and Improving the
Accuracy of Winograd Convolution for Deep Neural Networks* (2018), arXiv:1803.10986.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from chainrule.compiler.loops.rules.small_matrix import Matrix

TAPS = 3
# Finite points by the number of results of a tile; infinity is the last one. Pairs of opposite points share
# additions. Three quarters and three halves have a third of the rounding error of the usual one and two.
POINTS = {
    2: (Fraction(0), Fraction(1), Fraction(-1)),
    3: (Fraction(0), Fraction(3, 4), Fraction(-3, 4), Fraction(2)),
    4: (Fraction(0), Fraction(3, 4), Fraction(-3, 4), Fraction(3, 2), Fraction(-3, 2)),
}


@dataclass(frozen=True)
class Matrices:
    """What data, filter and products are transformed by, along one axis."""

    data: Matrix
    filter: Matrix
    result: Matrix


@cache
def matrices(results: int) -> Matrices:
    r"""The matrices :math:`B^\top`, :math:`G` and :math:`A^\top` for a number of results.

    >>> [[int(x) for x in row] for row in matrices(2).data]
    [[-1, 0, 1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]]
    """
    points = POINTS[results]
    data, taps = [], []
    for p in points:
        others = [q for q in points if q != p]
        scale = math.prod((p - q for q in others), start=Fraction(1))
        data.append((*_polynomial(others), Fraction(0)))
        taps.append(tuple(p**k / scale for k in range(TAPS)))
    data.append(_polynomial(points))
    taps.append((Fraction(0), Fraction(0), Fraction(1)))
    result = [(*(p**j for p in points), Fraction(j == results - 1)) for j in range(results)]
    return Matrices(tuple(data), tuple(taps), tuple(result))


def _polynomial(roots: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The coefficients of the polynomial with these roots, that of 1 first."""
    found = [Fraction(1)]
    for root in roots:
        raised, same = [Fraction(0), *found], [*found, Fraction(0)]
        found = [x - root * y for x, y in zip(raised, same, strict=True)]
    return tuple(found)
