"""Augmentations: what they do to pixels, and that they depend on nothing but their random numbers."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data import ArrayDataset, Loader, RandomCrop, RandomFlip, RandomShift
from chainrule.errors import ConfigError, ShapeError

ALL = [
    RandomFlip(),
    RandomFlip(0.3, vertical=True),
    RandomCrop(2),
    RandomCrop(1, mode="constant"),
    RandomShift(0.3),
]


@pytest.fixture
def x(rng):
    return rng.uniform(0.1, 1, (7, 2, 6, 5)).astype(np.float32)


@pytest.mark.parametrize("augmentation", ALL, ids=lambda a: type(a).__name__)
def test_shape_type_and_input_stay(augmentation, x, rng):
    before, uniform = x.copy(), rng.random((7, augmentation.draws))
    y = augmentation(x, uniform)
    assert (y.shape, y.dtype) == (x.shape, x.dtype)
    assert np.array_equal(x, before)
    assert np.array_equal(y, augmentation(x, uniform))


@pytest.mark.parametrize("augmentation", ALL, ids=lambda a: type(a).__name__)
def test_each_image_depends_on_its_own_numbers_alone(augmentation, x, rng):
    uniform = rng.random((7, augmentation.draws))
    whole = augmentation(x, uniform)
    for i in range(7):
        assert np.array_equal(augmentation(x[i : i + 1], uniform[i : i + 1])[0], whole[i])


def test_flip(x):
    uniform = np.array([[0.0], [0.49], [0.5], [0.99], [0.1], [0.9], [0.3]])
    y = RandomFlip()(x, uniform)
    flipped = uniform[:, 0] < 0.5
    assert np.array_equal(y[flipped], x[flipped][..., ::-1])
    assert np.array_equal(y[~flipped], x[~flipped])
    assert np.array_equal(RandomFlip(1.0, vertical=True)(x, uniform), x[:, :, ::-1])


def test_the_middle_of_the_range_leaves_an_image_where_it_is(x):
    middle = np.full((7, 2), 0.5)
    assert np.array_equal(RandomCrop(3)(x, middle), x)
    assert np.array_equal(RandomShift(0.4)(x, middle), x)


def test_crop_moves_by_the_padding_at_most(x):
    least = RandomCrop(2, mode="constant")(x, np.zeros((7, 2)))
    assert np.array_equal(least[:, :, 2:, 2:], x[:, :, :-2, :-2])
    assert not least[:, :, :2].any()
    most = RandomCrop(2, mode="constant")(x, np.full((7, 2), np.nextafter(1, 0)))
    assert np.array_equal(most[:, :, :-2, :-2], x[:, :, 2:, 2:])


def test_reflected_border():
    x = np.arange(4.0).reshape(1, 1, 2, 2)
    assert RandomCrop(1)(x, np.zeros((1, 2)))[0, 0].tolist() == [[3, 2], [1, 0]]


def test_shift_follows_height_and_width(x):
    y = RandomShift(0.34)(x, np.zeros((7, 2)))
    assert np.array_equal(y[:, :, 2:, 1:], x[:, :, :-2, :-1])
    assert not y[:, :, :2].any()
    assert not y[:, :, :, :1].any()


def test_all_moves_are_about_equally_frequent(rng):
    x = np.zeros((5000, 1, 5, 5))
    x[:, 0, 2, 2] = 1
    moved = RandomCrop(2, mode="constant")(x, rng.random((5000, 2)))
    counts = moved.sum(axis=(0, 1))
    assert counts.min() > 120
    assert counts.max() < 290


def test_a_sample_is_changed_alike_whatever_the_batch_size_and_anew_each_epoch(x):
    data = ArrayDataset(x, np.arange(7))

    def changed(batch_size, epoch):
        loader = Loader(data, batch_size, seed=3, augment=[RandomCrop(2)])
        loader.epoch = epoch
        return {
            int(label): image
            for images, labels in loader
            for image, label in zip(images, labels, strict=True)
        }

    whole, pairs, later = changed(7, 0), changed(2, 0), changed(7, 1)
    assert all(np.array_equal(whole[i], pairs[i]) for i in range(7))
    assert not all(np.array_equal(whole[i], later[i]) for i in range(7))


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: RandomFlip(1.5), ConfigError, "probability must be between 0 and 1, got 1.5"),
        (lambda: RandomCrop(-1), ConfigError, "padding must be a whole number, 0 or more, got -1"),
        (
            lambda: RandomCrop(mode="wrap"),
            ConfigError,
            "mode must be one of constant, edge, reflect, got 'wrap'",
        ),
        (lambda: RandomShift(1), ConfigError, "fraction must be at least 0 and below 1, got 1"),
        (
            lambda: RandomFlip()(np.zeros((2, 3)), np.zeros((2, 1))),
            ShapeError,
            "this augmentation is for images (N, C, H, W), got x (2, 3)",
        ),
        (
            lambda: RandomCrop(4)(np.zeros((1, 1, 4, 9)), np.zeros((1, 2))),
            ShapeError,
            "a mirrored border of 4 pixels needs images larger than that, got x (1, 1, 4, 9). "
            "Use less padding or mode='edge'",
        ),
    ],
)
def test_bad_calls_and_their_messages(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value).splitlines()[0] == message
