"""Numbers and arrays as short text: for explanations, debugging and messages."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.core.spec import Spec
from chainrule.dtypes import computed_in, letter

FEW = 12
_DIGITS = 6


def number(value: Any) -> str:
    """A number with six digits; floats always show that they are floats.

    >>> from chainrule.core.display import number
    >>> number(2.0), number(0.1234567), number(3), number(1e-9)
    ('2.0', '0.123457', '3', '1e-09')
    >>> number(1 - 2j)
    '1.0 - 2.0i'
    """
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, complex | np.complexfloating):
        sign = "-" if np.signbit(value.imag) else "+"
        return f"{number(float(value.real))} {sign} {number(abs(float(value.imag)))}i"
    shown = f"{float(value):.{_DIGITS}g}"
    return shown if any(c in shown for c in ".einf") else f"{shown}.0"


def array(values: np.ndarray) -> str:
    """All elements, in nested brackets."""
    if values.ndim == 0:
        return number(values[()])
    return f"[{', '.join(map(array, values))}]"


def summary(values: np.ndarray) -> str:
    """Smallest, mean and largest element (of complex numbers: magnitude), and how many are not finite."""
    if letter(values.dtype) == "c":
        return f"|x|: {summary(np.abs(values))}"
    values = values.astype(computed_in(values.dtype), copy=False)
    if values.dtype.kind == "b":
        return f"{int(values.sum())} True, {int(values.size - values.sum())} False"
    finite = values[np.isfinite(values)]
    parts = []
    if finite.size:
        mean = np.mean(finite, dtype=np.float64)
        parts.append(f"min {number(finite.min())}, mean {number(mean)}, max {number(finite.max())}")
    counts = {
        "NaN": np.isnan(values).sum(),
        "inf": np.isposinf(values).sum(),
        "-inf": np.isneginf(values).sum(),
    }
    parts += [f"{count} {name}" for name, count in counts.items() if count]
    return ", ".join(parts)


def short(values: np.ndarray, few: int = FEW) -> str:
    """All elements where they are few, otherwise a summary.

    >>> import numpy as np
    >>> from chainrule.core.display import short
    >>> short(np.array([1.0, 2.5]))
    '[1.0, 2.5]'
    >>> short(np.arange(100.0))
    'f64[100], min 0.0, mean 49.5, max 99.0'
    """
    if 0 < values.size <= few:
        return array(values)
    about = [str(Spec(values.shape, values.dtype))]
    return ", ".join([*about, summary(values)] if values.size else about)
