"""A user's function at many points, with what a figure asks of it besides its values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.autodiff import grad
from chainrule.calculus.existence import check_exists
from chainrule.calculus.fields import ScalarField, check_tensors, form_of
from chainrule.calculus.subject import Subject
from chainrule.core.interpreter import Value
from chainrule.dtypes import float64
from chainrule.errors import error
from chainrule.functions import reductions, shaping
from chainrule.tensor import Tensor

if TYPE_CHECKING:
    from numpy.typing import NDArray

Function = Callable[..., Any]


class Field(ScalarField):
    """A function of one or several numbers: ``f(x)``, ``f(x, y)``, or ``f(v)`` of a vector.

    Parameters
    ----------
    plot : str
        The figure that asks, for errors.
    f : callable
        Returns one number per point.
    count : int
        Number of variables.

    Examples
    --------
    >>> Field("surface", lambda v: v @ v, 2).values(np.array([[1.0, 3.0], [2.0, 4.0]])).tolist()
    [5.0, 25.0]
    """

    def __init__(self, plot: str, f: Function, count: int) -> None:
        super().__init__(f, form_of(f, count, plot), plot)

    @property
    def one_by_one(self) -> bool:
        """Whether it takes a single point at a time, which is known after the first values."""
        return not self._elementwise

    def somewhere(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values (m,) at points (n, m), and an error if none of them is finite."""
        values = self.values(points)
        if not np.isfinite(values).any():
            raise error("plots.nowhere", plot=self.what, lo=points.min(), hi=points.max())
        return values

    def check_differentiable(self, point: NDArray[np.float64]) -> None:
        """Refuse a function whose result does not know how it was computed.

        Raises
        ------
        GradientError
            It returns a plain number, or computes with plain numbers on the way.
        """
        if not isinstance(self.form.call(self.f, Tensor(point, float64)), Value):
            raise error("plots.no_derivative", plot=self.what)
        check_tensors(self.f, self.form, self.what)

    def check_smooth(self, at: float) -> None:
        """Refuse a corner or jump of a function of one number, where it has no derivative.

        Raises
        ------
        GradientError
            There is one at this place.
        """
        subject = Subject(self.f, self.what, scalar=True)
        place = subject.points((at,))
        check_exists(subject, place, subject.partials(place, [(1,)]))


def derivative_of(field: Field) -> Function:
    """The derivative of a function of one number, for tensors of places (N,).

    >>> field = Field("tangent", lambda x: x * x, 1)
    >>> derivative_of(field)(Tensor([3.0, 4.0])).tolist()
    [6.0, 8.0]
    """
    return grad(lambda x: reductions.sum(field.many(shaping.reshape(x, (1, -1)))))
