"""A table of bad calls and of the exact messages they give, in English and in Chinese.

Layers, losses, data, metrics, optimizers and the command have tables of their own.
"""

import pytest

import chainrule as cr
from chainrule import errors

# The call, the kind of error, the first line of its message in English and in Chinese.
TABLE = [
    (
        lambda: cr.ones((2, 3)) @ cr.ones((2, 3)),
        errors.ShapeError,
        "matmul: axis -1 of a is 3, but axis -2 of b is 2; they are multiplied with each other and must be equal (a (2, 3), b (2, 3))",
        "matmul：a 的轴 -1 为 3，而 b 的轴 -2 为 2；两者相乘，必须相等（a (2, 3), b (2, 3)）",
    ),
    (
        lambda: cr.ones((2, 3)) @ 3.0,
        errors.ShapeError,
        "matmul: b has no axes; a matrix product needs vectors or matrices (a (2, 3), b ()). Use * to multiply by a number",
        "matmul：b 没有轴；矩阵乘法需要向量或矩阵（a (2, 3), b ()）。乘以一个数请用 *",
    ),
    (
        lambda: cr.ones((2, 3)) + cr.ones((4,)),
        errors.ShapeError,
        "add: axis -1 is 3 in x but 4 in y (x (2, 3), y (4,)). Extents must be equal, or one of them 1",
        "add：轴 -1 在 x 中为 3，在 y 中为 4（x (2, 3), y (4,)）。两者必须相等，或其中之一为 1",
    ),
    (
        lambda: cr.maximum(cr.ones((5, 1, 2)), cr.ones((4, 7, 1))),
        errors.ShapeError,
        "maximum: axis -3 is 5 in x but 4 in y (x (5, 1, 2), y (4, 7, 1)). Extents must be equal, or one of them 1",
        "maximum：轴 -3 在 x 中为 5，在 y 中为 4（x (5, 1, 2), y (4, 7, 1)）。两者必须相等，或其中之一为 1",
    ),
    (
        lambda: cr.ones((2, 3)).reshape(4, 2),
        errors.ShapeError,
        "reshape: 6 elements do not fill the shape (4, 2) (x (2, 3)). The product of the extents must stay 6; one of them may be -1",
        "reshape：6 个元素填不满形状 (4, 2)（x (2, 3)）。各轴长度之积必须仍为 6；其中一个可写 -1",
    ),
    (
        lambda: cr.ones((2, 3)).reshape(-1, 4),
        errors.ShapeError,
        "reshape: 6 elements do not fill the shape (-1, 4) (x (2, 3)). The product of the extents must stay 6; one of them may be -1",
        "reshape：6 个元素填不满形状 (-1, 4)（x (2, 3)）。各轴长度之积必须仍为 6；其中一个可写 -1",
    ),
    (
        lambda: cr.ones((2, 3)).sum(axis=5),
        errors.ShapeError,
        "sum: axis 5 is outside a tensor of 2 axes (x (2, 3)); use -2 to 1",
        "sum：轴 5 超出了 2 维张量的范围（x (2, 3)）；可用 -2 到 1",
    ),
    (
        lambda: cr.ones((2, 3)).sum(axis=(0, 0)),
        errors.ShapeError,
        "sum: axis 0 is named twice in (0, 0) (x (2, 3)). Name each axis once",
        "sum：轴 0 在 (0, 0) 中出现了两次（x (2, 3)）。每个轴只写一次",
    ),
    (
        lambda: cr.ones((2, 3)).transpose(0, 0),
        errors.ShapeError,
        "transpose: axes (0, 0) must name each of the 2 axes once (x (2, 3))",
        "transpose：axes (0, 0) 必须把 2 个轴各写一次（x (2, 3)）",
    ),
    (
        lambda: cr.ones((0, 3)).max(axis=0),
        errors.ShapeError,
        "max: axis 0 has extent 0, and the max of nothing is undefined (x (0, 3)). Check for empty data before",
        "max：轴 0 的长度为 0，对空集求 max 没有定义（x (0, 3)）。请先检查数据是否为空",
    ),
    (
        lambda: cr.ones((2, 3))[5],
        errors.OutOfRangeError,
        "index: index 5 is out of range for axis 0, which has extent 2 (x (2, 3)); use -2 to 1",
        "index：索引 5 超出轴 0 的范围，其长度为 2（x (2, 3)）；可用 -2 到 1",
    ),
    (
        lambda: cr.ones((2, 3))["a"],
        errors.DTypeError,
        "indexing with 'a' is not possible; use integers, slices, None, ..., or integer and bool tensors",
        "不能用 'a' 作索引；可用整数、切片、None、...，或整数、布尔张量",
    ),
    (
        lambda: cr.ones((2, 3))[0, 0, 0],
        errors.OutOfRangeError,
        "3 indices for a tensor of 2 axes (x (2, 3)); use at most one for each axis",
        "对 2 维张量用了 3 个索引（x (2, 3)）；每个轴至多一个",
    ),
    (
        lambda: cr.ones((2, 3))[cr.tensor([True, False, True])],
        errors.ShapeError,
        "a bool index of shape (3,) does not fit the tensor's axes from 0 on, whose extents are (2,) (x (2, 3)). A mask must have the shape of what it picks from",
        "形状为 (3,) 的布尔索引与张量从轴 0 起的形状 (2,) 不符（x (2, 3)）。掩码的形状必须与被选取部分相同",
    ),
    (
        lambda: cr.ones((2, 3))[cr.tensor([0, 7])],
        errors.OutOfRangeError,
        "gather: index 7 is out of range for axis 0, which has extent 2 (x (2, 3), index (2,)); use -2 to 1",
        "gather：索引 7 超出轴 0 的范围，其长度为 2（x (2, 3), index (2,)）；可用 -2 到 1",
    ),
    (
        lambda: cr.ones((2, 3))[cr.tensor([0.5])],
        errors.DTypeError,
        "indexing with float32 is not possible; use integers, slices, None, ..., or integer and bool tensors",
        "不能用 float32 作索引；可用整数、切片、None、...，或整数、布尔张量",
    ),
    (
        lambda: cr.concatenate([cr.ones((2, 3)), cr.ones((2, 4))]),
        errors.ShapeError,
        "concatenate: x1 has extent 4 at axis 1, expected 3 (x0 (2, 3), x1 (2, 4)). All axes but the joined one must agree",
        "concatenate：x1 在轴 1 的长度为 4，应为 3（x0 (2, 3), x1 (2, 4)）。除拼接轴外各轴必须一致",
    ),
    (
        lambda: cr.concatenate([]),
        errors.ShapeError,
        "concatenate: there is nothing to join; give at least one tensor",
        "concatenate：没有可拼接的张量；请至少给出一个",
    ),
    (
        lambda: cr.stack([cr.ones(2), cr.ones(3)]),
        errors.ShapeError,
        "stack: x1 has shape (3,), the first has (2,); all must be equal",
        "stack：x1 的形状为 (3,)，第一个为 (2,)；所有形状必须相等",
    ),
    (
        lambda: cr.split(cr.ones(5), 2),
        errors.ShapeError,
        "split: axis 0 has extent 5, which 2 equal parts do not divide (x (5,))",
        "split：轴 0 的长度为 5，不能等分为 2 份（x (5,)）",
    ),
    (
        lambda: cr.broadcast_to(cr.ones(3), (2, 4)),
        errors.ShapeError,
        "broadcast_to: axis -1 has extent 3 and cannot be stretched to 4 (x (3,), to (2, 4)); only an axis of extent 1 can",
        "broadcast_to：轴 -1 的长度为 3，不能拉伸到 4（x (3,), to (2, 4)）；只有长度为 1 的轴可以",
    ),
    (
        lambda: cr.squeeze(cr.ones((2, 1)), 0),
        errors.ShapeError,
        "squeeze: axis 0 has extent 2; only an axis of extent 1 can be dropped (x (2, 1))",
        "squeeze：轴 0 的长度为 2；只有长度为 1 的轴可以去掉（x (2, 1)）",
    ),
    (
        lambda: cr.einsum("ik,kj->ij", cr.ones((2, 3)), cr.ones((4, 5))),
        errors.ShapeError,
        "contract: axis -1 of a is 3, but axis -2 of b is 4; they are multiplied with each other and must be equal (a (2, 3), b (4, 5))",
        "contract：a 的轴 -1 为 3，而 b 的轴 -2 为 4；两者相乘，必须相等（a (2, 3), b (4, 5)）",
    ),
    (
        lambda: cr.einsum("ik,kj->ij", cr.ones(3), cr.ones((4, 5))),
        errors.ShapeError,
        "contract: a must have 2 axes for 'ik,kj->ij', got 1 (a (3,), b (4, 5))",
        "contract：按 'ik,kj->ij'，a 必须有 2 个轴，实际为 1 个（a (3,), b (4, 5)）",
    ),
    (
        lambda: cr.tensor([[1, 2], [3]]),
        errors.ShapeError,
        "the rows of a nested list must have equal lengths to become a tensor; along axis 1 there are rows of shape (2,) and (1,). Pad the shorter ones, or keep them as separate tensors",
        "嵌套列表各行的长度必须相等才能变成张量；沿轴 1 有形状为 (2,) 和 (1,) 的行。请补齐较短的行，或分别存为多个张量",
    ),
    (
        lambda: cr.tensor(["a"]),
        errors.DTypeError,
        "'a' (str) is not a real number or bool, nor an array or list of them; only these become tensors",
        "'a'（str）不是实数或布尔值，也不是由它们组成的数组或列表；只有这些才能变成张量",
    ),
    (
        lambda: cr.tensor(None),
        errors.DTypeError,
        "None (NoneType) is not a real number or bool, nor an array or list of them; only these become tensors",
        "None（NoneType）不是实数或布尔值，也不是由它们组成的数组或列表；只有这些才能变成张量",
    ),
    (
        lambda: cr.tensor([1.0], dtype="complex64"),
        errors.DTypeError,
        "element type complex64 is not supported; convert to one of bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64",
        "不支持元素类型 complex64；请转换为以下类型之一：bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64",
    ),
    (
        lambda: cr.ones(2) + None,
        errors.DTypeError,
        "None (NoneType) is not a real number or bool, nor an array or list of them; only these become tensors",
        "None（NoneType）不是实数或布尔值，也不是由它们组成的数组或列表；只有这些才能变成张量",
    ),
    (
        lambda: cr.exp(True, False),
        errors.DTypeError,
        "exp takes one tensor for each of x, got 2",
        "exp 需要为 x 各给一个张量，实际给出 2 个",
    ),
    (
        lambda: cr.where(cr.ones(2), 1.0, 2.0),
        errors.DTypeError,
        "where: c is float32, which it does not take (it takes bool). Cast it first, for example c.astype('bool')",
        "where：c 的类型是 float32，不被接受（可用：bool）。请先转换，例如 c.astype('bool')",
    ),
    (
        lambda: cr.tensor([1], dtype="uint64") + cr.tensor([1], dtype="int64"),
        errors.DTypeError,
        "uint64 and int64 have no common integer type (NumPy would go to float64 in silence); cast one of them first, for example x.astype('uint64')",
        "uint64 与 int64 没有公共的整数类型（NumPy 会悄悄变成 float64）；请先转换其中一个，例如 x.astype('uint64')",
    ),
    (
        lambda: cr.tensor([2]) ** cr.tensor([-1]),
        errors.DTypeError,
        "power: integers have no negative powers among the integers (x (1,), y (1,)). Make the base floating-point: x.astype('float32') ** y",
        "power：整数的负整数次幂不是整数（x (1,), y (1,)）。请把底数转为浮点数：x.astype('float32') ** y",
    ),
    (
        lambda: bool(cr.ones(2)),
        errors.DTypeError,
        "a tensor of shape (2,) has no single truth value; use .any() or .all()",
        "形状为 (2,) 的张量没有唯一的真值；请用 .any() 或 .all()",
    ),
    (
        lambda: float(cr.ones(2)),
        errors.ShapeError,
        "a tensor of 2 elements, of shape (2,), is not a single number; reduce it (.sum(), .mean()), pick an element (x[0]), or use .numpy() or .tolist()",
        "含 2 个元素、形状为 (2,) 的张量不是单个数；请先归约（.sum()、.mean()）、取一个元素（x[0]），或用 .numpy()、.tolist()",
    ),
    (
        lambda: cr.ones(2).item(),
        errors.ShapeError,
        "a tensor of 2 elements, of shape (2,), is not a single number; reduce it (.sum(), .mean()), pick an element (x[0]), or use .numpy() or .tolist()",
        "含 2 个元素、形状为 (2,) 的张量不是单个数；请先归约（.sum()、.mean()）、取一个元素（x[0]），或用 .numpy()、.tolist()",
    ),
    (
        lambda: cr.ones(2).__setitem__(0, 1.0),
        errors.DTypeError,
        "tensors are not changed in place, so that derivatives stay right; build a new one, for example cr.where(mask, new, x), or cr.tensor(array) after changing a NumPy copy",
        "张量不能原地修改，这样导数才始终正确；请构造新张量，例如 cr.where(mask, new, x)，或修改 NumPy 副本后用 cr.tensor(array)",
    ),
    (
        lambda: cr.State([1.0]).assign([1.0, 2.0]),
        errors.StateError,
        "tensor: cannot assign shape (2,) to a tensor of shape (1,); the shapes must be equal",
        "tensor：不能把形状 (2,) 赋给形状为 (1,) 的张量；两者必须相等",
    ),
    (
        lambda: cr.ones(2).backward(),
        errors.GradientError,
        "backward() was called on a tensor that was not computed from anything that requires a gradient. Set requires_grad on the inputs, and check that nothing on the way is detached or under no_grad()",
        "对一个与任何需要梯度的张量都无关的结果调用了 backward()。请给输入设置 requires_grad，并检查途中没有 detach() 或 no_grad()",
    ),
    (
        lambda: (cr.tensor([1.0, 2.0], requires_grad=True) * 2).backward(),
        errors.ShapeError,
        "backward() needs a result of one element, got shape (2,). Reduce it, for example with .sum() or .mean(), or give the gradient to start from to backward() or cr.vjp",
        "backward() 需要只有一个元素的结果，实际形状为 (2,)。请先归约，例如 .sum() 或 .mean()，或向 backward() 或 cr.vjp 给出起始梯度",
    ),
    (
        lambda: cr.tensor([1, 2], requires_grad=True),
        errors.DTypeError,
        "a derivative by a tensor of type int64 does not exist; only floating-point tensors have one. Cast it: x.astype('float32')",
        "类型为 int64 的张量没有导数；只有浮点张量才有。请转换：x.astype('float32')",
    ),
    (
        lambda: cr.grad(lambda x: x * 2)(cr.ones(2)),
        errors.ShapeError,
        "grad needs a result of one element, got shape (2,). Reduce it, for example with .sum() or .mean(), or give the gradient to start from to backward() or cr.vjp",
        "grad 需要只有一个元素的结果，实际形状为 (2,)。请先归约，例如 .sum() 或 .mean()，或向 backward() 或 cr.vjp 给出起始梯度",
    ),
    (
        lambda: cr.grad(lambda x: x)("x"),
        errors.DTypeError,
        "grad: argument 0 is a str; expected a floating-point tensor, or a list, tuple or dict of them",
        "grad：第 0 个参数是 str；应为浮点张量，或由其组成的列表、元组、字典",
    ),
    (
        lambda: cr.grad(lambda x: x.sum())(cr.tensor([1, 2])),
        errors.DTypeError,
        "a derivative by a tensor of type int64 does not exist; only floating-point tensors have one. Cast it: x.astype('float32')",
        "类型为 int64 的张量没有导数；只有浮点张量才有。请转换：x.astype('float32')",
    ),
    (
        lambda: cr.jvp(lambda x: x, (cr.ones(2),), (cr.ones(3),)),
        errors.ShapeError,
        "jvp: tangent 0 has shape (3,), expected that of its argument, (2,)",
        "jvp：tangent 0 的形状为 (3,)，应与其参数一致：(2,)",
    ),
    (
        lambda: cr.record(lambda x: x if x > 0 else -x, cr.tensor(1.0)),
        errors.GraphError,
        "Python cannot branch on a symbolic tensor (bool[]), whose value is not known while the function is recorded. Use cr.where(condition, a, b) to choose, or cr.scan to repeat",
        "录制函数时 Python 不能按符号张量（bool[]）分支，其值尚未知晓。选择请用 cr.where(condition, a, b)，循环请用 cr.scan",
    ),
    (
        lambda: cr.record(lambda x: x.item(), cr.tensor(1.0)),
        errors.GraphError,
        "the elements of a symbolic tensor (f32[]) are not known while a function is recorded. Take numpy(), item() or print() of elements out of the recorded function",
        "录制函数时符号张量（f32[]）的元素尚未知晓。请把 numpy()、item() 或打印元素移出被录制的函数",
    ),
    (
        lambda: cr.record(lambda x: x, cr.ones(2))(cr.ones(3)),
        errors.GraphError,
        "graph lambda: input x0 was recorded as f32[2], got f32[3]. Record the function again for other shapes or types",
        "图 lambda：输入 x0 录制时为 f32[2]，实际为 f32[3]。形状或类型不同时请重新录制",
    ),
    (
        lambda: cr.scan(lambda s, x: (s, s), cr.tensor(0.0), (cr.zeros(3), cr.zeros(4))),
        errors.ShapeError,
        "scan: xs1 has 4 steps along axis 0, the others have 3 (xs0 (3,), xs1 (4,))",
        "scan：xs1 沿轴 0 有 4 步，其余为 3 步（xs0 (3,), xs1 (4,)）",
    ),
    (
        lambda: cr.scan(lambda s, x: (s.reshape(1), s), cr.tensor(0.0), cr.zeros(3)),
        errors.ShapeError,
        "scan: the body must give back its state with the same shapes and types; part 0 came in as f32[] and went out as f32[1]",
        "scan：循环体必须以相同的形状和类型返回状态；第 0 部分输入为 f32[]，输出为 f32[1]",
    ),
    (
        lambda: cr.scan(lambda s, x: s, cr.tensor(0.0), cr.zeros(3)),
        errors.DTypeError,
        "scan: the body must return a pair (new state, result of the step), got Tensor. A step without a result returns (new state, None)",
        "scan：循环体必须返回二元组（新状态，本步结果），实际为 Tensor。没有结果的步返回（新状态，None）",
    ),
]
IDS = [english.split(":")[0][:30] for _, _, english, _ in TABLE]


@pytest.mark.parametrize(("call", "kind", "english", "chinese"), TABLE, ids=IDS)
def test_message(call, kind, english, chinese, monkeypatch):
    for language, expected in (("en", english), ("zh", chinese)):
        monkeypatch.setenv("CHAINRULE_LANG", language)
        with pytest.raises(kind) as caught:
            call()
        first, *_, last = str(caught.value).splitlines()
        assert first == expected
        assert last.strip().startswith("test_errors.py:"), "the user's own line stands last"


def test_kinds_are_the_exceptions_that_python_users_expect():
    assert issubclass(errors.ShapeError, ValueError)
    assert issubclass(errors.DTypeError, TypeError)
    assert issubclass(errors.OutOfRangeError, IndexError)


def test_an_error_tells_its_row_and_values():
    with pytest.raises(errors.ShapeError) as caught:
        cr.ones((2, 3)) + cr.ones(4)
    assert caught.value.key == "ops.broadcast"
    assert caught.value.values["axis"] == -1
