"""Normalisation and pipelines: numbers, state, and being fitted on the training part alone."""

from __future__ import annotations

import json

import numpy as np
import pytest

from chainrule.data import ArrayDataset, Normalize, Pipeline, load
from chainrule.data import transforms as module
from chainrule.errors import ConfigError, ShapeError, StateError


@pytest.mark.parametrize(
    ("shape", "axis"), [((50, 3), (0,)), ((50, 4, 3), (0, 1)), ((50, 3, 4, 5), (0, 2, 3))], ids=str
)
def test_mean_and_deviation_are_numpys(rng, shape, axis):
    x = rng.normal(3, 2, shape)
    train = ArrayDataset(x)
    normalize = Normalize().fit(train)
    stored = train[:].astype(np.float64)
    np.testing.assert_allclose(normalize.mean, stored.mean(axis), rtol=1e-12)
    np.testing.assert_allclose(normalize.std, stored.std(axis), rtol=1e-12)
    y = normalize(train[:])
    assert y.dtype == np.float32
    np.testing.assert_allclose(y.mean(axis), 0, atol=1e-5)
    np.testing.assert_allclose(y.std(axis), 1, rtol=1e-5)


def test_chunks_do_not_change_the_result(rng, monkeypatch):
    train = ArrayDataset(rng.normal(1e4, 1e-1, (101, 2)))
    whole = Normalize().fit(train)
    monkeypatch.setattr(module, "CHUNK", 7)
    pieces = Normalize().fit(train)
    np.testing.assert_allclose(pieces.mean, whole.mean, rtol=1e-14)
    np.testing.assert_allclose(pieces.std, whole.std, rtol=1e-9)


def test_constant_features_become_zero():
    x = np.array([[5.0, 0.1, 1], [5.0, 0.1, 3]])
    normalize = Normalize().fit(ArrayDataset(np.tile(x, (700, 1))))
    assert normalize.std.tolist() == [1, 1, 1]
    assert normalize(np.float32(x))[:, :2].tolist() == [[0, 0], [0, 0]]


def test_what_the_test_part_holds_does_not_matter():
    train, _, test = load("diabetes")
    normalize = Normalize().fit(train)
    np.testing.assert_allclose(normalize(train[:][0]).mean(axis=0), 0, atol=1e-5)
    assert np.abs(normalize(test[:][0]).mean(axis=0)).max() > 0.01


def test_state_survives_json_bit_for_bit(rng):
    train = ArrayDataset(rng.normal(size=(30, 2, 4, 4)))
    pipeline = Pipeline([Normalize()]).fit(train)
    state = json.loads(json.dumps(pipeline.state_dict()))
    again = Pipeline.from_state_dict(state)
    assert np.array_equal(again(train[:]), pipeline(train[:]))
    third = Pipeline()
    third.load_state_dict(state)
    assert third.state_dict() == pipeline.state_dict()


def test_later_transforms_are_fitted_on_what_earlier_ones_give():
    train = ArrayDataset([[1.0], [5.0]])
    first, second = Pipeline([Normalize(), Normalize()]).fit(train).transforms
    assert (first.mean, first.std) == (3, 2)
    assert (second.mean, second.std) == (0, 1)


def test_an_empty_pipeline_changes_nothing(rng):
    x = rng.normal(size=(2, 3))
    assert Pipeline()(x) is x


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (
            lambda: Normalize()(np.zeros((1, 1))),
            StateError,
            "Normalize has not been fitted. Call fit(train) with",
        ),
        (lambda: Normalize().state_dict(), StateError, "Normalize has not been fitted"),
        (
            lambda: Normalize().fit(ArrayDataset(np.zeros((2, 3))))(np.zeros((5, 4), np.float32)),
            ShapeError,
            "Normalize: axis -1 of the input must be 3, as in the training part (x (5, 4))",
        ),
        (lambda: Normalize().load_state_dict({"axis": 1}), StateError, "this is not a state of Normalize"),
        (lambda: Pipeline.from_state_dict({}), StateError, "this is not a state of Pipeline"),
        (
            lambda: Pipeline.from_state_dict({"transforms": [["os.system", {}]]}),
            ConfigError,
            "transform must be one of Normalize, got 'os.system'",
        ),
    ],
)
def test_bad_calls_and_their_messages(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value).startswith(message)
