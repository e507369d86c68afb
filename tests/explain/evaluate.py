"""The value of a formula, computed from its tree: to hold formulas against numbers."""

from __future__ import annotations

import functools
import math

import numpy as np
from scipy import special

from chainrule.explain.formula import Atom, Cases, Frac, Matrix, Node, Root, Row, Script
from chainrule.ops import TABLE

FUNCTIONS = {
    r"\sin": np.sin,
    r"\cos": np.cos,
    r"\tan": np.tan,
    r"\arctan": np.arctan,
    r"\tanh": np.tanh,
    r"\ln": np.log,
    "erf": np.vectorize(math.erf),
    "sign": np.sign,
    "round": np.rint,
    "σ": lambda x: 1 / (1 + np.exp(-x)),
    r"\sigma": lambda x: 1 / (1 + np.exp(-x)),
    r"\max": np.maximum,
    r"\min": np.minimum,
    r"\arcsin": np.arcsin,
    r"\arccos": np.arccos,
    r"\sinh": np.sinh,
    r"\cosh": np.cosh,
    "arsinh": np.arcsinh,
    "arcosh": np.arccosh,
    "artanh": np.arctanh,
    "arg": np.angle,
    "Re": np.real,
    "Im": np.imag,
    "Γ": special.gamma,
    "xor": np.logical_xor,
    "bitand": np.bitwise_and,
    "bitor": np.bitwise_or,
    "bitxor": np.bitwise_xor,
    "bitnot": np.invert,
    "erfc": special.erfc,
    "erfinv": special.erfinv,
    "gammainc": special.gammainc,
    "gammaincinv": special.gammaincinv,
    "betainc": special.betainc,
    "betaincinv": special.betaincinv,
    "ndtri": special.ndtri,
}
FUNCTIONS |= {
    name: getattr(np, name)
    for name in ("arctan2", "cbrt", "conj", "copysign", "fmax", "fmin", "gcd", "heaviside", "lcm")
}
FUNCTIONS |= {name: getattr(np, name) for name in ("nextafter", "signbit", "trunc")}
# With an index below, which is their first argument.
INDEXED = {
    r"\log": lambda base, x: np.log(x) / np.log(base),
    "ψ": special.polygamma,
    "I": special.iv,
    "j": special.spherical_jn,
    "P": TABLE["gamma_integral"].numpy,
    "B": TABLE["beta_integral"].numpy,
}
RELATIONS = {
    "=": np.equal,
    r"\ne": np.not_equal,
    "<": np.less,
    r"\le": np.less_equal,
    ">": np.greater,
    r"\ge": np.greater_equal,
}
CONSTANTS = {"e": math.e, "i": 1j, r"\pi": math.pi, r"\infty": math.inf}
LOGIC = {r"\wedge": np.logical_and, r"\vee": np.logical_or}
BRACKETS = {
    "(": (")", lambda x: x),
    "[": ("]", lambda x: np.asarray(x, float)),
    "|": ("|", abs),
    r"\lfloor": (r"\rfloor", np.floor),
    r"\lceil": (r"\rceil", np.ceil),
}


def evaluate(node: Node, values: dict[str, object]):
    """The value of a formula, given those of its letters and names."""
    if isinstance(node, Atom):
        return atom(node, values)
    if isinstance(node, Frac):
        return evaluate(node.top, values) / evaluate(node.bottom, values)
    if isinstance(node, Root):
        return np.sqrt(evaluate(node.body, values))
    if isinstance(node, Script) and node.below is None:
        return np.power(evaluate(node.base, values), evaluate(node.above, values))
    if isinstance(node, Cases):
        (x, c), (y, _) = node.rows
        return np.where(evaluate(c, values), evaluate(x, values), evaluate(y, values))
    if isinstance(node, Matrix):
        return np.array([[evaluate(cell, values) for cell in cells] for cells in node.rows])
    if isinstance(node, Row):
        reader = Reader(list(node.items), values)
        result = reader.relation()
        assert not reader.rest, node
        return result
    raise ValueError(node)


def atom(node: Atom, values: dict[str, object]):
    if node.kind == "number":
        return node.text == "True" if node.text in ("True", "False") else float(node.text)
    return values[node.text] if node.text in values else CONSTANTS[node.text]


class Reader:
    """Reads a row by the precedence of its operators."""

    def __init__(self, items: list[Node], values: dict[str, object]) -> None:
        self.rest, self.values = items, values

    def sign(self) -> str:
        first = self.rest[0] if self.rest else None
        return first.text if isinstance(first, Atom) and first.kind == "symbol" else ""

    def take(self, *signs: str) -> str:
        """The next sign, if it is one of these."""
        return self.rest.pop(0).text if self.sign() in signs and self.sign() else ""

    def relation(self):
        left = self.sum()
        while sign := self.take(*RELATIONS, *LOGIC):
            left = {**RELATIONS, **LOGIC}[sign](left, self.sum())
        return left

    def sum(self):
        total = -self.product() if self.take("-") else self.product()
        while sign := self.take("+", "-"):
            total = total + self.product() if sign == "+" else total - self.product()
        return total

    def product(self):
        result = self.factor()
        while self.rest and (self.sign() in {"", "(", "[", "|", r"\cdot", r"\,", r"\bmod"}):
            if self.sign() == "|" and not self.opens_bars():
                break
            sign = self.take(r"\cdot", r"\,", r"\bmod")
            result = np.remainder(result, self.factor()) if sign == r"\bmod" else result * self.factor()
        return result

    def opens_bars(self) -> bool:
        """A bar after a factor closes; formulas of the table do not multiply by absolute values."""
        return False

    def factor(self):
        if self.take(r"\neg"):
            return np.logical_not(self.factor())
        bracket = self.take(*BRACKETS)
        if bracket:
            closing, function = BRACKETS[bracket]
            inside = self.relation()
            return self.closed(closing, function(inside))
        item = self.rest.pop(0)
        if isinstance(item, Atom) and item.text in FUNCTIONS:
            return self.called(FUNCTIONS[item.text])
        if isinstance(item, Script) and getattr(item.base, "text", "") in INDEXED:
            return self.called(functools.partial(INDEXED[item.base.text], *self.indices(item.below)))
        return evaluate(item, self.values)

    def indices(self, below: Node):
        reader = Reader(list(below.items) if isinstance(below, Row) else [below], self.values)
        found = [reader.sum()]
        while reader.take(","):
            found.append(reader.sum())
        return [np.asarray(index, np.int64) for index in found]

    def closed(self, closing: str, value):
        """Past a closing bracket, which may carry an exponent."""
        item = self.rest.pop(0)
        if isinstance(item, Script):
            assert item.base == Atom("symbol", closing)
            return np.power(value, evaluate(item.above, self.values))
        assert item == Atom("symbol", closing)
        return value

    def called(self, function):
        if not self.take("("):
            return function(self.factor())
        arguments = [self.relation()]
        while self.take(","):
            arguments.append(self.relation())
        return self.closed(")", function(*arguments))
