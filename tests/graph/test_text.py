"""What is printed of a graph reads back as the same graph."""

import random
import re
import time

import numpy as np
import pytest

import chainrule as cr
from chainrule import dtypes, nn, optim
from chainrule.errors import GraphError
from chainrule.graph import Graph, Node
from chainrule.graph.text import shown_param
from chainrule.graph.tokens import Tokens
from chainrule.graph.values import parameter
from chainrule.ops import TABLE

ROWS = [(row, case) for row in TABLE.values() for case in row.samples]


def check(graph):
    text = graph.to_text(full=True)
    read = Graph.parse(text)
    read.verify()
    assert read.same_as(graph)
    assert graph.same_as(read)
    assert read.to_text(full=True) == text
    assert str(read) == str(graph)
    return read


@pytest.mark.parametrize(("row", "case"), ROWS, ids=[f"{r.name}{i}" for i, (r, _) in enumerate(ROWS)])
def test_every_row_reads_back(row, case, rng):
    check(cr.record(lambda *x: row(*x, **case.params), *case.draw(rng, row.domain)))


def loops():
    def f(x, p):
        total, sums = cr.scan(lambda s, v: (s + v * 2.0, s), x[0], x, reverse=True)
        chosen = cr.cond(p, lambda s: s + 1.0, lambda s: cr.scan(lambda a, v: (a * v, a), s, x)[0], total)
        grown = cr.while_loop(lambda s: cr.sum(s) < 10.0, lambda s: s * 2.0 + 1.0, chosen)
        return {"total": total, "rest": (sums, grown)}

    return cr.record(f, cr.ones((4, 2)), cr.tensor(True))


def training_step():
    cr.random.seed(0)
    model = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Dropout(0.3), nn.Linear(5, 3))
    optimizer = optim.Adam(model.parameters(), lr=1e-3)

    def step(x, y):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return cr.record(step, cr.ones((2, 4)), cr.tensor([0, 2]))


def recurrent_step():
    model = nn.LSTM(3, 4)
    optimizer = optim.SGD(model.parameters(), lr=0.1)

    def step(x):
        optimizer.zero_grad()
        loss = cr.sum(model(x)[0] ** 2)
        loss.backward()
        optimizer.step()
        return loss

    return cr.record(step, cr.ones((5, 2, 3)))


GRAPHS = [loops, training_step, recurrent_step]


@pytest.mark.parametrize("build", GRAPHS)
def test_programs_read_back(build):
    graph = build()
    read = check(graph)
    assert [(node.scopes, node.line) for node in read.nodes] == [(n.scopes, n.line) for n in graph.nodes]


def test_a_graph_that_was_read_runs_and_has_states_of_zeros():
    graph = training_step()
    read = check(graph)
    assert all(isinstance(s.tensor, cr.State) and not s.tensor.numpy().any() for s in read.states)
    for new, old in zip(read.states, graph.states, strict=True):
        new.tensor.assign(old.tensor)
    given = cr.ones((2, 4)), cr.tensor([0, 2])
    np.testing.assert_array_equal(read(*given)[0].numpy(), graph(*given)[0].numpy())
    for new, old in zip(read.states, graph.states, strict=True):
        np.testing.assert_array_equal(new.tensor.numpy(), old.tensor.numpy())


PARAMS = [
    *(
        0,
        -7,
        10**300,
        True,
        False,
        None,
        0.1,
        -0.0,
        float("inf"),
        -float("inf"),
        1e-320,
        1.7976931348623157e308,
    ),
    *("", "ik,kj->ij", "it's", 'say "no"', "tab\tline\nslash\\", "张量 ∂"),
    *((), (1,), (1, 2), ((0, 1), (2, -1)), [1, [2.5]], (None, "a", True)),
    *(slice(1, None, 2), 1 + 2j, complex(-0.0, float("inf"))),
    *map(dtypes.canonical, [*map(str, dtypes.SUPPORTED), *dtypes.EXTENDED]),
]


@pytest.mark.parametrize("value", PARAMS, ids=repr)
def test_every_kind_of_parameter_reads_back(value):
    read = parameter(Tokens(shown_param(value)))
    assert type(read) is type(value)
    assert repr(read) == repr(value)


def test_nan_and_numpy_numbers_read_back():
    assert np.isnan(parameter(Tokens(shown_param(float("nan")))))
    assert parameter(Tokens(shown_param(np.float32(0.5)))) == 0.5
    assert parameter(Tokens(shown_param(np.int64(3)))) == 3


@pytest.mark.parametrize("dtype", [*map(str, dtypes.SUPPORTED), *dtypes.EXTENDED])
@pytest.mark.parametrize("shape", [(), (3,), (2, 1), (5, 4), (0, 2)])
def test_constants_read_back_bit_for_bit(dtype, shape, rng):
    dtype = dtypes.canonical(dtype)
    size = int(np.prod(shape))
    for _ in range(20):
        if dtypes.letter(dtype) in "fc" and dtype.itemsize > 1:
            array = np.frombuffer(rng.bytes(size * dtype.itemsize), dtype).reshape(shape)
        else:
            array = rng.integers(0, 2 if dtypes.letter(dtype) == "b" else 8, shape).astype(dtype)
        read = check(cr.record(lambda array=array: cr.tensor(array)))
        (found,) = read.constants.values()
        assert found.tobytes() == array.tobytes()


