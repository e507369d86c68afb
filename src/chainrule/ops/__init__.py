r"""The table of operations, a file per family.

>>> from chainrule.ops import TABLE
>>> print(TABLE["tanh"].formula)
\tanh x
"""

from chainrule.core.op import TABLE, Op
from chainrule.ops import (
    contract,
    cumulative,
    fft,
    index,
    linalg,
    move,
    pointwise,
    random,
    reduce,
    scatter,
    search,
    sort,
    window,
)

FAMILIES = (
    *(pointwise, reduce, cumulative, move, contract, window),
    *(index, scatter, sort, search, fft, linalg, random),
)

__all__ = ["FAMILIES", "TABLE", "Op"]
