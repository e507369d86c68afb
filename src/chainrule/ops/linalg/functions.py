r"""Functions of a square matrix: exponential, square root and logarithm.

All have one derivative (Higham, *Functions of Matrices*, 2008, theorem 3.6), exact and to any order:

.. math:: f\begin{pmatrix} A & E \\ 0 & A \end{pmatrix} =
          \begin{pmatrix} f(A) & \mathrm{D}f(A)[E] \\ 0 & f(A) \end{pmatrix}
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.core.derivative import Rule
from chainrule.core.op import TABLE, Op
from chainrule.core.sample import sample
from chainrule.errors import error, text
from chainrule.ops.linalg.base import (
    Matrices,
    check_finite,
    entry,
    first_place,
    matrix_row,
    one_by_one,
    rounding,
    same_square,
)
from chainrule.ops.linalg.tools import adjoint


def matrix_function(name: str, formula: str, numpy: Callable[..., Any], domain: str) -> Op:
    """One row, whose derivative is the upper right block of the same function of a block triangle."""

    def moved(a: Any, direction: Any) -> Any:
        n = a.shape[-1]
        top = TABLE["concatenate"](a, direction, axis=len(a.shape) - 1)
        bottom = TABLE["concatenate"](0 * direction, a, axis=len(a.shape) - 1)
        whole = op(TABLE["concatenate"](top, bottom, axis=len(a.shape) - 2))
        none = (0,) * len(a.shape)
        return TABLE["slice"](
            whole, start=(*none[:-1], n), stop=(*a.shape[:-1], 2 * n), step=(1,) * len(none)
        )

    def definition(a: np.ndarray) -> Any:
        check_finite(name, a=a)
        return numpy(a)

    op: Op = matrix_row(
        name,
        formula,
        definition,
        Rule(reverse=lambda g, y, a: moved(adjoint(a), g), forward=lambda t, y, a: moved(a, t)),
        shape=same_square,
        domain=Matrices(kind=domain),
        samples=(
            *(sample((3, 3)), sample((2, 1, 1)), sample((0, 2, 2))),
            sample((2, 2), domains=(Matrices(kind=domain, is_complex=True),)),
        ),
        flops=lambda m, n: 25 * n**3,
    )
    return op


def _expm(a: np.ndarray) -> Any:
    from scipy.linalg import expm as definition

    return definition(a)


def _check_principal(op: str, what: str, a: np.ndarray) -> None:
    """A real matrix with an eigenvalue on the negative axis has no real principal value."""
    if np.iscomplexobj(a):
        return
    values = np.linalg.eigvals(a)
    margin = a.shape[-1] * rounding(a) * np.abs(values).max(axis=-1, initial=0, keepdims=True)
    bad = (values.real < -margin) & (np.abs(values.imag) <= margin)
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        found = {"value": float(values[place].real), "what": text(what), "entry": entry(place[:-1])}
        raise error("linalg.no_real_result", op=op, **found, shapes={"a": a.shape})


def _check_not_singular(op: str, what: str, a: np.ndarray) -> None:
    """No eigenvalue is 0, to rounding."""
    size = np.abs(np.linalg.eigvals(a))
    zero = size <= a.shape[-1] * rounding(a) * size.max(axis=-1, initial=0, keepdims=True)
    if zero.any():
        place = first_place(zero)
        found = {"what": text(what), "entry": entry(place[:-1]), "value": size[place]}
        raise error("linalg.no_value", op=op, **found, shapes={"a": a.shape})


def _quietly(function: Callable[..., Any], a: np.ndarray) -> np.ndarray:
    """A function of SciPy's without its warnings: whether the result is right is checked afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(function(a))


def _check_result(op: str, what: str, a: np.ndarray, again: np.ndarray) -> None:
    """The function that is undone must give the matrix again, to half of all digits."""
    missed = np.nan_to_num(np.abs(again - a).max(axis=(-2, -1), initial=0), nan=np.inf)
    size = np.abs(a).max(axis=(-2, -1), initial=0)
    wrong = missed > rounding(a) ** 0.5 * size
    if wrong.any():
        place = first_place(wrong) if wrong.ndim else ()
        found = {"what": text(what), "entry": entry(place), "residual": missed[place]}
        raise error("linalg.no_result", op=op, **found, shapes={"a": a.shape})


def _sqrtm(a: np.ndarray) -> np.ndarray:
    from scipy.linalg import sqrtm as definition

    _check_principal("sqrtm", "linalg.square_root", a)
    # SciPy before 1.17 takes one matrix at a time.
    root = _quietly(lambda x: one_by_one(definition, x), a.astype(np.complex128))
    _check_result("sqrtm", "linalg.square_root", a, root @ root)
    return root if np.iscomplexobj(a) else root.real


def _logm(a: np.ndarray) -> np.ndarray:
    from scipy.linalg import expm as exponential
    from scipy.linalg import logm as definition

    if not a.size:
        return a
    _check_principal("logm", "linalg.logarithm", a)
    _check_not_singular("logm", "linalg.logarithm", a)
    logarithm = _quietly(lambda x: one_by_one(definition, x), a.astype(np.complex128))
    _check_result("logm", "linalg.logarithm", a, exponential(logarithm))
    return logarithm if np.iscomplexobj(a) else logarithm.real


expm = matrix_function("expm", "e^{a}", _expm, "general")
sqrtm = matrix_function("sqrtm", "a^{1/2}", _sqrtm, "diagonalizable")
logm = matrix_function("logm", r"\operatorname{logm}(a)", _logm, "diagonalizable")
