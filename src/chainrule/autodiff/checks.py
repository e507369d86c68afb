"""What the transforms ask of the functions, arguments and results that they are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule.core import tree
from chainrule.core.interpreter import Value, lift
from chainrule.errors import error


def check_function(f: Any, what: str) -> None:
    """Refuse what cannot be called; a value is a frequent mistake, as in ``grad(f(x))``."""
    if not callable(f):
        raise error("autodiff.function", what=what, kind=type(f).__name__)


def argument_numbers(argnums: Any, what: str) -> tuple[int, ...]:
    """One argument number, or several, as a tuple."""
    numbers = (argnums,) if isinstance(argnums, int | str) else tuple(argnums)
    for n in numbers:
        if not isinstance(n, int):
            raise error("autodiff.argnums_kind", what=what, got=repr(n))
    return numbers


def check_argument_numbers(numbers: Sequence[int], args: Sequence[Any], what: str) -> None:
    """Refuse the number of an argument that was not given."""
    for n in numbers:
        if not -len(args) <= n < len(args):
            raise error("autodiff.argnums", what=what, number=n, count=len(args))


def single_result(y: Any, what: str) -> Value:
    """A function's result as one tensor, or the error of one that has none or several."""
    if y is None:
        raise error("autodiff.no_result", what=what)
    if isinstance(y, tuple | list | dict):
        raise error("autodiff.several_results", what=what, kind=type(y).__name__)
    return lift(y)


def value_and_aux(result: Any, what: str) -> tuple[Any, Any]:
    """The two parts of the result of a function with ``has_aux``."""
    if not isinstance(result, tuple) or len(result) != 2:
        raise error("autodiff.aux", what=what, kind=type(result).__name__)
    return result


def one_for_each(given: Any, counterparts: Sequence[Any], key: str) -> list[Any]:
    """The leaves of a nest; the error ``key`` unless there are as many as counterparts."""
    found = list(tree.leaves(given))
    if len(found) != len(counterparts):
        raise error(key, got=len(found), expected=len(counterparts))
    return found
