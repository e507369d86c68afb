"""Recording functions as the bodies of control rows, and the derivatives of such bodies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chainrule.autodiff import expand, modes, transforms
from chainrule.control import messages  # noqa: F401  (registers the messages used here)
from chainrule.core import tree
from chainrule.core.derivative import Call, Rule, zeros_like
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.interpreter import Value, lift, state, using_layers
from chainrule.core.spec import Spec
from chainrule.dtypes import DType, is_float
from chainrule.errors import error
from chainrule.graph import Graph, Recorder


def is_recording() -> bool:
    """Whether a function is being recorded, so that a row stands for what Python would repeat."""
    return isinstance(state.layers[0], Recorder)


def record_body(name: str, f: Callable[..., Any], *args: Any) -> tuple[Graph, list[Value]]:
    """A function as a graph, and what it uses from outside: further inputs of the graph.

    ``args`` are nests of `Spec`; inputs are named by the nest's place and the leaf's number in it.
    The nest of the results is the graph's ``result``.
    """
    graph = Graph(name)
    recorder = Recorder(graph, outer=state.layers[0])
    letters = iter("sxuvw")
    symbolic = [_symbolic(recorder, next(letters), nest) for nest in args]
    with using_layers([recorder, *state.layers[1:2]]), modes.no_grad():
        graph.result = f(*symbolic)
        graph.outputs = [recorder.symbol(lift(y)) for y in tree.leaves(graph.result)]
        recorder.finish()
    return graph, recorder.captured


def _symbolic(recorder: Recorder, letter: str, nest: Any) -> Any:
    made = [recorder.input(spec, f"{letter}{i}") for i, spec in enumerate(tree.leaves(nest))]
    return tree.refill(nest, iter(made))


def specs_of(nest: Any) -> Any:
    """Shape and type of every tensor in a nest."""
    return tree.map_leaves(lambda x: Spec(x.shape, x.dtype), nest)


def check_function(what: str, f: Any) -> None:
    """Refuse what cannot be called."""
    if not callable(f):
        raise error("autodiff.function", what=what, kind=type(f).__name__)


def check_same_state(what: str, before: Any, after: Any) -> None:
    """Refuse a new state that differs from the old one in form, shapes or types."""
    old, new = list(tree.leaves(before)), [lift(part) for part in tree.leaves(after)]
    if len(old) != len(new):
        raise error("control.state_count", op=what, expected=len(old), got=len(new))
    for i, (one, other) in enumerate(zip(old, new, strict=True)):
        if one.spec != other.spec:
            raise error("control.state", op=what, index=i, expected=one.spec, got=other.spec)


def arrays_of(body: Graph, inputs: Sequence[Any]) -> list[Any]:
    """A body's results on arrays, as arrays."""
    return [y.data for y in body(*map(lift, inputs))]


def any_types(output: Callable[[Any, dict[str, Any]], list[DType]]) -> DTypeRule:
    """The type rule of a control row: every argument has a type of its own."""
    kinds = "biufc"
    return DTypeRule(kinds, separate=range(1024), separate_kinds=kinds, stores=True, output=output)


@dataclass(frozen=True)
class BodyRule(Rule):
    """A rule whose ``reverse`` is told which inputs need a cotangent, as ``needed``.

    What is a constant to the user must stay one: zero times its derivative may be NaN.

    Applied again and again, ``forward`` would double the state each time. So power series have a rule of
    their own: ``series(coefficients, indices, *inputs, **params)`` gives, for each result, its coefficients
    at the multi-indices (None for an integer) from those of each input (None for a constant).
    """

    series: Callable[..., Any] = field(kw_only=True)
    reached: tuple[int, ...] | None = None

    def vjp(self, call: Call, g: Any, needed: Sequence[bool]) -> list[Any]:
        """As stated by ``reverse``; nothing for integers, which have no derivative."""
        wanted = [w and is_float(x.dtype) for w, x in zip(needed, call.inputs, strict=True)]
        found = self.reverse(g, call.result, *call.inputs, needed=wanted, **call.params)
        return [part if w else None for part, w in zip(found, wanted, strict=True)]


def filled(parts: Sequence[Any], like: Sequence[Any]) -> list[Any]:
    """Cotangents or tangents, with zeros for those that are None."""
    return [zeros_like(x) if part is None else part for part, x in zip(parts, like, strict=True)]


def zeros_where(needed: Sequence[bool], like: Sequence[Any]) -> list[Any]:
    """Zeros for what is needed, None for the rest."""
    return [zeros_like(x) if wanted else None for wanted, x in zip(needed, like, strict=True)]


def added(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
    """Sums, part by part; None stays None."""
    return [None if x is None else x + y for x, y in zip(a, b, strict=True)]


def _of_some(body: Graph, inputs: Sequence[Any], active: list[int]) -> Callable[..., list[Any]]:
    """The body as a function of some of its inputs."""

    def of_active(*values: Any) -> list[Any]:
        given = dict(zip(active, values, strict=True))
        return list(body(*(given.get(i, x) for i, x in enumerate(inputs))))

    return of_active


def pull_back(
    body: Graph, inputs: Sequence[Any], cotangents: Sequence[Any], needed: Sequence[bool]
) -> list[Any]:
    """Cotangents of those inputs of a body that need one, None for the others."""
    active = [i for i, wanted in enumerate(needed) if wanted]
    real = [i for i, y in enumerate(body.outputs) if is_float(y.dtype)]
    of_active = _of_some(body, inputs, active)

    def real_results(*values: Any) -> list[Any]:
        results = of_active(*values)
        return [results[i] for i in real]

    _, back = transforms.vjp(real_results, *(inputs[i] for i in active))
    found = dict(zip(active, back([cotangents[i] for i in real]), strict=True))
    return [found.get(i) for i in range(len(inputs))]


def push_forward(body: Graph, inputs: Sequence[Any], tangents: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """A body's results and their tangents, from the tangents of its inputs (None for zero)."""
    active = [
        i
        for i, (x, t) in enumerate(zip(inputs, tangents, strict=True))
        if t is not None and is_float(x.dtype)
    ]
    of_active = _of_some(body, inputs, active)
    return transforms.jvp(of_active, [inputs[i] for i in active], [tangents[i] for i in active])


def expanded(body: Graph, inputs: Sequence[Any], coefficients: Sequence[Any], indices: Sequence[Any]) -> Any:
    """A body's results and their coefficients, from the coefficients of its inputs (None for a constant)."""
    seeds = {m: [None if c is None else c[k] for c in coefficients] for k, m in enumerate(indices)}
    zero = tuple(0 for _ in indices[0])
    found = expand(lambda *x: list(body(*x)), inputs, seeds, [zero, *indices])
    results = found[zero]
    return results, [
        [found[m][i] for m in indices] if is_float(y.dtype) else None for i, y in enumerate(results)
    ]


def filled_series(coefficients: Sequence[Any], like: Sequence[Any], count: int) -> list[Any]:
    """Coefficients of a state: zeros for a constant, None for an integer."""
    zeros = [[zeros_like(x)] * count if is_float(x.dtype) else None for x in like]
    return [zero if c is None else c for c, zero in zip(coefficients, zeros, strict=True)]
