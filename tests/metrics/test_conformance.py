"""What every registered metric must do; a new one is found and tested by itself."""

from __future__ import annotations

import inspect
from dataclasses import fields

import numpy as np
import pytest

import chainrule.metrics
from chainrule import tensor
from chainrule.errors import ChainruleError, ConfigError, DataError, ShapeError, StateError
from chainrule.metrics import METRICS, Metric, Prediction, get, register

from .samples import MAKERS, fed, perfect

each_metric = pytest.mark.parametrize("key", METRICS)
SAMPLES = [(key, make) for key, metric in METRICS.items() for make in MAKERS[metric.prediction]]
each_sample = pytest.mark.parametrize(("key", "make"), SAMPLES)
each_sample_of_labels = pytest.mark.parametrize(
    ("key", "make"), [row for row in SAMPLES if METRICS[row[0]].prediction is not Prediction.VALUES]
)
each_option = pytest.mark.parametrize(
    ("key", "option", "constraint"),
    [
        (key, row.name, row.metadata["constraint"])
        for key, metric in METRICS.items()
        for row in fields(metric)
        if "constraint" in row.metadata
    ],
)
# These add up floats, which round differently when they are grouped differently.
SUMS_OF_FLOATS = (Prediction.VALUES, Prediction.PROBABILITIES)


def assert_same(metric: Metric, expected: Metric) -> None:
    rounding = 1e-13 if metric.prediction in SUMS_OF_FLOATS else 0
    assert metric.samples == expected.samples
    np.testing.assert_equal(type(metric.compute()), type(expected.compute()))
    for a, b in zip(arrays(metric.compute()), arrays(expected.compute()), strict=True):
        np.testing.assert_allclose(a, b, rtol=rounding, atol=rounding)


def arrays(value: object) -> list[np.ndarray]:
    """The arrays of a number, an array, a curve or a tuple of curves."""
    if isinstance(value, tuple):
        return [array for part in value for array in arrays(part)]
    return [np.asarray(value)]


@each_sample
def test_batches_give_what_one_update_gives(key, make, rng):
    prediction, target = make(rng)
    assert_same(fed(get(key), prediction, target, rng), get(key).update(prediction, target))


@each_sample
def test_merged_parts_give_what_one_update_gives(key, make, rng):
    prediction, target = make(rng)
    first, second, third = (get(key).update(prediction[i : i + 14], target[i : i + 14]) for i in (0, 14, 28))
    merged = get(key).merge(get(key)).merge(first.merge(second)).merge(get(key)).merge(third)
    assert_same(merged, get(key).update(prediction, target))


@each_sample
def test_a_saved_state_goes_on_as_if_never_stopped(key, make, rng):
    prediction, target = make(rng)
    saved = get(key).update(prediction[:14], target[:14]).state_dict()
    restored = get(key).update(prediction, target).load_state_dict(saved)
    for metric in (restored, get(key).load_state_dict(get(key).state_dict())):
        metric.update(prediction[14:], target[14:])
    assert_same(restored, get(key).update(prediction[:14], target[:14]).update(prediction[14:], target[14:]))
    assert all(is_plain(value) for value in saved.values())


def is_plain(value: object) -> bool:
    """Whether a value is made of numbers, arrays, dicts and lists only."""
    if isinstance(value, dict | list):
        return all(map(is_plain, value.values() if isinstance(value, dict) else value))
    return isinstance(value, np.generic) or type(value) in (int, float, bool, type(None), np.ndarray)


def test_a_saved_state_of_another_metric_is_refused():
    with pytest.raises(StateError, match="accuracy cannot go on from a state"):
        get("accuracy").load_state_dict(get("mse").state_dict())


@each_sample
def test_merging_leaves_the_other_as_it_was(key, make, rng):
    other = get(key).update(*make(rng))
    before = [array.copy() for array in arrays(other.compute())]
    merged = get(key).merge(other)
    merged.update(*make(rng))
    for a, b in zip(arrays(other.compute()), before, strict=True):
        np.testing.assert_array_equal(a, b)


@each_sample
def test_reset_forgets_everything(key, make, rng):
    used = get(key).update(*make(rng)).reset()
    assert used.samples == 0
    with pytest.raises(DataError, match="nothing to compute"):
        used.compute()
    prediction, target = make(rng)
    assert_same(used.update(prediction, target), get(key).update(prediction, target))


