"""Messages of the operations."""

from chainrule.errors import DTypeError, Message, OutOfRangeError, ShapeError, register

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
            "Cast it first, for example {arg}.astype('float32')",
            "{op}：{arg} 的类型是 {dtype}，不被接受（可用：{allowed}）。请先转换，例如 {arg}.astype('float32')",
        ),
        "not_numeric": Message(
            DTypeError,
            "a {value} with elements of type {dtype} cannot become a tensor; numbers and bools can, "
            "in lists whose rows have equal lengths",
            "元素类型为 {dtype} 的 {value} 不能变成张量；数字和布尔值可以，且嵌套列表各行的长度须相等",
        ),
        "axis": Message(
            ShapeError,
            "{op}: axis {axis} is outside a tensor of {ndim} axes ({shapes}); use {low} to {high}",
            "{op}：轴 {axis} 超出了 {ndim} 维张量的范围（{shapes}）；可用 {low} 到 {high}",
        ),
        "axis_twice": Message(
            ShapeError,
            "{op}: axis {axis} is named twice in {axes} ({shapes}). Name each axis once",
            "{op}：轴 {axis} 在 {axes} 中出现了两次（{shapes}）。每个轴只写一次",
        ),
        "reduce_empty": Message(
            ShapeError,
            "{op}: axis {axis} has extent 0, and the {op} of nothing is undefined ({shapes})",
            "{op}：轴 {axis} 的长度为 0，对空集求 {op} 没有定义（{shapes}）",
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
        "contract": Message(
            ShapeError,
            "{op}: axis {axis_a} of {first} is {a}, but axis {axis_b} of {second} is {b}; they are multiplied "
            "with each other and must be equal ({shapes})",
            "{op}：{first} 的轴 {axis_a} 为 {a}，而 {second} 的轴 {axis_b} 为 {b}；两者相乘，必须相等（{shapes}）",
        ),
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
        "index_too_many": Message(
            OutOfRangeError,
            "{got} indices for a tensor of {ndim} axes ({shapes})",
            "对 {ndim} 维张量用了 {got} 个索引（{shapes}）",
        ),
        "index_bool": Message(
            ShapeError,
            "a bool index of shape {got} does not match axes {axis}… of the tensor ({shapes})",
            "形状为 {got} 的布尔索引与张量从轴 {axis} 起的形状不符（{shapes}）",
        ),
        "immutable": Message(
            DTypeError,
            "tensors are not changed in place, so that derivatives stay right; "
            "build a new one, for example cr.where(mask, new, x), or cr.tensor(array) after changing a NumPy copy",
            "张量不能原地修改，这样导数才始终正确；请构造新张量，例如 cr.where(mask, new, x)，"
            "或修改 NumPy 副本后用 cr.tensor(array)",
        ),
        "truth": Message(
            DTypeError,
            "a tensor of shape {shape} has no single truth value; use .any() or .all()",
            "形状为 {shape} 的张量没有唯一的真值；请用 .any() 或 .all()",
        ),
        "item": Message(
            ShapeError,
            "item() needs exactly one element, got {size} ({shapes}); use .numpy() or .tolist()",
            "item() 需要恰好一个元素，实际有 {size} 个（{shapes}）；请用 .numpy() 或 .tolist()",
        ),
        "scan_lengths": Message(
            ShapeError,
            "scan: {name} has {got} steps along axis 0, the others have {expected} ({shapes})",
            "scan：{name} 沿轴 0 有 {got} 步，其余为 {expected} 步（{shapes}）",
        ),
        "scan_carry": Message(
            ShapeError,
            "scan: the body must give back its state with the same shapes and types; "
            "part {index} came in as {expected} and went out as {got}",
            "scan：循环体必须以相同的形状和类型返回状态；第 {index} 部分输入为 {expected}，输出为 {got}",
        ),
    },
)
