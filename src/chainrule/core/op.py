"""The row of an operation.

Every primitive operation is one `Op` in `TABLE`. Interpreters (run with NumPy, record a
graph, differentiate, explain …), the documentation, the gradient checks and the fuzzers all
read this one row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.sample import Domain, Sample
from chainrule.core.spec import Shape, Spec
from chainrule.dtypes import DType
from chainrule.errors import error

if TYPE_CHECKING:
    from chainrule.core.derivative import Derivative
    from chainrule.core.dtype_rule import DTypeRule
    from chainrule.tensor import Tensor

ShapeRule = Callable[["Op", tuple[Shape, ...], dict[str, Any]], Any]
CostRule = Callable[[tuple[Shape, ...], Shape, dict[str, Any]], int]

TABLE: dict[str, Op] = {}


@dataclass(frozen=True, eq=False)
class Op:
    r"""One primitive operation: all that the system knows of it.

    Parameters
    ----------
    name : str
        Its key in `TABLE`.
    family : str
        pointwise, reduce, cumulative, move, contract, window, index, fft, linalg, random or control.
    args : tuple of str
        Names of the tensor arguments, the letters of the formula.
    formula : str
        LaTeX of the result in the letters of ``args``.
    shape : callable
        Shape rule ``(op, shapes, params) -> shape``; raises the errors of wrong shapes.
    dtype : DTypeRule
        Which element types are taken, how inputs are brought together, and the result's type.
    numpy : callable
        The definition, 1 to 5 lines of NumPy: ``(*arrays, **params) -> array``.
    derivative : Derivative
        One of the kinds in `chainrule.core.derivative`.
    domain : tuple of Domain
        Where each argument may be sampled, and its singular points.
    samples : tuple of Sample
        Shapes and parameters at which the conformance tests try the row.
    cost : callable
        Floating-point operations: ``(shapes, output_shape, params) -> int``.
    emit : callable, optional
        Code-generation rule: ``(writer, *values, **params) -> value`` says in the compiler's words what the
        definition says in NumPy's. Of a pointwise row, the values are numbers in registers, or vectors of
        them, of the types in which the definition computes (16-bit floats are ``float32`` by then), and
        the writer has a method for each step: ``emit=lambda b, x, y: b.add(x, y)``. The result may be of
        another type than the row's, and is cast.
    outputs : int
        Number of results; 0 where it depends on the parameters (then a tuple is returned).
    variadic : bool
        Whether the last argument name stands for any number of tensors.
    body : callable, optional
        A user's function of tensors with a derivative rule of its own: it is run in place of the
        definition, and has no row in the table.
    """

    name: str
    family: str
    args: tuple[str, ...]
    formula: str
    shape: ShapeRule
    dtype: DTypeRule
    numpy: Callable[..., Any]
    derivative: Derivative
    domain: tuple[Domain, ...] = ()
    samples: tuple[Sample, ...] = ()
    cost: CostRule = field(default=lambda shapes, output, params: 0)
    emit: Callable[..., Any] | None = None
    outputs: int = 1
    variadic: bool = False
    body: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        if self.body is not None:
            return
        if self.name in TABLE:
            raise KeyError(f"the table already has a row named {self.name!r}")
        TABLE[self.name] = self

    def __call__(self, *inputs: Any, **params: Any) -> Tensor:
        """Apply the operation to tensors (or numbers and arrays) under the current interpreters."""
        from chainrule.core.interpreter import apply

        if len(inputs) != len(self.args) and not self.variadic:
            raise error("ops.count", op=self.name, names=", ".join(self.args), got=len(inputs))
        result: Tensor = apply(self, self.dtype.prepare(self, inputs), params)
        return result

    def __repr__(self) -> str:
        return f"<op {self.name}({', '.join(self.args)})>"

    def infer(self, shapes: tuple[Shape, ...], dtypes: tuple[DType, ...], params: dict[str, Any]) -> Any:
        """Shape and type of the result, or the errors of arguments that do not fit."""
        return self.shape(self, shapes, params), self.dtype.result(self, dtypes, params)

    def arg_names(self, count: int) -> tuple[str, ...]:
        """Names of ``count`` arguments; those that a variadic row's last name stands for are numbered."""
        if not self.variadic:
            return self.args
        *first, last = self.args
        return (*first, *(f"{last}{i}" for i in range(count - len(first))))


def inferred_specs(op: Op, inputs: Sequence[Any], params: dict[str, Any]) -> tuple[Spec, ...]:
    """Specs of an operation's results, by its shape and type rules."""
    found = op.infer(tuple(x.shape for x in inputs), tuple(x.dtype for x in inputs), params)
    if op.outputs == 1:
        return (Spec(tuple(found[0]), np.dtype(found[1])),)
    return tuple(Spec(tuple(shape), np.dtype(dtype)) for shape, dtype in zip(*found, strict=True))
