"""The base of all layers and networks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

import chainrule.nn.messages  # noqa: F401  (registers the messages used here)
from chainrule import dtypes
from chainrule.core.changes import CHANGES
from chainrule.core.interpreter import state
from chainrule.errors import ChainruleError, error, text
from chainrule.nn import state as states
from chainrule.nn.hooks import Hook, HookHandle, Hooks
from chainrule.nn.options import Constraints, checked
from chainrule.nn.parameter import Buffer, Parameter
from chainrule.tensor import State

if TYPE_CHECKING:
    from typing_extensions import Self

    from chainrule.nn.summary import Summary


class Module:
    """A function with parameters.

    A subclass sets parameters, buffers and further modules as attributes, which registers them
    in that order, and defines `forward`. Calling the module runs `forward` under the module's
    name, so that errors, graphs and explanations can say where something happened.

    Attributes
    ----------
    training : bool
        Whether layers behave as in training (dropout drops, batch norm uses the batch); set by
        `train` and `eval`.
    constraints : mapping
        Of the class: which values each option of the constructor may take.
    function_name : str
        Of the class: the function in `nn.functional` that it stands for, if there is one.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> class Net(nn.Module):
    ...     def __init__(self):
    ...         self.fc1 = nn.Linear(3, 4)
    ...         self.fc2 = nn.Linear(4, 2)
    ...     def forward(self, x):
    ...         return self.fc2(cr.tanh(self.fc1(x)))
    >>> net = Net()
    >>> net(cr.ones((5, 3))).shape
    (5, 2)
    >>> [name for name, _ in net.named_parameters()]
    ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias']
    """

    constraints: ClassVar[Constraints] = {}
    function_name: ClassVar[str] = ""
    training: bool
    _path: str
    _hooks: Hooks

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "constraints" in vars(cls) and "__init__" in vars(cls):
            cls.__init__ = checked(cls.__init__, cls.constraints)  # type: ignore[method-assign]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Set what every module has, so that a subclass need not call ``super().__init__()``."""
        module = super().__new__(cls)
        vars(module).update(training=True, _path="", _hooks=Hooks())
        return module

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; every subclass defines it."""
        raise error("nn.no_forward", layer=self.label)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run `forward`, and the hooks around it, under the module's name."""
        state.layers[0].on_use(self)
        before = state.scopes
        state.scopes = (*before, self.label)
        try:
            if self._hooks:
                return self._hooks.run(self, args, kwargs)
            return self.forward(*args, **kwargs)
        except ChainruleError as problem:
            self._locate(problem)
            raise
        finally:
            state.scopes = before

    @property
    def has_hooks(self) -> bool:
        """Whether functions are called around the module's own forward or backward pass."""
        return bool(self._hooks)

    @property
    def label(self) -> str:
        """Kind and place in the outermost module, for example ``Linear 'body.fc1'``."""
        kind = type(self).__name__
        return f"{kind} '{self._path}'" if self._path else kind

    def _locate(self, problem: ChainruleError) -> None:
        """Say in an error which layer it was raised in, and what would fit; the innermost layer does."""
        if problem.layer:
            return
        problem.layer = self.label
        message, newline, line = str(problem).partition("\n")
        if message.startswith(self.label):
            return
        values = getattr(problem, "values", {})
        if self.function_name and values.get("layer") == self.function_name:
            remedy = self._remedy(problem) or values.get("remedy", "")
            message = text(problem.key, **{**values, "layer": self.label, "remedy": remedy})
        else:
            message = text("nn.in_layer", layer=self.label, message=message)
        problem.args = (message + newline + line,)

    def _remedy(self, problem: ChainruleError) -> str:
        """The end of an error's message: what would fit instead."""
        return ""

    def __setattr__(self, name: str, value: Any) -> None:
        held = vars(self).get(name)
        if isinstance(held, State) and not (value is None or isinstance(value, type(held))):
            raise error("nn.overwrite", layer=self.label, name=name, kind=type(held).__name__)
        if isinstance(value, Module):
            self._adopt(name, value)
        elif isinstance(value, State):
            value.name = _join(self._path, name)
        elif _holds_modules(value):
            raise error("nn.plain_container", layer=self.label, name=name, kind=type(value).__name__)
        object.__setattr__(self, name, value)
        CHANGES.note()

    def __delattr__(self, name: str) -> None:
        object.__delattr__(self, name)
        CHANGES.note()

    def fixed_values(self) -> Iterator[tuple[str, Any]]:
        """What a recorded call takes as it is: attributes and hooks, but not what tensors hold."""
        for name, value in vars(self).items():
            if name != "_path":
                yield name, value.fixed_values() if isinstance(value, Hooks) else value

    def _adopt(self, name: str, child: Module) -> None:
        """Tell a module, and all that it holds, where it stands now."""
        if "." in name or not name or hasattr(Module, name):
            raise error("nn.child_name", layer=self.label, name=repr(name))
        if self in child.modules():
            raise error("nn.cycle", layer=self.label, name=name)
        for place, module in child.named_modules():
            path = _join(self._path, _join(name, place))
            vars(module)["_path"] = path
            for key, value in vars(module).items():
                if isinstance(value, State):
                    value.name = _join(path, key)

    def add_module(self, name: str, module: Module) -> None:
        """Set a module as an attribute whose name is computed."""
        setattr(self, name, module)

    def register_parameter(self, name: str, parameter: Parameter | None) -> None:
        """Set a parameter as an attribute whose name is computed."""
        setattr(self, name, parameter)

    def register_buffer(self, name: str, data: npt.ArrayLike | None, persistent: bool = True) -> None:
        """Set a buffer as an attribute; one that is not persistent stays out of the `state_dict`."""
        setattr(self, name, None if data is None else Buffer(data, persistent))

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules that this one holds itself, by attribute."""
        return ((name, value) for name, value in vars(self).items() if isinstance(value, Module))

    def children(self) -> Iterator[Module]:
        """The modules that this one holds itself."""
        return (module for _, module in self.named_children())

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """The module itself (named ``""``) and all below it, each once, by dotted path."""
        return self._walk("", set())

    def modules(self) -> Iterator[Module]:
        """The module itself and all below it, each once."""
        return (module for _, module in self.named_modules())

    def _walk(self, path: str, seen: set[Module] | None) -> Iterator[tuple[str, Module]]:
        """Modules in order; where ``seen`` is None, one that is held twice comes twice."""
        if seen is not None:
            if self in seen:
                return
            seen.add(self)
        yield path, self
        for name, child in self.named_children():
            yield from child._walk(_join(path, name), seen)

    def _named(self, kind: type[State], *, unique: bool = True) -> Iterator[tuple[str, Any]]:
        """The tensors of one kind by dotted path; with ``unique`` a shared one comes once."""
        seen: set[int] = set()
        for path, module in self._walk("", set() if unique else None):
            for name, value in vars(module).items():
                if isinstance(value, kind) and not (unique and id(value) in seen):
                    seen.add(id(value))
                    yield _join(path, name), value

    def named_parameters(self, recurse: bool = True) -> Iterator[tuple[str, Parameter]]:
        """All parameters by dotted path, each once; only this module's own unless ``recurse``."""
        return self._named_own(Parameter, recurse)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, each once; only this module's own unless ``recurse``."""
        return (parameter for _, parameter in self.named_parameters(recurse))

    def named_buffers(self, recurse: bool = True) -> Iterator[tuple[str, Buffer]]:
        """All buffers by dotted path, each once; only this module's own unless ``recurse``."""
        return self._named_own(Buffer, recurse)

    def buffers(self, recurse: bool = True) -> Iterator[Buffer]:
        """All buffers, each once; only this module's own unless ``recurse``."""
        return (buffer for _, buffer in self.named_buffers(recurse))

    def _named_own(self, kind: type[State], recurse: bool) -> Iterator[tuple[str, Any]]:
        return (pair for pair in self._named(kind) if recurse or "." not in pair[0])

    def get_submodule(self, path: str) -> Module:
        """The module at a dotted path, ``""`` for this one.

        Raises
        ------
        ConfigError
            There is none; lists those that there are.
        """
        found = dict(self.named_modules())
        if path not in found:
            known = ", ".join(list(found)[1:])
            raise error("nn.no_submodule", layer=self.label, path=repr(path), known=known)
        return found[path]

    def apply(self, function: Callable[[Module], Any]) -> Self:
        """Call a function with every module, inner ones first; returns the module itself."""
        for child in self.children():
            child.apply(function)
        function(self)
        return self

    def train(self, mode: bool = True) -> Self:
        """Behave as in training, here and in all modules below; returns the module itself."""
        for module in self.modules():
            vars(module)["training"] = bool(mode)
        CHANGES.note()
        return self

    def eval(self) -> Self:
        """Behave as in use, here and in all modules below; returns the module itself."""
        return self.train(False)

    def requires_grad_(self, wanted: bool = True) -> Self:
        """Ask for (or stop) derivatives by all parameters; returns the module itself."""
        for parameter in self.parameters():
            parameter.requires_grad_(wanted)
        return self

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            state.layers[0].set_grad(parameter, None)

    def to(self, dtype: dtypes.DTypeLike) -> Self:
        """Turn all floating-point parameters and buffers into another type; returns the module itself.

        Raises
        ------
        DTypeError
            The type is not a floating-point one.
        """
        wanted = dtypes.canonical(dtype)
        if not dtypes.is_float(wanted):
            raise error("nn.float_only", layer=self.label, dtype=wanted)
        for _, tensor in self._named(State):
            _convert(tensor, wanted)
        CHANGES.note()
        return self

    def float(self) -> Self:
        """Turn all floating-point parameters and buffers into ``float32``."""
        return self.to(dtypes.float32)

    def double(self) -> Self:
        """Turn all floating-point parameters and buffers into ``float64``."""
        return self.to(dtypes.float64)

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies of all parameters and persistent buffers, by dotted path, as NumPy arrays."""
        return states.state_dict(self)

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> states.IncompatibleKeys:
        """Take parameters and buffers from a `state_dict`, PyTorch's too.

        Parameters
        ----------
        state_dict : mapping of str to array_like
            NumPy arrays or tensors, by dotted path; they take on this module's element types.
        strict : bool
            Whether missing and unexpected names are an error; wrong shapes always are.

        Returns
        -------
        IncompatibleKeys
            The missing and the unexpected names.

        Raises
        ------
        StateError
            Something does not fit; lists everything at once, and nothing has been changed.
        """
        return states.load_state_dict(self, state_dict, strict)

    def register_forward_pre_hook(self, hook: Hook) -> HookHandle:
        """Call ``hook(module, args)`` before `forward`; what it returns replaces the arguments."""
        return HookHandle(self._hooks.before, hook)

    def register_forward_hook(self, hook: Hook) -> HookHandle:
        """Call ``hook(module, args, result)`` after `forward`; what it returns replaces the result."""
        return HookHandle(self._hooks.after, hook)

    def register_full_backward_hook(self, hook: Hook) -> HookHandle:
        """Call ``hook(module, grad_input, grad_output)`` in each backward pass through the module.

        Both are tuples of tensors or None; what the hook returns replaces ``grad_input``.
        """
        return HookHandle(self._hooks.backward, hook)

    def summary(self, *inputs: Any) -> Summary:
        """Shapes, parameters and floating-point operations of every layer, see `nn.summary`."""
        from chainrule.nn.summary import summary

        return summary(self, *inputs)

    def extra_repr(self) -> str:
        """The options of the constructor, those with a default only where they differ from it."""
        shown = []
        cls = type(self)
        # Before Python 3.11 a class without a signature of its own has that of __new__.
        known = inspect.signature(cls if hasattr(cls, "__signature__") else cls.__init__).parameters
        for name in self.constraints:
            if name in known and hasattr(self, name):
                value, default = getattr(self, name), known[name].default
                if isinstance(default, bool):
                    value = value is not None and value is not False
                if value != default:
                    shown.append(f"{name}={value!r}")
        return ", ".join(shown)

    def __repr__(self) -> str:
        lines = [f"({name}): {child!r}".replace("\n", "\n  ") for name, child in self.named_children()]
        extra = self.extra_repr()
        if not lines:
            return f"{type(self).__name__}({extra})"
        body = "\n  ".join([extra, *lines] if extra else lines)
        return f"{type(self).__name__}(\n  {body}\n)"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


def _holds_modules(value: Any) -> bool:
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return False
    return any(isinstance(item, Module) for item in value)


def _convert(tensor: State, dtype: dtypes.DType) -> None:
    if dtypes.is_float(tensor.dtype):
        tensor.data = tensor.data.astype(dtype)
        if tensor.grad is not None:
            tensor.grad = tensor.grad.astype(dtype).detach()
