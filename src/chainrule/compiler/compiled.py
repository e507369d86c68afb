"""`cr.compile`: functions that are recorded once for each signature, and then run as programs."""

from __future__ import annotations

import contextlib
import functools
import inspect
import warnings
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from chainrule.compiler.backend import DEFAULT, builder, check_backend
from chainrule.compiler.garbage import collection_paused
from chainrule.compiler.options import Options
from chainrule.compiler.recording import Recording
from chainrule.compiler.report import Report, row_of
from chainrule.compiler.signature import (
    Change,
    Flattener,
    Key,
    Signature,
    argument_names,
    differences,
    signature_of,
)
from chainrule.compiler.turns import FUNCTION, RECORDING, Turn
from chainrule.core import tree
from chainrule.core.constraint import COUNT
from chainrule.core.interpreter import EAGER, lift, state
from chainrule.errors import ChainruleError, FallbackWarning, RecompileWarning, error, text

# More recordings than that for one reason are reported.
STORM = 8


class _OneAtATime(Turn):
    """Recording: meanwhile states hold symbolic elements, so calls of other threads wait."""

    def __init__(self) -> None:
        super().__init__(RECORDING)
        self.running = 0

    def __enter__(self) -> None:
        super().__enter__()
        self.running += 1

    def __exit__(self, *problem: object) -> None:
        self.running -= 1
        super().__exit__(*problem)


_recording = _OneAtATime()


