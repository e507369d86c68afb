"""Type rules shared by the rows."""

from __future__ import annotations

from chainrule.core.dtype_rule import DTypeRule
from chainrule.dtypes import bool_

# Letters: b bool, i and u integers, f floats, c complex numbers.
NUMBERS = DTypeRule("iufc")
REALS = DTypeRule("iuf")
ORDERED = DTypeRule("biuf")
ANY = DTypeRule("biufc")
INTEGERS = DTypeRule("iu")
BITS = DTypeRule("biu")
LOGIC = DTypeRule("b", output=bool_)

# Integers become the default float first: exp of an integer.
FLOATS = DTypeRule("fc", lift_to_float=True)
REAL_FLOATS = DTypeRule("f", lift_to_float=True)

COMPARED = DTypeRule("biuf", output=bool_)
TESTED = DTypeRule("biufc", output=bool_)

# Elements are moved, not computed with: types that are for storage alone are taken too.
MOVED = DTypeRule("biufc", stores=True)
