"""What the base class does for all optimizers."""

from __future__ import annotations

import inspect

import pytest

import chainrule as cr
from chainrule import optim
from chainrule.errors import ConfigError


def parameter(*values, name=""):
    return cr.State(list(values), name=name).requires_grad_()


def step(optimizer, p):
    optimizer.zero_grad()
    (p * p).sum().backward()
    optimizer.step()


def test_signature_is_pytorchs():
    shown = inspect.signature(optim.SGD)
    assert list(shown.parameters)[:6] == ["params", "lr", "momentum", "dampening", "weight_decay", "nesterov"]
    assert shown.parameters["lr"].default == 0.001
    assert optim.SGD([parameter(1.0)], 0.1, 0.9).param_groups[0]["momentum"] == 0.9


def test_learning_rate_is_read_and_set_like_an_entry():
    p = parameter(1.0)
    optimizer = optim.GD([p], lr=0.1)
    group = optimizer.param_groups[0]
    assert group["lr"] == 0.1
    group["lr"] = 0.25
    step(optimizer, p)
    assert p.item() == 0.5
    assert "lr" in group
    assert set(group) >= {"params", "lr", "maximize", "regularizer"}


def test_betas_are_set_together():
    optimizer = optim.Adam([parameter(1.0)])
    optimizer.param_groups[0]["betas"] = (0.5, 0.75)
    assert optimizer.param_groups[0]["betas"] == (0.5, 0.75)


def test_a_group_added_later_is_updated():
    p, q = parameter(1.0), parameter(1.0)
    optimizer = optim.GD([p], lr=0.25)
    optimizer.add_param_group({"params": [q], "lr": 0.5})
    for x in (p, q):
        (x * x).sum().backward()
    optimizer.step()
    assert (p.item(), q.item()) == (0.5, 0.0)


def test_a_group_added_later_holds_new_parameters():
    p = parameter(1.0, name="w")
    with pytest.raises(ConfigError, match="parameter w appears more than once"):
        optim.GD([p]).add_param_group({"params": [p]})


def test_named_parameters_name_their_state():
    p = parameter(1.0)
    optimizer = optim.Adam([("fc.weight", p)])
    step(optimizer, p)
    assert optimizer.state[p]["m"].name == "fc.weight.m"


def test_zero_grad_forgets_or_sets_to_zero():
    p = parameter(1.0, 2.0)
    optimizer = optim.GD([p])
    (p * p).sum().backward()
    optimizer.zero_grad(set_to_none=False)
    assert p.grad.tolist() == [0.0, 0.0]
    optimizer.zero_grad()
    assert p.grad is None


def test_steps_are_not_noted_for_derivatives():
    class Noting(optim.GD):
        """Gradient descent that says whether derivatives are noted."""

        @staticmethod
        def update(p, g, state, hyper):
            noted.append(cr.is_grad_enabled())
            return p, {}

    noted = []
    step(Noting([p := parameter(1.0)]), p)
    assert noted == [False]
    assert cr.is_grad_enabled()


@pytest.mark.parametrize(
    ("optimizer", "option", "value"),
    [
        (optim.SGD, "momentum", 0.9),
        (optim.RMSprop, "momentum", 0.9),
        (optim.RMSprop, "centered", True),
        (optim.Adam, "amsgrad", True),
    ],
)
def test_what_is_remembered_cannot_change_on_the_way(optimizer, option, value):
    p = parameter(1.0)
    made = optimizer([p])
    made.param_groups[0][option] = value
    made.param_groups[0][option] = type(value)(0)
    step(made, p)
    with pytest.raises(ConfigError, match=f"{option}={value} would change what the optimizer remembers"):
        made.param_groups[0][option] = value
    assert made.param_groups[0][option] == 0


@pytest.mark.parametrize("options", [{"momentum": 0.0}, {"momentum": 0.9, "dampening": 0.1}])
def test_nesterov_needs_momentum_without_dampening(options):
    with pytest.raises(ConfigError, match="nesterov needs a momentum above 0 and no dampening"):
        optim.SGD([parameter(1.0)], nesterov=True, **options)


def test_nesterov_is_checked_when_options_change():
    group = optim.Nesterov([parameter(1.0)]).param_groups[0]
    with pytest.raises(ConfigError, match="nesterov needs a momentum"):
        group["momentum"] = 0.0
    assert group["momentum"] == 0.9


def test_a_group_keeps_its_entries():
    group = optim.GD([parameter(1.0)]).param_groups[0]
    with pytest.raises(TypeError, match="'lr' cannot be taken out"):
        del group["lr"]


def test_printed_form():
    groups = [{"params": [parameter(1.0)]}, {"params": [parameter(2.0)], "lr": 0.5}]
    assert repr(optim.GD(groups)) == "GD(lr=0.01): 2 parameters in 2 groups"
    assert repr(optim.GD(groups[:1]).param_groups[0]).startswith("<group of 1 parameters: {'maximize': False")


def test_gradients_of_mixed_types_in_one_group():
    p, q = parameter(1.0), cr.State([1.0], "float64").requires_grad_()
    optimizer = optim.Adam([p, q], lr=0.5)
    ((p * p).sum().astype("float64") + (q * q).sum()).backward()
    optimizer.step()
    assert (p.dtype.name, q.dtype.name) == ("float32", "float64")
    assert (round(p.item(), 6), round(q.item(), 6)) == (0.5, 0.5)


def test_bias_correction_keeps_its_digits_in_float32():
    """With equal gradients every step is lr long; 1 - beta2 ** t as it stands would lose four digits."""
    p = parameter(1.0)
    optimizer = optim.Adam([p], lr=0.25, betas=(0.9, 0.9999), eps=0.0)
    for _ in range(3):
        p.grad = cr.tensor([0.3])
        optimizer.step()
    assert abs(p.item() - 0.25) < 2e-6


def test_a_centered_variance_is_never_negative():
    """With equal gradients it is 0, which rounding would bring to either side."""
    p = parameter(*[0.0] * 64)
    optimizer = optim.RMSprop([p], lr=1e-9, alpha=0.5, centered=True)
    for _ in range(100):
        p.grad = cr.tensor([0.1 + 0.017 * i for i in range(64)])
        optimizer.step()
    assert bool(cr.isfinite(p).all())


def test_parameters_of_16_bits_are_updated_in_float32():
    # In bfloat16 itself 0.999 is 1, so Adam's second moment and its correction would be lost.
    half, full = (cr.State([1.0, -2.0], dtype=d).requires_grad_() for d in (cr.bfloat16, cr.float32))
    held = {}
    for p in (half, full):
        optimizer = optim.Adam([p], lr=0.5)
        step(optimizer, p)
        held[p.dtype] = {name: m.tolist() for name, m in optimizer.state[p].items() if m.dtype == cr.float32}
    assert half.tolist() == full.astype(cr.bfloat16).tolist()
    assert held[cr.bfloat16] == held[cr.float32]
