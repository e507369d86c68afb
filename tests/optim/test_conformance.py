"""What every registered optimizer must do; a new one is found and tested by itself."""

from __future__ import annotations

import json

import numpy as np
import pytest

import chainrule as cr
from chainrule import optim
from chainrule.errors import ConfigError, DTypeError, GradientError, StateError
from chainrule.optim import OPTIMIZERS

each_optimizer = pytest.mark.parametrize("key", OPTIMIZERS)
each_option = pytest.mark.parametrize(
    ("key", "option"), [(key, name) for key, cls in OPTIMIZERS.items() for name in cls.hyperparameters]
)
# Options with which every state that an optimizer can hold is in use.
FULL = {
    "sgd": {"momentum": 0.9, "dampening": 0.5},
    "rmsprop": {"momentum": 0.9, "centered": True},
    "adam": {"amsgrad": True},
    "adamw": {"amsgrad": True, "weight_decay": 1e-4},
}
# Options that another one cannot go without.
COMPANIONS = {
    ("sgd", "nesterov"): {"momentum": 0.9},
    ("nesterov", "momentum"): {"nesterov": False},
    ("nesterov", "dampening"): {"nesterov": False},
}
# Rates at which a few hundred steps reach the bottom of the bowl below.
LR = {"adadelta": 20.0, "adagrad": 1.0, "rmsprop": 0.02, "momentum": 0.02, "nesterov": 0.02}


def bowl(p, q):
    """A quadratic with its smallest value, 0, at p = (1, -2), q = 3."""
    return ((p - cr.tensor([1.0, -2.0])) ** 2 * cr.tensor([1.0, 4.0])).sum() + (q - 3.0) ** 2


def make(key, params, **options):
    return optim.get(key, params, **{"lr": LR.get(key, 0.1), **FULL.get(key, {}), **options})


def start():
    return cr.State([4.0, 4.0], name="p").requires_grad_(), cr.State(0.0, name="q").requires_grad_()


def descend(optimizer, steps, *params, loss=bowl):
    for _ in range(steps):
        optimizer.zero_grad()
        loss(*params).backward()
        optimizer.step()


def same(xs, ys):
    return all(np.array_equal(x.numpy(), y.numpy()) for x, y in zip(xs, ys, strict=True))


@each_optimizer
def test_reaches_the_bottom_of_a_bowl(key):
    p, q = start()
    before = bowl(p, q).item()
    descend(make(key, [p, q]), 600, p, q)
    assert bowl(p, q).item() < 1e-3 * before


@each_optimizer
def test_documents_itself(key):
    cls = OPTIMIZERS[key]
    assert cls.formula
    assert cls.source
    for name in cls.hyperparameters.keys() - {"maximize", "regularizer"}:
        assert name in cls.__doc__


@each_optimizer
def test_update_is_pure(key):
    p, _ = start()
    optimizer = make(key, [p])
    group = optimizer.param_groups[0]
    held, g = optimizer.fresh(p, group), cr.tensor([0.5, -1.0])
    before = {name: value.numpy().copy() for name, value in held.items()}
    first = optimizer.update(p, g, held, group.tensors(p.dtype))
    again = optimizer.update(p, g, held, group.tensors(p.dtype))
    assert {name: value.tolist() for name, value in held.items()} == {
        n: v.tolist() for n, v in before.items()
    }
    assert first[1].keys() == held.keys()
    assert same([first[0], *first[1].values()], [again[0], *again[1].values()])


