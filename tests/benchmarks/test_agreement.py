from __future__ import annotations

import numpy as np
from benchmarks.agreement import distances

LOSSES = np.array([2.0, 1.5, 1.0])


def test_equal_results_lie_nowhere_apart():
    assert distances({"a": {"0": LOSSES}, "b": {"0": LOSSES}}) == {"a": 0.0, "b": 0.0}


def test_the_one_that_differs_is_found():
    found = distances({"a": {"0": LOSSES}, "b": {"0": LOSSES}, "c": {"0": LOSSES + np.array([0, 0.5, 0])}})
    assert found == {"a": 0.0, "b": 0.0, "c": 0.25}


def test_of_two_that_differ_neither_is_right():
    found = distances({"a": {"0": LOSSES}, "b": {"0": LOSSES * 2}})
    assert found["a"] == found["b"] == 1 / 3


def test_what_is_missing_or_of_another_shape_or_not_finite_lies_infinitely_far():
    good = {"0": LOSSES}
    for bad in ({}, {"0": LOSSES[:2]}, {"0": LOSSES * np.nan}, {"0": LOSSES, "1": LOSSES}):
        assert distances({"a": good, "b": good, "c": bad})["c"] == np.inf


def test_ours_is_not_taken_to_be_right():
    found = distances({"chainrule-": {"0": LOSSES + 1}, "b": {"0": LOSSES}, "c": {"0": LOSSES}})
    assert found["chainrule-"] == 0.5 and found["b"] == 0


def test_nothing_to_compare():
    assert distances({}) == {}
