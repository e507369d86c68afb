"""Pieces on several threads: not a bit changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from chainrule.compiler.emit.contraction.choose import plan
from chainrule.compiler.emit.contraction.plan import Plan
from chainrule.compiler.native.arrays import address, aligned_empty
from chainrule.compiler.native.functions import function
from chainrule.compiler.native.jit import Library, load

from .forms import to_weights
from .running import ARGUMENTS, Operands, matmul, operands, text_of

FORMS = {
    "packed first": matmul(150, 130, 300, "NT"),
    "in parts of the depth": to_weights(12, 20, 20, 3, 32, 3),
}


def result(chosen: Plan, library: Library, given: Operands, threads: int) -> bytes:
    """All of C after a run on some threads; phase after phase."""
    scratch = aligned_empty([chosen.scratch], np.dtype(np.uint8))
    scratch[:], given.c.flat[:] = 0xFF, np.nan
    places = given.a.address, given.b.address, given.c.address, None
    with ThreadPoolExecutor(threads) as pool:
        for phase, pieces in enumerate(chosen.phases):
            call = function(library, f"phase{phase}", "void", *(kind for kind, _ in ARGUMENTS))
            for done in [pool.submit(call, *places, piece, address(scratch)) for piece in range(pieces)]:
                done.result()
    return given.c.flat.tobytes()


@pytest.mark.parametrize("name", FORMS)
def test_threads_change_no_bit(machine, name):
    form, rng = FORMS[name], np.random.default_rng(7)
    chosen = plan(form, machine("native"), pieces=24, depth=256)
    assert len(chosen.phases) > 1 and max(chosen.phases) > 8
    given = operands(form, 0)
    for buffer in (given.a, given.b):
        buffer.flat[:] = rng.standard_normal(buffer.flat.size)
    library = load([text_of(chosen)], chosen.target)
    alone = result(chosen, library, given, 1)
    assert not np.isnan(np.frombuffer(alone, np.float32)).any()
    for threads in (2, 3, 8):
        assert result(chosen, library, given, threads) == alone
