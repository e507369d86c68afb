"""Every row of the table goes through the observers: explain and the watch for non-finite values."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.ops import TABLE

CASES = [
    (row, case, slot) for row in TABLE.values() for case in row.samples for slot in range(max(row.outputs, 1))
]


@pytest.mark.parametrize(
    ("row", "case", "slot"), CASES, ids=[f"{row.name}{i}" for i, (row, *_) in enumerate(CASES)]
)
def test_explained_gradients_are_those_of_vjp(row, case, slot, rng):
    arrays = case.draw(rng, row.domain)

    def one_result(*given):
        result = row(*given, **case.params)
        return result[slot] if isinstance(result, tuple) else result

    result = one_result(*arrays)
    cotangent = rng.standard_normal(result.shape)
    floats = [i for i, a in enumerate(arrays) if a.dtype.kind == "f"]

    def of_floats(*values):
        given = list(arrays)
        for i, value in zip(floats, values, strict=True):
            given[i] = value
        return one_result(*given)

    with cr.debug.nan():
        explanation = cr.explain(of_floats, *(arrays[i] for i in floats), cotangent=cotangent)
    shown = [str(explanation), explanation.to_html(), explanation.to_latex()]
    assert all(shown)
    if explanation.note:
        assert not any(row.derivative.reaches(i) for i in floats) or result.dtype.kind != "f"
        return
    expected = cr.vjp(of_floats, *(arrays[i] for i in floats))[1](cotangent)
    for (_, got), slope in zip(explanation.gradients.items(), expected, strict=True):
        np.testing.assert_allclose(got if got is not None else np.zeros(slope.shape), slope.numpy())
