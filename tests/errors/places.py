"""Wrong calls of indexing, sorting, control flow and Fourier transforms: call, kind of error, messages."""

from __future__ import annotations

import numpy as np

import chainrule as cr
from chainrule.errors import ConfigError, DTypeError, GraphError, OutOfRangeError, ShapeError

T = cr.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
V = cr.tensor([1.0, 2.0, 3.0])
I = cr.tensor([1, 2, 3])  # noqa: E741

ROWS = [
    (
        lambda: T[..., None, ..., 0],
        OutOfRangeError,
        "an index may hold one ... only, since two would leave open which axes each stands for",
        "索引中只能有一个 ...，有两个就无法确定各代表哪些轴",
    ),
    (
        lambda: T[False, [[3]], [True, False]],
        ShapeError,
        "a bool index of shape (2,) does not fit the tensor's axes from 1 on, whose extents are "
        "(3,) (x (2, 3)). A mask must have the shape of what it picks from",
        "形状为 (2,) 的布尔索引与张量从轴 1 起的形状 (3,) 不符（x (2, 3)）。掩码的形状必须与被选取部分相同",
    ),
    (
        lambda: T.at[0].set([1.0, 2.0]),
        ShapeError,
        "at[...].set: a value of shape (2,) cannot be broadcast to (3,), the shape of x[...]",
        "at[...].set：形状为 (2,) 的值不能广播到 x[...] 的形状 (3,)",
    ),
    (
        lambda: I.at[0].set(0.5),
        DTypeError,
        "at[...].set: the value is float32, which would be cut to fit the tensor's int64. "
        "Convert one of them first, for example x.astype('float32')",
        "at[...].set：值的类型是 float32，写入 int64 张量会被截断。"
        "请先转换其中之一，例如 x.astype('float32')",
    ),
    (
        lambda: I.at[[0, 7]].add(1),
        OutOfRangeError,
        "scatter_add: index 7 is out of range for axis 0, which has extent 3 (x (3,), index "
        "(2,)); use -3 to 2",
        "scatter_add：索引 7 超出轴 0 的范围，其长度为 3（x (3,), index (2,)）；可用 -3 到 2",
    ),
    (
        lambda: cr.ops.scatter.scatter_set(T, V, I, axes=(0,)),
        ShapeError,
        "scatter_set: u must have the shape (3, 3) that x and the indices call for, got (3,) (x "
        "(2, 3), u (3,), i0 (3,))",
        "scatter_set：按 x 和索引的形状，u 的形状必须是 (3, 3)，实际为 (3,)（x (2, 3), u (3,), i0 (3,)）",
    ),
    (
        lambda: cr.topk(V, 5),
        OutOfRangeError,
        "topk: k = 5 is not between 0 and 3, the extent of axis 0 (x (3,))",
        "topk：k = 5 不在 0 与轴 0 的长度 3 之间（x (3,)）",
    ),
    (
        lambda: cr.lexsort([V, T]),
        ShapeError,
        "lexsort: keys[1] has shape (2, 3), the first key has (3,); all must be equal",
        "lexsort：keys[1] 的形状为 (2, 3)，第一个键为 (3,)；所有形状必须相等",
    ),
    (
        lambda: cr.partition(V, 3),
        OutOfRangeError,
        "partition: index 3 is out of range for axis 0, which has extent 3 (x (3,)); use -3 to 2",
        "partition：索引 3 超出轴 0 的范围，其长度为 3（x (3,)）；可用 -3 到 2",
    ),
    (
        lambda: cr.nonzero(cr.tensor(1.0)),
        ShapeError,
        "nonzero: a tensor without axes has no places; use x != 0, or cr.ravel(x) first",
        "nonzero：没有轴的张量没有位置可言；请用 x != 0，或先用 cr.ravel(x)",
    ),
    (
        lambda: cr.record(cr.nonzero, V),
        GraphError,
        "nonzero: how many results there are depends on the elements of f32[3], which are not "
        "known while a function is recorded. Use cr.where(condition, a, b)",
        "nonzero：结果的个数取决于 f32[3] 的元素，而录制函数时元素尚未知晓。请改用 cr.where(condition, a, b)",
    ),
    (
        lambda: cr.record(cr.unique, V),
        GraphError,
        "unique: how many results there are depends on the elements of f32[3], which are not "
        "known while a function is recorded. Use cr.sort(x)",
        "unique：结果的个数取决于 f32[3] 的元素，而录制函数时元素尚未知晓。请改用 cr.sort(x)",
    ),
    (
        lambda: cr.where(V > 1, V),
        ConfigError,
        "where: give a condition alone, or a condition and two choices; got a condition and 1",
        "where：请只给条件，或给条件和两个选项；实际为条件和 1 个选项",
    ),
    (
        lambda: cr.searchsorted(T, V),
        ShapeError,
        "searchsorted: the sorted sequence a must have one axis, got 2 (a (2, 3), v (3,))",
        "searchsorted：已排序的序列 a 必须只有一个轴，实际有 2 个（a (2, 3), v (3,)）",
    ),
    (
        lambda: cr.searchsorted(V, V, side="both"),
        ConfigError,
        "searchsorted: side must be one of 'left', 'right', got 'both'",
        "searchsorted：side 应为 'left', 'right' 之一，实际为 'both'",
    ),
    (
        lambda: cr.digitize(V, [0.0, 2.0, 1.0]),
        ConfigError,
        "the edges of bins must rise or fall all along (bins (3,)); sort them with cr.sort",
        "分箱的边界必须单调递增或递减（bins (3,)）；可用 cr.sort 排序",
    ),
    (
        lambda: cr.select([V > 1], [V, V]),
        ShapeError,
        "select: 1 conditions for 2 choices; give one for each",
        "select：2 个选项却有 1 个条件；两者数量必须相等",
    ),
    (
        lambda: cr.compress(T > 1, T),
        ShapeError,
        "compress: the condition must have one axis, got the shape (2, 3); use x[mask] for more",
        "compress：条件必须只有一个轴，实际形状为 (2, 3)；多个轴请用 x[mask]",
    ),
    (
        lambda: cr.bincount(T),
        DTypeError,
        "bincount: places are integers, got float32. Cast floats first, for example "
        "x.astype('int64'); with a mask use x[mask]",
        "bincount：位置应为整数，实际为 float32。"
        "浮点数请先转换，例如 x.astype('int64')；使用掩码请用 x[mask]",
    ),
    (
        lambda: cr.bincount(cr.tensor([[1]])),
        ShapeError,
        "bincount: x must have one axis, and the weights its shape (x (1, 1), weights ()); use cr.ravel",
        "bincount：x 必须只有一个轴，且权重与其形状相同（x (1, 1), weights ()）；可用 cr.ravel",
    ),
    (
        lambda: cr.bincount(cr.tensor([2, -1])),
        OutOfRangeError,
        "bincount: -1 cannot be counted; numbers must be 0 or greater",
        "bincount：无法统计 -1；数必须不小于 0",
    ),
    (
        lambda: cr.histogram(V, 0),
        ConfigError,
        "histogram: bins must be a number of at least 1, or at least two edges in rising order; got 0",
        "histogram：bins 应为不小于 1 的数，或至少两个递增的边界；实际为 0",
    ),
    (
        lambda: cr.histogram(V, [1.0]),
        ConfigError,
        "histogram: bins must be a number of at least 1, or at least two edges in rising order; got (1,)",
        "histogram：bins 应为不小于 1 的数，或至少两个递增的边界；实际为 (1,)",
    ),
    (
        lambda: cr.histogram(V, 3, (0.0, np.inf)),
        ConfigError,
        "histogram: range must be two finite numbers in rising order, got (0.0, inf)",
        "histogram：range 应为两个递增的有限数，实际为 (0.0, inf)",
    ),
    (
        lambda: cr.take(V, [True, False, True]),
        DTypeError,
        "take: places are integers, got bool. Cast floats first, for example x.astype('int64'); "
        "with a mask use x[mask]",
        "take：位置应为整数，实际为 bool。浮点数请先转换，例如 x.astype('int64')；使用掩码请用 x[mask]",
    ),
    (
        lambda: cr.take(V, [3], mode="bounce"),
        ConfigError,
        "take: mode must be one of 'raise', 'wrap', 'clip', got 'bounce'",
        "take：mode 应为 'raise', 'wrap', 'clip' 之一，实际为 'bounce'",
    ),
    (
        lambda: cr.take_along_axis(T, I, 0),
        ShapeError,
        "take_along_axis: indices must have 2 axes like x, got 1 (x (2, 3), indices (3,))",
        "take_along_axis：indices 必须像 x 一样有 2 个轴，实际为 1 个（x (2, 3), indices (3,)）",
    ),
    (
        lambda: cr.ravel_multi_index(([0], [3]), (2, 3)),
        OutOfRangeError,
        "ravel_multi_index: index 3 is out of range for axis 1, which has extent 3 (index (1,)); use 0 to 2",
        "ravel_multi_index：索引 3 超出轴 1 的范围，其长度为 3（index (1,)）；可用 0 到 2",
    ),
    (
        lambda: cr.ravel_multi_index(([0],), (2, 3)),
        ShapeError,
        "ravel_multi_index: 1 indices for 2 axes; give one for each",
        "ravel_multi_index：2 个轴却给出 1 个索引；请为每个轴各给一个",
    ),
    (
        lambda: cr.unravel_index([6], (2, 3)),
        OutOfRangeError,
        "unravel_index: index 6 is out of range for axis 0, which has extent 6 (index (1,)); use 0 to 5",
        "unravel_index：索引 6 超出轴 0 的范围，其长度为 6（index (1,)）；可用 0 到 5",
    ),
    (
        lambda: cr.cond(V > 1, lambda: V, lambda: V),
        DTypeError,
        "cond: the condition must be a single bool, got bool[3]. Compare, and reduce with .any() "
        "or .all(); to choose element by element use cr.where",
        "cond：条件必须是单个布尔值，实际为 bool[3]。请先比较，再用 .any() 或 .all() 归约；"
        "逐元素选择请用 cr.where",
    ),
    (
        lambda: cr.record(lambda x: cr.cond(x.sum() > 1, lambda: x, lambda: x[:1]), V),
        ShapeError,
        "cond: result 0 is f32[3] from true_fn and f32[1] from false_fn; both must be equal",
        "cond：第 0 个结果在 true_fn 中为 f32[3]，在 false_fn 中为 f32[1]；两者必须相同",
    ),
    (
        lambda: cr.record(lambda x: cr.cond(x.sum() > 1, lambda: x, lambda: (x, x)), V),
        ShapeError,
        "cond: true_fn gives 1 tensors and false_fn gives 2; both must give the same form",
        "cond：true_fn 给出 1 个张量，false_fn 给出 2 个；两者的形式必须相同",
    ),
    (
        lambda: cr.while_loop(lambda s: s, lambda s: s, V),
        DTypeError,
        "while_loop: the condition must be a single bool, got f32[3]. Compare, and reduce with "
        ".any() or .all(); to choose element by element use cr.where",
        "while_loop：条件必须是单个布尔值，实际为 f32[3]。请先比较，再用 .any() 或 .all() 归约；"
        "逐元素选择请用 cr.where",
    ),
    (
        lambda: cr.while_loop(lambda s: s.sum() < 9, lambda s: (s, s), V),
        ShapeError,
        "while_loop: the state came in as 1 tensors and went out as 2; the body must keep its form",
        "while_loop：状态输入时有 1 个张量，输出时为 2 个；循环体必须保持其形式",
    ),
    (
        lambda: cr.while_loop(lambda s: s.sum() < 9, lambda s: s.sum(), V),
        ShapeError,
        "while_loop: the body must give back its state with the same shapes and types; part 0 "
        "came in as f32[3] and went out as f32[]",
        "while_loop：循环体必须以相同的形状和类型返回状态；第 0 部分输入为 f32[3]，输出为 f32[]",
    ),
    (
        lambda: cr.associative_scan(lambda a, b: a[:1], cr.ones(5)),
        ShapeError,
        "associative_scan: f must give tensors of the shapes and types it is given; part 0 came "
        "in as f32[2] and went out as f32[1]",
        "associative_scan：f 返回的张量的形状和类型必须与输入相同；第 0 部分输入为 f32[2]，输出为 f32[1]",
    ),
    (
        lambda: cr.map(lambda x: x, cr.tensor(1.0)),
        ShapeError,
        "map: xs must hold at least one tensor, each with its steps along axis 0 (xs0 ())",
        "map：xs 至少要有一个张量，且每个都沿轴 0 排列各步（xs0 ()）",
    ),
    (
        lambda: cr.fft.fft(V, norm="full"),
        ConfigError,
        "fft: norm must be 'backward', 'ortho' or 'forward', got 'full'",
        "fft：norm 应为 'backward'、'ortho' 或 'forward'，实际为 'full'",
    ),
    (
        lambda: cr.fft.fft(V, 0),
        ShapeError,
        "fft: 0 points along axis 0; a transform needs at least 1 (x (3,))",
        "fft：轴 0 上有 0 个点；变换至少需要 1 个（x (3,)）",
    ),
    (
        lambda: cr.fft.fft(cr.zeros((2, 0))),
        ShapeError,
        "fft: 0 points along axis 1; a transform needs at least 1 (x (2, 0))",
        "fft：轴 1 上有 0 个点；变换至少需要 1 个（x (2, 0)）",
    ),
    (
        lambda: cr.fft.fftn(T, (2, 3), (1,)),
        ShapeError,
        "fftn: give at least one axis, and one number of points for each; got s = (2, 3) for "
        "axes (1,) (x (2, 3))",
        "fftn：请至少给出一个轴，并为每个轴给出一个点数；实际为 s = (2, 3)，axes = (1,)（x (2, 3)）",
    ),
    (
        lambda: cr.fft.rfft(cr.fft.fft(V)),
        DTypeError,
        "rfft transforms real numbers, got complex64. Use fft, or the real part alone: cr.real(x)",
        "rfft 只变换实数，实际为 complex64。请用 fft，或只取实部：cr.real(x)",
    ),
    (
        lambda: cr.fft.stft(V, 4, center=False),
        ShapeError,
        "stft: 3 samples along the last axis are fewer than the 4 of one frame (x (3,)). Use a "
        "smaller n_fft, or a longer signal",
        "stft：最后一轴只有 3 个样本，少于一帧所需的 4 个（x (3,)）。请用更小的 n_fft 或更长的信号",
    ),
    (
        lambda: cr.fft.stft(V, 2, window=V),
        ShapeError,
        "stft: the window must have one axis of win_length = 2 elements, got the shape (3,)",
        "stft：窗必须是长度为 win_length = 2 的一维张量，实际形状为 (3,)",
    ),
    (
        lambda: cr.fft.stft(V, 2, hop_length=0),
        ConfigError,
        "stft: hop_length must be a whole number from 1 to ∞, got 0",
        "stft：hop_length 应为 1 到 ∞ 的整数，实际为 0",
    ),
    (
        lambda: cr.fft.stft(V, 2, pad_mode="mirror"),
        ConfigError,
        "stft: pad_mode must be one of 'constant', 'edge', 'replicate', 'reflect', 'symmetric', "
        "'wrap', 'circular', got 'mirror'",
        "stft：pad_mode 应为 'constant', 'edge', 'replicate', 'reflect', 'symmetric', 'wrap', "
        "'circular' 之一，实际为 'mirror'",
    ),
    (
        lambda: cr.fft.istft(T, 8),
        ShapeError,
        "istft: axis -2 must hold 5 frequencies for n_fft = 8 (onesided = True), got 2 (x (2, 3))",
        "istft：n_fft = 8（onesided = True）时轴 -2 应有 5 个频率，实际为 2（x (2, 3)）",
    ),
    (
        lambda: cr.fft.istft(cr.fft.stft(V, 2, 2, 1), 2, 2, 1),
        ConfigError,
        "istft: the overlapped windows add up to 0 at sample 0, so the signal cannot be found "
        "there. Use a smaller hop_length, or a window that is not 0 at its ends",
        "istft：各窗在样本 0 处叠加仅为 0，无法还原该处的信号。请减小 hop_length，或使用两端不为 0 的窗",
    ),
    (
        lambda: cr.fft.convolve(V, V, "all"),
        ConfigError,
        "convolve: mode must be 'full', 'same' or 'valid', got 'all'",
        "convolve：mode 应为 'full'、'same' 或 'valid'，实际为 'all'",
    ),
]
