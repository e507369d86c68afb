"""cr.explain: the ledger is right, can be checked by hand, and reads well."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn
from chainrule.errors import DTypeError, GraphError, ShapeError
from chainrule.explain.equations import rule_equation, step_equation
from chainrule.explain.explanation import has_gradient

from .evaluate import evaluate


def small(x, w):
    return cr.tanh(x * w) / cr.exp(w) - x**2


def test_text_of_a_scalar_function_word_for_word():
    def f(x, w):
        return cr.log(x * w) * x

    shown = str(cr.explain(f, 2.0, 0.5))
    lines = re.sub(r"^.*return cr.log.*$", "    THE LINE", shown, flags=re.MULTILINE).splitlines()
    assert lines == [
        "f(x, w)",
        "",
        "given",
        "  x = 2.0",
        "  w = 0.5",
        "",
        "forward",
        "    THE LINE",
        "    1  v1 = x · w = 2.0 · 0.5 = 1.0",
        "    2  v2 = ln v1 = ln 1.0 = 0.0",
        "    3  v3 = v2 · x = 0.0 · 2.0 = 0.0",
        "",
        "result",
        "  L = v3 = 0.0",
        "",
        "backward: g is the gradient of a step's result",
        "    THE LINE",
        "    3  v3 = v2 · x,  g = ∂L/∂v3 = 1.0",
        "         ∂L/∂v2 = g · x = 1.0 · 2.0 = 2.0",
        "         ∂L/∂x ← g · v2 = 1.0 · 0.0 = 0.0",
        "    2  v2 = ln v1,  g = ∂L/∂v2 = 2.0",
        "         ∂L/∂v1 = g · 1/v1 = 2.0 · 1.0 = 2.0",
        "    1  v1 = x · w,  g = ∂L/∂v1 = 2.0",
        "         ∂L/∂x ← g · w = 2.0 · 0.5 = 1.0",
        "         ∂L/∂w = g · x = 2.0 · 2.0 = 4.0",
        "",
        "gradients",
        "  ∂L/∂x = 0.0 + 1.0 = 1.0",
        "  ∂L/∂w = 4.0",
    ]


def network():
    cr.random.seed(0)
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.GELU(), nn.Linear(4, 2))
    return lambda x, labels: nn.cross_entropy(net(x), labels), net


X, LABELS = cr.tensor(np.random.default_rng(0).standard_normal((5, 3)), "float32"), cr.tensor([0, 1, 1, 0, 1])
FUNCTIONS = {
    "scalar": (small, (1.5, 0.25)),
    "broadcast": (
        lambda x, b: (cr.sigmoid(x + b) * b).sum(),
        (cr.ones((2, 3)), cr.tensor([0.1, 0.2, 0.3])),
    ),
    "attention": (
        lambda q, k: (cr.softmax(q @ k.T) @ k).max(axis=1).sum(),
        (X, X * 0.5),
    ),
    "indexing": (lambda x: (x[1:, ::2] * x[0, 1]).sum() + cr.concatenate([x, x]).var(), (X,)),
    "second order": (cr.grad(lambda x: cr.sin(x) * x), (0.7,)),
    "third order": (cr.grad(cr.grad(lambda x: x**4)), (0.7,)),
    "forward mode": (lambda x: cr.jvp(lambda y: cr.exp(y) * x, (x,), (2.0,))[1], (0.7,)),
    "nested": (
        lambda p: p["w"][0] * p["b"] + p["w"][1],
        ({"w": (cr.tensor(2.0), cr.tensor(3.0)), "b": cr.tensor(4.0)},),
    ),
}


@pytest.mark.parametrize(("f", "args"), FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_gradients_are_those_of_grad(f, args):
    explanation = cr.explain(f, *args)
    expected = list(cr.core.tree.leaves(cr.grad(f, argnums=range(len(args)))(*args)))
    given = [variable for variable in explanation.given if has_gradient(variable)]
    found = [v.gradient if v.gradient is not None else np.zeros_like(v.value) for v in given]
    for got, slope in zip(found, expected, strict=True):
        np.testing.assert_allclose(got, slope.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["scalar", "second order", "third order", "forward mode"])
def test_each_line_of_a_scalar_function_can_be_checked_by_hand(name):
    f, args = FUNCTIONS[name]
    explanation = cr.explain(f, *args)
    equations = [step_equation(step) for step in explanation.steps]
    equations += [rule_equation(step, part) for step in explanation.steps for part in step.parts]
    with_numbers = [equation for equation in equations if equation.numbers is not None]
    assert len(with_numbers) > len(explanation.steps) // 2
    for equation in with_numbers:
        np.testing.assert_allclose(
            float(evaluate(equation.numbers, {})), float(equation.value), rtol=1e-4, atol=1e-5
        )


def test_each_rule_is_its_formula_with_the_numbers_put_in():
    """In every pointwise rule, g · (formula of the partial derivative) is the gradient that it gave."""
    f, args = FUNCTIONS["scalar"]
    explanation = cr.explain(f, *args)
    values = {v.name: float(v.value) for step in explanation.steps for v in step.results}
    values |= {v.name: float(v.value) for v in explanation.given}
    count = 0
    for step in explanation.steps:
        for part in step.parts:
            said = evaluate(rule_equation(step, part).right, values | {"g": float(step.cotangents[0])})
            np.testing.assert_allclose(float(said), float(part.value), rtol=1e-4)
            count += 1
    assert count > 5


def test_steps_know_their_lines():
    explanation = cr.explain(small, 1.5, 0.25)
    assert [step.op.name for step in explanation.steps] == [
        *("multiply", "tanh", "exp", "divide", "square", "subtract")
    ]
    assert all("test_explain.py" in step.line and "tanh" in step.line for step in explanation.steps)


def test_modules_are_blocks_and_parameters_have_their_paths():
    loss, net = network()
    explanation = cr.explain(loss, X, LABELS)
    assert {f"{name}" for name, _ in net.named_parameters()} <= set(explanation.gradients)
    folded, opened = explanation.text(depth=0), explanation.text()
    assert re.search(r"1–\d+  v\d+: f32\[5, 2\] = Sequential\(x\)", folded)
    assert "Linear '0'" not in folded
    assert "linear: x Wᵀ + b" in opened
    assert "x 0.weightᵀ" in opened
    assert "labels: i64[5] = [0, 1, 1, 0, 1]  (no gradient: int64)" in opened
    one_level = explanation.text(depth=1)
    assert "Linear '0'(x)" in one_level
    assert "0.weightᵀ" not in one_level


def test_explaining_a_module_itself():
    net = nn.Linear(2, 1)
    explanation = cr.explain(net, cr.ones((1, 2)))
    assert explanation.name == "Linear(input)"
    np.testing.assert_allclose(explanation.gradients["weight"], [[1.0, 1.0]])
    assert net.weight.grad is None


def test_two_calls_of_one_composite_are_two_blocks():
    blocks = [item.name for item in cr.explain(lambda x: cr.silu(cr.silu(x)), 1.0).root.items]
    assert blocks == ["silu", "silu"]


def test_tensors_from_outside_have_the_names_of_their_variables():
    weight, scale = cr.tensor([1.0, 2.0], requires_grad=True), cr.tensor([3.0, 4.0])
    explanation = cr.explain(lambda x: (x * weight * scale).sum(), cr.tensor([5.0, 6.0]))
    assert [variable.name for variable in explanation.given] == ["x", "weight", "scale"]
    assert list(explanation.gradients) == ["x", "weight"]
    assert explanation.gradients["weight"].tolist() == [15.0, 24.0]
    assert weight.grad is None


def test_detached_tensors_are_marked_and_get_nothing():
    explanation = cr.explain(lambda x: x.detach() * x, 3.0)
    assert "v1 = detached(x) · x" in str(explanation)
    assert float(explanation.gradients["x"]) == 3.0


def test_an_argument_that_does_not_matter():
    assert "∂L/∂y = 0, the result does not depend on it" in str(cr.explain(lambda x, y: x * 2, 1.0, 2.0))


def test_results_that_are_not_one_number_have_no_backward_pass_unless_a_cotangent_is_given():
    f = lambda x: x * x  # noqa: E731
    explanation = cr.explain(f, cr.tensor([1.0, 2.0]))
    assert "backward:" not in str(explanation)
    assert "the result has shape (2,)" in explanation.note
    assert explanation.gradients == {"x": None}
    weighted = cr.explain(f, cr.tensor([1.0, 2.0]), cotangent=[10.0, 100.0])
    assert weighted.gradients["x"].tolist() == [20.0, 400.0]
    assert "L = ∑ v1̄ · v1 = 410.0" in str(weighted)
    with pytest.raises(ShapeError, match=r"must have the shape .* \(2,\), got \(3,\)"):
        cr.explain(f, cr.tensor([1.0, 2.0]), cotangent=[1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("f", "args", "said"),
    [
        (lambda x: (x, x + 1), (1.0,), "gave 2 results"),
        (lambda n: n + 1, (cr.tensor(3),), "does not depend differentiably"),
        (lambda x: (x > 0).sum(), (1.0,), "does not depend differentiably"),
        (lambda: 3.0, (), "no operation on tensors was run"),
    ],
)
def test_functions_without_a_backward_pass_say_why(f, args, said):
    shown = str(cr.explain(f, *args))
    assert said in shown
    assert "gradients" not in shown


def test_named_arguments_arrays_and_options_are_passed_on():
    def f(x, *, scale, axis):
        return (x * scale).sum(axis=axis).sum()

    explanation = cr.explain(f, np.ones((2, 2), np.float32), scale=2.0, axis=1)
    assert explanation.gradients["x"].tolist() == [[2.0, 2.0], [2.0, 2.0]]
    assert float(explanation.gradients["scale"]) == 4.0


def test_nested_arguments_are_named_by_their_place():
    f, args = FUNCTIONS["nested"]
    assert list(cr.explain(f, *args).gradients) == ["p['w'][0]", "p['w'][1]", "p['b']"]


def test_scan_is_shown_step_by_step():
    f = lambda w, xs: cr.scan(lambda h, x: (w * h + x, None), cr.tensor(0.0), xs)[0]  # noqa: E731
    shown = str(cr.explain(f, 0.5, cr.tensor([1.0, 2.0])))
    assert "scan step 0" in shown
    assert "scan step 1" in shown


def test_large_tensors_are_summarised():
    shown = str(cr.explain(lambda x: (x * 2).mean(), cr.arange(100, dtype="float32")))
    assert "x: f32[100]  (min 0.0, mean 49.5, max 99.0)" in shown
    assert len(max(shown.splitlines(), key=len)) < 160


def test_nothing_is_left_behind():
    before = list(cr.core.interpreter.state.layers)
    with pytest.raises(ZeroDivisionError):
        cr.explain(lambda x: x / 0 if 1 / 0 else x, 1.0)
    assert cr.core.interpreter.state.layers == before
    assert not cr.core.interpreter.state.wants_lines


def test_mistakes():
    with pytest.raises(DTypeError, match="explain takes a function"):
        cr.explain(small(cr.tensor(1.0), cr.tensor(2.0)), 1.0)
    with pytest.raises(GraphError, match="not known while a function is recorded"):
        cr.record(lambda x: cr.explain(lambda y: y * y, x).results, cr.tensor(1.0))


class Page(HTMLParser):
    """Collects what a page holds, and that its elements are closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text, self.outside = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.outside += [value for key, value in attrs if key in ("src", "href")]
        if tag not in ("meta", "mspace"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag != "mspace":
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_html_is_one_page_that_needs_nothing_else(tmp_path):
    loss, _ = network()
    explanation = cr.explain(loss, X, LABELS)
    explanation.save(tmp_path / "page.html")
    source = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(source)
    assert page.open == []
    assert page.outside == []
    assert "script" not in page.seen
    assert "url(" not in source
    assert "http" not in source
    assert page.seen.count("details") > 10
    assert page.seen.count("math") > len(explanation.steps)
    assert "Linear '0'" in "".join(page.text)
    assert explanation._repr_html_() in source


def test_html_escapes_the_users_line():
    shown = cr.explain(lambda x: x * (1 if x.size < 3 else 2) + len("<script>"), 1.0).to_html()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def test_latex_has_all_equations_and_balanced_braces():
    loss, _ = network()
    shown = cr.explain(loss, X, LABELS).to_latex()
    assert shown.count(r"\begin{align*}") == shown.count(r"\end{align*}") == 5
    plain = shown.replace(r"\{", "").replace(r"\}", "")
    assert plain.count("{") == plain.count("}")
    assert r"\in \mathbb{R}^{5 \times 4}" in shown
    scalar = cr.explain(lambda x: cr.sin(x) * x, 1.0).to_latex()
    said = r"\frac{\partial L}{\partial x} &\leftarrow g \cdot \cos x = 1.0 \cdot 0.540302 = 0.540302"
    assert said in scalar
    assert r"test\_explain.py" in scalar


def test_chinese(monkeypatch):
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    shown = cr.explain(lambda x: x.detach() * x, 2.0)
    assert "前向" in str(shown)
    assert "已断开(x)" in str(shown)
    assert '<html lang="zh">' in shown.to_html()


def test_complex_numbers_stand_in_brackets_where_they_are_factors():
    shown = str(cr.explain(lambda z: cr.abs(z * z), cr.tensor(1 + 2j)))
    assert "z · z = (1.0 + 2.0 i) · (1.0 + 2.0 i) = -3.0 + 4.0 i" in shown
    # Reverse mode multiplies by the conjugate: (-0.6 + 0.8 i) · (1 - 2 i).
    assert "(-0.6 + 0.8 i) · (1.0 - 2.0 i) = 1.0 + 2.0 i" in shown


def test_each_result_of_a_step_has_its_value_and_gradient():
    def f(a):
        sign, logarithm = cr.linalg.slogdet(a)
        return sign * logarithm

    shown = str(cr.explain(f, cr.tensor([[2.0, 0.0], [0.0, 4.0]])))
    forward, backward = shown.split("backward")
    assert "         v1 = 1.0\n         v2 = 2.07944\n" in forward
    assert "         g_v2 = ∂L/∂v2 = 1.0\n" in backward


def test_eigenvalue_gaps_are_between_rows_and_columns():
    shown = str(cr.explain(lambda a: cr.linalg.eigh(a)[1][0, 0], cr.tensor([[2.0, 1.0], [1.0, 3.0]])))
    half = "v3 ((1 / (v2 - v2[:, None] + I) - I) · v3ᵀ g_v3) v3ᵀ"
    assert f"∂L/∂v1: f32[2, 2] = 0.5 · ({half} + ({half})ᵀ)" in shown


def test_recording_inside_is_no_step():
    def f(x):
        graph = cr.record(lambda x: cr.sin(x) * x, x)
        loop = cr.record(lambda x: cr.scan(lambda s, v: (s * v, None), 1.0 + x, cr.ones(1) * 2)[0], x)
        return graph(x)[0] + loop(x)[0]

    explanation = cr.explain(f, 0.5)
    assert [step.op.name for step in explanation.steps if step.parts] == [
        "sin",
        "multiply",
        "add",
        "scan",
        "add",
    ]
    np.testing.assert_allclose(explanation.gradients["x"], np.sin(0.5) + 0.5 * np.cos(0.5) + 2, rtol=1e-6)
