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
    jet,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
)
from chainrule.control import associative_scan, cond, fori_loop, map, scan, while_loop
from chainrule.core.composite import COMPOSITES, composite
from chainrule.core.interpreter import scope
from chainrule.core.spec import Spec
from chainrule.creation import (
    arange,
    empty,
    empty_like,
    eye,
    full,
    full_like,
    linspace,
    logspace,
    ones,
    ones_like,
    tri,
    zeros,
    zeros_like,
)
from chainrule.dtypes import EXTENDED as _EXTENDED
from chainrule.dtypes import (
    bool_,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)
from chainrule.dtypes import bool_ as bool
from chainrule.dtypes import extended as _extended
from chainrule.explain import explain
from chainrule.functions.activations import (
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
from chainrule.functions.convolution import conv_transpose
from chainrule.functions.counting import bincount, histogram, histogram_bin_edges
from chainrule.functions.cumulative import (
    cummax,
    cummin,
    cumprod,
    cumsum,
    cumulative_prod,
    cumulative_sum,
    diff,
    linear_scan,
)
from chainrule.functions.diagonals import diag, diagflat, diagonal, trace, tril, triu
from chainrule.functions.einsum import einsum
from chainrule.functions.elementwise import (
    allclose,
    clip,
    deg2rad,
    digamma,
    divmod,
    i0,
    isclose,
    nan_to_num,
    rad2deg,
    round,
    sinc,
)
from chainrule.functions.indexing import one_hot, ravel_multi_index, take, take_along_axis, unravel_index
from chainrule.functions.joining import (
    append,
    array_split,
    column_stack,
    dsplit,
    dstack,
    hsplit,
    hstack,
    unstack,
    vsplit,
    vstack,
)
from chainrule.functions.nan_aware import (
    nanargmax,
    nanargmin,
    nancumprod,
    nancumsum,
    nanmax,
    nanmean,
    nanmedian,
    nanmin,
    nanpercentile,
    nanprod,
    nanquantile,
    nanstd,
    nansum,
    nanvar,
)
from chainrule.functions.padding import pad
from chainrule.functions.products import (
    cross,
    dot,
    inner,
    kron,
    matmul,
    outer,
    tensordot,
    vdot,
    vecdot,
)
from chainrule.functions.quantiles import median, percentile, quantile
from chainrule.functions.rearranging import flip, fliplr, flipud, repeat, roll, rot90, tile
from chainrule.functions.reductions import (
    all,
    any,
    argmax,
    argmin,
    average,
    count_nonzero,
    logsumexp,
    max,
    mean,
    min,
    prod,
    ptp,
    std,
    sum,
    var,
)
from chainrule.functions.resize import resize
from chainrule.functions.searching import (
    argwhere,
    choose,
    compress,
    digitize,
    extract,
    flatnonzero,
    nonzero,
    searchsorted,
    select,
    where,
)
from chainrule.functions.sets import (
    intersect1d,
    isin,
    setdiff1d,
    setxor1d,
    union1d,
    unique,
    unique_all,
    unique_counts,
    unique_inverse,
    unique_values,
)
from chainrule.functions.shaping import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    broadcast_arrays,
    broadcast_to,
    concatenate,
    expand_dims,
    flatten,
    meshgrid,
    moveaxis,
    ravel,
    reshape,
    split,
    squeeze,
    stack,
    swapaxes,
    transpose,
)
from chainrule.functions.sliding import sliding_window_view, unfold
from chainrule.functions.sorting import argpartition, argsort, lexsort, partition, sort, topk
from chainrule.functions.standard import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    bitwise_left_shift,
    bitwise_right_shift,
    concat,
    matrix_transpose,
    permute_dims,
    positive,
    pow,
)
from chainrule.functions.updates import put_along_axis
from chainrule.graph import Graph, record
from chainrule.interop import (
    __array_api_version__,
    __array_namespace_info__,
    asarray,
    astype,
    broadcast_shapes,
    can_cast,
    e,
    finfo,
    from_dlpack,
    iinfo,
    inf,
    isdtype,
    nan,
    newaxis,
    pi,
    result_type,
)
from chainrule.ops.pointwise import (
    absolute,
    add,
    angle,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    bessel_i,
    beta_integral,
    betainc,
    bitwise_and,
    bitwise_invert,
    bitwise_or,
    bitwise_xor,
    cbrt,
    ceil,
    complex_,
    conj,
    copysign,
    cos,
    cosh,
    divide,
    equal,
    erf,
    erfc,
    erfinv,
    exp,
    exp2,
    expm1,
    floor,
    floor_divide,
    fmax,
    fmin,
    fmod,
    gamma_integral,
    gammainc,
    gcd,
    greater,
    greater_equal,
    heaviside,
    hypot,
    imag,
    isfinite,
    isinf,
    isnan,
    lcm,
    left_shift,
    less,
    less_equal,
    lgamma,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    logaddexp2,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    maximum,
    minimum,
    multiply,
    negative,
    nextafter,
    not_equal,
    polygamma,
    power,
    real,
    reciprocal,
    remainder,
    right_shift,
    rsqrt,
    sigmoid,
    sign,
    signbit,
    sin,
    sinh,
    spherical_bessel,
    sqrt,
    square,
    subtract,
    tan,
    tanh,
    trunc,
    xlog1py,
    xlogy,
)
from chainrule.ops.pointwise import absolute as abs
from chainrule.tensor import State, Tensor, tensor

if _typing.TYPE_CHECKING:
    from chainrule import calculus, data, fft, linalg, metrics, nn, optim, plots, stats, train
    from chainrule.compiler.compiled import compile
    from chainrule.compiler.native.pool import get_threads, set_threads
    from chainrule.files import load, save
    from chainrule.train import Trainer

__version__ = "0.1.0"

# Imported when they are first used, so that `import chainrule` stays quick.
_LATER = ("calculus", "data", "fft", "linalg", "metrics", "nn", "optim", "plots", "stats", "train")
_LATER_FROM = {
    "Trainer": "chainrule.train",
    "compile": "chainrule.compiler.compiled",
    "get_threads": "chainrule.compiler.native.pool",
    "load": "chainrule.files",
    "save": "chainrule.files",
    "set_threads": "chainrule.compiler.native.pool",
}

__all__ = [name for name in (*dir(), *_EXTENDED, *_LATER, *_LATER_FROM) if not name.startswith("_")]


def __getattr__(name: str) -> _typing.Any:
    if name in _LATER:
        return _importlib.import_module(f"chainrule.{name}")
    if name in _EXTENDED:
        return _extended(name)
    if name in _LATER_FROM:
        return getattr(_importlib.import_module(_LATER_FROM[name]), name)
    raise AttributeError(f"module 'chainrule' has no attribute {name!r}")
