"""Every function can be recorded; the graph gives the same for other numbers, and checks values too."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule.core import tree
from chainrule.errors import GraphError, LinAlgError, NonFiniteError

from .samples import SAMPLES, matrix

# How many columns they give depends on the values.
EAGER_ONLY = ("orth", "null_space")


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in EAGER_ONLY])
def test_recorded(name):
    sample = SAMPLES[name]
    graph = cr.record(sample.ours, cr.tensor(matrix(sample.shapes[0], "float64")))
    graph.verify()
    other = cr.tensor(matrix(sample.shapes[0], "float64", seed=5))
    found, expected = graph(other), tree.leaves(sample.ours(other))
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", EAGER_ONLY)
def test_result_with_a_shape_that_depends_on_values_is_refused(name):
    with pytest.raises(GraphError):
        cr.record(SAMPLES[name].ours, np.eye(3))


@pytest.mark.parametrize(
    ("f", "at", "kind", "message"),
    [
        (cr.linalg.inv, [[1.0, 2.0], [2.0, 4.0]], LinAlgError, "inv: a is singular"),
        (cr.linalg.eigh, [[1.0, 2.0], [3.0, 4.0]], LinAlgError, "eigh: a is not symmetric"),
        (cr.linalg.cholesky, [[1.0, 2.0], [2.0, 1.0]], LinAlgError, "cholesky: a is not positive definite"),
        (cr.linalg.svdvals, [[1.0, np.nan], [2.0, 1.0]], NonFiniteError, "svdvals: a is nan"),
        (cr.linalg.gram_schmidt, [[1.0, 2.0], [2.0, 4.0]], LinAlgError, "gram_schmidt: column 1"),
    ],
)
def test_values_are_checked_when_a_graph_runs(f, at, kind, message):
    graph = cr.record(f, np.eye(2))
    with pytest.raises(kind, match=f"^{message}"):
        graph(np.array(at))


def test_rank_is_a_tensor_that_a_graph_can_give():
    graph = cr.record(cr.linalg.matrix_rank, np.eye(3))
    assert [int(graph(a)[0]) for a in (np.eye(3), np.diag([1.0, 0.0, 2.0]), np.zeros((3, 3)))] == [3, 2, 0]
