"""Messages of indexing, sorting, searching and Fourier transforms, as far as rows raise them."""

from chainrule.errors import (
    ConfigError,
    DTypeError,
    GraphError,
    Message,
    OutOfRangeError,
    ShapeError,
    register,
)

register(
    "index",
    {
        "fft_empty": Message(
            ShapeError,
            "fft: axis {axis} has extent 0; a transform needs at least one point ({shapes})",
            "fft：轴 {axis} 的长度为 0；变换至少需要一个点（{shapes}）",
        ),
        "recorded_mask": Message(
            GraphError,
            "how many elements a mask ({spec}) picks is not known while a function is recorded. "
            "Use cr.where(mask, x, other), which keeps the shape, or x.at[mask].set(value) to write",
            "录制函数时不知道掩码（{spec}）会选出多少个元素。"
            "请用保持形状的 cr.where(mask, x, other)，写入请用 x.at[mask].set(value)",
        ),
        "recorded_shape": Message(
            GraphError,
            "{op}: how many results there are depends on the elements of {spec}, which are not known while a "
            "function is recorded. Use {instead}",
            "{op}：结果的个数取决于 {spec} 的元素，而录制函数时元素尚未知晓。请改用 {instead}",
        ),
        "places": Message(
            DTypeError,
            "{op}: places are integers, got {dtype}. Cast floats first, for example x.astype('int64'); "
            "with a mask use x[mask]",
            "{op}：位置应为整数，实际为 {dtype}。浮点数请先转换，例如 x.astype('int64')；使用掩码请用 x[mask]",
        ),
        "choice": Message(
            ConfigError,
            "{op}: {name} must be one of {allowed}, got {got}",
            "{op}：{name} 应为 {allowed} 之一，实际为 {got}",
        ),
        "multi_index": Message(
            ShapeError,
            "ravel_multi_index: {got} indices for {expected} axes; give one for each",
            "ravel_multi_index：{expected} 个轴却给出 {got} 个索引；请为每个轴各给一个",
        ),
        "nonzero_axes": Message(
            ShapeError,
            "nonzero: a tensor without axes has no places; use x != 0, or cr.ravel(x) first",
            "nonzero：没有轴的张量没有位置可言；请用 x != 0，或先用 cr.ravel(x)",
        ),
        "where_count": Message(
            ConfigError,
            "where: give a condition alone, or a condition and two choices; got a condition and {got}",
            "where：请只给条件，或给条件和两个选项；实际为条件和 {got} 个选项",
        ),
        "search_axes": Message(
            ShapeError,
            "searchsorted: the sorted sequence a must have one axis, got {got} ({shapes})",
            "searchsorted：已排序的序列 a 必须只有一个轴，实际有 {got} 个（{shapes}）",
        ),
        "bins": Message(
            ConfigError,
            "the edges of bins must rise or fall all along ({shapes}); sort them with cr.sort",
            "分箱的边界必须单调递增或递减（{shapes}）；可用 cr.sort 排序",
        ),
        "bin_count": Message(
            ConfigError,
            "histogram: bins must be a number of at least 1, or at least two edges in rising order; got {got}",
            "histogram：bins 应为不小于 1 的数，或至少两个递增的边界；实际为 {got}",
        ),
        "bin_range": Message(
            ConfigError,
            "histogram: range must be two finite numbers in rising order, got {got}",
            "histogram：range 应为两个递增的有限数，实际为 {got}",
        ),
        "select": Message(
            ShapeError,
            "select: {conditions} conditions for {choices} choices; give one for each",
            "select：{choices} 个选项却有 {conditions} 个条件；两者数量必须相等",
        ),
        "compress": Message(
            ShapeError,
            "compress: the condition must have one axis, got the shape {got}; use x[mask] for more",
            "compress：条件必须只有一个轴，实际形状为 {got}；多个轴请用 x[mask]",
        ),
        "bincount_axes": Message(
            ShapeError,
            "bincount: x must have one axis, and the weights its shape ({shapes}); use cr.ravel",
            "bincount：x 必须只有一个轴，且权重与其形状相同（{shapes}）；可用 cr.ravel",
        ),
        "negative": Message(
            OutOfRangeError,
            "bincount: {value} cannot be counted; numbers must be 0 or greater",
            "bincount：无法统计 {value}；数必须不小于 0",
        ),
        "scatter": Message(
            ShapeError,
            "{op}: u must have the shape {expected} that x and the indices call for, got {got} ({shapes})",
            "{op}：按 x 和索引的形状，u 的形状必须是 {expected}，实际为 {got}（{shapes}）",
        ),
        "update_kind": Message(
            DTypeError,
            "at[...].{method}: the value is {got}, which would be cut to fit the tensor's {expected}. "
            "Convert one of them first, for example x.astype('{got}')",
            "at[...].{method}：值的类型是 {got}，写入 {expected} 张量会被截断。"
            "请先转换其中之一，例如 x.astype('{got}')",
        ),
        "update_shape": Message(
            ShapeError,
            "at[...].{method}: a value of shape {got} cannot be broadcast to {expected}, the shape of x[...]",
            "at[...].{method}：形状为 {got} 的值不能广播到 x[...] 的形状 {expected}",
        ),
        "topk": Message(
            OutOfRangeError,
            "topk: k = {k} is not between 0 and {extent}, the extent of axis {axis} ({shapes})",
            "topk：k = {k} 不在 0 与轴 {axis} 的长度 {extent} 之间（{shapes}）",
        ),
        "lexsort": Message(
            ShapeError,
            "lexsort: {name} has shape {got}, the first key has {expected}; all must be equal",
            "lexsort：{name} 的形状为 {got}，第一个键为 {expected}；所有形状必须相等",
        ),
    },
)
