"""cr.debug.nan: names the operation, the element and the reason; says nothing of what is harmless."""

import re

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn
from chainrule.core.tree import leaves
from chainrule.debug.reasons import REASONS
from chainrule.errors import NonFiniteError, messages
from chainrule.ops import TABLE

INF = np.inf


def problem_of(f):
    with pytest.raises(NonFiniteError) as caught, cr.debug.nan():
        f()
    return str(caught.value)


def first_line(f):
    return problem_of(f).splitlines()[0]


FORWARD = {
    "log of a negative": (
        lambda: cr.log(cr.tensor([[1.0, 2.0], [3.0, -0.3]])),
        "log made nan at index (1, 1): the logarithm of a negative number, -0.3",
    ),
    "log of 0": (lambda: cr.log(cr.tensor([1.0, 0.0])), "log made -inf at index (1,): the logarithm of 0"),
    "log1p below -1": (
        lambda: cr.log1p(-2.0),
        "log1p made nan: the logarithm of a negative number, 1 + (-2.0)",
    ),
    "log1p at -1": (lambda: cr.log1p(-1.0), "log1p made -inf: the logarithm of 0, since x is -1"),
    "sqrt": (lambda: cr.sqrt(-4.0), "sqrt made nan: the square root of a negative number, -4.0"),
    "arcsin beyond 1": (
        lambda: cr.arcsin(cr.tensor([0.5, 2.0])),
        "arcsin made nan at index (1,): arcsin has no value at x = 2.0",
    ),
    "arccosh below 1": (lambda: cr.arccosh(0.5), "arccosh made nan: arccosh has no value at x = 0.5"),
    "log2 of 0": (lambda: cr.log2(cr.tensor([0.0])), "log2 made -inf at index (0,): the logarithm of 0"),
    "arctanh at 1": (lambda: cr.arctanh(1.0), "arctanh made inf: the function has a pole at 1.0"),
    "gamma at a pole": (lambda: cr.lgamma(-2.0), "lgamma made inf: the function has a pole at -2.0"),
    "rsqrt of 0": (lambda: cr.rsqrt(0.0), "rsqrt made inf: the function has a pole at 0.0"),
    "cosh": (
        lambda: cr.cosh(cr.tensor(1000.0)),
        "cosh made inf: exp overflows float32 above 88.7, and x is 1000.0",
    ),
    "bfloat16": (
        lambda: cr.log(cr.tensor([1.0, -2.0], dtype="bfloat16")),
        "log made nan at index (1,): the logarithm of a negative number, -2.0",
    ),
    "float16": (
        lambda: cr.exp(cr.tensor([12.0], dtype="float16")),
        "exp made inf at index (0,): exp overflows float16 above 11.1, and x is 12.0",
    ),
    "a complex number": (
        lambda: cr.log(cr.tensor([1j, 0j])),
        "log made -inf + 0.0i at index (1,): the logarithm of 0",
    ),
    "division": (
        lambda: cr.tensor([1.0, 2.0]) / cr.tensor([4.0, 0.0]),
        "divide made inf at index (1,): division by zero: 2.0 / 0.0",
    ),
    "0 / 0": (lambda: cr.tensor([0.0]) / 0.0, "divide made nan at index (0,): 0 / 0"),
    "inf / inf": (lambda: cr.tensor(INF) / INF, "divide made nan: inf / inf"),
    "broadcast": (
        lambda: cr.ones((2, 3)) / cr.tensor([1.0, 0.0, 2.0]),
        "divide made inf at index (0, 1): division by zero: 1.0 / 0.0",
    ),
    "remainder": (
        lambda: cr.tensor(3.0) % 0.0,
        "remainder made nan: the remainder of a division by zero",
    ),
    "exp": (
        lambda: cr.exp(cr.tensor([1.0, 100.0])),
        "exp made inf at index (1,): exp overflows float32 above 88.7, and x is 100.0",
    ),
    "exp in float64": (
        lambda: cr.expm1(cr.tensor(800.0, "float64")),
        "expm1 made inf: exp overflows float64 above 709.8, and x is 800.0",
    ),
    "power of 0": (
        lambda: cr.tensor([0.0]) ** -1.0,
        "power made inf at index (0,): 0 to the negative power -1.0, a division by zero",
    ),
    "root of a negative": (
        lambda: cr.tensor([-8.0]) ** 0.5,
        "power made nan at index (0,): the negative number -8.0 to the fractional power 0.5",
    ),
    "inf - inf": (lambda: cr.tensor(INF) - INF, "subtract made nan: inf - inf"),
    "inf + -inf": (lambda: cr.tensor(INF) + (-INF), "add made nan: inf - inf"),
    "sum of infinities": (lambda: cr.tensor([INF, 1.0, -INF]).sum(), "sum made nan: inf - inf"),
    "0 times inf": (lambda: cr.tensor([0.0]) * INF, "multiply made nan at index (0,): 0 · inf"),
    "matrix product": (
        lambda: cr.tensor([[1e20]]) @ cr.tensor([[1e20]]),
        "contract made inf at index (0, 0): the result is beyond the largest float32, 3.40282e+38",
    ),
    "sum": (
        lambda: cr.tensor([3e38, 3e38]).sum(),
        "sum made inf: the result is beyond the largest float32, 3.40282e+38",
    ),
    "cast": (
        lambda: cr.tensor(1e300, "float64").astype("float32"),
        "cast made inf: 1e+300 is beyond the largest float32, 3.40282e+38",
    ),
    "given NaN": (
        lambda: cr.tensor([1.0, np.nan]) * 2.0,
        "multiply made nan at index (1,): x was already nan when it came in, "
        "and nothing that made it was watched",
    ),
    "masked row": (
        lambda: cr.softmax(cr.tensor([[-INF, -INF]])),
        "subtract made nan at index (0, 0): inf - inf",
    ),
    "sine of inf": (lambda: cr.sin(cr.tensor(INF)), "sin made nan: x holds an infinity"),
}


