"""What a compiled function tells of itself."""

from __future__ import annotations

import re

import numpy as np

import chainrule as cr


def compiled(f):
    return cr.compile(f, backend="numpy")


def without_times(report):
    number = r"\d+(\.\d+)?(e-\d+)?"
    return re.sub(rf"{number}(?= s of)|(?<=recording ){number}|(?<=building ){number}", "T", str(report))


def test_names_signatures_reasons_and_calls():
    w = cr.State([1.0], name="w")

    def step(x, batch, n=1):
        w.assign(w + n)
        return x * w + batch["y"]

    run = compiled(step)
    run(cr.ones(1), {"y": np.ones((2, 1), np.float32)})
    run(cr.ones(1), {"y": np.ones((3, 1), np.float32)})
    run(cr.ones(1), {"y": np.ones((3, 1), np.float32)}, 2)
    run(cr.ones(1), {"y": np.ones((3, 1), np.float64)}, 2)
    report = run.report()
    assert [(row.signature, row.reason) for row in report.recordings] == [
        ("x f32[1], batch['y'] f32[2, 1]", "first call"),
        ("x f32[1], batch['y'] f32[3, 1]", "shape of batch['y']: axis 0 was 2, now 3"),
        ("x f32[1], batch['y'] f32[3, 1], n=2", "n was left out, now it is 2"),
        ("x f32[1], batch['y'] f64[3, 1], n=2", "type of batch['y'] was f32, now f64"),
    ]
    assert [row.calls for row in report.recordings] == [1, 1, 1, 1]
    nodes = len(cr.record(step, cr.ones(1), {"y": np.ones((2, 1), np.float32)}).nodes)
    assert [(row.nodes, row.states) for row in report.recordings[:2]] == [(nodes, 1)] * 2
    assert all(set(row.seconds) == {"recording", "building"} for row in report.recordings)
    assert report.seconds == sum(sum(row.seconds.values()) for row in report.recordings)


def test_as_text():
    def f(x):
        return cr.exp(x)

    step = compiled(f)
    for n in (2, 2, 3):
        step(np.ones(n, np.float32))
    cr.record(step, cr.ones(2))
    assert without_times(step.report()).splitlines() == [
        "f (numpy): 2 recordings, 3 calls, T s of compiling",
        "  1. x f32[2]",
        "     recorded because: first call",
        "     2 calls; 1 operations, 0 states; 0 kernels, arena 0 bytes",
        "     seconds: recording T, building T",
        "  2. x f32[3]",
        "     recorded because: shape of x: axis 0 was 2, now 3",
        "     1 calls; 1 operations, 0 states; 0 kernels, arena 0 bytes",
        "     seconds: recording T, building T",
        "1 calls ran uncompiled: they became part of another recording",
    ]
    assert repr(step.report()) == str(step.report())


def test_in_chinese(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    step = compiled(lambda x: cr.exp(x))
    step(np.ones(2))
    text = str(step.report())
    assert "1 个录制，1 次调用" in text
    assert "录制原因：第一次调用" in text
