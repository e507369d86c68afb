"""The table of layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from chainrule.core.composite import COMPOSITES
from chainrule.core.op import Op
from chainrule.core.sample import Sample
from chainrule.nn.module import Module

AnyModule = TypeVar("AnyModule", bound=type[Module])


@dataclass(frozen=True)
class Layer:
    """One row: what is known of a kind of layer.

    Parameters
    ----------
    name : str
        Its key in `LAYERS`, the name of its class.
    module : type
        The class.
    family : str
        The file of its definition: linear, conv, pool, norm, recurrent …
    formula : str
        LaTeX of the result.
    samples : tuple of Sample
        Cases to try: options of the constructor, and shapes (with domains) of the inputs.
    """

    name: str
    module: type[Module]
    family: str
    formula: str
    samples: tuple[Sample, ...]


LAYERS: dict[str, Layer] = {}


def name_and_formula(function: Callable[..., object]) -> tuple[str, str]:
    """What an operation or a composite is called, and its formula (LaTeX)."""
    if isinstance(function, Op):
        return function.name, function.formula
    return function.__name__, COMPOSITES[function.__name__].formula


def layer(what: str | Callable[..., object], *samples: Sample) -> Callable[[AnyModule], AnyModule]:
    """Class decorator: list a module in `LAYERS`.

    Parameters
    ----------
    what : str or callable
        The formula (LaTeX), or the composite in `nn.functional` that the layer stands for.
    *samples : Sample
        Cases to try. In the first, each option may be replaced by a ``good`` value of its
        constraint.
    """

    def register(module: AnyModule) -> AnyModule:
        module.function_name, formula = ("", what) if isinstance(what, str) else name_and_formula(what)
        name, family = module.__name__, module.__module__.rsplit(".", 1)[-1]
        LAYERS[name] = Layer(name, module, family, formula, samples)
        return module

    return register
