"""Chainrule: deep learning you can see through, from the math to the machine code.

>>> import chainrule as cr
>>> f = lambda x: cr.sin(x) * x
>>> slope = cr.grad(f)
>>> print(f"{float(slope(1.0)):.4f}")
1.3818
"""

import importlib as _importlib
import typing as _typing

from chainrule import debug, errors, ops, random
from chainrule.autodiff import (
    check_gradients,
    check_op,
    custom_derivative,
    enable_grad,
    grad,
    hessian,
    hvp,
    is_grad_enabled,
    jacobian,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
)
from chainrule.control import scan
from chainrule.core.composite import COMPOSITES, composite
from chainrule.core.interpreter import scope
from chainrule.core.spec import Spec
from chainrule.creation import arange, eye, full, linspace, ones, ones_like, tri, zeros, zeros_like
from chainrule.dtypes import bool_, float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64
from chainrule.explain import explain
from chainrule.functions.activations import (
    clip,
    elu,
    gelu,
    leaky_relu,
    log_sigmoid,
    log_softmax,
    relu,
    selu,
    silu,
    softmax,
    softplus,
)
from chainrule.functions.indexing import one_hot, take, take_along_axis
from chainrule.functions.products import einsum, matmul, outer, tensordot
from chainrule.functions.reductions import all, any, argmax, argmin, logsumexp, max, mean, min, std, sum, var
from chainrule.functions.shaping import (
    broadcast_to,
    concatenate,
    expand_dims,
    flatten,
    flip,
    moveaxis,
    pad,
    ravel,
    reshape,
    split,
    squeeze,
    stack,
    swapaxes,
    transpose,
)
from chainrule.graph import Graph, record
from chainrule.ops.pointwise import (
    absolute,
    add,
    arctan,
    ceil,
    cos,
    divide,
    equal,
    erf,
    exp,
    expm1,
    floor,
    floor_divide,
    greater,
    greater_equal,
    isfinite,
    isnan,
    less,
    less_equal,
    log,
    log1p,
    logaddexp,
    logical_and,
    logical_not,
    logical_or,
    maximum,
    minimum,
    multiply,
    negative,
    not_equal,
    power,
    remainder,
    sigmoid,
    sign,
    sin,
    sqrt,
    square,
    subtract,
    tan,
    tanh,
    where,
)
from chainrule.ops.pointwise import absolute as abs
from chainrule.ops.pointwise import round_ as round
from chainrule.tensor import State, Tensor, tensor

if _typing.TYPE_CHECKING:
    from chainrule import data, metrics, nn, optim, train
    from chainrule.train import Trainer

__version__ = "0.1.0"

# Imported when they are first used, so that `import chainrule` stays quick.
_LATER = ("data", "metrics", "nn", "optim", "train")
_LATER_FROM = {"Trainer": "chainrule.train"}

__all__ = [name for name in (*dir(), *_LATER, *_LATER_FROM) if not name.startswith("_")]


def __getattr__(name: str) -> _typing.Any:
    if name in _LATER:
        return _importlib.import_module(f"chainrule.{name}")
    if name in _LATER_FROM:
        return getattr(_importlib.import_module(_LATER_FROM[name]), name)
    raise AttributeError(f"module 'chainrule' has no attribute {name!r}")
