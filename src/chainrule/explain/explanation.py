"""What `chainrule.explain` gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chainrule.explain.blocks import Block, in_blocks
from chainrule.explain.trace import Step, Variable


@dataclass(frozen=True, eq=False)
class Explanation:
    """A run of a function: what was given, each step, and each step of the backward pass.

    ``print`` shows it as text, a notebook as HTML.

    Attributes
    ----------
    name : str
        Of the function.
    given : list of Variable
        Arguments, parameters and constants.
    steps : list of Step
        The operations in the order they ran, each with its rules of the chain rule.
    results : list of Variable
        What the function gave.
    cotangent : numpy.ndarray or None
        Where the backward pass started.
    note : str
        Why there is no backward pass; empty if there is one.
    """

    name: str
    given: Sequence[Variable]
    steps: Sequence[Step]
    results: Sequence[Variable]
    cotangent: np.ndarray | None = None
    note: str = ""

    @property
    def root(self) -> Block:
        """The steps in blocks."""
        return in_blocks(self.steps)

    @property
    def is_weighted(self) -> bool:
        """Whether the backward pass is about a weighted sum of the result's elements."""
        return self.cotangent is not None and self.cotangent.size != 1

    @property
    def gradients(self) -> dict[str, np.ndarray | None]:
        """The gradient of each argument and parameter that has one, by name."""
        return {v.name: v.gradient for v in self.given if v.tensor is not None}

    def text(self, *, depth: int | None = None) -> str:
        """The explanation as text.

        Parameters
        ----------
        depth : int, optional
            How many levels of blocks to open; deeper ones are one line each. All by default.
        """
        from chainrule.explain.text import to_text

        return to_text(self, depth)

    def to_html(self) -> str:
        """The explanation as one HTML document, blocks folded, that needs no network."""
        from chainrule.explain.html import document

        return document(self)

    def to_latex(self) -> str:
        """The explanation as LaTeX, for a document that uses ``amsmath``."""
        from chainrule.explain.tex import to_tex

        return to_tex(self)

    def save(self, path: str | Path) -> None:
        """Write the HTML document to a file."""
        Path(path).write_text(self.to_html(), encoding="utf-8")

    def _repr_html_(self) -> str:
        from chainrule.explain.html import fragment

        return fragment(self)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<explanation of {self.name}: {len(self.steps)} steps>"


def is_shown(variable: Variable) -> bool:
    """Whether something given is listed: numbers stand in the formulas themselves."""
    return variable.kind != "number"


def has_gradient(variable: Variable) -> bool:
    """Whether a gradient was asked of something given."""
    return variable.tensor is not None
