"""Bad calls and what they are told."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
import chainrule.nn.functional as F
from chainrule import nn
from chainrule.errors import (
    ChainruleError,
    ConfigError,
    DTypeError,
    GraphError,
    OutOfRangeError,
    ShapeError,
    StateError,
)

z = cr.zeros


class Net(nn.Module):
    def __init__(self):
        self.fc1 = nn.Linear(3, 4)
        self.body = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8))
        self.emb = nn.Embedding(5, 2)
        self.rnn = nn.LSTM(3, 4)

    def forward(self, x):
        return self.fc1(x)


class Sum(nn.Module):
    def forward(self, x, y):
        return x + y


class ByHand(nn.Module):
    def forward(self, x):
        return F.linear(x, z((4, 3)))


CALLS = [
    # The layer's kind and path, the axis, both extents, all shapes, and what would fit.
    (
        lambda net: net(z((2, 5))),
        ShapeError,
        "Linear 'fc1': input axis -1 must be 3, got 5 (input (2, 5), weight (4, 3)). "
        "Did you mean Linear(5, 4)?",
    ),
    (
        lambda net: net.body(z((2, 4, 8, 8))),
        ShapeError,
        "Conv2d 'body.0': input axis 1 must be 3, got 4 (input (2, 4, 8, 8), weight (8, 3, 3, 3)). "
        "Did you mean Conv2d(4, 8, (3, 3))?",
    ),
    (
        lambda net: net.body(z((3, 8))),
        ShapeError,
        "Conv2d 'body.0': the input must be (N, C, H, W) or (C, H, W), got 2 axes (input (3, 8))",
    ),
    (
        lambda net: net.body(z((2, 3, 2, 8))),
        ShapeError,
        "Conv2d 'body.0': conv: the window covers 3 along axis 2, more than the padded input's 2 "
        "(input (2, 3, 2, 8), weight (8, 3, 3, 3)). Use a smaller kernel or dilation, or more padding",
    ),
    (
        lambda net: net.body[1](z((2, 3, 2, 8))),
        ShapeError,
        "BatchNorm2d 'body.1': input axis 1 must be 8, got 3 (input (2, 3, 2, 8)). "
        "Did you mean BatchNorm2d(3)?",
    ),
    (
        lambda net: nn.BatchNorm1d(3)(z((1, 3))),
        ShapeError,
        "BatchNorm1d: training needs more than one value per channel, got 1 (input (1, 3)), "
        "for one alone has no variance. "
        "Use larger batches (leave out a last batch of 1), or call eval()",
    ),
    (
        lambda net: net.emb(cr.tensor([[0, 5]])),
        OutOfRangeError,
        "Embedding 'emb': number 5 at (0, 1) of the input is out of range; with 5 vectors use 0 to 4",
    ),
    (
        lambda net: net.emb(cr.tensor([-1])),
        OutOfRangeError,
        "Embedding 'emb': number -1 at (0,) of the input is out of range; with 5 vectors use 0 to 4",
    ),
    (
        lambda net: net.emb(z((2,))),
        DTypeError,
        "Embedding 'emb': the input must be whole numbers, got float32; cast it, "
        "for example with .astype('int64')",
    ),
    (
        lambda net: net.rnn(z((5, 2, 4))),
        ShapeError,
        "LSTM 'rnn': input axis -1 must be 3, got 4 (input (5, 2, 4), weight_ih_l0 (16, 3)). "
        "Did you mean LSTM(4, 4)?",
    ),
    (
        lambda net: net.rnn(z((5, 2, 3)), (z((1, 2, 4)), z((1, 3, 4)))),
        ShapeError,
        "LSTM 'rnn': the first state hx must have shape (1, 2, 4), got (1, 3, 4)",
    ),
    (
        lambda net: net.rnn(z((5, 2, 3)), lengths=[5, 6]),
        OutOfRangeError,
        "LSTM 'rnn': length 6 of sequence 1 is not between 0 and 5, the number of steps",
    ),
    (
        lambda net: net.rnn(z((5, 2, 3)), lengths=[5]),
        ShapeError,
        "LSTM 'rnn': lengths must be 2 whole numbers, one for each sequence, got i64[1]",
    ),
    (
        lambda net: nn.LayerNorm(3)(z((2, 4))),
        ShapeError,
        "LayerNorm: input axis -1 must be 3, got 4 (input (2, 4), normalized (3,))",
    ),
    # An operation, or a function, inside a module of the user's own.
    (
        lambda net: Sum()(z((2, 3)), z((4,))),
        ShapeError,
        "Sum: add: axis -1 is 3 in x but 4 in y (x (2, 3), y (4,)). Extents must be equal, or one of them 1",
    ),
    (
        lambda net: ByHand()(z((2, 5))),
        ShapeError,
        "ByHand: linear: input axis -1 must be 3, got 5 (input (2, 5), weight (4, 3))",
    ),
    # Options.
    (lambda net: nn.Linear(0, 3), ConfigError, "Linear: in_features must be in {1, 2, 3, …}, got 0"),
    (lambda net: nn.LSTM(3, 4, dropout=1.0), ConfigError, "LSTM: dropout must be in [0, 1), got 1.0"),
    (
        lambda net: nn.Conv2d(3, 4, 3, groups=2),
        ConfigError,
        "Conv2d: in_channels is 3, which 2 groups do not divide",
    ),
    (
        lambda net: nn.Conv2d(3, 4, (3, 3, 3)),
        ConfigError,
        "Conv2d: kernel_size must be one number, or 2 of them (one for each space axis), got (3, 3, 3)",
    ),
    (
        lambda net: nn.Conv2d(3, 4, 3, stride=2, padding="same"),
        ConfigError,
        "Conv2d: padding='same' keeps the extent, which a stride of (2, 2) does not; "
        "use stride 1, or give the padding as a number",
    ),
    (
        lambda net: nn.MaxPool2d(2, padding=2),
        ConfigError,
        "MaxPool2d: padding 2 is more than half of the window (kernel_size 2), so that windows could lie "
        "wholly outside the input; use at most 1",
    ),
    (
        lambda net: nn.GroupNorm(2, 3),
        ConfigError,
        "GroupNorm: num_channels is 3, which 2 groups do not divide",
    ),
    (
        lambda net: nn.Embedding(5, 2, padding_idx=5),
        ConfigError,
        "Embedding: padding_idx must be in {-5, …, 4} or None, got 5",
    ),
    (
        lambda net: nn.init.calculate_gain("swish"),
        ConfigError,
        "calculate_gain: nonlinearity must be in {'linear', 'conv1d', 'conv2d', 'conv3d', 'sigmoid', 'tanh', "
        "'relu', 'selu', 'leaky_relu'}, got 'swish'",
    ),
    (
        lambda net: nn.init.xavier_uniform_(net.fc1.bias),
        ShapeError,
        "init: fan-in and fan-out need a tensor of at least two axes (tensor (4,)). "
        "For biases use zeros_ or uniform_",
    ),
    (
        lambda net: nn.init.trunc_normal_(net.fc1.weight, a=5, b=1),
        ConfigError,
        "trunc_normal_: the interval from 5 to 1 holds nothing",
    ),
    # Losses.
    (
        lambda net: nn.mse_loss(z((4,)), z((4, 1))),
        ShapeError,
        "mse_loss: input and target must have the same shape (input (4,), target (4, 1)); broadcasting them "
        "would compare elements that do not belong together. Did you mean target.reshape(4)?",
    ),
    (
        lambda net: nn.cross_entropy(z((2, 3)), cr.tensor([0, 3])),
        OutOfRangeError,
        "cross_entropy: label 3 at (1,) of the target is not one of the 3 classes 0 to 2",
    ),
    (
        lambda net: nn.cross_entropy(z((2, 3)), cr.tensor([[0], [1]])),
        ShapeError,
        "cross_entropy: target must hold one label for each sample, shape (2,) "
        "(input (2, 3), target (2, 1)). Did you mean target.squeeze(-1)?",
    ),
    (
        lambda net: nn.cross_entropy(z((2, 3)), cr.tensor([[0, 1, 0], [1, 0, 0]])),
        ShapeError,
        "cross_entropy: target must hold one label for each sample, shape (2,) "
        "(input (2, 3), target (2, 3)). "
        "It looks one-hot: take target.argmax(1), or make it float to have it read as probabilities",
    ),
    (
        lambda net: nn.CrossEntropyLoss()(z((2, 3)), cr.tensor([0.0, 1.0])),
        DTypeError,
        "CrossEntropyLoss: labels must be whole numbers, got float32 (input (2, 3), target (2,)); cast them, "
        "for example with .astype('int64')",
    ),
    (
        lambda net: nn.cross_entropy(z((2, 3)), cr.tensor([0, 1]), weight=[1.0, 2.0]),
        ShapeError,
        "cross_entropy: weight must hold one number for each class, shape (3,), got (2,)",
    ),
    (
        lambda net: nn.BCELoss()(cr.tensor([0.5, 1.5]), z((2,))),
        OutOfRangeError,
        "BCELoss: input must be between 0 and 1, got 1.5 at (1,). "
        "For scores of any size use binary_cross_entropy_with_logits",
    ),
    (
        lambda net: nn.binary_cross_entropy_with_logits(z((2,)), cr.tensor([0.0, 2.0])),
        OutOfRangeError,
        "binary_cross_entropy_with_logits: target must be between 0 and 1, got 2.0 at (1,)",
    ),
    (
        lambda net: nn.hinge_embedding_loss(z((2,)), cr.tensor([1.0, 0.0])),
        OutOfRangeError,
        "hinge_embedding_loss: target must be 1 or -1, got 0.0 at (1,). From 0 and 1 make 2 * target - 1",
    ),
    (
        lambda net: nn.mse_loss(z((4,)), z((4,)), reduction="avg"),
        ConfigError,
        "mse_loss: reduction must be in {'none', 'mean', 'sum'}, got 'avg'",
    ),
    # Building networks.
    (
        lambda net: nn.Sequential(nn.Linear(2, 2), cr.relu),
        DTypeError,
        "Sequential: expected a module, got the function relu. For a function take its module, "
        "such as nn.ReLU() for relu; for a class, call it",
    ),
    (
        lambda net: nn.Sequential(nn.ReLU())[1],
        OutOfRangeError,
        "Sequential: index 1 is out of range for 1 modules",
    ),
    (
        lambda net: setattr(net, "layers", [nn.Linear(2, 2)]),
        ConfigError,
        "Net: layers is a list that holds modules, whose parameters would not be found; "
        "use nn.ModuleList, nn.ModuleDict or nn.Sequential",
    ),
    (
        lambda net: setattr(net.fc1, "weight", np.zeros(3)),
        StateError,
        "Linear 'fc1': weight is a Parameter, and cannot be replaced by another kind of value. Give it new "
        "elements with .weight.assign(value), or replace it by nn.Parameter(value)",
    ),
    (
        lambda net: setattr(net.body, "up", net),
        ConfigError,
        "Sequential 'body': up would make the module a part of itself. To refer to an outer module, "
        "pass what is needed of it as an argument",
    ),
    (
        lambda net: net.add_module("a.b", nn.ReLU()),
        ConfigError,
        "Net: 'a.b' cannot be the name of a module; it must not be empty, hold a dot, or be a method's name",
    ),
    (
        lambda net: net.get_submodule("fc2"),
        ConfigError,
        "Net holds no module 'fc2'; it holds fc1, body, body.0, body.1, emb, rnn",
    ),
    (
        lambda net: net.to("int64"),
        DTypeError,
        "Net: parameters cannot become int64, which has no derivatives; use float32 or float64",
    ),
    (
        lambda net: nn.Module()(z(())),
        GraphError,
        "Module has no forward: define forward(self, input), or call the modules that it holds",
    ),
    (
        lambda net: nn.functional_call(net.fc1, {"w": z(())}, z((2, 3))),
        StateError,
        "Linear 'fc1' has no parameter or buffer w; it has weight, bias",
    ),
    (
        lambda net: net.fc1.load_state_dict({"wieght": z((4, 3)), "bias": z((3,))}),
        StateError,
        "Linear 'fc1': the state does not fit, and nothing was loaded\n  missing: weight\n"
        "  unexpected: wieght\n  bias has shape (3,), expected (4,)",
    ),
    (
        lambda net: net.fc1.load_state_dict({"module.weight": z((4, 3)), "module.bias": z((4,))}),
        StateError,
        "Linear 'fc1': the state does not fit, and nothing was loaded\n  missing: weight, bias\n"
        "  unexpected: module.weight, module.bias\n  every name begins with 'module.'; take that off",
    ),
]


@pytest.mark.parametrize(("call", "kind", "message"), CALLS)
def test_bad_call_is_told_what_is_wrong(call, kind, message):
    with pytest.raises(ChainruleError) as caught:
        call(Net())
    text, _, line = str(caught.value).rpartition("\n")
    assert type(caught.value) is kind
    assert text == message
    assert line.startswith("  test_errors.py:")


def test_message_in_chinese(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    with pytest.raises(ShapeError) as caught:
        Net()(z((2, 5)))
    assert str(caught.value).splitlines()[0] == (
        "Linear 'fc1'：输入的轴 -1 必须为 3，实际为 5（input (2, 5), weight (4, 3)）。是否应为 Linear(5, 4)？"
    )


def test_line_is_the_users_innermost():
    with pytest.raises(ShapeError, match=r"test_errors.py:\d+: return self.fc1\(x\)$"):
        Net()(z((2, 5)))


def test_outer_modules_leave_the_innermost_layer_in_the_message():
    with pytest.raises(ShapeError) as caught:
        nn.Sequential(nn.Identity(), nn.Sequential(nn.Linear(3, 4)))(z((2, 5)))
    assert caught.value.layer == "Linear '1.0'"
    assert str(caught.value).startswith("Linear '1.0': input axis -1")


def test_labels_are_checked_before_ignoring_none():
    labels = cr.tensor([0, -100])
    assert np.isfinite(nn.cross_entropy(z((2, 3)), labels).item())
    with pytest.raises(OutOfRangeError, match=r"label -100 at \(1,\)"):
        nn.cross_entropy(z((2, 3)), labels, ignore_index=-1)


def test_values_are_not_asked_for_while_recording():
    graph = cr.record(nn.cross_entropy, z((2, 3)), cr.tensor([0, 7]))
    with pytest.raises(OutOfRangeError):
        graph(z((2, 3)), cr.tensor([0, 7]))


def test_option_that_was_changed_afterwards_is_checked_at_the_call():
    drop = nn.Dropout(0.5)
    drop.p = 2
    with pytest.raises(ConfigError, match=r"^Dropout: p must be in \[0, 1\], got 2"):
        drop(z((3,)))
