"""The loader: order, shapes, resuming bit for bit, threads."""

from __future__ import annotations

import json
import time
import traceback

import numpy as np
import pytest

from chainrule.data import ArrayDataset, Loader, Normalize, RandomCrop, RandomFlip, load
from chainrule.errors import ConfigError, DataError, StateError


@pytest.fixture
def images(rng):
    return ArrayDataset(rng.integers(0, 256, (23, 1, 6, 5), np.uint8), np.arange(23) % 3)


def augmented(images, **options):
    changes = [RandomFlip(), RandomCrop(2)]
    return Loader(images, 4, seed=5, transform=Normalize().fit(images), augment=changes, **options)


def epochs_of(loader, count):
    return [[(x.copy(), y.copy()) for x, y in loader] for _ in range(count)]


def same(left, right):
    return len(left) == len(right) and all(
        np.array_equal(a[0], b[0]) and np.array_equal(a[1], b[1]) for a, b in zip(left, right, strict=True)
    )


@pytest.mark.parametrize(("drop_last", "sizes"), [(False, [4, 4, 4, 4, 4, 3]), (True, [4] * 5)])
def test_sizes_of_batches(images, drop_last, sizes):
    loader = Loader(images, 4, drop_last=drop_last)
    assert [len(y) for _, y in loader] == sizes
    assert len(loader) == len(sizes)


def test_types_and_shapes(images):
    x, y = next(iter(Loader(images, 4)))
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((4, 1, 6, 5), np.float32, (4,), np.int64)


def test_without_targets_only_inputs_come():
    batches = list(Loader(ArrayDataset(np.arange(6.0).reshape(3, 2)), 2, shuffle=False))
    assert [batch.tolist() for batch in batches] == [[[0, 1], [2, 3]], [[4, 5]]]


def test_an_epoch_has_every_sample_once_in_an_order_of_its_own():
    data = ArrayDataset(np.arange(50.0)[:, None])
    loader = Loader(data, 8, seed=1)
    first, second = (np.concatenate(list(loader)).ravel() for _ in range(2))
    assert np.array_equal(np.sort(first), np.arange(50))
    assert np.array_equal(np.sort(second), np.arange(50))
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, np.arange(50))


def test_the_order_is_numpys_permutation_of_seed_and_epoch():
    loader = Loader(ArrayDataset(np.arange(20.0)[:, None]), 6, seed=9)
    loader.epoch = 3
    expected = np.random.default_rng(np.random.SeedSequence([9, 3])).permutation(20)
    assert np.concatenate(list(loader)).ravel().tolist() == expected.tolist()


def test_without_shuffling_the_order_is_kept():
    loader = Loader(ArrayDataset(np.arange(5.0)[:, None]), 2, shuffle=False)
    for _ in range(2):
        assert np.concatenate(list(loader)).ravel().tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("prefetch", "workers"), [(1, 1), (2, 1), (2, 3), (7, 2), (100, 4)])
def test_threads_do_not_change_the_batches(images, prefetch, workers):
    plain = epochs_of(augmented(images, prefetch=0), 2)
    threaded = epochs_of(augmented(images, prefetch=prefetch, workers=workers), 2)
    assert all(same(a, b) for a, b in zip(plain, threaded, strict=True))


@pytest.mark.parametrize("stop", range(1, 13))
def test_resuming_goes_on_bit_for_bit(images, stop):
    whole = [batch for epoch in epochs_of(augmented(images), 3) for batch in epoch]
    loader, seen, state = augmented(images), [], None
    while state is None:
        for x, y in loader:
            seen.append((x, y))
            if len(seen) == stop:
                state = json.loads(json.dumps(loader.state_dict()))
                break
    again = augmented(images, prefetch=3, workers=2)
    again.load_state_dict(state)
    rest = [batch for epoch in epochs_of(again, 3 - state["epoch"]) for batch in epoch]
    assert same(seen + rest, whole)


def test_state_says_what_was_handed_out_not_what_was_made_ahead(images):
    loader = Loader(images, 4, prefetch=5)
    assert loader.state_dict() == {"epoch": 0, "batch": 0, "seed": 0}
    iterator = iter(loader)
    next(iterator)
    next(iterator)
    assert loader.state_dict() == {"epoch": 0, "batch": 2, "seed": 0}
    list(iterator)
    assert loader.state_dict() == {"epoch": 1, "batch": 0, "seed": 0}


def test_a_state_after_the_last_batch_leads_to_the_end_of_that_epoch(images):
    loader = Loader(images, 4)
    loader.load_state_dict({"epoch": 2, "batch": 6, "seed": 0})
    assert list(loader) == []
    assert loader.state_dict() == {"epoch": 3, "batch": 0, "seed": 0}


