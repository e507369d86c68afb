"""The registry of distributions: one row each, which the documentation and the tests loop over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from chainrule.stats.distribution import Distribution

DISTRIBUTIONS: dict[str, Row] = {}

Kind = TypeVar("Kind", bound="type[Distribution]")


@dataclass(frozen=True)
class Row:
    """One distribution.

    Attributes
    ----------
    cls : type
        The class, whose ``parameters`` are the sets that each parameter lies in.
    formula : str
        LaTeX of its density, or of its probability of a value.
    scipy : str
        Its name in ``scipy.stats``.
    scipy_parameters : callable
        SciPy's parameters of an instance.
    examples : tuple of dict
        Parameters to try it with.
    """

    cls: type[Distribution]
    formula: str
    scipy: str
    scipy_parameters: Callable[[Any], Mapping[str, Any]]
    examples: tuple[dict[str, Any], ...]

    @property
    def name(self) -> str:
        """The key in `DISTRIBUTIONS`."""
        return self.cls.__name__


def distribution(
    formula: str, scipy: str, parameters: Callable[[Any], Mapping[str, Any]], *examples: dict[str, Any]
) -> Callable[[Kind], Kind]:
    """Class decorator: list a distribution in `DISTRIBUTIONS`."""

    def register(cls: Kind) -> Kind:
        DISTRIBUTIONS[cls.__name__] = Row(cls, formula, scipy, parameters, examples)
        return cls

    return register
