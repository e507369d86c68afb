"""Functions that cannot be recorded, what is done with what they left behind, and the message of each."""

import copy
import math

import numpy as np

import chainrule as cr
from chainrule import nn
from chainrule.errors import GraphError

X = cr.Spec((3,), cr.float32)


def branch(spec):
    return (
        f"Python cannot branch on a symbolic tensor ({spec}), whose value is not known while the function is "
        "recorded; if, while, and, or, not, in, min, max, sorted, any and all do. Use cr.where or cr.cond to "
        "choose, cr.scan or cr.while_loop to repeat, or take this part out of the recorded function",
        f"录制函数时 Python 不能按符号张量（{spec}）分支，其值尚未知晓；"
        "if、while、and、or、not、in、min、max、sorted、any、all 都会分支。"
        "选择请用 cr.where 或 cr.cond，循环请用 cr.scan 或 cr.while_loop，或把这部分移出被录制的函数",
    )


def value(spec):
    return (
        f"the elements of a symbolic tensor ({spec}) are not known while a function is recorded. Compute "
        "with tensors (cr.where and cr.cond choose, cr.scan and cr.while_loop repeat), or take numpy(), "
        "item(), float() and their like out of the recorded function",
        f"录制函数时符号张量（{spec}）的元素尚未知晓。请用张量计算（选择用 cr.where、cr.cond，"
        "循环用 cr.scan、cr.while_loop），或把 numpy()、item()、float() 等移出被录制的函数",
    )


def index(spec):
    return (
        f"a symbolic tensor ({spec}) is no Python integer: its value is not known while the function is "
        "recorded. Index a tensor with it, not a list (cr.stack(list)[i]); count with cr.fori_loop or "
        "cr.while_loop, not range; shapes, axes and lengths must be Python integers",
        f"符号张量（{spec}）不是 Python 整数：录制函数时其值尚未知晓。请用它索引张量而不是列表"
        "（cr.stack(list)[i]）；计数用 cr.fori_loop 或 cr.while_loop 而不是 range；"
        "形状、轴和长度必须是 Python 整数",
    )


def kept(spec):
    return (
        f"a symbolic tensor ({spec}) was kept from a recorded function, and has no elements. Return it from "
        "the function, or assign it to a cr.State",
        f"符号张量（{spec}）在被录制的函数之外仍被保留，它没有元素。请由函数返回它，或赋值给 cr.State",
    )


def escaped(op):
    return (
        f"{op} was given a symbolic tensor whose recording is over. A tensor made inside a recorded function "
        "was kept outside of it; return it from the function instead",
        f"{op} 收到一个录制已结束的符号张量。它在被录制的函数内产生却保存到了函数外；请改为由函数返回",
    )


def record(f):
    return lambda: cr.record(f, X)


def whole(x):
    return x.sum().astype(cr.int64)


def leaked():
    """A symbolic tensor whose recording is over."""
    left = []
    cr.record(lambda x: left.append(x) or x, X)
    return left[0]


def used_in_another(left):
    return cr.record(lambda x: x + left, X)


def repeats(x):
    while x.sum() > 1.0:
        x = x / 2
    return x


class Remembers(nn.Module):
    """A layer that keeps what it computed last in a plain attribute."""

    def forward(self, x):
        self.last = x * 2
        return self.last


def remembered():
    layer = Remembers()
    cr.record(layer, X)
    return layer.last


BRANCHES = (
    lambda x: x if x.sum() > 0 else -x,
    repeats,
    lambda x: x.sum() > 0 and x,
    lambda x: not x.sum() > 0,
    lambda x: 0 < x.sum() < 1,
    lambda x: min(x[0], x[1]),
    lambda x: max(x),
    lambda x: sorted([x[0], x[1]]),
    lambda x: x.sum() in [1.0, 2.0],
    lambda x: 1.0 in x,
    lambda x: any(x > 0),
    lambda x: all(v > 0 for v in x),
    lambda x: x if cr.isnan(x).any() else -x,
    lambda x: cr.scan(lambda s, v: (s if s > 0 else v > 0, s), x[0] > 0, x)[0],
)
VALUES = (
    (lambda x: x * x.sum().item(), "f32[]"),
    (lambda x: x * float(x[0]), "f32[]"),
    (lambda x: x * int(x[0]), "f32[]"),
    (lambda x: x * complex(x[0]), "f32[]"),
    (lambda x: x * math.sqrt(x[0]), "f32[]"),
    (lambda x: x.numpy() * 2, "f32[3]"),
    (lambda x: x.tolist(), "f32[3]"),
    (lambda x: np.asarray(x) * 2, "f32[3]"),
    (lambda x: np.array([x[0], x[1]]), "f32[]"),
    (lambda x: cr.tensor(x), "f32[3]"),
    (lambda x: cr.tensor([x[0], x[1]]), "f32[]"),
    (lambda x: f"{x.sum():.3f}", "f32[]"),
    (lambda x: copy.deepcopy(x), "f32[3]"),
    (lambda x: np.from_dlpack(x), "f32[3]"),
)
INDICES = (
    lambda x: [1.0, 2.0, 3.0][whole(x)],
    lambda x: [x * i for i in range(whole(x))],
    lambda x: x[: whole(x)],
    lambda x: x.reshape((whole(x),)),
    lambda x: x.sum(axis=whole(x)),
)
LATER = (
    (lambda: leaked() + 1.0, escaped("add")),
    (lambda: leaked().sum(), escaped("sum")),
    (lambda: cr.grad(lambda x: (x * leaked()).sum())(cr.ones(3)), escaped("multiply")),
    (lambda: remembered() * 2.0, escaped("multiply")),
    (lambda: leaked().numpy(), kept("f32[3]")),
    (lambda: leaked().tolist(), kept("f32[3]")),
    (lambda: bool(leaked()), kept("f32[3]")),
    (lambda: nn.Parameter(leaked()), kept("f32[3]")),
    (
        lambda: used_in_another(leaked()),
        (
            "add was given a symbolic tensor (f32[3]) of another recording, from which it was kept. Return "
            "it from the function that made it, and give it to this one as an argument",
            "add 收到另一次录制的符号张量（f32[3]），它在那次录制之外被保留。"
            "请由产生它的函数返回，再作为参数传入",
        ),
    ),
    (
        record(lambda x: {"loss": x, "note": "fine"}),
        (
            "lambda returned 'fine' (str); a recorded function returns tensors and numbers, or lists, "
            "tuples and dicts of them",
            "lambda 返回了 'fine'（str）；被录制的函数应返回张量或数，或由它们组成的列表、元组、字典",
        ),
    ),
)
ROWS = [
    *((record(f), GraphError, *branch("bool[]")) for f in BRANCHES),
    *((record(f), GraphError, *value(spec)) for f, spec in VALUES),
    *((record(f), GraphError, *index("i64[]")) for f in INDICES),
    *((call, GraphError, *messages) for call, messages in LATER),
]