def test_looking_at_one_batch_does_not_use_it_up(images):
    loader = Loader(images, 4, seed=2)
    peeked = next(iter(loader))
    assert same([peeked], [next(iter(loader))])
    assert len(list(loader)) == 6


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"epoch": 0, "batch": 7, "seed": 0},
        {"epoch": -1, "batch": 0, "seed": 0},
        {"epoch": "0", "batch": 0, "seed": 0},
    ],
)
def test_states_of_something_else_are_refused(images, state):
    with pytest.raises(StateError, match="is no place in this loader of 6 batches per epoch"):
        Loader(images, 4).load_state_dict(state)


class Broken:
    """Raises at one sample, and counts the batches that were asked for."""

    name = "broken"

    def __init__(self, at):
        self.at, self.asked = at, 0

    def __len__(self):
        return 40

    def __getitem__(self, rows):
        self.asked += 1
        return self.read_samples(rows)

    def read_samples(self, rows):
        if self.at in rows:
            raise RuntimeError(f"sample {self.at} is broken")
        return np.asarray(rows, np.float32)


@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_in_a_thread_is_raised_with_its_traceback(workers, data_threads):
    loader = Loader(Broken(at=9), 4, shuffle=False, workers=workers, prefetch=4)
    with pytest.raises(RuntimeError, match="sample 9 is broken") as caught:
        list(loader)
    assert "read_samples" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert data_threads() == []


def test_batches_before_the_error_are_handed_out():
    seen = []
    with pytest.raises(RuntimeError):
        seen.extend(Loader(Broken(at=9), 4, shuffle=False))
    assert [batch.tolist() for batch in seen] == [[0, 1, 2, 3], [4, 5, 6, 7]]


def abandon_by_break(loader):
    for _ in loader:
        break


def divide_by_zero(loader):
    for _ in loader:
        1 / 0  # noqa: B018


def abandon_by_error(loader):
    with pytest.raises(ZeroDivisionError):
        divide_by_zero(loader)


def abandon_by_closing(loader):
    iterator = iter(loader)
    next(iterator)
    iterator.close()


def test_no_more_than_asked_is_made_ahead(data_threads):
    source = Broken(at=None)
    iterator = iter(Loader(source, 1, prefetch=2))
    next(iterator)
    time.sleep(0.05)
    assert 1 <= source.asked <= 3
    iterator.close()


class Slow(Broken):
    def __getitem__(self, rows):
        time.sleep(0.01)
        return super().__getitem__(rows)


def test_work_that_has_not_begun_is_given_up():
    source = Slow(at=None)
    abandon_by_break(Loader(source, 1, prefetch=30))
    assert source.asked < 15


@pytest.mark.parametrize("abandon", [abandon_by_break, abandon_by_error, abandon_by_closing])
def test_an_abandoned_iteration_leaves_no_threads_and_no_work(abandon, data_threads):
    source = Broken(at=None)
    loader = Loader(source, 1, prefetch=2, workers=2)
    abandon(loader)
    assert data_threads() == []
    assert source.asked <= 3


def test_no_threads_remain_after_a_whole_epoch(images, data_threads):
    list(Loader(images, 4, workers=3))
    assert data_threads() == []


def test_without_prefetch_there_are_no_threads(images, data_threads):
    for _ in Loader(images, 4, prefetch=0):
        assert data_threads() == []


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"batch_size": 0}, ConfigError, "batch_size must be a whole number, 1 or more, got 0"),
        ({"batch_size": 2.0}, ConfigError, "batch_size must be a whole number, 1 or more, got 2.0"),
        ({"batch_size": True}, ConfigError, "batch_size must be a whole number, 1 or more, got True"),
        ({"prefetch": -1}, ConfigError, "prefetch must be a whole number, 0 or more, got -1"),
        ({"workers": 0}, ConfigError, "workers must be a whole number, 1 or more, got 0"),
        ({"seed": -3}, ConfigError, "seed must be a whole number, 0 or more, got -3"),
        (
            {"batch_size": 24, "drop_last": True},
            ConfigError,
            "drop_last with batch_size 24 leaves out all 23 samples. Use a batch_size of at most 23",
        ),
    ],
)
def test_bad_options_and_their_messages(images, options, kind, message):
    with pytest.raises(kind) as caught:
        Loader(images, **options)
    assert str(caught.value).splitlines()[0] == message


def test_an_empty_data_set_is_refused():
    with pytest.raises(DataError, match="list: there is no sample"):
        Loader([])


def test_inputs_and_labels_stay_together():
    train, _, test = load("digits")
    sums, counts = np.zeros((10, 64)), np.zeros((10, 1))
    for x, y in Loader(train, 50, workers=3):
        np.add.at(sums, y, x.reshape(len(x), -1))
        np.add.at(counts, y, 1)
    x, y = test[:]
    distances = np.square(x.reshape(-1, 1, 64) - sums / counts).sum(axis=-1)
    assert (distances.argmin(axis=1) == y).mean() > 0.85