@pytest.mark.parametrize("value", [np.nan, -np.nan, np.inf, -0.0, 1e-45, 3.4e38, 0.1, 16777217.0])
def test_special_constants_read_back(value):
    for dtype in ("float16", "float32", "float64", "bfloat16"):
        with np.errstate(over="ignore"):
            array = np.array(value).astype(dtypes.canonical(dtype))
        check(cr.record(lambda array=array: cr.tensor(array)))


def test_long_constants_are_left_out_unless_asked_for():
    graph = cr.record(lambda x: x + cr.tensor(np.arange(10.0)), cr.ones(10))
    assert "<10 elements>" in str(graph)
    with pytest.raises(GraphError, match=r"line 2, column \d+: .*to_text\(full=True\)"):
        Graph.parse(str(graph))
    check(graph)


NAMES = ["x", "0.weight", "3", "1e5", "return", "state", "a b", 'q"uote', "逗,号", "∂x", "", "x\ny", "nan"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_reads_back(name):
    w = cr.State([1.0], name=name)
    graph = cr.record(lambda x: w * x + w, cr.Tensor([1.0], name=name), name=name or "f")
    read = check(graph)
    assert read.inputs[0].name == graph.inputs[0].name


def test_variables_of_the_same_name_are_told_apart():
    a, b = cr.State([1.0], name="w"), cr.State([2.0], name="w")
    graph = cr.record(lambda x: a * x + b, cr.ones(1))
    read = check(graph)
    assert [s.before.name for s in read.states] == ["w", "w_2"]


@pytest.mark.parametrize(
    ("scopes", "line"),
    [((), "f.py:1: a | b"), (("a/b", "c|d", "\\"), ""), (("a",), "f.py:2: x # y"), ((" a ",), "|"), ((), "")],
)
def test_scopes_and_lines_read_back(scopes, line):
    graph = cr.record(cr.exp, cr.ones(2))
    node = graph.nodes[0]
    graph.nodes[0] = Node(node.op, node.inputs, node.params, node.outputs, scopes, line)
    read = check(graph).nodes[0]
    assert (read.scopes, read.line) == (scopes, line)


def test_graphs_that_differ_are_not_the_same():
    def graph(f, *given):
        return cr.record(f, *(given or (cr.ones(2),)))

    base = graph(lambda x: cr.exp(x) + 0.0)
    others = [
        graph(lambda x: cr.exp(x) + -0.0),
        graph(lambda x: cr.exp2(x) + 0.0),
        graph(lambda x: 0.0 + cr.exp(x)),
        graph(lambda x: cr.exp(x) + 0.0, cr.ones(3)),
        graph(lambda x: (cr.exp(x) + 0.0, x)),
        graph(lambda x, y: cr.exp(x) + 0.0, cr.ones(2), cr.ones(2)),
        graph(lambda x: cr.sum(cr.exp(x)) + 0.0),
    ]
    assert base.same_as(graph(lambda y: cr.exp(y) + 0.0))
    assert [other for other in others if base.same_as(other)] == []
    assert not base.same_as("text")


BAD = [
    ("", "line 1, column 1: expected 'graph', got the end of the text"),
    ("graph f(x: f32[2])", "line 1, column 19: expected ':', got the end of the text"),
    ("graph f(x: f31[2]):\n  return x", "line 1, column 12: expected one of bool, .*, got f31"),
    ("graph f(x: f32[-2]):\n  return x", "line 1, column 16: expected an extent .*, got -2"),
    (f"graph f(x: f32[{2**63}]):\n  return x", "line 1, column 16: expected an extent"),
    (
        f"graph f(x: f32[{'9' * 9999}]):\n  return x",
        "line 1, column 16: expected at most 400 digits, got 9999",
    ),
    ("graph f(x: f32[2]):\n  return y", "line 2, column 10: y is used before it is defined"),
    ("graph f(x: f32[2], x: f32[2]):\n  return x", "line 1, column 20: x is defined twice"),
    (
        "graph f(x: f32[2]):\n  y: f32[2] = expp(x)\n  return y",
        "line 2, .* no operation expp. Did you mean exp?",
    ),
    (
        "graph f(x: f32[2]):\n  y: f32[3] = exp(x)\n  return y",
        "line 2, .* is declared f32.3., but exp gives f32.2.",
    ),
    ("graph f(x: f32[2]):\n  y: f32[2] = exp(x, x)\n  return y", "line 2, .*exp takes"),
    (
        "graph f(x: f32[2]):\n  y: f32[2] = exp(x, a=1)\n  return y",
        "line 2, .* exp cannot have these inputs and",
    ),
    ("graph f(x: f32[2]):\n  y: f32[] = sum(x, axis=(0,))\n  return y", "line 2, .* sum cannot have"),
    ("graph f(x: f32[2]):\n  y: f32[] = sum(x, axis=(9,), keepdims=False)\n  return y", "line 2, .* sum"),
    ("graph f():\n  const k: f32[2] = [1.0]\n  return k", "line 2, column 21: f32.2. has 2 elements, got 1"),
    (
        "graph f():\n  const k: i64[] = 0.5\n  return k",
        "line 2, column 20: expected elements of type int64, got 0.5",
    ),
    (
        "graph f():\n  const k: i8[] = 300\n  return k",
        "line 2, column 19: expected elements of type int8, got",
    ),
    ('graph f():\n  const k: f32[] = bits "00"\n  return k', "line 2, column 25: expected two hexadecimal"),
    ('graph f():\n  const k: f32[] = bits "zz"\n  return k', "line 2, column 25: expected two hexadecimal"),
    ("graph f():\n  const k: f32[3] = <3 elements>\n  return k", "line 2, .* were left out"),
    ("graph f():\n  state s: f32[2] := y\n  return", "line 2, column 22: y is used before"),
    (
        "graph f(y: f32[3]):\n  state s: f32[2] := y\n  return",
        "line 2, .*expected a variable of f32.2., got y: f32.3.",
    ),
    ("graph f():\n  state s: f32[9000000000000000000]\n  return", "line 2, column 9: there is no memory"),
    (
        "graph f(x: f32[2]):\n  y: f32[2] = exp(x, a=" + "(" * 99999,
        "line 2, column .*: nested more than 32 deep",
    ),
    (
        'graph f(x: f32[2]):\n  y: f32[2] = exp("x)\n  return y',
        "line 2, column 19: expected a name, got '\"'",
    ),
    (
        'graph f(x: f32[2]):\n  y: f32[2] = exp("\\q")\n  return y',
        "line 2, column 19: expected a string as in JSON",
    ),
    ("graph f(x: f32[2]):\n  return x\nmore", "line 3, column 1: expected the end of the text, got 'more'"),
    ("graph f(x: f32[2]):\n  y: f32[2] = scan(x, body=<b>)\n  return y", "line 3, .*expected 'body = graph"),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_what_is_no_graph_is_refused_with_line_and_column(text, said):
    with pytest.raises(GraphError) as caught:
        Graph.parse(text)
    assert re.match(said, str(caught.value))


def test_bodies_that_do_not_fit_are_refused():
    text = loops().to_text(full=True)
    for old, new in (("carries=1", "carries=2"), ("length=4", "length=5"), ("operands=1", "operands=7")):
        with pytest.raises(GraphError, match=r"line \d+, column \d+: "):
            Graph.parse(text.replace(old, new))


def test_nested_bodies_end_somewhere():
    inner = "graph body(s: f32[]):\nreturn s\n"
    for _ in range(100):
        call = "r: f32[] = while_loop(s, going=<going>, body=<body>, carries=1, cond_captures=0)\n"
        inner = (
            f"graph body(s: f32[]):\n{call}going = graph going(s: f32[]):\nreturn s\nbody = {inner}return r\n"
        )
    with pytest.raises(GraphError, match=r"nested more than 16 deep"):
        Graph.parse(inner)


def damaged(rng, texts, words):
    text = rng.choice(texts)
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        start = rng.randrange(len(text))
        end = start + rng.choice([0, 1, 2, 5, 50, 500])
        text = text[:start] + rng.choice(["", rng.choice(words), text[end : end + 10]]) + text[end:]
    return text[: rng.randrange(len(text) + 1)] if rng.random() < 0.1 else text


def parsed_or_refused(text):
    """What the error says, or nothing."""
    try:
        Graph.parse(text).verify()
    except GraphError as problem:
        return str(problem)
    return ""


CASES = 500
HOSTILE = [
    "(",
    "[",
    "<",
    '"',
    "'",
    "-",
    "\\",
    "9" * 500,
    "1e999",
    "nan",
    ":=",
    "((((((",
    "\0",
    "é",
    "#",
    "\n",
]


def test_damaged_text_gives_an_error_or_a_graph_that_is_well_formed():
    seed = 20240
    print(f"seed {seed}")
    rng = random.Random(seed)
    texts = [build().to_text(full=True) for build in GRAPHS]
    words = [*HOSTILE, *(word for text in texts for word in text.replace(",", " ").split())]
    read = slowest = 0
    for _ in range(CASES):
        text = damaged(rng, texts, words)
        start = time.perf_counter()
        said = parsed_or_refused(text)
        slowest = max(slowest, time.perf_counter() - start)
        read += not said
        assert not said or re.match(r"line \d+, column \d+: ", said), text
    print(f"{read} of {CASES} were graphs; the slowest took {slowest:.3f} s")
    assert 0 < read < CASES
    assert slowest < 2
