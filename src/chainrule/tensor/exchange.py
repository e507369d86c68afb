"""What other libraries ask of an array: elements as NumPy's, NumPy's own functions, DLPack, buffers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from chainrule.core.interpreter import EAGER, Symbol, Value, state
from chainrule.errors import ChainruleError, error
from chainrule.functions import numpy_names

if TYPE_CHECKING:
    from chainrule.tensor.array import Tensor

# Of the array API standard; each holds what the ones before it have.
_VERSIONS = ("2021.12", "2022.12", "2023.12", "2024.12")


def unknown(x: Value, key: str = "graph.value") -> ChainruleError:
    """The error of asking for the elements of a symbolic tensor: not known yet, or never to be known."""
    return error("graph.kept" if state.layers[0] is EAGER else key, spec=x.spec)


class Exchange(Value):
    """The protocols through which tensors meet NumPy and other array libraries."""

    __slots__ = ()

    @property
    def device(self) -> str:
        """Where the elements are: always ``"cpu"``."""
        return "cpu"

    def numpy(self) -> np.ndarray:
        """The elements as a NumPy array that shares memory and cannot be written to."""
        view: np.ndarray = self._elements().view()
        view.flags.writeable = False
        return view

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        array = self.numpy()
        if dtype is not None and array.dtype != dtype:
            return array.astype(dtype)
        return array.copy() if copy else array

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's pointwise functions on a tensor: the row of the same name, so that derivatives are kept."""
        own = numpy_names.counterpart(ufunc)
        if own is None or method != "__call__" or options:
            function = getattr(ufunc, method)
            return numpy_names.without_derivative(ufunc.__name__, function, inputs, options)
        return own(*inputs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """NumPy's other functions on a tensor: the function of the same name, or else on the elements."""
        return numpy_names.call(function, args, kwargs)

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """The functions of the array API standard: this package."""
        if api_version not in (None, *_VERSIONS):
            raise error("tensor.api_version", got=repr(api_version), known=", ".join(_VERSIONS))
        return sys.modules["chainrule"]

    def to_device(self, device: str, /, *, stream: Any = None) -> Tensor:
        """The tensor itself: there is one device."""
        if device != self.device:
            raise error("tensor.device", device=repr(device))
        return cast("Tensor", self)

    def __dlpack__(self, *, max_version: tuple[int, int] | None = None, **options: Any) -> Any:
        """The memory for another library (DLPack), read-only where its version can say so."""
        if max_version is not None and max_version[0] >= 1:
            return self.numpy().__dlpack__(max_version=max_version, **options)
        elements = self._elements()
        return (elements if elements.flags.writeable else elements.copy()).__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        """Kind and number of the device: the CPU."""
        return self._elements().__dlpack_device__()

    def __buffer__(self, flags: int, /) -> memoryview:
        """The memory for Python's buffer protocol (3.12 and later), read-only."""
        return memoryview(self.numpy())  # type: ignore[arg-type]

    def _elements(self) -> np.ndarray:
        if isinstance(self.data, Symbol):
            raise unknown(self)
        array: np.ndarray = self.data
        return array