class Compiled:
    """A function that runs as a program; made by `compile`.

    Attributes
    ----------
    backend : str
        What its programs are made by.
    limit : int
        How many recordings are kept; the one that was not used for the longest time gives way.
    seconds : float
        Time that recording and compiling took so far.
    options : Options
        How its programs are built.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        backend: str,
        limit: int,
        dynamic: Iterable[str],
        options: Options,
    ) -> None:
        functools.update_wrapper(self, function, updated=())
        self.__name__ = _name_of(function)
        self.backend, self.limit, self.options = backend, limit, options
        self._function = function
        self._parameters = _parameters(function)
        self._dynamic = self._checked(dynamic)
        self._flatten = Flattener(self.__name__).flatten
        self._kept: dict[Key, list[Recording]] = {}
        self._signatures: dict[Recording, Signature] = {}
        self._reasons: dict[Recording, str] = {}
        self._has_warned = False
        self._causes: Counter[tuple[str, str]] = Counter()
        self._uncompiled: Counter[str] = Counter()
        self._calls = self._forgotten = 0
        self.seconds = self._forgotten_seconds = 0.0
        self._turn = Turn(FUNCTION)

    def _checked(self, dynamic: Iterable[str]) -> frozenset[str]:
        for name in dynamic:
            if name not in self._parameters:
                known = ", ".join(self._parameters)
                raise error("compile.dynamic", name=self.__name__, argument=name, known=known)
        return frozenset(dynamic)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program of the signature; record the function first if there is none."""
        layers = state.layers
        if len(layers) != 2 or layers[0] is not EAGER:
            return self._run_uncompiled(args, kwargs)
        if _recording.running:
            with _recording.lock:
                pass
        if self._dynamic:
            args, kwargs = self._with_dynamic(args, kwargs)
        key, arrays, wanted = self._flatten(args, kwargs, state.grad_enabled)
        for recording in self._kept.get(key, ()):
            if recording.hidden.holds():
                break
        else:
            recording = self._record(key, args, kwargs)
        self._calls += 1
        recording.calls, recording.last_call = recording.calls + 1, self._calls
        if recording.must_run_eagerly:
            self._uncompiled["argument"] += 1
            return self._function(*args, **kwargs)
        if recording.assigns:
            with self._turn:
                return recording.run(arrays, wanted)
        return recording.run(arrays, wanted)

    def recording_for(self, *args: Any, **kwargs: Any) -> tuple[Recording, list[np.ndarray]]:
        """The recording that a call with such arguments would run, made if there is none, and its inputs."""
        if self._dynamic:
            args, kwargs = self._with_dynamic(args, kwargs)
        key, arrays, _ = self._flatten(args, kwargs, state.grad_enabled)
        kept = (recording for recording in self._kept.get(key, ()) if recording.hidden.holds())
        recording = next(kept, None) or self._record(key, args, kwargs)
        return recording, recording.all_inputs(arrays)

    def _run_uncompiled(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Let the interpreters at work see each operation: of a recording, of forward mode, of observers."""
        self._uncompiled["watched" if state.layers[0] is EAGER else "inlined"] += 1
        return self._function(*args, **kwargs)

    def _with_dynamic(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The arguments with tensors for the numbers that were said to change."""
        named = zip(argument_names(self._parameters, len(args)), args, strict=True)
        as_tensors = tuple(self._as_tensor(name, x) for name, x in named)
        return as_tensors, {name: self._as_tensor(name, x) for name, x in kwargs.items()}

    def _as_tensor(self, name: str, x: Any) -> Any:
        if name not in self._dynamic:
            return x
        return tree.map_leaves(lambda y: lift(y) if isinstance(y, bool | int | float | complex) else y, x)

    def _record(self, key: Key, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Recording:
        with _recording:
            for recording in self._kept.get(key, ()):
                if recording.hidden.holds():  # Another thread was quicker.
                    return recording
            signature = signature_of(self._parameters, args, kwargs, state.grad_enabled)
            changes = self._changes(key, signature)
            recording = self._new(signature, args, kwargs)
            self._keep(key, recording, args)
            self.seconds += sum(recording.seconds.values())
            self._signatures[recording] = signature
            self._reasons[recording] = "; ".join(c.sentence for c in changes) or text("compile.first")
            self._watch_for_a_storm(changes, recording)
            self._warn_of_fallbacks(recording)
        return recording

    def _new(self, signature: Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Recording:
        named = list(zip(argument_names(self._parameters, len(args)), args, strict=True))
        build = functools.partial(builder(self.backend), options=self.options)
        try:
            with collection_paused():
                return Recording(self._function, self.__name__, named, sorted(kwargs.items()), build)
        except MemoryError as problem:
            if isinstance(problem, ChainruleError):
                raise
            raise error("compile.memory", name=self.__name__, signature=signature) from problem

    def _changes(self, key: Key, signature: Signature) -> list[Change]:
        """Why none of the recordings could be used; nothing if there are none."""
        if not self._signatures:
            return []
        if self._kept.get(key):
            return max(self._kept[key], key=lambda r: r.last_call).hidden.changes()
        latest = max(self._signatures, key=lambda r: r.last_call)
        return differences(self._signatures[latest], signature)

    def _keep(self, key: Key, recording: Recording, args: tuple[Any, ...]) -> None:
        self._kept[key] = [recording, *self._kept.get(key, ())]
        self._forget_with(key)
        everything = [(r.last_call, k, r) for k, rs in self._kept.items() for r in rs if r is not recording]
        if len(everything) >= self.limit:
            _, oldest_key, oldest = min(everything, key=lambda item: item[0])
            self._drop(oldest_key, oldest)

    def _drop(self, key: Key, recording: Recording) -> None:
        left = [r for r in self._kept[key] if r is not recording]
        if left:
            self._kept[key] = left
        else:
            del self._kept[key]
        del self._signatures[recording], self._reasons[recording]
        self._forgotten += 1
        self._forgotten_seconds += sum(recording.seconds.values())

    def _forget_with(self, key: Key) -> None:
        """Let recordings for an object that was an argument go when the object goes."""
        for part in key:
            if type(part) is weakref.ref:
                weakref.finalize(part(), _forget, weakref.ref(self), key)

    def _watch_for_a_storm(self, changes: list[Change], recording: Recording) -> None:
        for c in changes:
            self._causes[c.cause, c.kind] += 1
            if self._causes[c.cause, c.kind] == STORM:
                remedy = text(_REMEDIES.get(c.kind, "compile.remedy_other"), cause=c.cause.partition("[")[0])
                seconds = sum(recording.seconds.values())
                values = {"cause": c.cause, "change": c.sentence, "seconds": seconds, "remedy": remedy}
                message = text("compile.storm", name=self.__name__, count=STORM + 1, **values)
                warnings.warn(message, RecompileWarning, stacklevel=5)

    def _warn_of_fallbacks(self, recording: Recording) -> None:
        """Say once which operations NumPy runs; the report counts them."""
        program = recording.program
        fallbacks = Counter(() if program is None else program.report.fallbacks)
        if fallbacks and not self._has_warned:
            self._has_warned = True
            names = ", ".join(f"{name} × {count}" for name, count in fallbacks.items())
            message = text("compile.fallbacks", name=self.__name__, names=names)
            warnings.warn(message, FallbackWarning, stacklevel=5)

    def report(self) -> Report:
        """What was recorded, why again, and how long it took."""
        rows = [
            row_of(recording, self._signatures[recording], self._reasons[recording])
            for recording in self._signatures
        ]
        counts = (self._calls, self._forgotten, self._forgotten_seconds, self.limit)
        return Report(self.__name__, self.backend, tuple(rows), *counts, dict(self._uncompiled))

    def clear(self) -> None:
        """Forget all recordings."""
        with _recording:
            for key in list(self._kept):
                for recording in self._kept[key]:
                    self._drop(key, recording)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "_function" not in vars(self):
            raise AttributeError(name)
        return getattr(self._function, name)

    def __repr__(self) -> str:
        return f"<compiled {self.__name__}: {len(self._signatures)} recordings>"


_REMEDIES = {
    "shape": "compile.remedy_shape",
    "axes": "compile.remedy_shape",
    "value": "compile.remedy_value",
    "hidden": "compile.remedy_hidden",
}


def _forget(compiled: weakref.ref[Compiled], key: Key) -> None:
    owner = compiled()
    if owner is not None:
        for recording in owner._kept.get(key, ()):
            with contextlib.suppress(KeyError):
                owner._drop(key, recording)


def _name_of(function: Any) -> str:
    return str(getattr(function, "__name__", type(function).__name__)).strip("<>")


def _parameters(function: Any) -> tuple[str, ...]:
    """Names of the arguments that may be given by position."""
    called = getattr(function, "forward", function)
    try:
        found = inspect.signature(called).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(p.name for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))


def compile(
    f: Any = None,
    *,
    backend: str = DEFAULT,
    limit: int = 64,
    dynamic: Iterable[str] = (),
    remat: bool = False,
    winograd: bool = False,
    precision: str | None = None,
) -> Any:
    r"""Record a function once for each signature, and run it as one program from then on.

    The function is run by Python for the first call with new shapes and types, on symbolic tensors. What it
    does, `backward` and an optimizer's step included, becomes a graph, and the graph a program. Parameters,
    buffers, moments and random keys that it reads are read anew at each call, and those that it assigns are
    updated.

    Parameters
    ----------
    f : callable
        A function, method, lambda or module; without it a decorator is returned.
    backend : str
        ``"llvm"`` makes machine code; ``"numpy"`` replays the operations by their definitions, to compare
        with.
    limit : int
        How many recordings are kept.
    dynamic : iterable of str
        Arguments whose Python numbers are passed as tensors, since they change from call to call.
    remat : bool
        Compute pointwise values again where a derivative needs them, instead of keeping them in memory
        (rematerialisation), as far as that makes the program's fullest moment less full. Deep networks take
        about half the memory, for up to a tenth more time; never more memory. Results are the same.
    winograd : bool
        Whether convolutions of 3 × 3 taps with stride 1 in float32 take fewer multiplications where that is
        quicker. Rounding errors are two to three times as large, and an infinity spoils the tile it is in.
    precision : str, optional
        ``"bfloat16"``: operands of matrix products and convolutions in ``float32``, derivatives included, are
        rounded to ``bfloat16`` (8 bits of precision, the range of ``float32``), and products are added up in
        ``float32``. Processors that multiply pairs of ``bfloat16`` take half the time. See Notes.

    Returns
    -------
    Compiled
        Is called as the function is; ``report()`` says what was recorded, and why again.

    Raises
    ------
    DTypeError
        ``f`` cannot be called, or is a class.
    GraphError
        ``f`` is a generator or coroutine. When called: the function branches on, or asks for, elements that
        are not known while recording; lets a symbolic tensor escape; or sets what later calls would not set
        again.

    Notes
    -----
    *Arguments* are nests (tuples, lists, dicts) of tensors and arrays, whose elements are read at each call,
    and of other values, which are part of the signature: another number means another recording.

    *Hidden inputs* are watched: variables that the function's code names, attributes of modules and options
    of optimizers. If one changes, the function is recorded again. Learning rates are state and need not be.

    *Python runs while recording only.* What it does besides computing (printing, counting, appending to a
    list) is not repeated at each call.

    *Gradients.* What `backward` gives a tensor leaves the function in its ``grad``, unless the function
    itself assigns the tensor, as an optimizer does: then the gradient is used up, and ``grad`` is None
    afterwards. A ``grad`` from before the call is added to, as ever.

    *Precision.* With ``precision="bfloat16"`` each operand of a product has a relative error of at most
    :math:`2^{-9}`, so a sum has one of about :math:`2^{-8} \sum_k |a_k b_k|` at most, beside its rounding in
    ``float32``. Operands whose type is ``bfloat16`` anyway are multiplied in pairs too. The instruction takes
    subnormal numbers (below :math:`2^{-126}`), operands as well as sums, for 0. Where a processor lacks it,
    operands are rounded all the same, and multiplied in ``float32``. Not affected are outer products,
    convolutions of each channel by itself, products inside loops (`scan`), and the backend ``"numpy"``. It
    needs the package ml_dtypes.

    *Derivatives* of a compiled function's results are compiled too. Inside another recording, under forward
    mode, and where `debug.nan` looks on, the function runs as if it were not compiled.

    Examples
    --------
    >>> import chainrule as cr
    >>> w = cr.State([1.0, 2.0], name="w").requires_grad_()
    >>> @cr.compile(backend="numpy")
    ... def step(x):
    ...     loss = ((w * x) ** 2).sum()
    ...     loss.backward()
    ...     w.assign(w.detach() - 0.1 * w.grad)
    ...     return loss
    >>> [round(float(step(cr.ones(2))), 4) for _ in range(3)]
    [5.0, 3.2, 2.048]
    >>> len(step.report().recordings)
    1

    Of the operands 8 bits count, of sums 24:

    >>> x, w = cr.full((1, 4), 1 + 2**-10), cr.ones((4, 1))
    >>> exact, rounded = (cr.compile(cr.matmul, precision=p) for p in (None, "bfloat16"))
    >>> float(exact(x, w)[0, 0]), float(rounded(x, w)[0, 0])
    (4.00390625, 4.0)
    """
    if f is None:
        again = functools.partial(compile, backend=backend, limit=limit, dynamic=dynamic)
        return functools.partial(again, remat=remat, winograd=winograd, precision=precision)
    _check_function(f)
    check_backend(backend)
    if not COUNT.holds(limit):
        raise error("compile.limit", got=limit)
    options = Options(remat, winograd, precision)
    options.check()
    changing = [dynamic] if isinstance(dynamic, str) else list(dynamic)
    return Compiled(f, backend, limit, changing, options)


def _check_function(f: Any) -> None:
    if isinstance(f, staticmethod | classmethod):
        raise error("compile.below", kind=type(f).__name__)
    if isinstance(f, type):
        raise error("compile.class", name=f.__name__)
    if not callable(f):
        raise error("compile.function", kind=type(f).__name__)
    for part in _functions_of(f):
        if inspect.isgeneratorfunction(part) or inspect.isasyncgenfunction(part):
            raise error("compile.generator", name=_name_of(f), kind=text("compile.a_generator"))
        if inspect.iscoroutinefunction(part):
            raise error("compile.generator", name=_name_of(f), kind=text("compile.a_coroutine"))


def _functions_of(f: Any) -> Iterator[Any]:
    """The Python functions that run when something is called."""
    while isinstance(f, functools.partial):
        f = f.func
    yield f if isinstance(f, FunctionType | MethodType) else getattr(f, "forward", type(f).__call__)
