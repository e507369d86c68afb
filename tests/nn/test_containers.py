"""Sequential, ModuleList and ModuleDict."""

from __future__ import annotations

from collections import OrderedDict

import pytest

import chainrule as cr
from chainrule import nn
from chainrule.errors import ConfigError


def names(module):
    return [name for name, _ in module.named_children()]


def test_sequential_calls_one_after_another():
    double, shift = nn.Linear(1, 1), nn.Linear(1, 1)
    nn.init.constant_(double.weight, 2.0), nn.init.zeros_(double.bias)
    nn.init.ones_(shift.weight), nn.init.ones_(shift.bias)
    assert nn.Sequential(double, shift)(cr.tensor([3.0])).item() == 7.0
    assert nn.Sequential(shift, double)(cr.tensor([3.0])).item() == 8.0
    assert nn.Sequential()(cr.tensor([3.0])).item() == 3.0


def test_sequential_takes_names():
    model = nn.Sequential(OrderedDict(fc=nn.Linear(2, 3), act=nn.ReLU()))
    assert names(model) == ["fc", "act"]
    assert model.fc is model[0] and model[-1] is model.act
    assert list(model.state_dict()) == ["fc.weight", "fc.bias"]


def test_slices_share_their_modules_and_leave_names_alone():
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    holder = nn.Sequential({"body": model})
    part = model[1:]
    assert isinstance(part, nn.Sequential) and len(part) == 2
    assert part[1] is model[2]
    assert model[2].weight.name == "body.2.weight" and holder.body[2].label == "Linear 'body.2'"


def test_list_is_changed_like_a_list():
    layers = nn.ModuleList([nn.ReLU(), nn.Tanh()])
    assert layers.append(nn.Sigmoid()) is layers
    layers.extend([nn.GELU()])
    layers[1] = nn.ELU()
    assert [type(m).__name__ for m in layers] == ["ReLU", "ELU", "Sigmoid", "GELU"]
    del layers[0]
    assert names(layers) == ["0", "1", "2"] and len(layers) == 3
    assert type(layers[0]).__name__ == "ELU" and type(layers[-1]).__name__ == "GELU"
    assert [type(m).__name__ for m in layers[::2]] == ["ELU", "GELU"]


def test_dict_is_changed_like_a_dict():
    heads = nn.ModuleDict({"a": nn.Linear(2, 1)})
    heads["b"] = nn.Linear(2, 3)
    heads.update({"a": nn.ReLU()})
    assert heads.keys() == ["a", "b"] == list(heads)
    assert "b" in heads and "c" not in heads and len(heads) == 2
    assert [name for name, _ in heads.items()] == heads.keys()
    assert heads.values() == list(heads.children())
    del heads["a"]
    assert [name for name, _ in heads.named_parameters()] == ["b.weight", "b.bias"]


@pytest.mark.parametrize("name", ["", "a.b", "eval", "keys"])
def test_a_name_that_would_hide_something_is_refused(name):
    with pytest.raises(ConfigError, match="cannot be the name of a module"):
        nn.ModuleDict({name: nn.ReLU()})


def test_missing_name_is_told_what_there_is():
    with pytest.raises(ConfigError, match="holds no module 'c'; it holds a, b"):
        nn.ModuleDict({"a": nn.ReLU(), "b": nn.ReLU()})["c"]
