r"""The table of operations, a file per family.

>>> from chainrule.ops import TABLE
>>> print(TABLE["tanh"].formula)
\tanh x
"""

from chainrule.core.op import TABLE, Op
from chainrule.ops import contract, index, move, pointwise, random, reduce, window

FAMILIES = (pointwise, reduce, move, contract, window, index, random)

__all__ = ["FAMILIES", "TABLE", "Op"]
