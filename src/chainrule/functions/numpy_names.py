"""NumPy's own functions on tensors: which function here has the same name and meaning."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from chainrule.core import tree
from chainrule.core.interpreter import Symbol, Value
from chainrule.errors import error
from chainrule.functions import activations, indexing, products, reductions, shaping
from chainrule.ops import pointwise


def _same_names(module: ModuleType) -> dict[Any, Callable[..., Any]]:
    own = {name: f for name, f in vars(module).items() if getattr(f, "__module__", "") == module.__name__}
    return {getattr(np, name): f for name, f in own.items() if hasattr(np, name)}


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    **{key: f for part in (shaping, products, reductions, indexing) for key, f in _same_names(part).items()},
    np.clip: activations.clip,
    np.where: pointwise.where,
}
UFUNCS: dict[Any, Callable[..., Any]] = {
    **pointwise.BY_UFUNC,
    np.matmul: products.matmul,
    np.bitwise_and: pointwise.logical_and,
    np.bitwise_or: pointwise.logical_or,
    np.invert: pointwise.logical_not,
}


def without_derivative(name: str, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """NumPy's function on the elements alone, refused where a derivative would be lost in silence."""
    tensors = [x for x in tree.leaves([args, kwargs]) if isinstance(x, Value)]
    symbolic = next((x for x in tensors if isinstance(x.data, Symbol)), None)
    if symbolic is not None:
        raise error("graph.value", spec=symbolic.spec)
    plain_args, plain_kwargs = tree.map_leaves(_elements, (args, kwargs))
    result = function(*plain_args, **plain_kwargs)
    differentiated = any(x.entry is not None or x.duals for x in tensors)
    if differentiated and any(np.asarray(y).dtype.kind == "f" for y in tree.leaves(result)):
        raise error("tensor.numpy_function", name=name)
    return result


def _elements(x: Any) -> Any:
    return np.asarray(x) if isinstance(x, Value) else x