@pytest.mark.parametrize(("f", "said"), FORWARD.values(), ids=FORWARD.keys())
def test_forward(f, said):
    assert first_line(f) == said


def leaf(values):
    return cr.tensor(values, requires_grad=True)


BACKWARD = {
    "sqrt at 0": (
        lambda: cr.sqrt(leaf([4.0, 0.0])).sum().backward(),
        "the derivative of sqrt by x made inf at index (1,): division by zero: 0.5 / 0.0",
    ),
    "norm of 0": (
        lambda: cr.grad(lambda x: cr.sqrt((x * x).sum()))(cr.zeros(3)),
        "the derivative of sqrt by x made inf: division by zero: 0.5 / 0.0",
    ),
    "power at 0": (
        lambda: (leaf([1.0, 0.0]) ** 0.5).sum().backward(),
        "the derivative of power by x made inf at index (1,): "
        "0 to the negative power -0.5, a division by zero",
    ),
    "untaken branch": (
        lambda: cr.where(cr.tensor([True, False]), cr.sqrt(leaf([4.0, 0.0])), 0.0).sum().backward(),
        "the derivative of sqrt by x made nan at index (1,): division by zero: 0.5 / 0.0, then 0 · inf",
    ),
    "given gradient": (
        lambda: (leaf([1.0]) * 2.0).backward([np.nan]),
        "the derivative of multiply by x made nan at index (0,): "
        "g was already nan when it came in, and nothing that made it was watched",
    ),
    "overflow": (
        lambda: (leaf([1e-30]) * 1e30).backward([1e30]),
        "the derivative of multiply by x made inf at index (0,): "
        "the result is beyond the largest float32, 3.40282e+38",
    ),
    "forward mode": (
        lambda: cr.jvp(cr.sqrt, (cr.zeros(2),), (cr.ones(2),)),
        "the derivative of sqrt by x made inf at index (0,): division by zero: 0.5 / 0.0",
    ),
    "second derivative": (
        lambda: cr.grad(lambda x: cr.grad(lambda y: (y**1.5).sum())(x).sum())(cr.zeros(1)),
        "the derivative of power by x made inf at index (0,): "
        "0 to the negative power -0.5, a division by zero",
    ),
}


@pytest.mark.parametrize(("f", "said"), BACKWARD.values(), ids=BACKWARD.keys())
def test_backward(f, said):
    assert first_line(f) == said


def test_a_whole_message_names_operands_layer_and_line():
    class Net(nn.Module):
        def __init__(self):
            self.body = nn.Sequential(nn.Flatten())

        def forward(self, x):
            return cr.log(self.body(x))

    net = Net()
    shown = problem_of(lambda: net(cr.tensor([[1.0, -0.3], [2.0, 4.0]])))
    assert re.sub(r"test_nan.py:\d+", "test_nan.py:N", shown).splitlines() == [
        "Net: log made nan at index (0, 1): the logarithm of a negative number, -0.3",
        "  x: f32[2, 2], min -0.3, mean 1.675, max 4.0; -0.3 at index (0, 1)",
        "  in Net",
        "  test_nan.py:N: return cr.log(self.body(x))",
    ]


