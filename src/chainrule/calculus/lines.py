r"""Tangents and secants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.calculus.polynomial import Polynomial
from chainrule.calculus.taylor import expansion
from chainrule.errors import error

Function = Callable[..., Any]


class Line(Polynomial):
    r"""A straight line through :math:`(x_0, y_0)`, :math:`y = y_0 + slope · (x - x_0)`."""

    def __init__(self, x0: Any, y0: Any, slope: Any, variable: str = "x") -> None:
        super().__init__({(0,): y0, (1,): slope}, [x0], [variable], name="y")

    @property
    def slope(self) -> float:
        """How far it rises for each step of 1."""
        return float(self.terms[1,])

    @property
    def intercept(self) -> float:
        """Its value at 0."""
        return float(self(0.0))


class Plane(Polynomial):
    """A plane, or hyperplane, over a point: a polynomial of degree 1 in several variables."""

    @property
    def slopes(self) -> np.ndarray:
        """The gradient: how far it rises along each axis, shape (n,)."""
        return np.array([float(a) for m, a in self.terms.items() if any(m)])

    @property
    def normal(self) -> np.ndarray:
        r"""A vector across it, :math:`(-\nabla f, 1)`, shape (n + 1,)."""
        return np.append(-self.slopes, 1.0)


def tangent_line(f: Function, x0: Any) -> Line:
    r"""The tangent of a function of one number, :math:`y = f(x_0) + f'(x_0)(x - x_0)`.

    Raises
    ------
    GradientError
        The function has no derivative there.

    Examples
    --------
    >>> import chainrule as cr
    >>> line = cr.calculus.tangent_line(lambda x: x**2, 3.0)
    >>> line
    y(x) = 9 + 6*(x - 3)
    >>> line.slope, line.intercept
    (6.0, -9.0)
    """
    points, terms = expansion(f, x0, 1, "tangent_line", scalar=True)
    return Line(points.columns[0, 0], terms[0,], terms[1,], points.form.names[0])


def secant(f: Function, a: Any, b: Any) -> Line:
    r"""The line through two points of a function's graph, with slope :math:`\frac{f(b) - f(a)}{b - a}`.

    Raises
    ------
    ConfigError
        Both points are the same.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.calculus.secant(lambda x: x**2, 1.0, 3.0)
    y(x) = 1 + 4*(x - 1)
    """
    at_a, from_a = expansion(f, a, 0, "secant", scalar=True)
    at_b, from_b = expansion(f, b, 0, "secant", scalar=True)
    x, y = at_a.columns[0, 0], at_b.columns[0, 0]
    if float(x) == float(y):
        raise error("calculus.same_point", point=float(x))
    return Line(x, from_a[0,], (from_b[0,] - from_a[0,]) / (y - x), at_a.form.names[0])


def tangent_plane(f: Function, x0: Any) -> Plane:
    r"""The plane that touches a function's graph, :math:`z = f(x_0) + \nabla f(x_0) \cdot (x - x_0)`.

    Examples
    --------
    >>> import chainrule as cr
    >>> plane = cr.calculus.tangent_plane(lambda x, y: x**2 + y**2, (1.0, 2.0))
    >>> plane
    z(x, y) = 5 + 2*(x - 1) + 4*(y - 2)
    >>> plane.normal
    array([-2., -4.,  1.])
    """
    points, terms = expansion(f, x0, 1, "tangent_plane")
    center = [points.columns[i, 0] for i in range(points.form.count)]
    return Plane(terms, center, points.form.names, name="z")
