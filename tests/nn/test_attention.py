"""Attention: at once and in blocks, its derivative, and the memory that blocks take."""

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule.compiler.program.build import build
from chainrule.errors import ConfigError, ShapeError
from chainrule.nn import attention

RNG = np.random.default_rng(5)


def normal(*shape):
    return cr.tensor(RNG.normal(size=shape).astype(np.float32))


def by_definition(q, k, v, mask=None):
    """In float64, with NumPy."""
    q, k, v = (np.asarray(x.numpy(), np.float64) for x in (q, k, v))
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True) @ v


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(attention, "_MOST_SCORES", 16)
    monkeypatch.setattr(attention, "_BLOCK", 4)


SHAPES = [
    ((2, 3, 7, 5), (2, 3, 6, 5), (2, 3, 6, 4)),
    ((9, 3), (5, 3), (5, 2)),
    ((2, 10, 4), (1, 8, 4), (2, 8, 4)),
]


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_is_its_definition(shapes):
    q, k, v = (normal(*shape) for shape in shapes)
    np.testing.assert_allclose(
        F.scaled_dot_product_attention(q, k, v).numpy(), by_definition(q, k, v), rtol=2e-5, atol=1e-6
    )


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("is_causal", [False, True])
def test_blocks_are_the_same(shapes, is_causal, small_blocks):
    q, k, v = (normal(*shape) for shape in shapes)
    mask = np.tril(np.ones((q.shape[-2], k.shape[-2]), bool)) if is_causal else None
    found = F.scaled_dot_product_attention(q, k, v, is_causal=is_causal)
    np.testing.assert_allclose(found.numpy(), by_definition(q, k, v, mask), rtol=2e-5, atol=1e-6)


def test_masks_hide_or_add():
    q, k, v = normal(3, 4), normal(5, 4), normal(5, 2)
    seen = RNG.random((3, 5)) < 0.7
    seen[:, 0] = True
    hidden = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
    added = F.scaled_dot_product_attention(q, k, v, attn_mask=np.where(seen, 0, -np.inf).astype(np.float32))
    np.testing.assert_allclose(hidden.numpy(), by_definition(q, k, v, seen), rtol=2e-5)
    np.testing.assert_allclose(added.numpy(), hidden.numpy(), rtol=2e-5)


def test_derivative_of_blocks_is_that_of_the_whole(small_blocks, monkeypatch):
    args = normal(2, 10, 4), normal(2, 6, 4), normal(2, 6, 3)

    def loss(q, k, v):
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return (y * y).sum()

    in_blocks = cr.grad(loss, argnums=(0, 1, 2))(*args)
    monkeypatch.setattr(attention, "_MOST_SCORES", 10**9)
    for one, other in zip(in_blocks, cr.grad(loss, argnums=(0, 1, 2))(*args), strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-4, atol=1e-5)


def test_compiled_blocks_never_hold_all_scores():
    length = 1024
    args = [normal(1, length, 16) for _ in range(3)]

    def loss(q, k, v):
        return (F.scaled_dot_product_attention(q, k, v, is_causal=True) ** 2).sum()

    gradient = cr.grad(loss, argnums=(0, 1, 2))
    program = build(cr.record(gradient, *args))
    assert program.report.arena < length * length * 4
    for found, expected in zip(program.run([x.numpy() for x in args]), gradient(*args), strict=True):
        np.testing.assert_allclose(found, expected.numpy(), rtol=1e-3, atol=1e-5)


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ShapeError, match=r"query \(2, 3\), key \(4, 5\)"):
        F.scaled_dot_product_attention(cr.zeros((2, 3)), cr.zeros((4, 5)), cr.zeros((4, 2)))


def test_a_mask_and_causal_are_refused():
    x = cr.zeros((2, 3))
    with pytest.raises(ConfigError, match="not both"):
        F.scaled_dot_product_attention(x, x, x, attn_mask=np.ones((2, 2), bool), is_causal=True)
