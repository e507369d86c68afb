"""Modules: what is registered, walked, named, shown and converted."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn


class Block(nn.Module):
    def __init__(self, width):
        self.scale = nn.Parameter(np.ones(width, np.float32))
        self.count = nn.Buffer(0)
        self.inner = nn.Linear(width, width)
        self.shift = nn.Parameter(np.zeros(width, np.float32))

    def forward(self, x):
        self.count.assign(self.count + 1)
        return self.inner(x) * self.scale + self.shift


class Net(nn.Module):
    def __init__(self):
        self.name = "net"
        self.first = Block(3)
        self.blocks = nn.ModuleList([Block(3), Block(3)])

    def forward(self, x):
        x = self.first(x)
        for block in self.blocks:
            x = block(x)
        return x


IN_ORDER = [f"{path}.{name}" for path in ("first", "blocks.0", "blocks.1") for name in ("scale", "shift")]


def test_parameters_are_registered_in_the_order_of_attributes():
    assert [name for name, _ in Block(2).named_parameters()] == [
        "scale",
        "shift",
        "inner.weight",
        "inner.bias",
    ]
    net = Net()
    assert [n for n, _ in net.named_parameters() if "inner" not in n] == IN_ORDER
    assert [name for name, _ in net.named_buffers()] == ["first.count", "blocks.0.count", "blocks.1.count"]


def test_modules_are_walked_from_outside_inwards():
    net = Net()
    assert [name for name, _ in net.named_modules()] == [
        *("", "first", "first.inner"),
        *("blocks", "blocks.0", "blocks.0.inner", "blocks.1", "blocks.1.inner"),
    ]
    assert [name for name, _ in net.named_children()] == ["first", "blocks"]
    assert net.get_submodule("blocks.1.inner") is net.blocks[1].inner
    assert net.get_submodule("") is net


def test_only_own_parameters_on_request():
    assert [name for name, _ in Block(2).named_parameters(recurse=False)] == ["scale", "shift"]
    assert list(Net().parameters(recurse=False)) == []


def test_a_shared_module_counts_once_but_is_saved_under_both_names():
    shared = nn.Linear(2, 2)
    net = nn.Sequential(shared, nn.ReLU(), shared)
    assert len(list(net.parameters())) == 2
    assert len(list(net.modules())) == 3
    assert list(net.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]


def test_a_shared_parameter_counts_once():
    a, b = nn.Linear(3, 3), nn.Linear(3, 3)
    b.weight = a.weight
    net = nn.Sequential(a, b)
    assert [name for name, _ in net.named_parameters()] == ["0.weight", "0.bias", "1.bias"]


def test_replacing_and_deleting_attributes():
    net = Net()
    net.first = nn.Identity()
    net.blocks[0] = nn.Linear(3, 3)
    del net.blocks[1]
    net.blocks[0].bias = None
    assert [name for name, _ in net.named_parameters()] == ["blocks.0.weight"]
    assert list(net.state_dict()) == ["blocks.0.weight"]


def test_parameters_know_their_path_whenever_they_were_put_together():
    head = nn.Sequential(nn.Linear(2, 2))
    net = Net()
    net.head = head
    assert [p.name for p in net.parameters()] == [name for name, _ in net.named_parameters()]
    assert net.head[0].label == "Linear 'head.0'"
    assert net.label == "Net"


def test_a_subclass_need_not_call_the_base_constructor():
    class Plain(nn.Module):
        def __init__(self):
            self.weight = nn.Parameter([1.0])

    class Calling(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter([1.0])

    assert Plain().training and Calling().training
    assert list(Plain().state_dict()) == list(Calling().state_dict()) == ["weight"]


def test_options_of_a_subclass_are_checked_by_its_base():
    class Square(nn.Linear):
        def __init__(self, width):
            super().__init__(width, width)

    assert Square(2)(cr.ones((1, 2))).shape == (1, 2)
    with pytest.raises(cr.errors.ConfigError, match="Square: in_features must be in"):
        Square(-1)


def test_modes_and_gradients_are_set_everywhere():
    net = Net()
    net.eval()
    assert not any(module.training for module in net.modules())
    net.train()
    assert all(module.training for module in net.modules())
    net.first.requires_grad_(False)
    net(cr.ones((2, 3))).sum().backward()
    untouched = {name for name, p in net.named_parameters() if p.grad is None}
    assert untouched == {f"first.{name}" for name, _ in net.first.named_parameters()}
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())


def test_apply_visits_inner_modules_first():
    visited = []
    net = Net()
    assert net.apply(lambda module: visited.append(type(module).__name__)) is net
    assert visited == ["Linear", "Block", "Linear", "Block", "Linear", "Block", "ModuleList", "Net"]


def test_conversion_keeps_the_tensors_and_leaves_integers():
    net = Net()
    before = list(net.parameters())
    net(cr.ones((2, 3))).sum().backward()
    assert net.double() is net
    assert all(a is b for a, b in zip(before, net.parameters(), strict=True))
    assert {str(p.dtype) for p in net.parameters()} == {str(p.grad.dtype) for p in before} == {"float64"}
    assert {str(b.dtype) for b in net.buffers()} == {"int64"}
    assert {str(p.dtype) for p in net.float().parameters()} == {"float32"}


def test_a_copy_shares_nothing(rng):
    net = Net()
    net.register_buffer("scratch", np.zeros(2, np.float32), persistent=False)
    other = copy.deepcopy(net)
    x = rng.standard_normal((2, 3)).astype(np.float32)
    expected = other(x).numpy()
    for p in net.parameters():
        p.assign(p * 0)
    np.testing.assert_array_equal(other(x).numpy(), expected)
    assert list(other.state_dict()) == list(net.state_dict())
    assert [p.name for p in other.parameters()] == [p.name for p in net.parameters()]
    assert other.first.count.item() == 2 and net.first.count.item() == 0


def test_state_is_a_copy(rng):
    layer = nn.Linear(2, 2)
    state = layer.state_dict()
    before = state["weight"].copy()
    layer.weight.assign(layer.weight + 1)
    np.testing.assert_array_equal(state["weight"], before)
    state["weight"][:] = 7
    assert not (layer.weight.numpy() == 7).any()


def test_loading_takes_arrays_and_tensors_of_any_float_type():
    layer = nn.Linear(2, 1)
    found = layer.load_state_dict({"weight": np.array([[1.0, 2.0]]), "bias": cr.tensor([3.0])})
    assert found == ([], [])
    assert str(layer.weight.dtype) == "float32"
    assert layer(cr.tensor([1.0, 1.0])).item() == 6.0


def test_loading_some_on_request():
    layer = nn.Linear(2, 1)
    bias = layer.bias.item()
    found = layer.load_state_dict({"weight": np.ones((1, 2)), "extra": 1}, strict=False)
    assert (found.missing_keys, found.unexpected_keys) == (["bias"], ["extra"])
    assert layer.bias.item() == bias and layer.weight.tolist() == [[1.0, 1.0]]


def test_nothing_is_loaded_when_something_does_not_fit():
    layer = nn.Linear(2, 1)
    before = layer.state_dict()
    with pytest.raises(cr.errors.StateError):
        layer.load_state_dict({"weight": np.full((1, 2), 9.0), "bias": np.zeros(2)}, strict=False)
    np.testing.assert_array_equal(layer.weight.numpy(), before["weight"])


def test_buffers_that_do_not_persist_are_not_saved():
    net = nn.Identity()
    net.register_buffer("kept", np.ones(2))
    net.register_buffer("scratch", np.ones(2), persistent=False)
    assert list(net.state_dict()) == ["kept"]
    assert [name for name, _ in net.named_buffers()] == ["kept", "scratch"]


def test_representation_is_a_tree():
    net = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ModuleDict({"act": nn.LeakyReLU(0.2)}))
    assert repr(net) == (
        "Sequential(\n"
        "  (0): Conv2d(1, 4, kernel_size=(3, 3), padding=(1, 1))\n"
        "  (1): ModuleDict(\n"
        "    (act): LeakyReLU(negative_slope=0.2)\n"
        "  )\n"
        ")"
    )
    assert repr(nn.Linear(2, 3, bias=False)) == "Linear(in_features=2, out_features=3, bias=False)"
    assert repr(nn.Dropout()) == "Dropout()"


def test_whole_training_step_is_recorded(rng):
    """Buffers, gradients and parameters change in a replay as they do eagerly."""

    def step(model, x, y):
        loss = nn.cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.assign(p - 0.1 * p.grad)
        return loss

    def build():
        cr.random.seed(3)
        return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 3))

    x, y = rng.standard_normal((6, 4)).astype(np.float32), rng.integers(0, 3, 6)
    recorded, eager = build(), build()
    cr.random.seed(5)
    graph = cr.record(lambda x, y: step(recorded, x, y), x, y)
    graph.verify()
    assert all(p.grad is None for p in recorded.parameters())
    cr.random.seed(5)
    replayed = [graph(x, y)[0].item() for _ in range(3)]
    cr.random.seed(5)
    assert replayed == [step(eager, x, y).item() for _ in range(3)]
    for key, value in eager.state_dict().items():
        np.testing.assert_array_equal(value, recorded.state_dict()[key])


def test_gradient_by_parameters_as_arguments():
    layer = nn.Linear(3, 2)

    def f(weight):
        return nn.functional_call(layer, {"weight": weight}, cr.ones((1, 3))).sum()

    own = layer.weight.numpy().copy()
    np.testing.assert_array_equal(cr.grad(f)(cr.zeros((2, 3))).numpy(), np.ones((2, 3)))
    np.testing.assert_array_equal(layer.weight.numpy(), own)
