"""Finding a metric by name, class or instance."""

from __future__ import annotations

import pytest

from chainrule.errors import ConfigError, DTypeError
from chainrule.metrics import METRICS, Accuracy, Metric, TopKAccuracy, get


@pytest.mark.parametrize("key", METRICS)
def test_by_name_and_by_class(key):
    assert type(get(key)) is METRICS[key]
    assert type(get(METRICS[key])) is METRICS[key]


def test_an_instance_is_returned_as_it_is():
    metric = TopKAccuracy(k=3)
    assert get(metric) is metric


def test_options_go_to_what_is_made():
    assert get("top_k_accuracy", k=3).options == {"k": 3}
    assert get(TopKAccuracy, k=2, name="top_2").name == "top_2"


def test_options_with_an_instance_are_refused():
    with pytest.raises(ConfigError, match="the options threshold cannot be given"):
        get(Accuracy(), threshold=0)


@pytest.mark.parametrize(
    ("name", "close"),
    [("acuracy", "accuracy"), ("Accuracy", "accuracy"), ("top_k", "top_k_accuracy"), ("R2", "r2")],
)
def test_an_unknown_name_gets_a_suggestion(name, close):
    with pytest.raises(ConfigError, match=rf"there is no metric '{name}'\. Did you mean '{close}'") as caught:
        get(name)
    assert all(key in str(caught.value) for key in METRICS)


def test_a_name_like_no_other_gets_the_list():
    with pytest.raises(ConfigError, match=r"there is no metric 'zzz'\. Known: accuracy, "):
        get("zzz")


@pytest.mark.parametrize("thing", [None, 3, int, lambda p, t: 0.0])
def test_other_things_are_refused(thing):
    with pytest.raises(DTypeError, match="a metric must be a name"):
        get(thing)


def test_a_metric_of_ones_own_needs_no_registration():
    class Mistakes(Metric):
        def _reset(self):
            self._mistakes = 0

        def _update(self, prediction, target):
            self._mistakes += int((prediction != target).sum())

        def _merge(self, other):
            self._mistakes += other._mistakes

        def _compute(self):
            return self._mistakes

    assert get(Mistakes).update([1, 2, 3], [1, 0, 0]).compute() == 2
    assert Mistakes().name == "Mistakes"
    assert "Mistakes" not in METRICS