@each_optimizer
def test_recorded_step_equals_eager(key, rng):
    """Forward, backward and update in one graph, replayed with a rate that changes meanwhile."""
    x = [rng.normal(size=(5, 2)).astype(np.float32) for _ in range(4)]

    def training():
        w, b = (
            cr.State([[0.5], [-0.5]], name="w").requires_grad_(),
            cr.State([0.1], name="b").requires_grad_(),
        )
        optimizer = make(key, [w, b], lr=0.01, regularizer=optim.ElasticNet(0.01, 0.02))

        def train_step(x):
            optimizer.zero_grad()
            loss = ((x @ w + b - 1.0) ** 2).mean()
            loss.backward()
            optim.clip_grad_norm_([w, b], 0.5)
            optimizer.step()
            return loss

        return train_step, optimizer, [w, b]

    eager, eager_optimizer, expected = training()
    step, optimizer, params = training()
    graph = cr.record(step, x[0])
    graph.verify()
    assert same(params, training()[2]), "recording changed the parameters"
    for batch in x:
        assert same(graph(batch), [eager(batch)])
        assert same(params, expected)
        for each in (optimizer, eager_optimizer):
            each.param_groups[0]["lr"] *= 0.5
    assert {id(s.tensor) for s in graph.states if s.after is not None} >= {id(p) for p in params}
    for p, q in zip(params, expected, strict=True):
        assert same(optimizer.state[p].values(), eager_optimizer.state[q].values())


@each_optimizer
def test_a_restored_optimizer_goes_on_as_if_never_stopped(key):
    p, q = start()
    straight = make(key, [p, q])
    descend(straight, 5, p, q)
    saved = straight.state_dict()
    arrays = [x.numpy().copy() for x in (p, q)]
    descend(straight, 5, p, q)

    other = start()
    restored = make(key, other, lr=0.123)
    descend(restored, 2, *other)
    for x, array in zip(other, arrays, strict=True):
        x.assign(array)
    restored.load_state_dict(saved)
    descend(restored, 5, *other)
    assert same(other, (p, q))
    assert restored.param_groups[0]["lr"] == straight.param_groups[0]["lr"]


@each_optimizer
def test_state_is_arrays_and_json(key):
    params = start()
    optimizer = make(key, params)
    descend(optimizer, 1, *params)
    saved = optimizer.state_dict()
    assert all(type(a) is np.ndarray for held in saved["state"].values() for a in held.values())
    plain = {
        **saved,
        "state": {k: {n: a.tolist() for n, a in held.items()} for k, held in saved["state"].items()},
    }
    other = make(key, start())
    other.load_state_dict(json.loads(json.dumps(plain)))
    again = other.state_dict()
    assert again["param_groups"] == saved["param_groups"]
    for place, held in saved["state"].items():
        assert {n: a.tolist() for n, a in again["state"][place].items()} == {
            n: a.tolist() for n, a in held.items()
        }


@each_optimizer
def test_a_graph_recorded_before_loading_sees_the_loaded_state(key):
    params, others = start(), start()
    optimizer, other = make(key, params), make(key, others)
    descend(optimizer, 3, *params)

    def step():
        other.zero_grad()
        bowl(*others).backward()
        other.step()

    graph = cr.record(step)
    graph()
    for x, y in zip(others, params, strict=True):
        x.assign(y)
    other.load_state_dict(optimizer.state_dict())
    descend(optimizer, 2, *params)
    graph()
    graph()
    assert same(params, others)


@each_optimizer
def test_state_of_another_kind_is_refused_and_nothing_changes(key):
    params = start()
    optimizer = make(key, params)
    descend(optimizer, 2, *params)
    saved = optimizer.state_dict()
    before = json.dumps(saved["param_groups"])
    another = "adam" if key != "adam" else "sgd"
    with pytest.raises(StateError, match=f"cannot load the state of {another}"):
        optimizer.load_state_dict({**saved, "optimizer": another})
    wrong = {**saved, "state": {**saved["state"], 1: {"nonsense": np.zeros(())}}}
    with pytest.raises(StateError, match="parameter q holds"):
        optimizer.load_state_dict(wrong)
    misshapen = {place: {n: np.zeros((7,)) for n in held} for place, held in saved["state"].items()}
    if any(misshapen.values()):
        with pytest.raises(StateError, match=r"parameter p has shape \(7,\)"):
            optimizer.load_state_dict({**saved, "state": misshapen})
    with pytest.raises(StateError, match="names parameter 2"):
        optimizer.load_state_dict({**saved, "state": {2: {}}})
    with pytest.raises(StateError, match="groups of"):
        make(key, [params[0]]).load_state_dict(saved)
    with pytest.raises(StateError, match="keys optimizer, state, param_groups"):
        optimizer.load_state_dict({"state": {}})
    with pytest.raises(ConfigError, match="lr must be in"):
        optimizer.load_state_dict({**saved, "param_groups": [{**saved["param_groups"][0], "lr": -1.0}]})
    assert json.dumps(optimizer.state_dict()["param_groups"]) == before


