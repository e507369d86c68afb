"""Wrong element types, values and indices: call, kind of error, message in English and in Chinese."""

from __future__ import annotations

import numpy as np

import chainrule as cr
from chainrule.errors import ConfigError, DTypeError, GradientError, OutOfRangeError, ShapeError

T = cr.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
V = cr.tensor([1.0, 2.0, 3.0])
I = cr.tensor([1, 2, 3])  # noqa: E741
LEAF = cr.tensor([1.0, 2.0], requires_grad=True)
TYPES = (
    "bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, float32, float64, complex64, "
    "complex128, bfloat16, float8_e4m3fn, float8_e5m2, int4, uint4"
)


def set_an_element():
    T[0, 0] = 1.0


def change_in_a_loop():
    del V[0]


def branch():
    if V > 2:
        return V
    return -V


ROWS = [
    (
        lambda: cr.tensor([[1.0, 2.0], [3.0]]),
        ShapeError,
        "the rows of a nested list must have equal lengths to become a tensor; along axis 1 there are "
        "rows of shape (2,) and (1,). Pad the shorter ones, or keep them as separate tensors",
        "嵌套列表各行的长度必须相等才能变成张量；沿轴 1 有形状为 (2,) 和 (1,) 的行。请补齐较短的行，或分"
        "别存为多个张量",
    ),
    (
        lambda: cr.tensor(["a"]),
        DTypeError,
        "'a' (str) is not a number or bool, nor an array or list of them; only these become tensors",
        "'a'（str）不是数或布尔值，也不是由它们组成的数组或列表；只有这些才能变成张量",
    ),
    (
        lambda: cr.tensor(None),
        DTypeError,
        "None (NoneType) is not a number or bool, nor an array or list of them; only these become tensors",
        "None（NoneType）不是数或布尔值，也不是由它们组成的数组或列表；只有这些才能变成张量",
    ),
    (
        lambda: cr.tensor("a"),
        DTypeError,
        "'a' (str) is not a number or bool, nor an array or list of them; only these become tensors",
        "'a'（str）不是数或布尔值，也不是由它们组成的数组或列表；只有这些才能变成张量",
    ),
    (
        lambda: cr.tensor([2**70]),
        DTypeError,
        "1180591620717411303424 does not fit the element type int64. Give a wider type, for example "
        "dtype='float64'",
        "1180591620717411303424 超出元素类型 int64 的范围。请给出更宽的类型，例如 dtype='float64'",
    ),
    (
        lambda: cr.tensor([np.nan], dtype="int64"),
        DTypeError,
        "[nan] does not fit the element type int64. Give a wider type, for example dtype='float64'",
        "[nan] 超出元素类型 int64 的范围。请给出更宽的类型，例如 dtype='float64'",
    ),
    (
        lambda: cr.tensor([1.0], dtype="longdouble"),
        DTypeError,
        f"element type {np.dtype('longdouble')} is not supported; convert to one of {TYPES}",
        f"不支持元素类型 {np.dtype('longdouble')}；请转换为以下类型之一：{TYPES}",
    ),
    (
        lambda: cr.tensor([1.0], dtype="number"),
        DTypeError,
        f"'number' does not name an element type; use one of {TYPES}",
        f"'number' 不是元素类型的名称；可用类型：{TYPES}",
    ),
    (
        lambda: cr.tensor([1, 2], dtype="int4") + 1,
        DTypeError,
        "add: x is int4, a type for storage alone. Cast it first: x.astype('int8')",
        "add：x 的类型是 int4，只用于存储。请先转换：x.astype('int8')",
    ),
    (
        lambda: cr.tensor([1.0], dtype="float8_e5m2") + V,
        DTypeError,
        "float8_e5m2 is a type for storage alone and meets no other (float32); cast it first, for example "
        "x.astype('float32')",
        "float8_e5m2 只用于存储，不能与其他类型（float32）混用；请先转换，例如 x.astype('float32')",
    ),
    (
        lambda: cr.tensor([LEAF[0], LEAF[1]]),
        GradientError,
        "a list of tensors that require a gradient would be copied without it; join them with "
        "cr.stack([...]), which keeps derivatives",
        "需要梯度的张量列表会被复制而丢失梯度；请用 cr.stack([...]) 拼接，导数会被保留",
    ),
    (
        lambda: T + "a",
        DTypeError,
        "'a' (str) is not a number or bool, nor an array or list of them; only these become tensors",
        "'a'（str）不是数或布尔值，也不是由它们组成的数组或列表；只有这些才能变成张量",
    ),
    (
        lambda: -cr.tensor([True]),
        DTypeError,
        "negative: x is bool, which it does not take (it takes int, uint, float, complex). Cast it first, "
        "for example x.astype('float32')",
        "negative：x 的类型是 bool，不被接受（可用：int, uint, float, complex）。"
        "请先转换，例如 x.astype('float32')",
    ),
    (
        lambda: ~V,
        DTypeError,
        "bitwise_invert: x is float32, which it does not take (it takes bool, int, uint). Cast it first, for "
        "example x.astype('int64')",
        "bitwise_invert：x 的类型是 float32，不被接受（可用：bool, int, uint）。"
        "请先转换，例如 x.astype('int64')",
    ),
    (
        lambda: cr.where(T, 1, 0),
        DTypeError,
        "where: c is float32, which it does not take (it takes bool). Cast it first, for example "
        "c.astype('bool')",
        "where：c 的类型是 float32，不被接受（可用：bool）。请先转换，例如 c.astype('bool')",
    ),
    (
        lambda: cr.ops.pointwise.where(T > 1),
        DTypeError,
        "where takes one tensor for each of c, x, y, got 1",
        "where 需要为 c, x, y 各给一个张量，实际给出 1 个",
    ),
    (
        lambda: cr.exp(T, T),
        DTypeError,
        "exp takes one tensor for each of x, got 2",
        "exp 需要为 x 各给一个张量，实际给出 2 个",
    ),
    (
        lambda: I**-1,
        DTypeError,
        "power: integers have no negative powers among the integers (x (3,), y ()). Make the base "
        "floating-point: x.astype('float32') ** y",
        "power：整数的负整数次幂不是整数（x (3,), y ()）。请把底数转为浮点数：x.astype('float32') ** y",
    ),
    (
        lambda: cr.tensor([1], dtype="uint64") + I,
        DTypeError,
        "uint64 and int64 have no common integer type (NumPy would go to float64 in silence); cast one "
        "of them first, for example x.astype('uint64')",
        "uint64 与 int64 没有公共的整数类型（NumPy 会悄悄变成 float64）；请先转换其中一个，例如 "
        "x.astype('uint64')",
    ),
    (
        lambda: cr.tensor([1], dtype="uint8") + 300,
        DTypeError,
        "300 does not fit the element type uint8. Give a wider type, for example dtype='float64'",
        "300 超出元素类型 uint8 的范围。请给出更宽的类型，例如 dtype='float64'",
    ),
    (
        lambda: V.item(),
        ShapeError,
        "a tensor of 3 elements, of shape (3,), is not a single number; reduce it (.sum(), .mean()), "
        "pick an element (x[0]), or use .numpy() or .tolist()",
        "含 3 个元素、形状为 (3,) 的张量不是单个数；请先归约（.sum()、.mean()）、取一个元素（x[0]），或用"
        " .numpy()、.tolist()",
    ),
    (
        lambda: float(V),
        ShapeError,
        "a tensor of 3 elements, of shape (3,), is not a single number; reduce it (.sum(), .mean()), "
        "pick an element (x[0]), or use .numpy() or .tolist()",
        "含 3 个元素、形状为 (3,) 的张量不是单个数；请先归约（.sum()、.mean()）、取一个元素（x[0]），或用"
        " .numpy()、.tolist()",
    ),
    (
        lambda: branch(),
        DTypeError,
        "a tensor of shape (3,) has no single truth value; use .any() or .all()",
        "形状为 (3,) 的张量没有唯一的真值；请用 .any() 或 .all()",
    ),
    (
        lambda: range(cr.tensor(2.0)),
        DTypeError,
        "only an integer tensor of one element can serve as an index or a count, got f32[]",
        "只有含一个元素的整数张量可用作索引或计数，实际为 f32[]",
    ),
    (
        lambda: len(cr.tensor(1.0)),
        DTypeError,
        "a tensor with no axes is a single number: it has no length and cannot be iterated over",
        "没有轴的张量是单个数：它没有长度，也不能迭代",
    ),
    (
        lambda: set_an_element(),
        DTypeError,
        "tensors are not changed in place, so that derivatives stay right; make a new one: "
        "x = x.at[index].set(value), or .add(value), or cr.where(mask, new, x)",
        "张量不能原地修改，这样导数才始终正确；请构造新张量：x = x.at[index].set(value)、.add(value)，"
        "或 cr.where(mask, new, x)",
    ),
    (
        lambda: change_in_a_loop(),
        DTypeError,
        "tensors are not changed in place, so that derivatives stay right; make a new one: "
        "x = x.at[index].set(value), or .add(value), or cr.where(mask, new, x)",
        "张量不能原地修改，这样导数才始终正确；请构造新张量：x = x.at[index].set(value)、.add(value)，"
        "或 cr.where(mask, new, x)",
    ),
    (
        lambda: cr.arange("a"),
        DTypeError,
        "arange: stop must be a number, got 'a'",
        "arange：stop 必须是数字，实际为 'a'",
    ),
    (
        lambda: cr.arange(0, 5, 0),
        ConfigError,
        "arange: step must not be 0",
        "arange：step 不能为 0",
    ),
    (
        lambda: cr.random.seed("a"),
        DTypeError,
        "a seed must be an integer, got 'a'",
        "随机种子必须是整数，实际为 'a'",
    ),
    (
        lambda: cr.random.uniform(2, 3),
        ConfigError,
        "uniform: low = 3 is above high = 1.0. The first argument is the shape: uniform((2, 3), 0, 1)",
        "uniform：low = 3 大于 high = 1.0。第一个参数是形状：uniform((2, 3), 0, 1)",
    ),
    (
        lambda: cr.random.bernoulli(1.5),
        ConfigError,
        "bernoulli: p must lie between 0 and 1, got 1.5",
        "bernoulli：p 必须在 0 与 1 之间，实际为 1.5",
    ),
    (
        lambda: T[5],
        OutOfRangeError,
        "index: index 5 is out of range for axis 0, which has extent 2 (x (2, 3)); use -2 to 1",
        "index：索引 5 超出轴 0 的范围，其长度为 2（x (2, 3)）；可用 -2 到 1",
    ),
    (
        lambda: T[0, 0, 0],
        OutOfRangeError,
        "3 indices for a tensor of 2 axes (x (2, 3)); use at most one for each axis",
        "对 2 维张量用了 3 个索引（x (2, 3)）；每个轴至多一个",
    ),
    (
        lambda: T["a"],
        DTypeError,
        "indexing with 'a' is not possible; use integers, slices, None, ..., or integer and bool tensors",
        "不能用 'a' 作索引；可用整数、切片、None、...，或整数、布尔张量",
    ),
    (
        lambda: T[1.5],
        DTypeError,
        "indexing with 1.5 is not possible; use integers, slices, None, ..., or integer and bool tensors",
        "不能用 1.5 作索引；可用整数、切片、None、...，或整数、布尔张量",
    ),
    (
        lambda: T[V],
        DTypeError,
        "indexing with float32 is not possible; use integers, slices, None, ..., or integer and bool tensors",
        "不能用 float32 作索引；可用整数、切片、None、...，或整数、布尔张量",
    ),
    (
        lambda: T[[5]],
        OutOfRangeError,
        "gather: index 5 is out of range for axis 0, which has extent 2 (x (2, 3), index (1,)); use -2 to 1",
        "gather：索引 5 超出轴 0 的范围，其长度为 2（x (2, 3), index (1,)）；可用 -2 到 1",
    ),
    (
        lambda: T[[0, 1], [0, 1, 2]],
        ShapeError,
        "index: axis -1 is 2 in index 0 but 3 in index 1 (index 0 (2,), index 1 (3,)). "
        "Extents must be equal, or one of them 1",
        "index：轴 -1 在 index 0 中为 2，在 index 1 中为 3（index 0 (2,), index 1 (3,)）。两者必须相等，"
        "或其中之一为 1",
    ),
    (
        lambda: T[[True, False, True]],
        ShapeError,
        "a bool index of shape (3,) does not fit the tensor's axes from 0 on, whose extents are (2,) (x "
        "(2, 3)). A mask must have the shape of what it picks from",
        "形状为 (3,) 的布尔索引与张量从轴 0 起的形状 (2,) 不符（x (2, 3)）。掩码的形状必须与被选取部分相同",
    ),
    (
        lambda: T[..., ...],
        OutOfRangeError,
        "an index may hold one ... only, since two would leave open which axes each stands for",
        "索引中只能有一个 ...，有两个就无法确定各代表哪些轴",
    ),
    (
        lambda: T[::0],
        DTypeError,
        "a slice is made of integers, and its step is not 0; got [::0]",
        "切片由整数组成，且步长不为 0；实际为 [::0]",
    ),
    (
        lambda: cr.take_along_axis(T, [1], 0),
        ShapeError,
        "take_along_axis: indices must have 2 axes like x, got 1 (x (2, 3), indices (1,))",
        "take_along_axis：indices 必须像 x 一样有 2 个轴，实际为 1 个（x (2, 3), indices (1,)）",
    ),
]
