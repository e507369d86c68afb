r"""Contractions as matrix products, where they are one, and as sums over indices elsewhere."""

from __future__ import annotations

from chainrule.explain.formula import Atom, Node, Script, fitted, row
from chainrule.explain.formula.levels import Level
from chainrule.ops.contract import letters


def product(spec: str, a: Node, b: Node) -> Node:
    r"""The formula of ``contract(a, b, spec=spec)``.

    >>> from chainrule.explain.formula import name, to_text
    >>> from chainrule.explain.products import product
    >>> for spec in ("ik,kj->ij", "ki,jk->ij", "ik,kj->ji", "k,k->", "i,j->ij", "bik,bkj->bij"):
    ...     print(to_text(product(spec, name("a"), name("b"))))
    a b
    aᵀ bᵀ
    bᵀ aᵀ
    a · b
    a bᵀ
    ∑_k a_(b i k) b_(b k j)
    """
    in_a, in_b, out = letters(spec)
    summed = [c for c in in_a if c in in_b and c not in out]
    if len(in_a) > 2 or len(in_b) > 2 or len(summed) > 1 or any(c in in_b and c in out for c in in_a):
        return _indexed(in_a, in_b, summed, a, b)
    if not summed:
        first, second = (a, b) if out.startswith(in_a) else (b, a)
        return _outer(first, second) if len(in_a) == len(in_b) == 1 else _indexed(in_a, in_b, summed, a, b)
    if not out:
        return row(fitted(a, Level.PRODUCT), r"\cdot", fitted(b, Level.PRODUCT))
    (k,) = summed
    if len(out) == 2 and out[0] in in_b:
        return _times(_turned(b, in_b[-1] != k), _turned(a, in_a[0] != k))
    return _times(_turned(a, in_a[-1] != k), _turned(b, in_b[0] != k))


def _times(a: Node, b: Node) -> Node:
    return row(fitted(a, Level.MATRIX_PRODUCT), r"\,", fitted(b, Level.MATRIX_PRODUCT))


def _outer(a: Node, b: Node) -> Node:
    return _times(a, _turned(b, True))


def _turned(x: Node, is_turned: bool) -> Node:
    """The transpose, where it is one."""
    return Script(fitted(x, Level.ATOM), above=Atom("letter", "T")) if is_turned else x


def _indexed(in_a: str, in_b: str, summed: list[str], a: Node, b: Node) -> Node:
    factors = row(_with_indices(a, in_a), r"\,", _with_indices(b, in_b))
    if not summed:
        return factors
    return row(Script(Atom("big", r"\sum"), _indices("".join(summed))), factors)


def _with_indices(x: Node, axes: str) -> Node:
    return Script(fitted(x, Level.ATOM), _indices(axes)) if axes else x


def _indices(axes: str) -> Node:
    return row(*(Atom("letter", letter.lower()) for letter in axes))
