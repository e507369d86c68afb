"""Complex numbers: pairs in registers, and a builder of them with the vocabulary of that of real numbers.

Functions are computed in complex128. The length of an error is below 2 units in the last place of the
result's length in complex64, and below 4 in complex128; of `power`, z to the w, below 4 |w ln z|.
"""

from chainrule.compiler.emit.complex.builder import ComplexBuilder
from chainrule.compiler.emit.complex.pair import Pair, Register, load_number, store_number

__all__ = ["ComplexBuilder", "Pair", "Register", "load_number", "store_number"]
