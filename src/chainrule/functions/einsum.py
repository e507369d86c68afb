r"""Einstein's notation: any product of tensors that sums over some of their axes.

.. math:: y_{\mathrm{out}} = \sum_{\mathrm{letters\ not\ in\ out}} \prod_n x^{(n)}_{\mathrm{letters}_n}

Operands are contracted two at a time, in the order that costs least, on the one row ``contract``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_letters
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.core.interpreter import lift
from chainrule.dtypes import bool_, int64, promote
from chainrule.errors import error
from chainrule.functions.diagonals import diagonal
from chainrule.functions.products import contracted
from chainrule.functions.reductions import as_type, sum
from chainrule.functions.shaping import squeeze, transpose

if TYPE_CHECKING:
    from chainrule.tensor import Tensor


@dataclass(frozen=True)
class Term:
    """A tensor and the letters of its axes."""

    x: Any
    letters: str


def einsum(subscripts: Any, *operands: Any, optimize: Any = "greedy") -> Tensor:
    """Products of tensors, summed over the axes that the result does not name.

    Parameters
    ----------
    subscripts : str
        Letters of each operand's axes, with commas between, and after ``->`` those of the result:
        ``"ik,kj->ij"``. Without ``->`` the result has the letters that stand once, in alphabetical order.
        A letter twice in one operand takes its diagonal; ``...`` stands for axes that broadcast, and that
        are summed if a stated result leaves them out.
        NumPy's other form is taken too: ``einsum(a, [0, 1], b, [1, 2], [0, 2])``.
    *operands : Tensor
        As many as there are groups of letters.
    optimize : str, bool or path
        How to find the order of the products: ``"greedy"`` or ``"optimal"`` as in ``np.einsum_path``, a
        path that it gave, or False for the order in which the operands stand.

    Raises
    ------
    ConfigError
        The subscripts are not well formed.
    ShapeError
        They do not fit the operands.

    Examples
    --------
    >>> import chainrule as cr
    >>> A, v = cr.tensor([[1.0, 2.0], [3.0, 4.0]]), cr.tensor([1.0, 2.0])
    >>> cr.einsum("i,ij,j->", v, A, v)
    tensor(27.)
    >>> cr.einsum("ii", A)
    tensor(5.)
    """
    if not isinstance(subscripts, str):
        subscripts, operands = _from_lists(subscripts, *operands)
    tensors = [lift(x) for x in operands]
    groups, result = _parsed(subscripts.replace(" ", ""), [x.shape for x in tensors])
    extents = _extents(subscripts, groups, tensors)
    common = promote(x.dtype for x in tensors)
    computed = int64 if common == bool_ else common
    terms = [
        _simplified(Term(as_type(x, computed), letters), extents)
        for x, letters in zip(tensors, groups, strict=True)
    ]
    return as_type(_ordered(_product(terms, result, optimize), result), common)


def _from_lists(*given: Any) -> tuple[str, tuple[Any, ...]]:
    """NumPy's other form, operands and lists of numbers by turns, in letters."""
    operands, lists = given[: len(given) // 2 * 2 : 2], given[1::2]
    groups = [_lettered(numbers) for numbers in lists]
    result = f"->{_lettered(given[-1])}" if len(given) % 2 else ""
    return ",".join(groups) + result, operands


def _lettered(numbers: Sequence[Any]) -> str:
    try:
        return "".join("..." if n is Ellipsis else ascii_letters[n] for n in numbers)
    except (TypeError, IndexError) as problem:
        raise error("structure.einsum_list", got=repr(numbers)) from problem


def _parsed(spec: str, shapes: Sequence[tuple[int, ...]]) -> tuple[list[str], str]:
    """Letters of each operand and of the result; free letters take the place of ``...``."""
    left, arrow, right = spec.partition("->")
    groups = left.split(",")
    if not all(_is_group(group) for group in [*groups, right]):
        raise error("structure.einsum_form", spec=spec)
    if len(groups) != len(shapes):
        raise error("structure.einsum_count", spec=spec, expected=len(groups), got=len(shapes))
    free = [c for c in reversed(ascii_letters) if c not in spec]
    hidden = [len(shape) - len(g.replace("...", "")) for g, shape in zip(groups, shapes, strict=True)]
    _check_axes(spec, groups, shapes, hidden)
    dots = "".join(free[: max((n for n, g in zip(hidden, groups, strict=True) if "..." in g), default=0)])
    groups = [g.replace("...", dots[len(dots) - n :]) for g, n in zip(groups, hidden, strict=True)]
    if not arrow:
        once = "".join(c for c, n in sorted(Counter(left).items()) if n == 1 and c.isalpha())
        return groups, dots + once
    return groups, _checked_result(spec, right.replace("...", dots), groups)


def _is_group(group: str) -> bool:
    letters = group.replace("...", "", 1)
    return all(c in ascii_letters for c in letters)


def _check_axes(
    spec: str, groups: Sequence[str], shapes: Sequence[tuple[int, ...]], hidden: Sequence[int]
) -> None:
    for i, (group, shape, n) in enumerate(zip(groups, shapes, hidden, strict=True)):
        if n < 0 or (n > 0 and "..." not in group):
            values = {"operand": i, "group": group, "got": len(shape)}
            raise error("structure.einsum_axes", spec=spec, **values, shapes=_named(shapes))


def _checked_result(spec: str, result: str, groups: Sequence[str]) -> str:
    for letter, count in Counter(result).items():
        if count > 1 or not any(letter in group for group in groups):
            raise error("structure.einsum_result", spec=spec, letter=letter)
    return result


def _named(shapes: Sequence[tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    return {f"x{i}": shape for i, shape in enumerate(shapes)}


def _extents(spec: str, groups: Sequence[str], tensors: Sequence[Any]) -> dict[str, int]:
    """The extent of each letter; an axis of extent 1 fits any."""
    extents: dict[str, int] = {}
    for i, (letters, x) in enumerate(zip(groups, tensors, strict=True)):
        for axis, (letter, n) in enumerate(zip(letters, x.shape, strict=True)):
            known = extents.setdefault(letter, n)
            if known == 1:
                extents[letter] = n
            elif n not in (1, known):
                values = {"letter": letter, "operand": i, "axis": axis, "got": n, "expected": known}
                shapes = _named([t.shape for t in tensors])
                raise error("structure.einsum_extent", spec=spec, **values, shapes=shapes)
    return extents


def _simplified(term: Term, extents: dict[str, int]) -> Term:
    """Without axes that are to be stretched, and with the diagonal of letters that stand twice."""
    x, letters = term.x, term.letters
    stretched = tuple(i for i, c in enumerate(letters) if x.shape[i] == 1 and extents[c] != 1)
    x = squeeze(x, stretched) if stretched else x
    letters = "".join(c for i, c in enumerate(letters) if i not in stretched)
    while twice := next((c for c in letters if letters.count(c) > 1), ""):
        first = letters.index(twice)
        second = letters.index(twice, first + 1)
        x = diagonal(x, 0, first, second)
        letters = letters[:first] + letters[first + 1 : second] + letters[second + 1 :] + twice
    return Term(x, letters)


def _product(terms: list[Term], result: str, optimize: Any) -> Term:
    """All operands multiplied, two at a time."""
    for places in _path(terms, result, optimize):
        group = [terms[i] for i in places]
        terms = [term for i, term in enumerate(terms) if i not in places]
        joined = group[0]
        for i, other in enumerate(group[1:], 2):
            wanted = {*result, *_letters(terms), *_letters(group[i:])}
            joined = _multiplied(joined, other, wanted)
        terms.append(joined)
    return _summed(terms[0], set(result))


def _path(terms: Sequence[Term], result: str, optimize: Any) -> list[tuple[int, ...]]:
    """Which operands to multiply with one another, step by step."""
    if len(terms) <= 2 or optimize is False:
        return [tuple(range(len(terms)))]
    present = "".join(c for c in result if c in _letters(terms))
    spec = f"{','.join(term.letters for term in terms)}->{present}"
    # The order depends on shapes alone: arrays of one element, stretched, stand for the operands.
    stand_ins = [np.broadcast_to(np.float32(0), term.x.shape) for term in terms]
    try:
        path, _ = np.einsum_path(spec, *stand_ins, optimize=optimize)
    except (TypeError, ValueError, KeyError) as problem:
        raise error("structure.einsum_optimize", got=repr(optimize), reason=problem) from problem
    return [tuple(places) for places in path[1:]]


def _letters(terms: Sequence[Term]) -> set[str]:
    return {letter for term in terms for letter in term.letters}


def _multiplied(a: Term, b: Term, wanted: set[str]) -> Term:
    """The product of two operands, summed over what nothing else names."""
    a, b = _summed(a, wanted | set(b.letters)), _summed(b, wanted | set(a.letters))
    kept = [c for c in dict.fromkeys(a.letters + b.letters) if c in wanted]
    letters = "".join(kept)
    return Term(contracted(a.x, b.x, f"{a.letters},{b.letters}->{letters}"), letters)


def _summed(term: Term, wanted: set[str]) -> Term:
    axes = tuple(i for i, c in enumerate(term.letters) if c not in wanted)
    if not axes:
        return term
    total = sum(term.x, axes, dtype=term.x.dtype)
    return Term(total, "".join(c for c in term.letters if c in wanted))


def _ordered(term: Term, result: str) -> Tensor:
    order = tuple(term.letters.index(c) for c in result)
    return term.x if order == tuple(range(len(order))) else transpose(term.x, order)
