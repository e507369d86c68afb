"""Ten training losses of each kind of model, eager and compiled, and what a step costs, as they are kept."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.compiler.golden.measure import costs, recorded, trained
from tests.compiler.golden.models import EXAMPLES, STEPS
from tests.compiler.golden.record import FILE

import chainrule as cr

TABLE = json.loads(FILE.read_text(encoding="utf-8"))
REMEDY = "if this is meant, run `python -m tests.compiler.golden.record`"

# Numbers of float32 are 1.2e-7 apart; processors add up in different orders, and ten steps carry that on.
TOLERANCE = 2e-6
THREADS = (1, 2, 3, 8)

every_example = pytest.mark.parametrize("name", EXAMPLES)


def test_the_table_has_every_example():
    assert set(TABLE) == set(EXAMPLES)
    assert all(len(row[kind]) == STEPS for row in TABLE.values() for kind in ("eager", "compiled"))


@every_example
def test_models_learn(name):
    losses = TABLE[name]["compiled"]
    assert np.mean(losses[-3:]) < 0.95 * np.mean(losses[:3])


@every_example
@pytest.mark.parametrize("kind", ["eager", "compiled"])
def test_losses_are_as_they_were(name, kind):
    losses, _ = trained(EXAMPLES[name], "llvm" if kind == "compiled" else False)
    np.testing.assert_allclose(losses, TABLE[name][kind], rtol=TOLERANCE, err_msg=REMEDY)


@every_example
def test_compiled_and_eager_losses_agree(name):
    np.testing.assert_allclose(TABLE[name]["compiled"], TABLE[name]["eager"], rtol=TOLERANCE)


@every_example
def test_parameters_do_not_depend_on_the_number_of_threads(name):
    before, found = cr.get_threads(), []
    try:
        for threads in THREADS:
            cr.set_threads(threads)
            found.append(trained(EXAMPLES[name], "llvm"))
    finally:
        cr.set_threads(before)
    for losses, state in found[1:]:
        assert losses == found[0][0]
        for key, array in state.items():
            np.testing.assert_array_equal(array, found[0][1][key], err_msg=key)


@every_example
def test_a_step_costs_what_it_did(name):
    kept = {key: value for key, value in TABLE[name].items() if key not in ("eager", "compiled")}
    assert costs(recorded(EXAMPLES[name])) == kept, REMEDY
