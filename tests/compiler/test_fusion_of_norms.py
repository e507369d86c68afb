"""How many kernels normalisations take, and that they compute the same."""

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule import nn
from chainrule.compiler.loops.kernel import Anchor, Nest
from chainrule.compiler.program.build import build
from chainrule.compiler.program.prepared import is_prepared


def steps(program):
    """Kernels of each call: those that depend on weights alone are not among them."""
    return [call.step for call in program.calls if not is_prepared(call)]


def random(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def block():
    """Convolutions with all that stands behind them in residual networks, statistics not trivial."""
    body = nn.Conv2d(8, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU6()
    model = nn.Sequential(*body, nn.Conv2d(8, 8, 1), nn.BatchNorm2d(8)).eval()
    for number, (name, buffer) in enumerate(model.named_buffers()):
        if "running" in name:
            buffer.assign(np.abs(random(buffer.shape, number)) + 0.5)
    return model


def test_norms_and_activations_of_a_network_that_predicts_are_computed_on_accumulators():
    model, x = block(), cr.tensor(random((2, 8, 20, 20)))
    first = nn.Conv2d(8, 8, 1)

    def predict(x):
        y = first(x)
        return cr.mean(cr.maximum(model(y) + y, 0), axis=(2, 3))

    with cr.no_grad():
        program = build(cr.record(predict, x))
        expected = predict(x).numpy()
    anchors = [step for step in steps(program) if isinstance(step, Anchor)]
    assert len(anchors) == 3 and all(anchor.members for anchor in anchors[:2])
    size = x.size
    passes = [s for s in steps(program) if isinstance(s, Nest) and any(y.size >= size for y in s.reads())]
    assert len(passes) == 1, "the mean, which takes what stands behind the last convolution"
    assert program.report.rewrites["scale folded into weights"] == 2
    np.testing.assert_allclose(program.run([x.numpy()])[0], expected, rtol=1e-4, atol=1e-5)


def test_weights_that_are_arguments_are_not_scaled_at_each_call():
    x, w, s = (cr.tensor(random(shape)) for shape in ((2, 3, 8, 8), (4, 3, 3, 3), (4, 1, 1)))
    program = build(cr.record(lambda x, w, s: F.conv2d(x, w) * s, x, w, s))
    assert "scale folded into weights" not in program.report.rewrites


def both(norm):
    """A norm and its derivatives."""

    def run(x, slope, weight, bias):
        y, back = cr.vjp(norm, x, weight, bias)
        return y, *back(slope)

    return run


def batch_norm(x, weight, bias):
    return F.batch_norm(x, None, None, weight, bias, training=True)


def layer_norm(x, weight, bias):
    return F.layer_norm(x, weight.shape, weight, bias)


@pytest.mark.parametrize(
    ("norm", "shape", "width", "large"),
    [(batch_norm, (8, 16, 24, 24), 16, 3), (layer_norm, (512, 96), 96, 2)],
    ids=["batch norm", "layer norm"],
)
def test_derivatives_of_norms_take_few_passes(norm, shape, width, large):
    """Batch norm: mean; variance and two sums; results. Layer norm: rows; sums over them."""
    arrays = [random(s, i) for i, s in enumerate((shape, shape, width, width))]
    given = [cr.tensor(x) for x in arrays]
    program = build(cr.record(both(norm), *given))
    size = int(np.prod(shape))
    passes = [s for s in steps(program) if any(x.size >= size for x in (*s.reads(), *s.writes()))]
    assert len(passes) <= large
    assert program.report.rewrites["sum of deviations"] == 1
    for found, expected in zip(program.run(arrays), both(norm)(*given), strict=True):
        np.testing.assert_allclose(found, expected.numpy(), rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("columns", [1, 15, 16, 17, 250, 256, 257, 300, 1000])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int8"])
def test_sums_of_columns_of_any_width(columns, dtype):
    x = (10 * random((37, columns))).astype(dtype)
    found = cr.compile(lambda x: cr.sum(x, axis=0))(cr.tensor(x)).numpy()
    np.testing.assert_allclose(found, cr.sum(cr.tensor(x), axis=0).numpy(), rtol=1e-5, atol=1e-5)
