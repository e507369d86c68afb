"""Elements as unsigned integers in the same order: what is sorted are these keys.

Of a negative float all bits are turned, of a positive one the sign: then the integers are in the order of
the numbers. NaN becomes the largest key, and both zeros the same.
"""

from __future__ import annotations

from collections.abc import Callable

from chainrule.compiler.emit.irregular.elements import Elements, Number
from chainrule.compiler.llvm import Builder, Value
from chainrule.dtypes import DType, uint32, uint64

Key = Callable[[Builder, Number], Value]


def key_type(kind: Elements) -> DType:
    """The type of keys: 64 bits only where elements have them."""
    return uint64 if kind.register.itemsize == 8 else uint32


def keys_of(kind: Elements, descending: bool) -> list[Key]:
    """The keys to sort by, the least significant first.

    Of complex numbers the real parts decide, then the imaginary ones, and a third key puts
    numbers with a NaN behind the others: r + NaN·i, NaN + r·i, NaN + NaN·i.
    """
    dtype = key_type(kind)
    if not kind.is_complex:
        return [lambda b, x: _key(b, x[0], dtype, descending)]
    return [
        lambda b, x: _key(b, x[1], dtype, descending),
        lambda b, x: _key(b, x[0], dtype, descending),
        lambda b, x: b.select(b.is_nan(x[0]), 2, b.cast(b.is_nan(x[1]), dtype)),
    ]


def _key(b: Builder, x: Value, dtype: DType, descending: bool) -> Value:
    if x.kind == "f":
        return _of_float(b, b.negative(x) if descending else x, dtype)
    key = b.cast(x, dtype)
    if x.kind == "i":
        key = b.bits_xor(key, _top_bit(dtype))
    return b.bits_not(key) if descending else key


def _of_float(b: Builder, x: Value, dtype: DType) -> Value:
    bits = b.reinterpret(b.add(x, 0.0), dtype)
    turned = b.select(
        b.compare("ge", bits, _top_bit(dtype)), b.bits_not(bits), b.bits_or(bits, _top_bit(dtype))
    )
    return b.select(b.is_nan(x), _largest(dtype), turned)


def _top_bit(dtype: DType) -> int:
    return 1 << (8 * dtype.itemsize - 1)


def _largest(dtype: DType) -> int:
    return (1 << (8 * dtype.itemsize)) - 1
