"""How the LaTeX commands of formulas look as characters."""

from __future__ import annotations

CHARACTERS = {
    r"\cdot": "·",
    r"\times": "×",
    r"\odot": "⊙",
    r"\bmod": "mod",
    r"\,": " ",
    r"\;": " ",
    r"\quad": " ",
    r"\!": "",
    r"\le": "≤",
    r"\ge": "≥",
    r"\ne": "≠",
    r"\in": "∈",
    r"\sim": "∼",
    r"\approx": "≈",
    r"\leftarrow": "←",
    r"\wedge": "∧",
    r"\vee": "∨",
    r"\neg": "¬",
    r"\infty": "∞",
    r"\partial": "∂",
    r"\prime": "′",
    r"\dots": "…",
    r"\lfloor": "⌊",
    r"\rfloor": "⌋",
    r"\lceil": "⌈",
    r"\rceil": "⌉",
    r"\{": "{",
    r"\}": "}",
    r"\sum": "∑",
    r"\prod": "∏",
    r"\bigvee": "⋁",
    r"\bigwedge": "⋀",
    r"\alpha": "α",
    r"\beta": "β",
    r"\gamma": "γ",
    r"\sigma": "σ",
    r"\mu": "μ",
    r"\lambda": "λ",
    r"\epsilon": "ε",
    r"\pi": "π",
}


def character(text: str) -> str:
    r"""The character of a command; other commands, such as ``\sin``, without their backslash."""
    return CHARACTERS.get(text, text.lstrip("\\"))
