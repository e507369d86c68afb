"""Parameters by name as one vector of unconstrained numbers, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.autodiff import jacobian
from chainrule.errors import error
from chainrule.functions.shaping import concatenate, reshape
from chainrule.stats.bijector import Bijector
from chainrule.stats.composition import onto
from chainrule.stats.sets import Set
from chainrule.tensor import Tensor


class Packing:
    """Which places of a vector belong to which parameter, and how they become its values.

    Parameters
    ----------
    function : str
        Named in errors.
    start : mapping
        A value of each parameter.
    sets : mapping
        The set that each lies in.
    """

    def __init__(self, function: str, start: Mapping[str, Any], sets: Mapping[str, Set]) -> None:
        self.maps: dict[str, Bijector] = {}
        self.shapes: dict[str, tuple[int, ...]] = {}
        parts = []
        for name, value in start.items():
            array = np.asarray(value, np.float64)
            values = sets[name]
            bijector = onto(values)
            if bijector is None or not values.holds(array):
                got = array.tolist()
                raise error(
                    "stats.parameter", distribution=function, name=name, allowed=values.allowed, got=got
                )
            free = np.asarray(bijector.inverse(array))
            self.maps[name], self.shapes[name] = bijector, free.shape
            parts.append(free.ravel())
        self.start = np.concatenate(parts)

    def unpack(self, vector: Any) -> dict[str, Tensor]:
        """The parameters, in their sets, of a vector."""
        found, at = {}, 0
        for name, shape in self.shapes.items():
            size = int(np.prod(shape))
            found[name] = self.maps[name](reshape(vector[at : at + size], shape))
            at += size
        return found

    def standard_errors(self, at: np.ndarray, covariance: np.ndarray) -> dict[str, Tensor]:
        r"""Of the parameters, from the covariance of the vector: the delta method, :math:`J Σ J^T`."""
        values = self.unpack(Tensor(at))
        stretch = jacobian(self._flat)(at).numpy()
        spread = np.sqrt(np.einsum("ij,jk,ik->i", stretch, covariance, stretch))
        cuts = np.cumsum([x.size for x in values.values()])[:-1]
        parts = np.split(spread, cuts)
        return {
            name: Tensor(part.reshape(x.shape)) for (name, x), part in zip(values.items(), parts, strict=True)
        }

    def _flat(self, vector: Any) -> Tensor:
        return concatenate([reshape(x, (-1,)) for x in self.unpack(vector).values()])
