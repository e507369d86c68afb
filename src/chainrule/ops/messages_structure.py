"""Messages of the functions that fold, move and contract axes."""

from chainrule.errors import ConfigError, DTypeError, Message, OutOfRangeError, ShapeError, register

register(
    "structure",
    {
        "linear_scan": Message(
            ShapeError,
            "linear_scan: factors and terms must have one shape ({shapes}); cr.linear_scan broadcasts them",
            "linear_scan：系数与加项的形状必须相同（{shapes}）；cr.linear_scan 会自动广播",
        ),
        "choice": Message(
            ConfigError,
            "{op}: {name} must be one of {allowed}, got {got}",
            "{op}：{name} 必须是 {allowed} 之一，实际为 {got}",
        ),
        "weights": Message(
            ShapeError,
            "average: weights must have the shape of x, or that of the folded axes, {folded} ({shapes})",
            "average：weights 的形状必须与 x 相同，或与被归约的轴相同，即 {folded}（{shapes}）",
        ),
        "ddof_twice": Message(
            ConfigError,
            "var: ddof = {ddof} and correction = {correction} are two names of one thing; give one of them",
            "var：ddof = {ddof} 与 correction = {correction} 是同一个量的两个名字；请只给出一个",
        ),
        "axis_needed": Message(
            ShapeError,
            "{op}: a tensor of {ndim} axes needs axis=…; only a vector may go without ({shapes})",
            "{op}：{ndim} 维张量需要指定 axis=…；只有向量可以省略（{shapes}）",
        ),
        "diff": Message(
            ConfigError,
            "diff: n counts how often differences are taken and cannot be negative, got {n}",
            "diff：n 是求差分的次数，不能为负，实际为 {n}",
        ),
        "quantile": Message(
            OutOfRangeError,
            "{op}: shares must lie from 0 to {high}, got {got}",
            "{op}：分位比例必须在 0 到 {high} 之间，实际为 {got}",
        ),
        "all_nan": Message(
            OutOfRangeError,
            "{op}: a slice holds nothing but NaN, so that there is no index to give ({shapes}). "
            "Find such slices with cr.all(cr.isnan(x), axis=...) before",
            "{op}：有一个切片全为 NaN，无法给出索引（{shapes}）。请先用 cr.all(cr.isnan(x), axis=...) 找出这样的切片",
        ),
        "moveaxis": Message(
            ShapeError,
            "moveaxis: the axes {source} go to the places {destination}; there must be equally many ({shapes})",
            "moveaxis：轴 {source} 移到位置 {destination}，两者个数必须相等（{shapes}）",
        ),
        "two_axes": Message(
            ShapeError,
            "{op}: a plane is given by two axes, got {axes} ({shapes})",
            "{op}：平面由两个轴确定，实际为 {axes}（{shapes}）",
        ),
        "roll": Message(
            ShapeError,
            "roll: shift {shift} and axis {axis} must be equally many, or one of them a single number",
            "roll：shift {shift} 与 axis {axis} 的个数必须相等，或其中之一为单个数",
        ),
        "repeat": Message(
            ShapeError,
            "repeat: repeats must be a count of at least 0, or one for each of the {extent} elements of axis {axis}; "
            "got {repeats} ({shapes})",
            "repeat：repeats 应为不小于 0 的次数，或为轴 {axis} 的 {extent} 个元素各给一个；实际为 {repeats}（{shapes}）",
        ),
        "matrix": Message(
            ShapeError,
            "{op}: a matrix has at least two axes, got {ndim} ({shapes})",
            "{op}：矩阵至少有两个轴，实际为 {ndim} 个（{shapes}）",
        ),
        "diag": Message(
            ShapeError,
            "diag: takes a vector or a matrix, got {ndim} axes ({shapes}). "
            "Use cr.diagonal for stacks of matrices, cr.diagflat for anything flattened",
            "diag：需要向量或矩阵，实际有 {ndim} 个轴（{shapes}）。成批的矩阵请用 cr.diagonal，先展平请用 cr.diagflat",
        ),
        "axes_at_least": Message(
            ShapeError,
            "{op}: needs at least {least} axes, got {ndim} ({shapes})",
            "{op}：至少需要 {least} 个轴，实际为 {ndim} 个（{shapes}）",
        ),
        "pad_empty": Message(
            ShapeError,
            "pad: axis {axis} is empty, so that mode '{mode}' finds nothing to repeat ({shapes}); use mode='constant'",
            "pad：轴 {axis} 为空，模式 '{mode}' 没有可重复的元素（{shapes}）；请用 mode='constant'",
        ),
        "pad_values": Message(
            ShapeError,
            "pad: constant_values must be a number, a pair (before, after), or a pair for each of the {ndim} axes; "
            "got {values}",
            "pad：constant_values 应为一个数、一个（前，后）数对，或为 {ndim} 个轴各给一个数对；实际为 {values}",
        ),
        "windows": Message(
            ShapeError,
            "sliding_window_view: windows {windows}, axes {axes} and steps {steps} must be equally many ({shapes})",
            "sliding_window_view：窗口 {windows}、轴 {axes} 与步长 {steps} 的个数必须相等（{shapes}）",
        ),
        "window": Message(
            ShapeError,
            "unfold: a window of {size} with step {step} does not fit axis {axis} of extent {extent} ({shapes}); "
            "use a window of 1 to {extent}, and a step of at least 1",
            "unfold：长度为 {size}、步长为 {step} 的窗口不适合长度为 {extent} 的轴 {axis}（{shapes}）；"
            "窗口应为 1 到 {extent}，步长至少为 1",
        ),
        "cross": Message(
            ShapeError,
            "cross: vectors of three elements are needed, axis {axis} has {got} ({shapes})",
            "cross：需要三个元素的向量，轴 {axis} 有 {got} 个（{shapes}）",
        ),
        "resize": Message(
            ShapeError,
            "resize: {got} must hold one positive number, or one for each of the axes {axes}, and none of these may "
            "be empty ({shapes})",
            "resize：{got} 应为一个正数，或为轴 {axes} 各给一个，且这些轴都不能为空（{shapes}）",
        ),
        "resize_twice": Message(
            ConfigError,
            "resize: give either the new extents or the factors, got size = {size} and scale = {scale}",
            "resize：请给出新的长度或缩放比例之一，实际为 size = {size}、scale = {scale}",
        ),
        "conv_transpose": Message(
            ShapeError,
            "conv_transpose: input axis 1 must be {expected} (weight axis 0), which groups = {groups} divides; got {got} "
            "({shapes})",
            "conv_transpose：输入的轴 1 必须为 {expected}（权重的轴 0），且能被 groups = {groups} 整除；实际为 {got}（{shapes}）",
        ),
        "einsum_form": Message(
            ConfigError,
            "einsum: '{spec}' must be letters of each operand, with commas between, and after -> those of the "
            "result, for example 'ik,kj->ij'; ... may stand once in each",
            "einsum：'{spec}' 应为各操作数的字母，以逗号分隔，-> 之后为结果的字母，例如 'ik,kj->ij'；每处可有一个 ...",
        ),
        "einsum_list": Message(
            DTypeError,
            "einsum: axes are named by whole numbers from 0 to 51 or by ..., got {got}",
            "einsum：轴用 0 到 51 的整数或 ... 命名，实际为 {got}",
        ),
        "einsum_count": Message(
            ConfigError,
            "einsum: '{spec}' names {expected} operands, got {got}",
            "einsum：'{spec}' 有 {expected} 个操作数，实际给出 {got} 个",
        ),
        "einsum_axes": Message(
            ShapeError,
            "einsum: in '{spec}' the letters '{group}' do not fit operand {operand}, which has {got} axes ({shapes})",
            "einsum：在 '{spec}' 中，字母 '{group}' 与第 {operand} 个操作数不符，它有 {got} 个轴（{shapes}）",
        ),
        "einsum_result": Message(
            ConfigError,
            "einsum: in '{spec}' the letter {letter} of the result must stand there once, and in an operand",
            "einsum：在 '{spec}' 中，结果的字母 {letter} 只能出现一次，且须出现在某个操作数中",
        ),
        "einsum_extent": Message(
            ShapeError,
            "einsum: in '{spec}' the letter {letter} is {expected} before, but axis {axis} of operand {operand} is "
            "{got} ({shapes})",
            "einsum：在 '{spec}' 中，字母 {letter} 此前为 {expected}，而第 {operand} 个操作数的轴 {axis} 为 {got}（{shapes}）",
        ),
        "einsum_optimize": Message(
            ConfigError,
            "einsum: optimize must be 'greedy', 'optimal', a bool, or a path from np.einsum_path; got {got} ({reason})",
            "einsum：optimize 应为 'greedy'、'optimal'、布尔值或 np.einsum_path 给出的路径；实际为 {got}（{reason}）",
        ),
    },
)
