"""Names and signatures of the array API standard (2024.12), as its reference implementation has them."""

from __future__ import annotations

import inspect

import array_api_strict as strict
import pytest

import chainrule as cr

from .names import ELSEWHERE, FUNCTIONS, named

CONSTANTS = ("e", "inf", "nan", "newaxis", "pi")


@pytest.mark.parametrize("name", CONSTANTS)
def test_constant(name):
    ours, theirs = getattr(cr, name), getattr(strict, name)
    assert ours is theirs or ours == theirs or (ours != ours and theirs != theirs)


def test_every_type_is_there():
    assert all(str(getattr(cr, name)) == name for name in strict.__array_namespace_info__().dtypes())


ARRAY = type(strict.asarray([1.0]))
# Of the reference implementation and of the language, not of the standard.
NOT_STANDARD = {"__buffer__", "__new__", "__init__", "__repr__", "__str__", "__hash__", "__array__"}
METHODS = [
    name
    for name, member in vars(ARRAY).items()
    if (inspect.isfunction(member) or isinstance(member, property))
    and name not in NOT_STANDARD
    and (name.startswith("__") or not name.startswith("_"))
]


@pytest.mark.parametrize("name", METHODS)
def test_array_attribute(name):
    # In-place operators fall back on the plain ones, as the language has it.
    plain = f"__{name[3:]}" if name.startswith("__i") and f"__{name[3:]}" in METHODS else name
    assert hasattr(cr.Tensor, plain) or hasattr(cr.tensor(1.0), plain)


@pytest.mark.parametrize("name", sorted({*FUNCTIONS} - ELSEWHERE))
def test_signature_takes_what_the_standard_names(name):
    expected = inspect.signature(named(strict, name)).parameters.values()
    found = inspect.signature(named(cr, name)).parameters
    by_keyword = any(p.kind is p.VAR_KEYWORD for p in found.values())
    for parameter in expected:
        if parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            assert parameter.name in found or by_keyword, f"no keyword {parameter.name}"
    assert positional(found.values()) >= positional(expected)


def positional(parameters):
    """How many positional arguments a signature takes."""
    given = list(parameters)
    if any(p.kind is p.VAR_POSITIONAL for p in given):
        return 100
    return sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in given)
