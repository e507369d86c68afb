"""What single layers promise beyond the conformance tests."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule import nn


def test_dropout_drops_the_promised_share_and_keeps_the_mean():
    cr.random.seed(4)
    drop = nn.Dropout(0.3)
    y = drop(cr.ones((100_000,))).numpy()
    dropped = (y == 0).mean()
    assert abs(dropped - 0.3) < 5 * math.sqrt(0.3 * 0.7 / y.size)
    np.testing.assert_allclose(y[y != 0], 1 / 0.7, rtol=1e-6)
    assert (drop(cr.ones((100,))).numpy() != drop(cr.ones((100,))).numpy()).any()


def test_dropout_lets_the_same_elements_through_backwards():
    x = cr.tensor(np.ones(50, np.float32), requires_grad=True)
    y = nn.Dropout(0.5)(x)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), y.numpy())


def test_dropout_in_use_gives_back_its_input():
    x = cr.ones((3,))
    assert nn.Dropout(0.5).eval()(x) is x
    assert (nn.Dropout(1.0)(x).numpy() == 0).all()


def test_dropout_takes_a_generator():
    masks = [F.dropout(cr.ones((64,)), generator=cr.random.Generator(seed)).numpy() for seed in (1, 1, 2)]
    np.testing.assert_array_equal(masks[0], masks[1])
    assert (masks[0] != masks[2]).any()


def test_batch_norm_normalises_and_follows_the_statistics(rng):
    x = rng.normal(3.0, 2.0, (8, 3, 5, 4))
    norm = nn.BatchNorm2d(3).double()
    y = norm(x).numpy()
    np.testing.assert_allclose(y.mean((0, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.var((0, 2, 3)), 1, rtol=1e-4)
    np.testing.assert_allclose(norm.running_mean.numpy(), 0.1 * x.mean((0, 2, 3)), rtol=1e-12)
    expected = 0.9 + 0.1 * x.var((0, 2, 3), ddof=1)
    np.testing.assert_allclose(norm.running_var.numpy(), expected, rtol=1e-12)
    before = norm.state_dict()
    norm.eval()(x)
    for key, value in norm.state_dict().items():
        np.testing.assert_array_equal(value, before[key])


def test_batch_norm_without_momentum_averages_all_batches(rng):
    batches = [rng.standard_normal((6, 2)) for _ in range(3)]
    norm = nn.BatchNorm1d(2, momentum=None).double()
    for x in batches:
        norm(x)
    mean = np.mean([x.mean(0) for x in batches], axis=0)
    np.testing.assert_allclose(norm.running_mean.numpy(), mean, rtol=1e-12)
    assert norm.num_batches_tracked.item() == 3


def test_batch_norm_learns_nothing_from_a_look_without_gradients(rng):
    norm = nn.BatchNorm1d(2)
    norm(cr.tensor(rng.standard_normal((4, 2)).astype(np.float32), requires_grad=True)).sum().backward()
    assert not norm.running_mean.requires_grad and norm.running_mean.grad is None


def test_embedding_leaves_the_padding_alone():
    table = nn.Embedding(4, 2, padding_idx=-1)
    table(cr.tensor([[0, 3], [3, 0]])).sum().backward()
    np.testing.assert_array_equal(table.weight.grad.numpy(), [[2, 2], [0, 0], [0, 0], [0, 0]])


@pytest.mark.parametrize("padding", ["same", "valid", 2])
def test_convolution_by_definition(padding, rng):
    x, w = rng.standard_normal((2, 3, 7, 6)), rng.standard_normal((4, 3, 4, 3))
    y = F.conv2d(x, w, padding=padding).numpy()
    (top, bottom), (left, right) = {"same": ((1, 2), (1, 1)), "valid": ((0, 0), (0, 0))}.get(
        padding, ((2, 2), (2, 2))
    )
    padded = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    for p, q in np.ndindex(*y.shape[2:]):
        window = padded[:, :, p : p + 4, q : q + 3]
        np.testing.assert_allclose(
            y[:, :, p, q], np.einsum("nchw,ochw->no", window, w), rtol=1e-10, atol=1e-12
        )


def test_global_average_of_any_size(rng):
    x = rng.standard_normal((2, 3, 5, 7))
    y = nn.AdaptiveAvgPool2d(1)(x)
    np.testing.assert_allclose(y.numpy(), x.mean((2, 3), keepdims=True), rtol=1e-12)


def test_softplus_and_logistic_losses_have_their_slope_at_zero():
    """Where both branches of a piecewise form meet, each alone would give 0."""
    x = cr.tensor([0.0], requires_grad=True)
    nn.Softplus()(x).backward(cr.ones((1,)))
    assert x.grad.tolist() == [0.5]
    assert cr.grad(cr.grad(lambda v: F.logsigmoid(v)))(0.0).item() == -0.25


def test_every_function_is_exported_once_and_documented():
    assert len(set(F.__all__)) == len(F.__all__)
    for name in F.__all__:
        assert callable(getattr(F, name))


def test_every_layer_and_loss_is_exported():
    for name, row in nn.LAYERS.items():
        assert getattr(nn, name) is row.module and name in nn.__all__
    for name, row in nn.LOSSES.items():
        assert getattr(nn, row.module.__name__) is row.module
        assert getattr(nn, name) is row.function is getattr(F, name)