@each_optimizer
def test_groups_have_their_own_rates(key):
    p, q = start()
    optimizer = make(key, [{"params": [p]}, {"params": [q], "lr": 0.0}])
    descend(optimizer, 3, p, q)
    assert q.item() == 0.0
    assert p.tolist() != [4.0, 4.0]
    alone, other = start()
    descend(make(key, [alone]), 3, alone, other)
    assert same([p], [alone])


@each_optimizer
def test_parameters_without_a_gradient_stay(key):
    p, q = start()
    optimizer = make(key, [p, q])
    descend(optimizer, 2, p, q, loss=lambda p, q: (p * p).sum())
    assert q.item() == 0.0
    assert set(optimizer.state) == {p}
    optimizer.zero_grad()
    assert p.grad is None
    with pytest.raises(GradientError, match=r"step\(\) found no gradient on any of its 2 parameters"):
        optimizer.step()


@each_optimizer
def test_keeps_the_parameters_type(key):
    p = cr.State(np.array([4.0, 4.0])).requires_grad_()
    optimizer = make(key, [p])
    descend(optimizer, 1, p, loss=lambda p: (p * p).sum())
    assert p.dtype == np.float64
    assert {value.dtype.name for value in optimizer.state[p].values()} <= {"float64"}


@each_optimizer
def test_maximize_climbs(key):
    p, q = start()
    descend(make(key, [p, q], maximize=True), 20, p, q, loss=lambda p, q: -bowl(p, q))
    other = start()
    descend(make(key, other), 20, *other)
    assert same((p, q), other)


@each_option
def test_option_takes_its_boundary(key, option):
    constraint = OPTIMIZERS[key].hyperparameters[option].constraint
    for value in constraint.good:
        optimizer = optim.get(key, start(), **{**COMPANIONS.get((key, option), {}), option: value})
        assert optimizer.param_groups[0][option] == value
        optimizer.param_groups[0][option] = value


@each_option
def test_option_refuses_what_lies_beyond(key, option):
    constraint = OPTIMIZERS[key].hyperparameters[option].constraint
    assert constraint.bad
    optimizer = make(key, start())
    for value in constraint.bad:
        with pytest.raises(ConfigError, match=f"{option} must be in"):
            make(key, start(), **{option: value})
        with pytest.raises(ConfigError, match=f"{option} must be in"):
            make(key, [{"params": list(start()), option: value}])
        with pytest.raises(ConfigError, match=f"{option} must be in"):
            optimizer.param_groups[0][option] = value


@each_optimizer
def test_wrong_parameters_are_refused(key):
    p, q = start()
    cases = [
        ([], ConfigError, "no parameters"),
        ([p, p], ConfigError, "parameter p appears more than once"),
        ([{"params": [p]}, {"params": [q, p]}], ConfigError, "parameter p appears more than once"),
        (p, DTypeError, "one tensor where a list"),
        ([cr.tensor([1.0])], DTypeError, "parameter 0 is a Tensor"),
        ([np.zeros(3)], DTypeError, "parameter 0 is a ndarray"),
        ([p, {"params": [q]}], DTypeError, "not a mixture"),
        ([{"parameters": [q]}], DTypeError, r"\['parameters'\]"),
        ([{"params": []}], ConfigError, "no parameters"),
    ]
    for params, kind, message in cases:
        with pytest.raises(kind, match=message):
            make(key, params)


@each_optimizer
def test_wrong_options_are_refused(key):
    cls, count = OPTIMIZERS[key], len(OPTIMIZERS[key].hyperparameters)
    with pytest.raises(ConfigError, match=f"{cls.__name__} has no option 'learning_rate'; it has lr"):
        cls(start(), learning_rate=0.1)
    with pytest.raises(ConfigError, match="lr is given both by position and by name"):
        cls(start(), 0.1, lr=0.1)
    with pytest.raises(ConfigError, match=f"given {count + 1} options by position"):
        cls(start(), *[0.1] * (count + 1))
