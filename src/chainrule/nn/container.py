"""Modules that hold modules: one after another, as a list, as a dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chainrule.errors import error
from chainrule.nn.module import Module


def check_module(holder: Module, given: object) -> None:
    """Refuse anything but a module."""
    if not isinstance(given, Module):
        name = getattr(given, "__name__", repr(given))
        raise error("nn.not_a_module", layer=holder.label, got=name, kind=type(given).__name__)


class _Numbered(Module):
    """Modules by number: what `Sequential` and `ModuleList` share."""

    def _items(self) -> list[tuple[str, Module]]:
        return list(self.named_children())

    def _name_at(self, index: int) -> str:
        items = self._items()
        if not -len(items) <= index < len(items):
            raise error("nn.index", layer=self.label, index=index, count=len(items))
        return items[index][0]

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            part = type(self)()
            # Past __setattr__: the modules keep the names of where they really stand.
            vars(part).update(self._items()[index])
            return part
        return vars(self)[self._name_at(index)]

    def __setitem__(self, index: int, module: Module) -> None:
        setattr(self, self._name_at(index), module)

    def __delitem__(self, index: int) -> None:
        items = self._items()
        del items[index]
        for name, _ in self._items():
            delattr(self, name)
        self.extend(module for _, module in items)

    def __len__(self) -> int:
        return len(self._items())

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    def append(self, module: Module) -> _Numbered:
        """Add a module at the end; returns the container itself."""
        check_module(self, module)
        setattr(self, str(len(self)), module)
        return self

    def extend(self, modules: Iterable[Module]) -> _Numbered:
        """Add modules at the end; returns the container itself."""
        for module in modules:
            self.append(module)
        return self


class Sequential(_Numbered):
    r"""Modules that are called one after another.

    .. math:: y = f_n(… f_2(f_1(x)))

    Parameters
    ----------
    *modules : Module, or one mapping
        Named by number, or as the mapping names them.

    Raises
    ------
    DTypeError
        One of them is not a module; a plain function is not.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    >>> model(cr.ones((5, 3))).shape
    (5, 2)
    >>> model[:2]
    Sequential(
      (0): Linear(in_features=3, out_features=4)
      (1): ReLU()
    )
    """

    def __init__(self, *modules: Module | Mapping[str, Module]) -> None:
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            named: Iterable[tuple[str, Any]] = modules[0].items()
        else:
            named = ((str(i), module) for i, module in enumerate(modules))
        for name, module in named:
            check_module(self, module)
            setattr(self, name, module)

    def forward(self, *inputs: Any) -> Any:
        """The last module's result; the first module takes all inputs."""
        modules = list(self.children())
        if not modules:
            return inputs[0] if len(inputs) == 1 else inputs
        result = modules[0](*inputs)
        for module in modules[1:]:
            result = module(result)
        return result


class ModuleList(_Numbered):
    """Modules in a list, which are registered as a plain list's are not.

    Parameters
    ----------
    modules : iterable of Module

    Examples
    --------
    >>> from chainrule import nn
    >>> layers = nn.ModuleList(nn.Linear(4, 4) for _ in range(3))
    >>> len(layers), len(list(layers.parameters()))
    (3, 6)
    """

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self.extend(modules)


class ModuleDict(Module):
    """Modules in a dictionary, which are registered as a plain dictionary's are not.

    Parameters
    ----------
    modules : mapping of str to Module

    Examples
    --------
    >>> from chainrule import nn
    >>> heads = nn.ModuleDict({"digit": nn.Linear(8, 10), "parity": nn.Linear(8, 2)})
    >>> heads["parity"].out_features
    2
    """

    def __init__(self, modules: Mapping[str, Module] | None = None) -> None:
        self.update({} if modules is None else modules)

    def update(self, modules: Mapping[str, Module]) -> None:
        """Add or replace modules."""
        for name, module in modules.items():
            self[name] = module

    def __getitem__(self, name: str) -> Any:
        found = dict(self.named_children())
        if name not in found:
            raise error("nn.no_submodule", layer=self.label, path=repr(name), known=", ".join(found))
        return found[name]

    def __setitem__(self, name: str, module: Module) -> None:
        check_module(self, module)
        if hasattr(type(self), name):
            raise error("nn.child_name", layer=self.label, name=repr(name))
        setattr(self, name, module)

    def __delitem__(self, name: str) -> None:
        self[name]
        delattr(self, name)

    def __contains__(self, name: object) -> bool:
        return any(key == name for key in self.keys())

    def __len__(self) -> int:
        return len(list(self.named_children()))

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def keys(self) -> list[str]:
        """The names, in order."""
        return [name for name, _ in self.named_children()]

    def values(self) -> list[Module]:
        """The modules, in order."""
        return list(self.children())

    def items(self) -> list[tuple[str, Module]]:
        """Names and modules, in order."""
        return list(self.named_children())
