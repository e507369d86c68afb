"""Random programs of moves, arithmetic, choices, sums and products: rewritten, they do the same."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.graph.rewrites import INFERENCE, Exact, rewrite
from chainrule.ops import move, reduce
from chainrule.ops.contract import contract

SPECIAL = [np.nan, np.inf, -np.inf, -0.0, 0.0, 1.0, -1.0, 2.0, 5e-324]
NUMBERS = [0.0, -0.0, 1.0, -1.0, 2.0, 0.5, -4.0, 3.0]
ONE = (cr.negative, cr.abs, cr.square, cr.sqrt, cr.exp, cr.tanh, cr.positive)
TWO = (cr.add, cr.subtract, cr.multiply, cr.divide, cr.maximum, cr.minimum)
FOLDS = (reduce.sum_, reduce.max_, reduce.min_)


def pointwise_one(rng, xs):
    return rng.choice(ONE)(pick(rng, xs))


def pointwise_number(rng, xs):
    pair = [pick(rng, xs), float(rng.choice(NUMBERS))]
    return rng.choice(TWO)(*(pair if rng.random() < 0.5 else pair[::-1]))


def pointwise_two(rng, xs):
    x = pick(rng, xs)
    return rng.choice(TWO)(x, like(rng, xs, x))


def choice(rng, xs):
    x = pick(rng, xs)
    condition = x > like(rng, xs, x)
    return cr.where(cr.logical_not(condition) if rng.random() < 0.3 else condition, x, like(rng, xs, x))


def turned(rng, xs):
    x = pick(rng, xs)
    return move.transpose(x, axes=tuple(map(int, rng.permutation(len(x.shape)))))


def reshaped(rng, xs):
    x = pick(rng, xs)
    shape = [n for n in x.shape if n != 1]
    for _ in range(rng.integers(0, 3)):
        shape.insert(rng.integers(0, len(shape) + 1), 1)
    return move.reshape(x, shape=tuple(shape) if len(shape) <= 4 else (x.size,))


def stretched(rng, xs):
    x = pick(rng, xs)
    front = (2,) * int(rng.integers(0, 2)) if len(x.shape) < 4 else ()
    return move.broadcast_to(
        x, shape=front + tuple(3 if n == 1 and rng.random() < 0.5 else n for n in x.shape)
    )


def cut(rng, xs):
    x = pick(rng, xs)
    starts = tuple(int(rng.integers(0, max(n - 1, 1))) for n in x.shape)
    return move.slice_(x, start=starts, stop=x.shape, step=tuple(int(rng.integers(1, 3)) for _ in x.shape))


def padded(rng, xs):
    x = pick(rng, xs)
    low, high, gaps = (tuple(int(rng.integers(0, 2)) for _ in x.shape) for _ in range(3))
    return move.pad(x, low=low, high=high, interior=gaps) if x.size < 200 else x


def flipped(rng, xs):
    x = pick(rng, xs)
    return move.flip(x, axis=tuple(a for a in range(len(x.shape)) if rng.random() < 0.5))


def split_and_joined(rng, xs):
    x = pick(rng, xs)
    if not x.shape or x.shape[0] < 2:
        return x
    parts = [x[:1], x[1:]]
    return move.concatenate(*(parts if rng.random() < 0.5 else parts[::-1]), axis=0)


def folded(rng, xs):
    x = pick(rng, xs)
    axes = tuple(a for a in range(len(x.shape)) if rng.random() < 0.4 and x.shape[a])
    return rng.choice(FOLDS)(x, axis=axes, keepdims=bool(rng.random() < 0.5))


def product(rng, xs):
    x = pick(rng, xs)
    word = "abcdef"[: len(x.shape)]
    other = move.transpose(x, axes=tuple(map(int, rng.permutation(len(x.shape)))))
    y = "".join(rng.permutation([*word, "z"][: len(word)]))
    axes = [x.shape.index(n) if x.shape.count(n) == 1 else None for n in other.shape]
    if None in axes or not word:
        return x
    second = "".join(word[a] for a in axes)
    return contract(x, other, spec=f"{word},{second}->{y[: len(y) // 2 + 1]}")


STEPS = (
    *(
        pointwise_one,
        pointwise_number,
        pointwise_number,
        pointwise_two,
        pointwise_two,
        choice,
        turned,
        turned,
    ),
    *(reshaped, reshaped, stretched, stretched, cut, padded, flipped, split_and_joined, folded, product),
)


def pick(rng, xs):
    """Any tensor so far, the latest ones more often."""
    return xs[max(0, len(xs) - 1 - int(rng.geometric(0.4)) + 1)]


def like(rng, xs, x):
    """Some tensor that broadcasts with another without making it larger."""
    fitting = [y for y in xs if fits(y.shape, x.shape)]
    return fitting[rng.integers(0, len(fitting))]


def fits(shape, into):
    return len(shape) <= len(into) and all(n in (1, m) for n, m in zip(shape[::-1], into[::-1], strict=False))


def program(seed):
    """A function of two tensors, made of random steps; the same at each call."""

    def f(x, y):
        rng = np.random.default_rng(seed)
        xs = [x, y]
        for _ in range(rng.integers(3, 14)):
            xs.append(rng.choice(STEPS)(rng, xs))
        return xs[-1], xs[-2]

    return f


def inputs(seed, special):
    rng = np.random.default_rng(seed)
    arrays = [rng.uniform(0.5, 2.0, shape) for shape in ((2, 1, 3), (3,))]
    if special:
        arrays = [np.where(rng.random(a.shape) < 0.6, rng.choice(SPECIAL, a.shape), a) for a in arrays]
    return arrays


def bits(array):
    array = array.copy()
    array[np.isnan(array)] = np.nan
    return array.tobytes()


@pytest.mark.parametrize("start", range(0, 1500, 100))
def test_rows_that_keep_all_bits_do(start):
    rows = [row for row in INFERENCE if row.exact is Exact.BITS]
    for seed in range(start, start + 100):
        arrays = inputs(seed, special=True)
        graph = cr.record(program(seed), *arrays)
        new, _ = rewrite(graph, rows)
        for old, other in zip(graph(*arrays), new(*arrays), strict=True):
            assert bits(np.array(old.numpy())) == bits(np.array(other.numpy())), f"seed {seed}"


@pytest.mark.parametrize("start", range(0, 1500, 100))
def test_all_rows_together_keep_the_values(start):
    for seed in range(start, start + 100):
        arrays = inputs(seed, special=False)
        graph = cr.record(program(seed), *arrays)
        new, _ = rewrite(graph, INFERENCE)
        assert new.flops <= graph.flops, f"seed {seed}"
        for old, other in zip(graph(*arrays), new(*arrays), strict=True):
            message = f"seed {seed}"
            np.testing.assert_allclose(other.numpy(), old.numpy(), rtol=1e-9, atol=1e-9, err_msg=message)
