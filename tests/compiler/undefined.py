"""What an object file needs of others, for processors that are not at hand."""

from __future__ import annotations

from chainrule.compiler.native.codegen import emit_object
from chainrule.compiler.native.jit import FROM_THE_PROCESS
from chainrule.compiler.native.symbols import symbols
from chainrule.compiler.target import named

# What linkers for WebAssembly define by themselves.
_OF_THE_LINKER = {"__stack_pointer"}


def undefined(text: str, where: str, passes: str = "none") -> set[str]:
    """Functions of libraries that a module calls; copies of memory are found everywhere."""
    found = symbols(emit_object(text, named(where), passes=passes))
    assert found.defined or "define " not in text
    return {*found.undefined} - FROM_THE_PROCESS - _OF_THE_LINKER
