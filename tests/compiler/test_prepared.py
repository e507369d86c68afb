"""What depends on weights alone is done once, and again when they have changed."""

import numpy as np

import chainrule as cr
import chainrule.nn.functional as F
from chainrule import nn
from chainrule.compiler.program.build import build
from chainrule.compiler.program.prepared import is_prepared

RNG = np.random.default_rng(3)


def normal(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def prediction():
    """A convolution, whose weight is arranged beforehand."""
    w = cr.State(normal(8, 4, 3, 3), name="w")
    x = cr.tensor(normal(2, 4, 6, 6))

    def predict(x):
        return F.conv2d(x, w, padding=1)

    return w, x, predict, build(cr.record(predict, x))


def prepared_buffers(program):
    return {x for call in program.calls for x in call.step.writes() if x.kind == "prepared"}


def agree(program, predict, x):
    np.testing.assert_allclose(program.run([x.numpy()])[0], predict(x).numpy(), rtol=1e-4, atol=1e-5)


def test_weights_are_arranged_once():
    _, x, predict, program = prediction()
    (arranged,) = prepared_buffers(program)
    agree(program, predict, x)
    (array,) = program.prepared
    assert array.nbytes == arranged.nbytes
    array[:] = 0
    assert not program.run([x.numpy()])[0].any(), "it was arranged again, though nothing changed"


def test_assigned_weights_are_seen():
    w, x, predict, program = prediction()
    agree(program, predict, x)
    for scale in (2.0, -1.0):
        w.assign(w * scale)
        agree(program, predict, x)


def test_weights_that_another_program_updates_in_place_are_seen():
    w, x, predict, program = prediction()
    shrink = cr.compile(lambda: w.assign(w * 0.5))
    for _ in range(3):
        agree(program, predict, x)
        shrink()
    agree(program, predict, x)


def test_a_training_step_prepares_only_what_is_constant():
    w = cr.State(normal(3, 3), name="w").requires_grad_()
    table = cr.tensor(normal(2, 3))

    def step(x):
        loss = ((x @ w) * (table * 2.0 + 1.0)).sum()
        loss.backward()
        w.assign(w.detach() - 0.1 * w.grad)
        return loss

    program = build(cr.record(step, cr.tensor(normal(2, 3))))
    for call in program.calls:
        if any(x.kind == "prepared" for x in call.step.writes()):
            assert all(x.kind in ("constant", "prepared") for x in call.step.reads())


def test_weights_are_packed_once_and_anew_when_they_change():
    """Products whose weights last have a packing kernel that later calls leave out."""
    layer = nn.Linear(512, 256)
    x = cr.tensor(normal(64, 512))
    with cr.no_grad():
        program = build(cr.record(layer, x))
        packing = [call for call in program.calls if getattr(call, "once", False)]
        assert len(packing) == 1
        assert is_prepared(packing[0])
        assert not is_prepared(program.calls[-1])
        first = program.run([x.numpy()])[0].copy()
        np.testing.assert_allclose(first, layer(x).numpy(), rtol=1e-4, atol=1e-4)
        # What lies in the packed copy is what is multiplied with.
        (scratch,) = packing[0].step.product.scratch
        (packed,) = program.prepared
        assert packed.nbytes == scratch.nbytes
        packed.fill(0)
        assert np.abs(program.run([x.numpy()])[0] - layer.bias.numpy()).max() == 0
        layer.weight.assign(layer.weight * 2.0)
        np.testing.assert_allclose(program.run([x.numpy()])[0], layer(x).numpy(), rtol=1e-4, atol=1e-4)
