"""Summaries: shapes, parameters and operations of every layer."""

from __future__ import annotations

import numpy as np

import chainrule as cr
from chainrule import nn


def network():
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU()),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(4 * 5 * 6, 10),
    )


def test_rows_say_what_each_layer_is():
    summary = nn.summary(network(), (2, 1, 5, 6))
    assert [(row.path, row.kind, row.depth) for row in summary.rows] == [
        ("", "Sequential", 0),
        ("0", "Sequential", 1),
        ("0.0", "Conv2d", 2),
        ("0.1", "BatchNorm2d", 2),
        ("0.2", "ReLU", 2),
        ("1", "Flatten", 1),
        ("2", "Dropout", 1),
        ("3", "Linear", 1),
    ]
    by_path = {row.path: row for row in summary.rows}
    assert by_path["0.0"].output_shapes == ((2, 4, 5, 6),) == by_path["0"].output_shapes
    assert by_path["3"].output_shapes == ((2, 10),) == by_path[""].output_shapes
    assert by_path["0.0"].parameters == 4 * 9 + 4
    # Two operations for each of 9 taps, and the bias.
    assert by_path["0.0"].flops == 2 * 4 * 30 * (2 * 9 + 1)
    assert by_path["3"].flops == 2 * 10 * (2 * 120 + 1)
    assert by_path["2"].flops == by_path["1"].flops == by_path[""].flops == 0


def test_totals_are_the_sums():
    model = network()
    model[3].requires_grad_(False)
    summary = nn.summary(model, (2, 1, 5, 6))
    assert summary.parameters == sum(p.size for p in model.parameters()) == 40 + 8 + 1210
    assert summary.trainable == 48
    assert summary.parameter_bytes == 4 * summary.parameters
    model.eval()
    assert summary.flops == cr.record(model, cr.zeros((2, 1, 5, 6))).flops


def test_nothing_of_the_module_changes():
    model = network()
    model[2].eval()
    before = model.state_dict()
    key = cr.random.default_generator.state_dict()["key"]
    nn.summary(model, (2, 1, 5, 6))
    assert [m.training for m in model.modules()] == [True] * 6 + [False, True]
    assert not any(module._hooks for module in model.modules())
    np.testing.assert_array_equal(cr.random.default_generator.state_dict()["key"], key)
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


def test_modules_that_are_not_called_or_called_twice():
    class Twice(nn.Module):
        def __init__(self):
            self.fc = nn.Linear(3, 3)
            self.unused = nn.Linear(3, 2)

        def forward(self, x):
            return self.fc(self.fc(x))

    once = nn.summary(nn.Linear(3, 3), (4, 3)).flops
    summary = Twice().summary((4, 3))
    by_path = {row.path: row for row in summary.rows}
    assert by_path["fc"].flops == summary.flops == 2 * once
    assert by_path["unused"].output_shapes == () and by_path["unused"].parameters == 8


def test_inputs_of_other_types_and_several_results():
    class Tagger(nn.Module):
        def __init__(self):
            self.embedding, self.lstm = nn.Embedding(10, 4), nn.LSTM(4, 6)

        def forward(self, ids):
            return self.lstm(self.embedding(ids))

    shapes = {row.path: row.output_shapes for row in Tagger().summary(cr.zeros((7, 2), "int64")).rows}
    assert shapes["embedding"] == ((7, 2, 4),)
    assert shapes["lstm"] == ((7, 2, 6), (1, 2, 6), (1, 2, 6))
    flops = nn.summary(nn.LSTM(4, 6), (7, 2, 4)).flops
    # Both products of each step, which make up nearly all.
    products = 7 * 2 * 24 * 2 * (4 + 6)
    assert products < flops < 1.4 * products


def test_text_in_chinese_is_aligned(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    lines = str(nn.summary(nn.Sequential(nn.Linear(3, 4)), (5, 3))).splitlines()
    assert lines[0].split() == ["层", "输出", "参数", "浮点运算"]
    assert lines[3].split() == ["0:", "Linear", "(5,", "4)", "16", "140"]
    assert "16 个参数（64 B）" in lines[-1]
    # A Chinese character takes two columns.
    width = [len(line) + sum(ord(c) > 0x2E80 for c in line) for line in lines]
    assert width[0] == width[1] == width[3] == width[4]
