"""Splits: every sample once, classes in equal shares, equal seeds equal parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chainrule.data import ArrayDataset, Splits
from chainrule.data.split import split_rows
from chainrule.data.splits import complete
from chainrule.errors import ConfigError, DataError

sizes = st.lists(st.integers(1, 40), min_size=1, max_size=6)
shares = st.lists(st.integers(1, 9), min_size=2, max_size=4).map(lambda parts: np.array(parts) / sum(parts))


@given(sizes, shares, st.integers(0, 2**32))
def test_every_sample_lands_once_and_classes_keep_their_shares(sizes, fractions, seed):
    labels = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes))
    try:
        parts = split_rows(labels, fractions, seed)
    except DataError:
        assume(False)
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(len(labels)))
    for part, fraction in zip(parts, fractions, strict=True):
        assert np.array_equal(part, np.sort(part))
        counts = np.bincount(labels[part], minlength=len(sizes))
        assert np.abs(counts - fraction * np.array(sizes)).max() < len(fractions)
    assert set(labels[parts[0]]) == set(range(len(sizes)))


def test_totals_are_right_though_classes_are_small():
    labels = np.repeat(np.arange(100), 4)
    assert [len(part) for part in split_rows(labels, [0.7, 0.1, 0.2], 0)] == [280, 40, 80]


def test_equal_seeds_give_equal_parts_and_others_do_not():
    labels = np.zeros(50, int)
    first, again, other = (split_rows(labels, [0.5, 0.5], seed) for seed in (3, 3, 4))
    assert np.array_equal(first[0], again[0])
    assert not np.array_equal(first[0], other[0])


def test_the_parts_of_a_seed_stay_as_they_are():
    assert split_rows(np.arange(12) % 2, [0.75, 0.25], 0)[1].tolist() == [0, 7, 11]


@pytest.mark.parametrize("fractions", [[0.5, 0.6], [1.2, -0.2], [0.5, 0.5, 0.0], [float("nan"), 0.5], []])
def test_fractions_must_add_up(fractions):
    with pytest.raises(ConfigError, match="shares of the parts must be above 0 and add up to 1"):
        ArrayDataset(np.zeros((9, 1))).split(fractions)


def test_an_empty_part_is_refused():
    with pytest.raises(DataError, match=r"^3 samples cut into 0.7 / 0.1 / 0.2 leave one part empty"):
        ArrayDataset(np.zeros((3, 1))).split([0.7, 0.1, 0.2])


def test_stratify_needs_classes():
    data = ArrayDataset(np.zeros((4, 1)), np.arange(4.0))
    with pytest.raises(ConfigError, match="has no classes"):
        data.split([0.5, 0.5], stratify=True)
    assert [len(part) for part in data.split([0.5, 0.5])] == [2, 2]


def numbered(count):
    return ArrayDataset(np.arange(count, dtype=float)[:, None], np.arange(count) % 2)


@pytest.mark.parametrize(
    ("parts", "validation", "test", "lengths"),
    [
        (Splits(numbered(100)), 0.1, 0.2, (70, 10, 20)),
        (Splits(numbered(100)), 0, 0.2, (80, None, 20)),
        (Splits(numbered(100)), 0, 0, (100, None, None)),
        (Splits(numbered(100), test=numbered(7)), 0.1, 0.2, (90, 10, 7)),
        (Splits(numbered(100), numbered(5), numbered(7)), 0.1, 0.2, (100, 5, 7)),
    ],
)
def test_missing_parts_are_cut_off_the_training_part(parts, validation, test, lengths):
    done = complete(parts, validation, test, seed=0)
    assert tuple(None if part is None else len(part) for part in done) == lengths


def test_nothing_left_to_train_on_is_refused():
    with pytest.raises(ConfigError, match="must leave something to train on"):
        complete(Splits(numbered(10)), 0.5, 0.5, seed=0)