@each_sample
def test_compute_changes_nothing_and_gives_away_nothing(key, make, rng):
    prediction, target = make(rng)
    metric = get(key).update(prediction, target)
    for array in arrays(metric.compute()):
        array[...] = -7
    assert_same(metric, get(key).update(prediction, target))


@each_sample
def test_inputs_are_copied(key, make, rng):
    prediction, target = make(rng)
    expected = get(key).update(prediction.copy(), target.copy())
    metric = get(key).update(prediction, target)
    prediction[...], target[...] = 0, 0
    assert_same(metric, expected)


@each_sample_of_labels
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8, np.int32])
def test_labels_of_any_type(key, make, dtype, rng):
    prediction, target = make(rng)
    assert_same(get(key).update(prediction, target.astype(dtype)), get(key).update(prediction, target))


@each_sample
def test_tensors_and_lists(key, make, rng):
    prediction, target = make(rng)
    expected = get(key).update(prediction, target)
    assert_same(get(key).update(prediction.tolist(), target.tolist()), expected)
    assert_same(get(key).update(tensor(prediction), tensor(target)), expected)


@each_sample
def test_a_refused_batch_changes_nothing(key, make, rng):
    prediction, target = make(rng)
    metric = get(key).update(prediction, target)
    wrong = prediction.astype(float)
    wrong[-1] = np.nan
    for bad in ((prediction[:-1], target), (wrong, target), (prediction, target[:, None])):
        with pytest.raises(ChainruleError):
            metric.update(*bad)
    assert_same(metric, get(key).update(prediction, target))


@each_sample
def test_a_column_against_a_row_is_refused(key, make, rng):
    prediction, target = make(rng)
    one = prediction.reshape(len(prediction), -1)[:, :1].astype(float)
    with pytest.raises(ShapeError):
        get(key).update(one, target)


@pytest.mark.parametrize("key", [k for k, metric in METRICS.items() if metric.higher_is_better is not None])
def test_perfect_predictions_are_better(key):
    prediction, target = perfect(METRICS[key].prediction)
    best = get(key).update(prediction, target).compute()
    worse = get(key).update(np.roll(prediction, 1, axis=0), target).compute()
    assert isinstance(best, float)
    assert best > worse if METRICS[key].higher_is_better else best < worse


@each_metric
def test_it_is_described(key):
    metric = METRICS[key]
    assert metric.formula in (inspect.getdoc(metric) or "")
    assert "\\" in metric.formula
    assert ">>> " in (metric.__doc__ or "")
    assert metric.key == key == metric().name
    for option in metric().options:
        assert option in metric.__doc__, f"{key} does not say what {option} is"


@each_metric
def test_repr_shows_options_and_samples(key):
    metric = get(key, name="mine")
    shown = repr(metric)
    assert shown.startswith(f"<{type(metric).__name__} name='mine', ")
    assert shown.endswith("0 samples>")
    assert all(f"{option}={value!r}" in shown for option, value in metric.options.items())


@each_option
def test_options_are_checked_at_their_boundaries(key, option, constraint):
    for good in constraint.good:
        assert get(key, **{option: good}).options[option] == good
    for bad in constraint.bad:
        with pytest.raises(ConfigError, match=f"^{key}: {option} must be in "):
            get(key, **{option: bad})


@each_option
def test_metrics_with_other_options_are_not_merged(key, option, constraint):
    metric = get(key)
    other = next(value for value in constraint.good if value != metric.options[option])
    with pytest.raises(ConfigError, match="different options"):
        metric.merge(get(key, **{option: other}))


@each_metric
def test_other_metrics_are_not_merged(key):
    other = next(name for name in METRICS if name != key)
    with pytest.raises(ConfigError, match="cannot merge"):
        get(key).merge(get(other))


def test_every_public_metric_is_registered():
    public = [getattr(chainrule.metrics, name) for name in chainrule.metrics.__all__]
    concrete = {
        c for c in public if inspect.isclass(c) and issubclass(c, Metric) and not inspect.isabstract(c)
    }
    assert concrete == set(METRICS.values())


def test_a_key_is_registered_once():
    with pytest.raises(ConfigError, match="already in METRICS"):
        register(METRICS["accuracy"])
