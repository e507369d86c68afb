"""Wrong shapes and axes: call, kind of error, message in English and in Chinese."""

from __future__ import annotations

import chainrule as cr
from chainrule.errors import ConfigError, DTypeError, ShapeError, StateError

T = cr.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
V = cr.tensor([1.0, 2.0, 3.0])


ROWS = [
    (
        lambda: T @ T,
        ShapeError,
        "matmul: axis -1 of a is 3, but axis -2 of b is 2; they are multiplied with each other and must "
        "be equal (a (2, 3), b (2, 3)). Did you mean a @ b.T?",
        "matmul：a 的轴 -1 为 3，而 b 的轴 -2 为 2；两者相乘，必须相等（a (2, 3), b (2, 3)）。是否想写 a "
        "@ b.T？",
    ),
    (
        lambda: V @ cr.ones((4, 2)),
        ShapeError,
        "matmul: axis -1 of a is 3, but axis -2 of b is 4; they are multiplied with each other and must "
        "be equal (a (3,), b (4, 2))",
        "matmul：a 的轴 -1 为 3，而 b 的轴 -2 为 4；两者相乘，必须相等（a (3,), b (4, 2)）",
    ),
    (
        lambda: T.T @ cr.ones((3, 4)),
        ShapeError,
        "matmul: axis -1 of a is 2, but axis -2 of b is 3; they are multiplied with each other and must "
        "be equal (a (3, 2), b (3, 4)). Did you mean a.T @ b?",
        "matmul：a 的轴 -1 为 2，而 b 的轴 -2 为 3；两者相乘，必须相等（a (3, 2), b (3, 4)）。是否想写 "
        "a.T @ b？",
    ),
    (
        lambda: T @ 3,
        ShapeError,
        "matmul: b has no axes; a matrix product needs vectors or matrices (a (2, 3), b ()). Use * to "
        "multiply by a number",
        "matmul：b 没有轴；矩阵乘法需要向量或矩阵（a (2, 3), b ()）。乘以一个数请用 *",
    ),
    (
        lambda: cr.ones((2, 4, 3)) @ cr.ones((5, 3, 2)),
        ShapeError,
        "matmul: axis -3 is 2 in a but 5 in b (a (2, 4, 3), b (5, 3, 2)). Extents must be equal, or one "
        "of them 1",
        "matmul：轴 -3 在 a 中为 2，在 b 中为 5（a (2, 4, 3), b (5, 3, 2)）。两者必须相等，或其中之一为 1",
    ),
    (
        lambda: T + cr.ones(2),
        ShapeError,
        "add: axis -1 is 3 in x but 2 in y (x (2, 3), y (2,)). Extents must be equal, or one of them 1",
        "add：轴 -1 在 x 中为 3，在 y 中为 2（x (2, 3), y (2,)）。两者必须相等，或其中之一为 1",
    ),
    (
        lambda: cr.where(T > 1, V, cr.ones(2)),
        ShapeError,
        "where: axis -1 is 3 in c but 2 in y (c (2, 3), x (3,), y (2,)). Extents must be equal, or one "
        "of them 1",
        "where：轴 -1 在 c 中为 3，在 y 中为 2（c (2, 3), x (3,), y (2,)）。两者必须相等，或其中之一为 1",
    ),
    (
        lambda: T.reshape(4, 2),
        ShapeError,
        "reshape: 6 elements do not fill the shape (4, 2) (x (2, 3)). The product of the extents must "
        "stay 6; one of them may be -1",
        "reshape：6 个元素填不满形状 (4, 2)（x (2, 3)）。各轴长度之积必须仍为 6；其中一个可写 -1",
    ),
    (
        lambda: T.reshape(-1, 4),
        ShapeError,
        "reshape: 6 elements do not fill the shape (-1, 4) (x (2, 3)). The product of the extents must "
        "stay 6; one of them may be -1",
        "reshape：6 个元素填不满形状 (-1, 4)（x (2, 3)）。各轴长度之积必须仍为 6；其中一个可写 -1",
    ),
    (
        lambda: T.reshape(-1, -1),
        ShapeError,
        "reshape: 6 elements do not fill the shape (-1, -1) (x (2, 3)). The product of the extents must "
        "stay 6; one of them may be -1",
        "reshape：6 个元素填不满形状 (-1, -1)（x (2, 3)）。各轴长度之积必须仍为 6；其中一个可写 -1",
    ),
    (
        lambda: T.transpose(0, 0),
        ShapeError,
        "transpose: axes (0, 0) must name each of the 2 axes once (x (2, 3))",
        "transpose：axes (0, 0) 必须把 2 个轴各写一次（x (2, 3)）",
    ),
    (
        lambda: cr.broadcast_to(T, (3, 3)),
        ShapeError,
        "broadcast_to: axis -2 has extent 2 and cannot be stretched to 3 (x (2, 3), to (3, 3)); only an "
        "axis of extent 1 can",
        "broadcast_to：轴 -2 的长度为 2，不能拉伸到 3（x (2, 3), to (3, 3)）；只有长度为 1 的轴可以",
    ),
    (
        lambda: cr.broadcast_to(T, (3,)),
        ShapeError,
        "broadcast_to: a tensor of 2 axes cannot become one of 1 (x (2, 3), to (3,)); axes can be added "
        "in front, not dropped",
        "broadcast_to：2 维张量不能变成 1 维（x (2, 3), to (3,)）；只能在前面加轴，不能去掉轴",
    ),
    (
        lambda: T.squeeze(0),
        ShapeError,
        "squeeze: axis 0 has extent 2; only an axis of extent 1 can be dropped (x (2, 3))",
        "squeeze：轴 0 的长度为 2；只有长度为 1 的轴可以去掉（x (2, 3)）",
    ),
    (
        lambda: cr.flatten(T, 1, 0),
        ShapeError,
        "flatten: start_dim 1 stands after end_dim 0 (x (2, 3))",
        "flatten：start_dim 1 在 end_dim 0 之后（x (2, 3)）",
    ),
    (
        lambda: cr.concatenate([T, T.T]),
        ShapeError,
        "concatenate: x1 has extent 2 at axis 1, expected 3 (x0 (2, 3), x1 (3, 2)). All axes but the "
        "joined one must agree",
        "concatenate：x1 在轴 1 的长度为 2，应为 3（x0 (2, 3), x1 (3, 2)）。除拼接轴外各轴必须一致",
    ),
    (
        lambda: cr.concatenate([T, V]),
        ShapeError,
        "concatenate: x1 has 1 axes, expected 2 (x0 (2, 3), x1 (3,)). All must have equally many; "
        "cr.expand_dims adds one, and cr.stack joins along a new axis",
        "concatenate：x1 有 1 个轴，应为 2 个（x0 (2, 3), x1 (3,)）。各张量的轴数必须相等；"
        "cr.expand_dims 可加轴，cr.stack 沿新轴拼接",
    ),
    (
        lambda: cr.concatenate(T, V),
        DTypeError,
        "concatenate: the axis must be an integer, got Tensor. The tensors to join stand in one list: "
        "cr.concatenate([a, b])",
        "concatenate：轴必须是整数，实际为 Tensor。要拼接的张量写在一个列表里：cr.concatenate([a, b])",
    ),
    (
        lambda: cr.concatenate([]),
        ShapeError,
        "concatenate: there is nothing to join; give at least one tensor",
        "concatenate：没有可拼接的张量；请至少给出一个",
    ),
    (
        lambda: cr.stack([T, V]),
        ShapeError,
        "stack: x1 has shape (3,), the first has (2, 3); all must be equal",
        "stack：x1 的形状为 (3,)，第一个为 (2, 3)；所有形状必须相等",
    ),
    (
        lambda: cr.split(T, 2, axis=1),
        ShapeError,
        "split: axis 1 has extent 3, which 2 equal parts do not divide (x (2, 3))",
        "split：轴 1 的长度为 3，不能等分为 2 份（x (2, 3)）",
    ),
    (
        lambda: cr.split(T, [5]),
        ShapeError,
        "split: the places [5] must rise from 0 to the extent 2 of axis 0",
        "split：切分位置 [5] 必须在 0 到轴 0 的长度 2 之间递增",
    ),
    (
        lambda: cr.pad(T, (1, 2, 3)),
        ShapeError,
        "pad: widths must be a number of at least 0, a pair (before, after), or a list of such pairs, "
        "one for each of the 2 axes; got (1, 2, 3)",
        "pad：widths 应为不小于 0 的数、一个（前，后）数对，或为 2 个轴各给一个数对的列表；实际为 (1, 2, 3)",
    ),
    (
        lambda: cr.zeros((2, -1)),
        ShapeError,
        "zeros: an extent cannot be negative, got (2, -1)",
        "zeros：长度不能为负，实际为 (2, -1)",
    ),
    (
        lambda: cr.zeros(2.5),
        DTypeError,
        "zeros: expected an integer or a tuple of integers, got 2.5",
        "zeros：应为整数或由整数组成的元组，实际为 2.5",
    ),
    (
        lambda: cr.einsum("ik,kj->ij", T, T),
        ShapeError,
        "einsum: in 'ik,kj->ij' the letter k is 3 before, but axis 0 of operand 1 is 2 "
        "(x0 (2, 3), x1 (2, 3))",
        "einsum：在 'ik,kj->ij' 中，字母 k 此前为 3，而第 1 个操作数的轴 0 为 2（x0 (2, 3), x1 (2, 3)）",
    ),
    (
        lambda: cr.einsum("ik,kj->ij", V, T),
        ShapeError,
        "einsum: in 'ik,kj->ij' the letters 'ik' do not fit operand 0, which has 1 axes (x0 (3,), x1 (2, 3))",
        "einsum：在 'ik,kj->ij' 中，字母 'ik' 与第 0 个操作数不符，它有 1 个轴（x0 (3,), x1 (2, 3)）",
    ),
    (
        lambda: cr.einsum("ij;jk", T, T),
        ConfigError,
        "einsum: 'ij;jk' must be letters of each operand, with commas between, and after -> those of the "
        "result, for example 'ik,kj->ij'; ... may stand once in each",
        "einsum：'ij;jk' 应为各操作数的字母，以逗号分隔，-> 之后为结果的字母，例如 'ik,kj->ij'；"
        "每处可有一个 ...",
    ),
    (
        lambda: cr.einsum("ij,jk->im", T, T.T),
        ConfigError,
        "einsum: in 'ij,jk->im' the letter m of the result must stand there once, and in an operand",
        "einsum：在 'ij,jk->im' 中，结果的字母 m 只能出现一次，且须出现在某个操作数中",
    ),
    (
        lambda: cr.tensordot(T, T, 5),
        ShapeError,
        "tensordot: axes must be a number of axes that both tensors have, or two lists of equal length; "
        "got 5 (a (2, 3), b (2, 3))",
        "tensordot：axes 应为两个张量都具有的轴数，或两个等长的列表；实际为 5（a (2, 3), b (2, 3)）",
    ),
    (
        lambda: cr.max(cr.zeros((0, 2)), axis=0),
        ShapeError,
        "max: axis 0 has extent 0, and the max of nothing is undefined (x (0, 2)). Check for empty data "
        "before",
        "max：轴 0 的长度为 0，对空集求 max 没有定义（x (0, 2)）。请先检查数据是否为空",
    ),
    (
        lambda: cr.zeros((0,)).mean(),
        ShapeError,
        "mean: axis 0 has extent 0, and the mean of nothing is undefined (x (0,)). Check for empty data "
        "before",
        "mean：轴 0 的长度为 0，对空集求 mean 没有定义（x (0,)）。请先检查数据是否为空",
    ),
    (
        lambda: cr.var(V, ddof=3),
        ShapeError,
        "var: ddof = 3 leaves nothing to divide by: 3 elements are folded into one (x (3,))",
        "var：ddof = 3 使除数不为正：每 3 个元素归约为一个（x (3,)）",
    ),
    (
        lambda: T.assign(V),
        StateError,
        "tensor: cannot assign shape (3,) to a tensor of shape (2, 3); the shapes must be equal",
        "tensor：不能把形状 (3,) 赋给形状为 (2, 3) 的张量；两者必须相等",
    ),
    (
        lambda: T.sum(axis=2),
        ShapeError,
        "sum: axis 2 is outside a tensor of 2 axes (x (2, 3)); use -2 to 1",
        "sum：轴 2 超出了 2 维张量的范围（x (2, 3)）；可用 -2 到 1",
    ),
    (
        lambda: T.mean(axis=5),
        ShapeError,
        "mean: axis 5 is outside a tensor of 2 axes (x (2, 3)); use -2 to 1",
        "mean：轴 5 超出了 2 维张量的范围（x (2, 3)）；可用 -2 到 1",
    ),
    (
        lambda: cr.softmax(T, axis=3),
        ShapeError,
        "softmax: axis 3 is outside a tensor of 2 axes (x (2, 3)); use -2 to 1",
        "softmax：轴 3 超出了 2 维张量的范围（x (2, 3)）；可用 -2 到 1",
    ),
    (
        lambda: T.sum(axis=(0, 0)),
        ShapeError,
        "sum: axis 0 is named twice in (0, 0) (x (2, 3)). Name each axis once",
        "sum：轴 0 在 (0, 0) 中出现了两次（x (2, 3)）。每个轴只写一次",
    ),
    (
        lambda: T.sum(axis=1.5),
        DTypeError,
        "sum: an axis is an integer, or several in a tuple; got float",
        "sum：轴应为整数，多个轴写成元组；实际为 float",
    ),
    (
        lambda: cr.swapaxes(T, 0, 2),
        ShapeError,
        "swapaxes: axis 2 is outside a tensor of 2 axes (x (2, 3)); use -2 to 1",
        "swapaxes：轴 2 超出了 2 维张量的范围（x (2, 3)）；可用 -2 到 1",
    ),
    (
        lambda: cr.expand_dims(T, 5),
        ShapeError,
        "expand_dims: axis 5 is outside a tensor of 3 axes (x (2, 3)); use -3 to 2",
        "expand_dims：轴 5 超出了 3 维张量的范围（x (2, 3)）；可用 -3 到 2",
    ),
]
