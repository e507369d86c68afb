r"""Functions that are called around a module's forward and backward pass.

A backward hook sees the gradients by the module's results and by its inputs. To get them, both
pass through an operation that changes nothing and whose derivative rule tells the hooks.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from chainrule.core import tree
from chainrule.core.changes import CHANGES
from chainrule.core.derivative import Rule
from chainrule.core.dtype_rule import DTypeRule
from chainrule.core.interpreter import Value, apply
from chainrule.core.op import Op
from chainrule.ops.pointwise import identity

if TYPE_CHECKING:
    from chainrule.nn.module import Module

Hook = Callable[..., Any]
_numbers = itertools.count()


class HookHandle:
    """What registering a hook gives back; `remove` takes the hook off, as does leaving a ``with`` block."""

    def __init__(self, hooks: dict[int, Hook], hook: Hook) -> None:
        self._hooks, self._number = hooks, next(_numbers)
        hooks[self._number] = hook
        CHANGES.note()

    def remove(self) -> None:
        """Take the hook off; a second time does nothing."""
        self._hooks.pop(self._number, None)
        CHANGES.note()

    def __enter__(self) -> HookHandle:
        return self

    def __exit__(self, *problem: object) -> None:
        self.remove()


class Hooks:
    """The hooks of one module, each kind in the order of registering."""

    def __init__(self) -> None:
        self.before: dict[int, Hook] = {}
        self.after: dict[int, Hook] = {}
        self.backward: dict[int, Hook] = {}

    def __bool__(self) -> bool:
        return bool(self.before or self.after or self.backward)

    def fixed_values(self) -> tuple[Hook, ...]:
        """The hooks, which a recorded call has called once and for all."""
        return (*self.before.values(), *self.after.values(), *self.backward.values())

    def run(self, module: Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The forward pass with all hooks around it."""
        for hook in list(self.before.values()):
            changed = hook(module, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
        result = self._watched(module, args, kwargs) if self.backward else module.forward(*args, **kwargs)
        for hook in list(self.after.values()):
            changed = hook(module, args, result)
            result = result if changed is None else changed
        return result

    def _watched(self, module: Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        watch = Watch(module, list(self.backward.values()))
        return watch.results(module.forward(*watch.inputs(args), **kwargs))


class Watch:
    """One call whose gradients are shown to the backward hooks of its module."""

    def __init__(self, module: Module, hooks: Sequence[Hook]) -> None:
        self.module, self.hooks = module, hooks
        self.by_results: tuple[Any, ...] = ()
        self.inputs_matter = False

    def inputs(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments, watched."""
        self.inputs_matter = any(x.entry is not None for x in _tensors(args))
        watched: tuple[Any, ...] = _through("module_inputs", args, self._at_inputs)
        return watched

    def results(self, result: Any) -> Any:
        """The results, watched."""
        return _through("module_results", result, self._at_results)

    def _at_results(self, g: list[Any]) -> list[Any]:
        self.by_results = tuple(g)
        if not self.inputs_matter:
            self._call_hooks((None,) * len(g))
        return g

    def _at_inputs(self, g: list[Any]) -> list[Any]:
        return list(self._call_hooks(tuple(g)))

    def _call_hooks(self, by_inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        for hook in self.hooks:
            changed = hook(self.module, by_inputs, self.by_results)
            if changed is not None:
                by_inputs = changed if isinstance(changed, tuple) else (changed,)
        return by_inputs


def _tensors(nest: Any) -> list[Value]:
    return [x for x in tree.leaves(nest) if isinstance(x, Value)]


def _through(name: str, nest: Any, on_backward: Callable[[list[Any]], list[Any]]) -> Any:
    """The same nest with its tensors passed through an operation that shows their gradients."""
    tensors = _tensors(nest)
    if not tensors:
        return nest
    watched = iter(apply(_watching(name, on_backward), tensors, {}))
    return tree.map_leaves(lambda x: next(watched) if isinstance(x, Value) else x, nest)


def _watching(name: str, on_backward: Callable[[list[Any]], list[Any]]) -> Op:
    return Op(
        name=name,
        family="custom",
        args=("x",),
        formula="x",
        shape=lambda op, shapes, params: list(shapes),
        dtype=DTypeRule("biuf", output=lambda found, params: list(found)),
        numpy=lambda *arrays: arrays,
        derivative=Rule(
            reverse=lambda g, y, *x: on_backward(list(g)), forward=lambda t, y, *x: list(t), reached=None
        ),
        outputs=0,
        variadic=True,
        body=lambda *x: tuple(map(identity, x)),
    )
