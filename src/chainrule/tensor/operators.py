"""Python's operators on tensors: each is a row of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.core.interpreter import Value
from chainrule.errors import error
from chainrule.functions import elementwise, products
from chainrule.ops import pointwise

if TYPE_CHECKING:
    from chainrule.tensor.array import Tensor

Axis = int | tuple[int, ...] | None


class Operators(Value):
    """``+``, ``*``, ``<``, ``@`` and their like."""

    __slots__ = ()

    def __neg__(self) -> Tensor:
        return pointwise.negative(self)

    def __pos__(self) -> Tensor:
        return pointwise.identity(self)

    def __abs__(self) -> Tensor:
        return pointwise.absolute(self)

    def __invert__(self) -> Tensor:
        return pointwise.bitwise_invert(self)

    def __add__(self, other: Any) -> Tensor:
        return pointwise.add(self, other)

    def __radd__(self, other: Any) -> Tensor:
        return pointwise.add(other, self)

    def __sub__(self, other: Any) -> Tensor:
        return pointwise.subtract(self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return pointwise.subtract(other, self)

    def __mul__(self, other: Any) -> Tensor:
        return pointwise.multiply(self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return pointwise.multiply(other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return pointwise.divide(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return pointwise.divide(other, self)

    def __floordiv__(self, other: Any) -> Tensor:
        return pointwise.floor_divide(self, other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        return pointwise.floor_divide(other, self)

    def __mod__(self, other: Any) -> Tensor:
        return pointwise.remainder(self, other)

    def __rmod__(self, other: Any) -> Tensor:
        return pointwise.remainder(other, self)

    def __pow__(self, other: Any, modulus: Any = None) -> Tensor:
        if modulus is not None:
            raise error("tensor.modulus", shapes={"x": self.shape})
        return pointwise.square(self) if type(other) is int and other == 2 else pointwise.power(self, other)

    def __rpow__(self, other: Any) -> Tensor:
        return pointwise.power(other, self)

    def __matmul__(self, other: Any) -> Tensor:
        return products.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return products.matmul(other, self)

    def __and__(self, other: Any) -> Tensor:
        return pointwise.bitwise_and(self, other)

    def __rand__(self, other: Any) -> Tensor:
        return pointwise.bitwise_and(other, self)

    def __or__(self, other: Any) -> Tensor:
        return pointwise.bitwise_or(self, other)

    def __ror__(self, other: Any) -> Tensor:
        return pointwise.bitwise_or(other, self)

    def __xor__(self, other: Any) -> Tensor:
        return pointwise.bitwise_xor(self, other)

    def __rxor__(self, other: Any) -> Tensor:
        return pointwise.bitwise_xor(other, self)

    def __lshift__(self, other: Any) -> Tensor:
        return pointwise.left_shift(self, other)

    def __rlshift__(self, other: Any) -> Tensor:
        return pointwise.left_shift(other, self)

    def __rshift__(self, other: Any) -> Tensor:
        return pointwise.right_shift(self, other)

    def __rrshift__(self, other: Any) -> Tensor:
        return pointwise.right_shift(other, self)

    def __divmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return elementwise.divmod(self, other)

    def __rdivmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return elementwise.divmod(other, self)

    def __round__(self, decimals: int | None = None) -> Tensor:
        return elementwise.round(self, decimals=0 if decimals is None else decimals)

    def __eq__(self, other: object) -> Tensor:  # type: ignore[override]
        return pointwise.equal(self, other) if _is_numeric(other) else NotImplemented

    def __ne__(self, other: object) -> Tensor:  # type: ignore[override]
        return pointwise.not_equal(self, other) if _is_numeric(other) else NotImplemented

    def __lt__(self, other: Any) -> Tensor:
        return pointwise.less(self, other)

    def __le__(self, other: Any) -> Tensor:
        return pointwise.less_equal(self, other)

    def __gt__(self, other: Any) -> Tensor:
        return pointwise.greater(self, other)

    def __ge__(self, other: Any) -> Tensor:
        return pointwise.greater_equal(self, other)


def _is_numeric(x: object) -> bool:
    """Whether comparing elements with it makes sense; other things are simply not equal to a tensor."""
    return hasattr(x, "__array__") or isinstance(x, int | float | complex | list | tuple)
