"""Messages of the operations."""

from chainrule.errors import (
    AxisError,
    ConfigError,
    DTypeError,
    GradientError,
    Message,
    OutOfMemoryError,
    OutOfRangeError,
    ShapeError,
    register,
)

register(
    "ops",
    {
        "broadcast": Message(
            ShapeError,
            "{op}: axis {axis} is {a} in {first} but {b} in {second} ({shapes}). "
            "Extents must be equal, or one of them 1",
            "{op}：轴 {axis} 在 {first} 中为 {a}，在 {second} 中为 {b}（{shapes}）。两者必须相等，或其中之一为 1",
        ),
        "dtype": Message(
            DTypeError,
            "{op}: {arg} is {dtype}, which it does not take (it takes {allowed}). "
            "Cast it first, for example {arg}.astype('{example}')",
            "{op}：{arg} 的类型是 {dtype}，不被接受（可用：{allowed}）。请先转换，例如 {arg}.astype('{example}')",
        ),
        "stored_only": Message(
            DTypeError,
            "{op}: {arg} is {dtype}, a type for storage alone. Cast it first: {arg}.astype('{wider}')",
            "{op}：{arg} 的类型是 {dtype}，只用于存储。请先转换：{arg}.astype('{wider}')",
        ),
        "memory": Message(
            OutOfMemoryError,
            "{op}: there is not enough memory for a result of shape {shape} and type {dtype}. "
            "Work on parts of it, or use a smaller type",
            "{op}：内存不足以存放形状为 {shape}、类型为 {dtype} 的结果。请分块处理，或使用更小的类型",
        ),
        "count": Message(
            DTypeError,
            "{op} takes one tensor for each of {names}, got {got}",
            "{op} 需要为 {names} 各给一个张量，实际给出 {got} 个",
        ),
        "refused": Message(
            ConfigError,
            "{op}: NumPy refused it: {reason} ({shapes})",
            "{op}：NumPy 拒绝执行：{reason}（{shapes}）",
        ),
        "refused_power": Message(
            DTypeError,
            "power: integers have no negative powers among the integers ({shapes}). "
            "Make the base floating-point: x.astype('float32') ** y",
            "power：整数的负整数次幂不是整数（{shapes}）。请把底数转为浮点数：x.astype('float32') ** y",
        ),
        "not_numeric": Message(
            DTypeError,
            "{value} ({kind}) is not a number or bool, nor an array or list of them; "
            "only these become tensors",
            "{value}（{kind}）不是数或布尔值，也不是由它们组成的数组或列表；只有这些才能变成张量",
        ),
        "out_of_type": Message(
            DTypeError,
            "{value} does not fit the element type {dtype}. Give a wider type, for example dtype='float64'",
            "{value} 超出元素类型 {dtype} 的范围。请给出更宽的类型，例如 dtype='float64'",
        ),
        "ragged": Message(
            ShapeError,
            "the rows of a nested list must have equal lengths to become a tensor; along axis {axis} there are "
            "rows of shape {first} and {second}. Pad the shorter ones, or keep them as separate tensors",
            "嵌套列表各行的长度必须相等才能变成张量；沿轴 {axis} 有形状为 {first} 和 {second} 的行。"
            "请补齐较短的行，或分别存为多个张量",
        ),
        "list_of_tensors": Message(
            GradientError,
            "a list of tensors that require a gradient would be copied without it; "
            "join them with cr.stack([...]), which keeps derivatives",
            "需要梯度的张量列表会被复制而丢失梯度；请用 cr.stack([...]) 拼接，导数会被保留",
        ),
        "axis": Message(
            AxisError,
            "{op}: axis {axis} is outside a tensor of {ndim} axes ({shapes}); use {low} to {high}",
            "{op}：轴 {axis} 超出了 {ndim} 维张量的范围（{shapes}）；可用 {low} 到 {high}",
        ),
        "axis_kind": Message(
            DTypeError,
            "{op}: an axis is an integer, or several in a tuple; got {got}",
            "{op}：轴应为整数，多个轴写成元组；实际为 {got}",
        ),
        "integers": Message(
            DTypeError,
            "{op}: expected an integer or a tuple of integers, got {got}",
            "{op}：应为整数或由整数组成的元组，实际为 {got}",
        ),
        "negative_extent": Message(
            ShapeError,
            "{op}: an extent cannot be negative, got {got}",
            "{op}：长度不能为负，实际为 {got}",
        ),
        "number": Message(
            DTypeError,
            "{op}: {name} must be a number, got {got}",
            "{op}：{name} 必须是数字，实际为 {got}",
        ),
        "zero_step": Message(
            ConfigError,
            "arange: step must not be 0",
            "arange：step 不能为 0",
        ),
        "axis_twice": Message(
            ShapeError,
            "{op}: axis {axis} is named twice in {axes} ({shapes}). Name each axis once",
            "{op}：轴 {axis} 在 {axes} 中出现了两次（{shapes}）。每个轴只写一次",
        ),
        "reduce_empty": Message(
            ShapeError,
            "{op}: axis {axis} has extent 0, and the {op} of nothing is undefined ({shapes}). "
            "Check for empty data before",
            "{op}：轴 {axis} 的长度为 0，对空集求 {op} 没有定义（{shapes}）。请先检查数据是否为空",
        ),
        "reshape": Message(
            ShapeError,
            "reshape: {size} elements do not fill the shape {to} ({shapes}). "
            "The product of the extents must stay {size}; one of them may be -1",
            "reshape：{size} 个元素填不满形状 {to}（{shapes}）。各轴长度之积必须仍为 {size}；其中一个可写 -1",
        ),
        "broadcast_to": Message(
            ShapeError,
            "broadcast_to: axis {axis} has extent {got} and cannot be stretched to {expected} ({shapes}); "
            "only an axis of extent 1 can",
            "broadcast_to：轴 {axis} 的长度为 {got}，不能拉伸到 {expected}（{shapes}）；只有长度为 1 的轴可以",
        ),
        "broadcast_to_fewer": Message(
            ShapeError,
            "broadcast_to: a tensor of {got} axes cannot become one of {expected} ({shapes}); "
            "axes can be added in front, not dropped",
            "broadcast_to：{got} 维张量不能变成 {expected} 维（{shapes}）；只能在前面加轴，不能去掉轴",
        ),
        "scatter": Message(
            ShapeError,
            "scatter_add: x must have the shape {expected} that the indices and the result call for, "
            "got {got} ({shapes})",
            "scatter_add：按索引和结果的形状，x 的形状必须是 {expected}，实际为 {got}（{shapes}）",
        ),
        "squeeze": Message(
            ShapeError,
            "squeeze: axis {axis} has extent {got}; only an axis of extent 1 can be dropped ({shapes})",
            "squeeze：轴 {axis} 的长度为 {got}；只有长度为 1 的轴可以去掉（{shapes}）",
        ),
        "flatten": Message(
            ShapeError,
            "flatten: start_dim {first} stands after end_dim {last} ({shapes})",
            "flatten：start_dim {first} 在 end_dim {last} 之后（{shapes}）",
        ),
        "pad": Message(
            ShapeError,
            "pad: widths must be a number of at least 0, a pair (before, after), or a list of such pairs, "
            "one for each of the {ndim} axes; got {widths}",
            "pad：widths 应为不小于 0 的数、一个（前，后）数对，或为 {ndim} 个轴各给一个数对的列表；实际为 {widths}",
        ),
        "tensordot": Message(
            ShapeError,
            "tensordot: axes must be a number of axes that both tensors have, or two lists of equal length; "
            "got {axes} ({shapes})",
            "tensordot：axes 应为两个张量都具有的轴数，或两个等长的列表；实际为 {axes}（{shapes}）",
        ),
        "ddof": Message(
            ShapeError,
            "var: ddof = {ddof} leaves nothing to divide by: {count} elements are folded into one ({shapes})",
            "var：ddof = {ddof} 使除数不为正：每 {count} 个元素归约为一个（{shapes}）",
        ),
        "permutation": Message(
            ShapeError,
            "transpose: axes {axes} must name each of the {ndim} axes once ({shapes})",
            "transpose：axes {axes} 必须把 {ndim} 个轴各写一次（{shapes}）",
        ),
        "join": Message(
            ShapeError,
            "{op}: {name} has extent {got} at axis {axis}, expected {expected} ({shapes}). "
            "All axes but the joined one must agree",
            "{op}：{name} 在轴 {axis} 的长度为 {got}，应为 {expected}（{shapes}）。除拼接轴外各轴必须一致",
        ),
        "join_ndim": Message(
            ShapeError,
            "{op}: {name} has {got} axes, expected {expected} ({shapes}). All must have equally many; "
            "cr.expand_dims adds one, and cr.stack joins along a new axis",
            "{op}：{name} 有 {got} 个轴，应为 {expected} 个（{shapes}）。各张量的轴数必须相等；"
            "cr.expand_dims 可加轴，cr.stack 沿新轴拼接",
        ),
        "join_axis": Message(
            DTypeError,
            "{op}: the axis must be an integer, got {got}. The tensors to join stand in one list: cr.{op}([a, b])",
            "{op}：轴必须是整数，实际为 {got}。要拼接的张量写在一个列表里：cr.{op}([a, b])",
        ),
        "stack": Message(
            ShapeError,
            "stack: {name} has shape {got}, the first has {expected}; all must be equal",
            "stack：{name} 的形状为 {got}，第一个为 {expected}；所有形状必须相等",
        ),
        "join_nothing": Message(
            ShapeError,
            "{op}: there is nothing to join; give at least one tensor",
            "{op}：没有可拼接的张量；请至少给出一个",
        ),
        "split": Message(
            ShapeError,
            "split: axis {axis} has extent {extent}, which {sections} equal parts do not divide ({shapes})",
            "split：轴 {axis} 的长度为 {extent}，不能等分为 {sections} 份（{shapes}）",
        ),
        "split_places": Message(
            ShapeError,
            "split: the places {places} must rise from 0 to the extent {extent} of axis {axis}",
            "split：切分位置 {places} 必须在 0 到轴 {axis} 的长度 {extent} 之间递增",
        ),
        "contract": Message(
            ShapeError,
            "{op}: axis {axis_a} of {first} is {a}, but axis {axis_b} of {second} is {b}; they are multiplied "
            "with each other and must be equal ({shapes}){hint}",
            "{op}：{first} 的轴 {axis_a} 为 {a}，而 {second} 的轴 {axis_b} 为 {b}；两者相乘，必须相等（{shapes}）{hint}",
        ),
        "did_you_mean": Message(ShapeError, ". Did you mean {call}?", "。是否想写 {call}？"),
        "contract_ndim": Message(
            ShapeError,
            "{op}: {name} must have {expected} axes for '{spec}', got {got} ({shapes})",
            "{op}：按 '{spec}'，{name} 必须有 {expected} 个轴，实际为 {got} 个（{shapes}）",
        ),
        "matmul_scalar": Message(
            ShapeError,
            "matmul: {name} has no axes; a matrix product needs vectors or matrices ({shapes}). "
            "Use * to multiply by a number",
            "matmul：{name} 没有轴；矩阵乘法需要向量或矩阵（{shapes}）。乘以一个数请用 *",
        ),
        "conv_ndim": Message(
            ShapeError,
            "{op}: {name} must have {expected} axes (batch, channels and {space} of space), got {got} ({shapes})",
            "{op}：{name} 必须有 {expected} 个轴（批、通道和 {space} 个空间轴），实际为 {got} 个（{shapes}）",
        ),
        "conv_channels": Message(
            ShapeError,
            "{op}: input axis 1 must be {expected} (weight axis 1 times groups = {groups}), got {got} ({shapes})",
            "{op}：输入的轴 1 必须为 {expected}（权重轴 1 乘以 groups = {groups}），实际为 {got}（{shapes}）",
        ),
        "conv_groups": Message(
            ShapeError,
            "{op}: weight axis 0 is {got}, which groups={groups} does not divide ({shapes})",
            "{op}：权重的轴 0 为 {got}，不能被 groups={groups} 整除（{shapes}）",
        ),
        "window": Message(
            ShapeError,
            "{op}: the window covers {span} along axis {axis}, more than the padded input's {extent} ({shapes}). "
            "Use a smaller kernel or dilation, or more padding",
            "{op}：窗口在轴 {axis} 上覆盖 {span}，超过填充后输入的 {extent}（{shapes}）。请用更小的核或空洞，或更多填充",
        ),
        "empty_window": Message(
            OutOfRangeError,
            "{op}: a window lies on padding alone, and has no largest element ({shapes}). Pad less than a window",
            "{op}：有一个窗口完全落在填充上，没有最大元素（{shapes}）。请使填充小于窗口",
        ),
        "pad_negative": Message(
            ShapeError,
            "pad: {name} must be at least 0 on every axis, got {got} ({shapes}). To crop, slice: x[1:-1]",
            "pad：{name} 在每个轴上都必须不小于 0，实际为 {got}（{shapes}）。要裁剪请用切片：x[1:-1]",
        ),
        "pool_taps": Message(
            ShapeError,
            "{op}: there are windows {expected}, but numbers of taps {got} ({shapes}). "
            "Give one tap for each window, as pool_tap does",
            "{op}：窗口的形状为 {expected}，抽头编号的形状却为 {got}（{shapes}）。请像 pool_tap 那样为每个窗口给出一个抽头",
        ),
        "index_range": Message(
            OutOfRangeError,
            "{op}: index {index} is out of range for axis {axis}, which has extent {extent} ({shapes}); "
            "use {low} to {high}",
            "{op}：索引 {index} 超出轴 {axis} 的范围，其长度为 {extent}（{shapes}）；可用 {low} 到 {high}",
        ),
        "index_kind": Message(
            DTypeError,
            "indexing with {kind} is not possible; use integers, slices, None, ..., or integer and bool tensors",
            "不能用 {kind} 作索引；可用整数、切片、None、...，或整数、布尔张量",
        ),
        "index_slice": Message(
            DTypeError,
            "a slice is made of integers, and its step is not 0; got [{slice}]",
            "切片由整数组成，且步长不为 0；实际为 [{slice}]",
        ),
        "index_ellipsis": Message(
            OutOfRangeError,
            "an index may hold one ... only, since two would leave open which axes each stands for",
            "索引中只能有一个 ...，有两个就无法确定各代表哪些轴",
        ),
        "along_ndim": Message(
            ShapeError,
            "{op}: indices must have {expected} axes like x, got {got} ({shapes})",
            "{op}：indices 必须像 x 一样有 {expected} 个轴，实际为 {got} 个（{shapes}）",
        ),
        "index_too_many": Message(
            OutOfRangeError,
            "{got} indices for a tensor of {ndim} axes ({shapes}); use at most one for each axis",
            "对 {ndim} 维张量用了 {got} 个索引（{shapes}）；每个轴至多一个",
        ),
        "index_bool": Message(
            ShapeError,
            "a bool index of shape {got} does not fit the tensor's axes from {axis} on, whose extents are "
            "{expected} ({shapes}). A mask must have the shape of what it picks from",
            "形状为 {got} 的布尔索引与张量从轴 {axis} 起的形状 {expected} 不符（{shapes}）。掩码的形状必须与被选取部分相同",
        ),
        "immutable": Message(
            DTypeError,
            "tensors are not changed in place, so that derivatives stay right; "
            "make a new one: x = x.at[index].set(value), or .add(value), or cr.where(mask, new, x)",
            "张量不能原地修改，这样导数才始终正确；请构造新张量：x = x.at[index].set(value)、.add(value)，"
            "或 cr.where(mask, new, x)",
        ),
        "truth": Message(
            DTypeError,
            "a tensor of shape {shape} has no single truth value; use .any() or .all()",
            "形状为 {shape} 的张量没有唯一的真值；请用 .any() 或 .all()",
        ),
        "item": Message(
            ShapeError,
            "a tensor of {size} elements, of shape {shape}, is not a single number; reduce it (.sum(), .mean()), "
            "pick an element (x[0]), or use .numpy() or .tolist()",
            "含 {size} 个元素、形状为 {shape} 的张量不是单个数；请先归约（.sum()、.mean()）、"
            "取一个元素（x[0]），或用 .numpy()、.tolist()",
        ),
    },
)
