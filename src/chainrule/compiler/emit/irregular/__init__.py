"""Kernels written by hand: for the rows of the table that are no loop nest.

`RULES` gives for each row the phases of its work; a row without elements has none.
"""

from __future__ import annotations

from chainrule.compiler.emit.irregular import argextreme, cumulative, random, scatter
from chainrule.compiler.emit.irregular.argsort import argsort
from chainrule.compiler.emit.irregular.form import Fail, Irregular, Rule
from chainrule.compiler.emit.irregular.gather import gather
from chainrule.compiler.emit.irregular.pool_index import pool_index, pool_tap
from chainrule.compiler.emit.irregular.pool_taps import pool_read, pool_write
from chainrule.compiler.emit.irregular.random import random_bits, random_words
from chainrule.compiler.emit.irregular.search import searchsorted

__all__ = ["RULES", "Fail", "Irregular", "Rule", "random_bits", "random_words"]

RULES: dict[str, Rule] = {
    "gather": gather,
    "scatter_add": scatter.scatter_add,
    "scatter_set": scatter.scatter_set,
    "scatter_min": scatter.scatter_min,
    "scatter_max": scatter.scatter_max,
    "scatter_mul": scatter.scatter_mul,
    "argsort": argsort,
    "searchsorted": searchsorted,
    "cumsum": cumulative.cumsum,
    "cumprod": cumulative.cumprod,
    "cummax": cumulative.cummax,
    "cummin": cumulative.cummin,
    "linear_scan": cumulative.linear_scan,
    "argmax": argextreme.argmax,
    "argmin": argextreme.argmin,
    "pool_index": pool_index,
    "pool_tap": pool_tap,
    "pool_read": pool_read,
    "pool_write": pool_write,
    "random_bits": random.bits,
    "fold_in": random.fold_in,
}