def test_a_backward_message_names_the_forward_line():
    def loss(x):
        with cr.scope("block"):
            y = cr.sqrt(x)
        return y.sum()

    def train():
        loss(leaf([4.0, 0.0])).backward()

    lines = problem_of(train).splitlines()
    assert lines[1:3] == [
        "  x: f32[2], min 0.0, mean 2.0, max 4.0; 0.0 at index (1,)",
        "  g (the gradient that came in): f32[2], min 1.0, mean 1.0, max 1.0; 1.0 at index (1,)",
    ]
    assert lines[3] == "  in block"
    assert re.fullmatch(r"  the operation itself: test_nan.py:\d+: y = cr.sqrt\(x\)", lines[4])
    assert re.fullmatch(r"  test_nan.py:\d+: loss\(leaf\(\[4.0, 0.0\]\)\).backward\(\)", lines[5])


def test_the_untaken_branch_of_where_gets_a_hint():
    f, _ = BACKWARD["untaken branch"]
    assert "hint: cr.where chose another branch there" in problem_of(f)
    assert "hint" not in problem_of(BACKWARD["sqrt at 0"][0])


def test_what_the_hint_recommends_works():
    x = leaf([4.0, 0.0])
    with cr.debug.nan():
        ok = x > 0
        cr.where(ok, cr.sqrt(cr.where(ok, x, 1)), 0).sum().backward()
    assert x.grad.tolist() == [0.25, 0.0]


def test_the_first_of_several_is_named():
    x = cr.tensor([0.0])
    assert first_line(lambda: cr.log(x) - cr.log(x) + cr.sqrt(x - 1.0)).startswith("log made -inf")


@pytest.mark.parametrize(
    "f",
    [
        lambda: cr.softmax(cr.where(cr.tensor([True, False]), cr.zeros(2), -INF)),
        lambda: cr.log_softmax(cr.tensor([1.0, -INF])),
        lambda: cr.logsumexp(cr.tensor([-INF, 2.0])),
        lambda: cr.grad(lambda x: (x**2.0).sum())(cr.zeros(2)),
        lambda: cr.grad(lambda x: (x**x).sum())(cr.ones(2)),
        lambda: cr.grad(lambda x: (cr.tensor([0.0, 2.0]) ** x).sum())(cr.ones(2)),
        lambda: cr.where(cr.isnan(cr.tensor([np.nan, 1.0])), 0.0, 1.0) * 2.0,
        lambda: cr.hessian(lambda x: (x**3.0).sum())(cr.zeros(2)),
        lambda: cr.relu(cr.tensor([-INF, INF])),
        lambda: cr.tensor([1, 2]) // 2,
        lambda: cr.record(lambda x: cr.log(x), cr.zeros(2)),
    ],
)
def test_harmless_infinities_and_unchosen_elements_pass(f):
    with cr.debug.nan():
        f()


@pytest.mark.parametrize("row", [*nn.LAYERS.values(), *nn.LOSSES.values()], ids=lambda row: row.name)
def test_layers_and_losses_make_none_on_the_way(row, rng):
    case = row.samples[0]
    inputs = [cr.tensor(a.astype(np.float32) if a.dtype.kind == "f" else a) for a in case.draw(rng, ())]
    for x in inputs:
        x.requires_grad_(x.dtype.kind == "f")
    with cr.debug.nan():
        results = [y.sum() for y in leaves(row.module(**case.params)(*inputs))]
        sum(results[1:], results[0]).backward()


def test_without_the_watch_nothing_is_raised_and_nothing_stays():
    before = list(cr.core.interpreter.state.layers)
    with cr.debug.nan(enabled=False):
        assert np.isnan(cr.log(-1.0).item())
    problem_of(lambda: cr.log(-1.0))
    assert cr.core.interpreter.state.layers == before
    assert not cr.core.interpreter.state.wants_lines
    assert np.isnan(cr.log(-1.0).item())


def test_as_a_decorator_it_works_each_time():
    @cr.debug.nan()
    def f(x):
        return cr.log(x)

    assert f(1.0).item() == 0.0
    for _ in range(2):
        with pytest.raises(NonFiniteError):
            f(-1.0)


def test_every_reason_is_about_rows_of_the_table_and_has_a_message():
    for reason in REASONS:
        assert set(reason.ops) <= set(TABLE)
        assert f"reason.{reason.key}" in messages()


def test_chinese(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    shown = problem_of(lambda: cr.log(cr.tensor([1.0, -0.3]))).splitlines()
    assert shown[0] == "log 在索引 (1,) 处产生了 nan：对负数 -0.3 取对数"
    assert shown[1] == "  x：f32[2]，min -0.3, mean 0.35, max 1.0；索引 (1,) 处为 -0.3"
