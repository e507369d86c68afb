"""The tensors that a module keeps between calls."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from chainrule.tensor import State


class Parameter(State):
    """A tensor that is learned: part of a module's `parameters` wherever it is set as an attribute.

    Parameters
    ----------
    data : array_like
        The first elements, which are copied; floating-point numbers.
    requires_grad : bool
        Whether derivatives by it will be asked for; False freezes it.

    Raises
    ------
    DTypeError
        The elements are not floating-point numbers.

    Examples
    --------
    >>> from chainrule import nn
    >>> scale = nn.Parameter([1.0, 2.0])
    >>> scale.requires_grad
    True
    """

    __slots__ = ()

    def __init__(self, data: npt.ArrayLike, requires_grad: bool = True) -> None:
        super().__init__(data)
        self.requires_grad_(requires_grad)


class Buffer(State):
    """A tensor that a module keeps but does not learn, for example running statistics.

    Parameters
    ----------
    data : array_like
        The first elements, which are copied.
    persistent : bool
        Whether it is part of the module's `state_dict`.

    Examples
    --------
    >>> from chainrule import nn
    >>> counter = nn.Buffer(0)
    >>> counter.assign(counter + 1)
    tensor(1)
    """

    __slots__ = ("persistent",)

    def __init__(self, data: npt.ArrayLike, persistent: bool = True) -> None:
        super().__init__(data)
        self.persistent = persistent

    def __deepcopy__(self, memo: dict[int, Any]) -> Buffer:
        copy: Any = super().__deepcopy__(memo)
        copy.persistent = self.persistent
        return copy
