"""What a function reads besides its arguments: changes of it are noticed."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim, random
from chainrule.optim import OPTIMIZERS

SCALE = 1.0


def compiled(f):
    return cr.compile(f, backend="numpy")


def recordings(step):
    return len(step.report().recordings)


def why(step):
    """Why the latest recording was made."""
    return step.report().recordings[-1].reason


def test_a_global_that_changes(monkeypatch):
    step = compiled(lambda x: x * SCALE)
    assert step(cr.ones(1)).item() == 1.0
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    assert step(cr.ones(1)).item() == 3.0
    assert why(step) == "SCALE was 1.0, now 3.0"
    monkeypatch.setitem(globals(), "SCALE", 1.0)
    assert step(cr.ones(1)).item() == 1.0
    assert recordings(step) == 2


def test_a_variable_around_the_function_that_changes():
    offset, k = 1, cr.tensor([1.0])

    def helper(x):
        return x + offset

    step = compiled(lambda x: helper(x) * k)
    assert step(cr.ones(1)).item() == 2.0
    offset = 2
    assert step(cr.ones(1)).item() == 3.0
    assert why(step) == "offset was 1, now 2"
    k = cr.tensor([10.0])
    assert step(cr.ones(1)).item() == 30.0
    assert why(step) == "k was Tensor, now another Tensor"


def test_a_variable_with_the_name_of_an_attribute_does_not_count(monkeypatch):
    class Out:
        def __init__(self, mean):
            self.mean = mean

    step = compiled(lambda x: Out(x).mean * x.mean())
    for mean in range(3):
        monkeypatch.setitem(globals(), "mean", mean)
        step(cr.ones(2))
    assert recordings(step) == 1


def test_attributes_of_self_that_the_code_names():
    class Model:
        def __init__(self):
            self.scale, self.calls = 1.0, 0

        @compiled
        def forward(self, x):
            return self._scaled(x)

        def _scaled(self, x):
            return x * self.scale

    model = Model()
    found = []
    for scale in (1.0, 1.0, 2.0):
        model.scale, model.calls = scale, model.calls + 1
        found.append(model.forward(cr.ones(1)).item())
    assert found == [1.0, 1.0, 2.0]
    assert why(Model.forward) == "Model.scale was 1.0, now 2.0"
    assert recordings(Model.forward) == 2


def test_training_and_evaluation_mode():
    model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5))
    step = compiled(lambda x: model(x))
    x = cr.ones((2, 4))
    with cr.no_grad():
        for _ in range(3):
            cr.random.seed(1)
            expected = model.train()(x).numpy()
            cr.random.seed(1)
            np.testing.assert_array_equal(step(x), expected)
            expected = model.eval()(x).numpy()
            np.testing.assert_array_equal(step(x), expected)
    assert recordings(step) == 2
    assert "training was True, now False" in why(step)


def test_dropouts_random_state_moves_on():
    cr.random.seed(3)
    expected = [cr.random.bernoulli(0.5, (20,)).tolist() for _ in range(3)]
    cr.random.seed(3)
    step = compiled(lambda: random.bernoulli(0.5, (20,)))
    assert [step().tolist() for _ in range(3)] == expected
    cr.random.seed(3)
    assert step().tolist() == expected[0]


def test_running_statistics_are_updated():
    models = [nn.BatchNorm1d(3) for _ in range(2)]
    step = compiled(models[1])
    rng = np.random.default_rng(0)
    with cr.no_grad():
        for _ in range(3):
            x = rng.standard_normal((5, 3)).astype(np.float32)
            np.testing.assert_array_equal(models[0](x), step(x))
    for name, array in models[0].state_dict().items():
        np.testing.assert_array_equal(models[1].state_dict()[name], array)
    assert models[1].num_batches_tracked.item() == 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda m: setattr(m[1], "p", 0.0), "Dropout '1'.p was 0.5, now 0.0"),
        (
            lambda m: setattr(m, "0", nn.Linear(4, 4, bias=False)),
            "Sequential.0 was Linear '0', now another Linear",
        ),
        (lambda m: m[0].register_parameter("weight", nn.Parameter(np.eye(4))), None),
        (lambda m: m[0].requires_grad_(False), "requires_grad of 0.weight was True, now False"),
        (lambda m: m[0].register_forward_hook(lambda module, args, y: y * 2), None),
        (lambda m: m.double(), "0.weight was f32[4, 4], now f64[4, 4]"),
        (lambda m: m.add_module("2", nn.ReLU()), None),
    ],
    ids=["option", "module", "parameter", "frozen", "hook", "dtype", "added"],
)
def test_changes_of_a_module(change, reason):
    model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5))
    step, x = compiled(model), cr.ones((2, 4))
    step(x)
    change(model)
    key = cr.random.default_generator.state_dict()
    expected = model(x).numpy()
    cr.random.default_generator.load_state_dict(key)
    np.testing.assert_array_equal(step(x).detach(), expected)
    assert recordings(step) == 2
    if reason is not None:
        assert reason in why(step)


def test_loaded_parameters_need_no_recording():
    model, other = nn.Linear(3, 2), nn.Linear(3, 2)
    step, x = compiled(model), cr.ones((1, 3))
    with cr.no_grad():
        step(x)
        model.load_state_dict(other.state_dict())
        np.testing.assert_array_equal(step(x), other(x))
    assert recordings(step) == 1


def test_functional_call_around_a_compiled_function():
    layer = nn.Linear(2, 1, bias=False)

    class Net(nn.Module):
        def __init__(self):
            self.layer = layer
            self.run = compiled(lambda x: layer(x))

        def forward(self, x):
            return self.run(x)

    net, x = Net(), cr.ones((1, 2))
    before = net(x).item()
    replaced = nn.functional_call(net, {"layer.weight": cr.tensor([[5.0, 6.0]])}, x)
    assert replaced.item() == 11.0
    assert net(x).item() == before


def made(name, seed=0, **options):
    rng = np.random.default_rng(seed)
    w = cr.State(rng.standard_normal((3, 2)).astype(np.float32), name="w").requires_grad_()
    optimizer = optim.get(name, [w], **options)

    def step(x):
        optimizer.zero_grad()
        loss = cr.sum((x @ w) ** 2)
        loss.backward()
        optimizer.step()
        return loss

    return w, optimizer, step


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_goes_as_uncompiled(name):
    """Moments are made in the first call, live on, and a changed rate is seen without recording again."""
    (w, plain, f), (u, own, g) = made(name), made(name)
    step, x = compiled(g), cr.ones((4, 3))
    for i in range(5):
        plain.param_groups[0]["lr"] = own.param_groups[0]["lr"] = 0.1 / (i + 1)
        assert f(x).item() == step(x).item()
        np.testing.assert_array_equal(w.detach(), u.detach())
    for key, state in plain.state.get(w, {}).items():
        np.testing.assert_array_equal(state.detach(), own.state[u][key].detach())
    assert recordings(step) == 1


def test_schedules_outside_are_followed():
    (w, plain, f), (u, own, g) = made("sgd", lr=0.1), made("sgd", lr=0.1)
    schedules = [optim.StepLR(o, 2, 0.5) for o in (plain, own)]
    step, x = compiled(g), cr.ones((4, 3))
    for _ in range(6):
        assert f(x).item() == step(x).item()
        for schedule in schedules:
            schedule.step()
    np.testing.assert_array_equal(w.detach(), u.detach())
    assert recordings(step) == 1


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        (
            "adam",
            lambda o, p: o.param_groups[0].__setitem__("eps", 0.1),
            "Adam.param_groups[0]['eps'] was 1e-08",
        ),
        ("sgd", lambda o, p: o.param_groups[0].__setitem__("weight_decay", 0.5), "weight_decay"),
        ("gd", lambda o, p: o.add_param_group({"params": [p], "lr": 1.0}), "param_groups[1]"),
        ("adam", lambda o, p: o.load_state_dict(made("adam")[1].state_dict()), "state of"),
    ],
    ids=["eps", "decay", "group", "load"],
)
def test_changes_of_an_optimizer(name, change, reason):
    results = []
    for wrapped in (lambda f: f, compiled):
        w, optimizer, f = made(name)
        extra = cr.State([1.0], name="extra").requires_grad_()
        extra.grad = cr.tensor([1.0])
        step = wrapped(f)
        step(cr.ones((4, 3)))
        change(optimizer, extra)
        step(cr.ones((4, 3)))
        results.append((w.numpy().copy(), extra.item()))
    np.testing.assert_array_equal(results[0][0], results[1][0])
    assert reason in why(step)


def test_gradient_mode_is_part_of_the_signature():
    w = cr.State([1.0]).requires_grad_()
    step = compiled(lambda x: w * x)
    with cr.no_grad():
        assert not step(cr.ones(1)).requires_grad
    assert step(cr.ones(1)).requires_grad
    assert why(step) == "derivatives can be asked for: was False, now True"


def test_debug_and_explain_see_every_operation():
    step = compiled(lambda x: cr.log(x))
    step(cr.ones(1))
    with cr.debug.nan(), pytest.raises(cr.errors.NonFiniteError, match="log made nan"):
        step(cr.tensor([-1.0]))
    assert "log" in str(cr.explain(step, 2.0, stages=()))
    assert step.report().uncompiled == {"watched": 2}
