"""Messages of layers and losses.

Places that many share: ``layer`` is the function's name, or the layer's kind and path;
``remedy`` is empty, or a further sentence on what would fit.
"""

from chainrule.errors import (
    ConfigError,
    DTypeError,
    GraphError,
    Message,
    OutOfRangeError,
    ShapeError,
    StateError,
    register,
)

register(
    "nn",
    {
        "in_layer": Message(ShapeError, "{layer}: {message}", "{layer}：{message}"),
        "did_you_mean": Message(ShapeError, ". Did you mean {layer}?", "。是否应为 {layer}？"),
        "axis": Message(
            ShapeError,
            "{layer}: input axis {axis} must be {expected}, got {got} ({shapes}){remedy}",
            "{layer}：输入的轴 {axis} 必须为 {expected}，实际为 {got}（{shapes}）{remedy}",
        ),
        "ndim": Message(
            ShapeError,
            "{layer}: the input must be {expected}, got {got} axes ({shapes}){remedy}",
            "{layer}：输入的形状必须为 {expected}，实际有 {got} 个轴（{shapes}）{remedy}",
        ),
        "option": Message(
            ConfigError,
            "{layer}: {option} must be in {allowed}, got {got}",
            "{layer}：{option} 必须属于 {allowed}，实际为 {got}",
        ),
        "per_axis": Message(
            ConfigError,
            "{layer}: {option} must be one number, or {space} of them (one for each space axis), got {got}",
            "{layer}：{option} 必须是一个数，或 {space} 个数（每个空间轴一个），实际为 {got}",
        ),
        "groups": Message(
            ConfigError,
            "{layer}: {option} is {got}, which {groups} groups do not divide",
            "{layer}：{option} 为 {got}，不能分成 {groups} 组",
        ),
        "same_stride": Message(
            ConfigError,
            "{layer}: padding='same' keeps the extent, which a stride of {stride} does not; "
            "use stride 1, or give the padding as a number{remedy}",
            "{layer}：padding='same' 保持长度不变，与步长 {stride} 矛盾；请用步长 1，或以数字给出填充{remedy}",
        ),
        "pool_padding": Message(
            ConfigError,
            "{layer}: padding {padding} is more than half of the window (kernel_size {kernel}), so that windows "
            "could lie wholly outside the input; use at most {most}{remedy}",
            "{layer}：填充 {padding} 超过窗口的一半（kernel_size {kernel}），窗口可能完全落在输入之外；"
            "最多可用 {most}{remedy}",
        ),
        "unpool_indices": Message(
            ShapeError,
            "{layer}: input and indices must have one shape ({shapes}){remedy}",
            "{layer}：输入与 indices 的形状必须相同（{shapes}）{remedy}",
        ),
        "output_padding": Message(
            ConfigError,
            "{layer}: output_padding {got} must be smaller than the stride {stride} or the dilation {dilation}{remedy}",
            "{layer}：output_padding {got} 必须小于步长 {stride} 或空洞 {dilation}{remedy}",
        ),
        "output_size": Message(
            ConfigError,
            "{layer}: output_size {got} cannot be reached from this input; use from {least} to {most}{remedy}",
            "{layer}：由此输入得不到 output_size {got}；可用 {least} 到 {most}{remedy}",
        ),
        "interpolate_axes": Message(
            ShapeError,
            "{layer}: mode '{mode}' is for {expected} space axes, got {got}; 'nearest' and 'area' are for any number{remedy}",
            "{layer}：模式 '{mode}' 用于 {expected} 个空间轴，实际为 {got} 个；'nearest' 和 'area' 可用于任意个{remedy}",
        ),
        "align_corners": Message(
            ConfigError,
            "{layer}: align_corners has no meaning for mode '{mode}'; leave it None{remedy}",
            "{layer}：align_corners 对模式 '{mode}' 没有意义；请保持 None{remedy}",
        ),
        "empty_interval": Message(
            ConfigError,
            "{layer}: the interval from {low} to {high} holds nothing{remedy}",
            "{layer}：从 {low} 到 {high} 的区间是空的{remedy}",
        ),
        "fans": Message(
            ShapeError,
            "{layer}: fan-in and fan-out need a tensor of at least two axes ({shapes}). "
            "For biases use zeros_ or uniform_{remedy}",
            "{layer}：fan-in 与 fan-out 需要至少两个轴的张量（{shapes}）。偏置请用 zeros_ 或 uniform_{remedy}",
        ),
        "no_forward": Message(
            GraphError,
            "{layer} has no forward: define forward(self, input), or call the modules that it holds",
            "{layer} 没有 forward：请定义 forward(self, input)，或调用它所包含的模块",
        ),
        "overwrite": Message(
            StateError,
            "{layer}: {name} is a {kind}, and cannot be replaced by another kind of value. Give it new elements with "
            ".{name}.assign(value), or replace it by nn.{kind}(value)",
            "{layer}：{name} 是 {kind}，不能换成其他类型的值。请用 .{name}.assign(value) 更新元素，"
            "或换成 nn.{kind}(value)",
        ),
        "plain_container": Message(
            ConfigError,
            "{layer}: {name} is a {kind} that holds modules, whose parameters would not be found; "
            "use nn.ModuleList, nn.ModuleDict or nn.Sequential",
            "{layer}：{name} 是包含模块的 {kind}，其中的参数不会被找到；"
            "请用 nn.ModuleList、nn.ModuleDict 或 nn.Sequential",
        ),
        "child_name": Message(
            ConfigError,
            "{layer}: {name} cannot be the name of a module; it must not be empty, hold a dot, or be a method's name",
            "{layer}：{name} 不能作为模块名；名称不能为空、含有点号或与方法同名",
        ),
        "cycle": Message(
            ConfigError,
            "{layer}: {name} would make the module a part of itself. To refer to an outer module, pass what is "
            "needed of it as an argument",
            "{layer}：{name} 会使模块成为自身的一部分。若要引用外层模块，请把所需内容作为参数传入",
        ),
        "not_a_module": Message(
            DTypeError,
            "{layer}: expected a module, got the {kind} {got}. For a function take its module, "
            "such as nn.ReLU() for relu; for a class, call it",
            "{layer}：应为模块，实际为 {kind} {got}。函数请用对应的模块，例如 relu 用 nn.ReLU()；类请先调用它",
        ),
        "index": Message(
            OutOfRangeError,
            "{layer}: index {index} is out of range for {count} modules",
            "{layer}：索引 {index} 超出范围，共有 {count} 个模块",
        ),
        "no_submodule": Message(
            ConfigError,
            "{layer} holds no module {path}; it holds {known}",
            "{layer} 中没有模块 {path}；现有：{known}",
        ),
        "float_only": Message(
            DTypeError,
            "{layer}: parameters cannot become {dtype}, which has no derivatives; use float32 or float64",
            "{layer}：参数不能变成没有导数的 {dtype}；请用 float32 或 float64",
        ),
        "state": Message(
            StateError,
            "{layer}: the state does not fit, and nothing was loaded\n  {problems}",
            "{layer}：状态不匹配，未加载任何内容\n  {problems}",
        ),
        "state_missing": Message(StateError, "missing: {names}", "缺少：{names}"),
        "state_unexpected": Message(StateError, "unexpected: {names}", "多余：{names}"),
        "state_shape": Message(
            StateError,
            "{name} has shape {got}, expected {expected}",
            "{name} 的形状为 {got}，应为 {expected}",
        ),
        "state_prefix": Message(
            StateError,
            "every name begins with '{prefix}'; take that off",
            "所有名称都以“{prefix}”开头；请去掉该前缀",
        ),
        "no_state": Message(
            StateError,
            "{layer} has no parameter or buffer {names}; it has {known}",
            "{layer} 没有参数或缓冲 {names}；现有：{known}",
        ),
        "no_running_stats": Message(
            ConfigError,
            "{layer}: running_mean and running_var are needed when not training{remedy}",
            "{layer}：非训练时需要 running_mean 和 running_var{remedy}",
        ),
        "one_element": Message(
            ShapeError,
            "{layer}: training needs more than one value per channel, got {got} ({shapes}), for one alone has no variance. "
            "Use larger batches (leave out a last batch of 1), or call eval(){remedy}",
            "{layer}：训练时每个通道需要多于一个值，实际为 {got} 个（{shapes}），单个值没有方差。"
            "请用更大的批（去掉只剩 1 个样本的最后一批），或调用 eval(){remedy}",
        ),
        "index_dtype": Message(
            DTypeError,
            "{layer}: the input must be whole numbers, got {dtype}; cast it, for example with .astype('int64'){remedy}",
            "{layer}：输入必须是整数，实际为 {dtype}；请转换，例如 .astype('int64'){remedy}",
        ),
        "attention": Message(
            ShapeError,
            "scaled_dot_product_attention: query (…, L, E), key (…, S, E) and value (…, S, D) do not fit ({shapes}). "
            "The last axes of query and key must agree, and the second last of key and value",
            "scaled_dot_product_attention：query (…, L, E)、key (…, S, E) 与 value (…, S, D) 的形状不相配（{shapes}）。"
            "query 与 key 的最后一轴必须相等，key 与 value 的倒数第二轴必须相等",
        ),
        "causal_mask": Message(
            ConfigError,
            "scaled_dot_product_attention: give either attn_mask or is_causal=True, not both. "
            "To have both, join them in one mask",
            "scaled_dot_product_attention：attn_mask 与 is_causal=True 只能给出其一。若两者都要，请合并为一个掩码",
        ),
        "embedding_range": Message(
            OutOfRangeError,
            "{layer}: number {index} at {place} of the input is out of range; with {rows} vectors use 0 to {last}{remedy}",
            "{layer}：输入在 {place} 处的编号 {index} 超出范围；共有 {rows} 个向量，可用 0 到 {last}{remedy}",
        ),
        "state_of": Message(
            ShapeError,
            "{layer}: the first state {name} must have shape {expected}, got {got}{remedy}",
            "{layer}：初始状态 {name} 的形状必须为 {expected}，实际为 {got}{remedy}",
        ),
        "lengths_shape": Message(
            ShapeError,
            "{layer}: lengths must be {batch} whole numbers, one for each sequence, got {got}{remedy}",
            "{layer}：lengths 必须是 {batch} 个整数，每个序列一个，实际为 {got}{remedy}",
        ),
        "lengths_range": Message(
            OutOfRangeError,
            "{layer}: length {got} of sequence {index} is not between 0 and {steps}, the number of steps{remedy}",
            "{layer}：序列 {index} 的长度 {got} 不在 0 到步数 {steps} 之间{remedy}",
        ),
        "loss_shapes": Message(
            ShapeError,
            "{layer}: input and target must have the same shape ({shapes}); broadcasting them would compare "
            "elements that do not belong together{remedy}",
            "{layer}：输入与目标的形状必须相同（{shapes}）；若广播，会比较互不对应的元素{remedy}",
        ),
        "reshape_target": Message(
            ShapeError, ". Did you mean target.reshape({shape})?", "。是否应为 target.reshape({shape})？"
        ),
        "loss_range": Message(
            OutOfRangeError,
            "{layer}: {what} must be between {low} and {high}, got {got} at {place}{remedy}",
            "{layer}：{what} 必须在 {low} 与 {high} 之间，{place} 处为 {got}{remedy}",
        ),
        "use_logits": Message(
            OutOfRangeError,
            ". For scores of any size use binary_cross_entropy_with_logits",
            "。任意大小的得分请用 binary_cross_entropy_with_logits",
        ),
        "signs": Message(
            OutOfRangeError,
            "{layer}: target must be 1 or -1, got {got} at {place}. From 0 and 1 make 2 * target - 1{remedy}",
            "{layer}：target 必须为 1 或 -1，{place} 处为 {got}。若为 0 和 1，请用 2 * target - 1{remedy}",
        ),
        "labels_shape": Message(
            ShapeError,
            "{layer}: target must hold one label for each sample, shape {expected} ({shapes}){remedy}",
            "{layer}：目标必须为每个样本给出一个标签，形状为 {expected}（{shapes}）{remedy}",
        ),
        "squeeze_labels": Message(
            ShapeError, ". Did you mean target.squeeze(-1)?", "。是否应为 target.squeeze(-1)？"
        ),
        "one_hot_labels": Message(
            ShapeError,
            ". It looks one-hot: take target.argmax(1), or make it float to have it read as probabilities",
            "。它看起来是独热编码：请用 target.argmax(1)，或转为浮点数以作为概率",
        ),
        "labels_dtype": Message(
            DTypeError,
            "{layer}: labels must be whole numbers, got {dtype} ({shapes}); cast them, "
            "for example with .astype('int64'){remedy}",
            "{layer}：标签必须是整数，实际为 {dtype}（{shapes}）；请转换，例如 .astype('int64'){remedy}",
        ),
        "label_range": Message(
            OutOfRangeError,
            "{layer}: label {label} at {place} of the target is not one of the {classes} classes 0 to {last}{remedy}",
            "{layer}：目标在 {place} 处的标签 {label} 不属于 {classes} 个类别 0 到 {last}{remedy}",
        ),
        "class_weights": Message(
            ShapeError,
            "{layer}: weight must hold one number for each class, shape {expected}, got {got}{remedy}",
            "{layer}：weight 必须为每个类别给出一个数，形状为 {expected}，实际为 {got}{remedy}",
        ),
        "summary_layer": Message(ConfigError, "layer", "层"),
        "summary_output": Message(ConfigError, "output", "输出"),
        "summary_parameters": Message(ConfigError, "parameters", "参数"),
        "summary_flops": Message(ConfigError, "FLOPs", "浮点运算"),
        "summary_totals": Message(
            ConfigError,
            "{parameters} parameters ({size}), {trainable} of them trained; {flops} FLOPs for this input",
            "共 {parameters} 个参数（{size}），其中 {trainable} 个参与训练；此输入需 {flops} 次浮点运算",
        ),
    },
)
