r"""Taylor polynomials by Taylor mode, with their remainders."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from chainrule.autodiff import multi_indices
from chainrule.autodiff.taylor import Index
from chainrule.calculus.derived import checked_count
from chainrule.calculus.existence import check_exists, place_of
from chainrule.calculus.fields import as_tensor
from chainrule.calculus.polynomial import Polynomial
from chainrule.calculus.remainder import Remainder, coefficient_sizes, lagrange_estimate, largest, radius_of
from chainrule.calculus.subject import Points, Subject
from chainrule.errors import error
from chainrule.functions.shaping import reshape
from chainrule.tensor import Tensor

Function = Callable[..., Any]


def taylor(f: Function, x0: Any, order: int) -> TaylorPolynomial:
    r"""The Taylor polynomial of a function about a point.

    .. math:: p(x) = \sum_{|m| \le n} \frac{D_m f(x_0)}{m!} (x - x_0)^m

    All coefficients come from one run of the function on power series. A product costs
    :math:`\binom{n + 2d}{2d}` multiplications for order n and d variables: a power of the order,
    where the cost of derivatives of derivatives grows exponentially.

    Parameters
    ----------
    f : callable
        ``f(x)``, ``f(x, y, …)``, or a function of one vector, ``f(v)``.
    x0 : number or sequence of numbers
        The centre; numbers for each argument, or the vector.
    order : int
        n, at least 0.

    Returns
    -------
    TaylorPolynomial
        A polynomial that also knows its `remainder`.

    Raises
    ------
    GradientError
        A derivative at the centre is not finite, and the message names its order; or the function has
        a corner or a jump there, as :math:`|x|` at 0.
    ConfigError
        The order is negative or not a whole number.

    Examples
    --------
    >>> import chainrule as cr
    >>> p = cr.calculus.taylor(cr.sin, 0.0, 5)
    >>> p
    p(x) = x - x**3/6 + x**5/120
    >>> f"{p(0.5):.6f}", f"{p.remainder(0.5).error:.1e}"
    ('0.479427', '1.5e-06')
    >>> cr.calculus.taylor(lambda x, y: cr.exp(x) * y, (0.0, 1.0), 2)
    p(x, y) = 1 + x + (y - 1) + x**2/2 + (y - 1)*x
    """
    n = checked_count(order, "taylor", least=0)
    points, terms = expansion(f, x0, n, "taylor")
    return TaylorPolynomial(f, points, terms, n)


def expansion(
    f: Function, x0: Any, order: int, what: str, *, scalar: bool = False
) -> tuple[Points, dict[Index, Tensor]]:
    """The point as a column, and the Taylor coefficients there, all of them finite."""
    subject = Subject(f, what, scalar=scalar, single=what != "taylor")
    points = subject.points((x0,))
    if points.batch:
        raise error("calculus.center", what=what, shape=as_tensor(x0).shape)
    found = subject.coefficients(points, multi_indices(points.form.count, order))
    terms = {m: reshape(a, a.shape[:-1]) for m, a in found.items()}
    _check_finite(terms, points, what)
    factorials = {m: float(math.prod(map(math.factorial, m))) for m in found}
    check_exists(subject, points, {m: found[m] * factorials[m] for m in found})
    return points, terms


def _check_finite(terms: Mapping[Index, Tensor], points: Points, what: str) -> None:
    for m in sorted(terms, key=sum):
        value = terms[m].numpy()
        if not np.isfinite(value).all():
            key = "calculus.not_differentiable" if any(m) else "calculus.not_defined"
            raise error(key, what=what, order=sum(m), place=place_of(points), value=value.tolist())


class TaylorPolynomial(Polynomial):
    """A Taylor polynomial: a `Polynomial` that knows the function it is of."""

    def __init__(self, f: Function, points: Points, terms: Mapping[Index, Any], order: int) -> None:
        center = [points.columns[i, 0] for i in range(points.form.count)]
        super().__init__(terms, center, points.form.names)
        self.order, self._subject, self._points = order, Subject(f, "remainder"), points

    def remainder(self, *point: Any) -> Remainder:
        """The actual error at a point, and Lagrange's estimate of it.

        Examples
        --------
        >>> import chainrule as cr
        >>> r = cr.calculus.taylor(cr.exp, 0.0, 2).remainder(1.0)
        >>> f"{r.error:.4f} <= {r.estimate:.4f}"
        '0.2183 <= 0.4530'
        """
        target = np.array([np.asarray(x) for x in self._coordinates(point)])
        if target.ndim != 1:
            raise error("calculus.one_point", what="remainder", shape=target.shape[1:])
        there = Points(self._points.form, as_tensor(target[:, None]), ())
        value = self._subject.coefficients(there, [(0,) * len(target)])[(0,) * len(target)]
        difference = np.abs(np.asarray(value)[..., 0] - np.asarray(self(*target)))
        estimate = lagrange_estimate(self._subject, self._points, target, self.order)
        return Remainder(point, float(difference.max()), estimate, self.order)

    def remainder_bound(self, interval: Sequence[float]) -> float:
        r"""An estimate of the largest error on an interval, for one variable.

        .. math:: \frac{\max_{ξ} |f^{(n+1)}(ξ)|}{(n+1)!} \, \max_x |x - x_0|^{n+1}

        Examples
        --------
        >>> import chainrule as cr
        >>> round(cr.calculus.taylor(cr.sin, 0.0, 3).remainder_bound((-1, 1)), 4)
        0.0351
        """
        if len(self.variables) != 1:
            raise error("calculus.one_dimension", what="remainder_bound", count=len(self.variables))
        low, high = (float(x) for x in interval)
        (c,) = map(float, self.center)
        if not low <= c <= high:
            raise error("calculus.interval", low=low, high=high, center=c)

        def sizes(x: np.ndarray) -> np.ndarray:
            return coefficient_sizes(self._subject, self._points, x[None], np.ones(1), self.order + 1)

        return largest(sizes, low, high) * max(c - low, high - c) ** (self.order + 1)

    def radius(self) -> float:
        """The radius of convergence that the coefficients suggest, for one variable.

        Infinite if the estimate keeps growing with the order, NaN if there are too few coefficients.

        Examples
        --------
        >>> import chainrule as cr
        >>> round(cr.calculus.taylor(lambda x: 1 / (1 + x * x), 0.0, 30).radius(), 3)
        1.0
        """
        if len(self.variables) != 1:
            raise error("calculus.one_dimension", what="radius", count=len(self.variables))
        return radius_of(np.array([float(a) for a in self.terms.values()]))
