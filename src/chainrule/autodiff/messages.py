"""Messages of differentiation."""

from chainrule.errors import (
    ConfigError,
    DTypeError,
    GradientError,
    Message,
    OutOfRangeError,
    ShapeError,
    register,
)

register(
    "autodiff",
    {
        "not_required": Message(
            GradientError,
            "backward() was called on a tensor that was not computed from anything that requires a gradient. "
            "Set requires_grad on the inputs, and check that nothing on the way is detached or under no_grad()",
            "对一个与任何需要梯度的张量都无关的结果调用了 backward()。"
            "请给输入设置 requires_grad，并检查途中没有 detach() 或 no_grad()",
        ),
        "not_scalar": Message(
            ShapeError,
            "{what} needs a result of one element, got shape {shape}. Reduce it, for example with .sum() or "
            ".mean(); to start from a gradient of that shape, use y.backward(gradient) or cr.vjp",
            "{what} 需要只有一个元素的结果，实际形状为 {shape}。请先归约，例如 .sum() 或 .mean()；"
            "要从该形状的梯度出发，请用 y.backward(gradient) 或 cr.vjp",
        ),
        "complex_result": Message(
            GradientError,
            "{what} needs a real result: a complex one has no single gradient. Take a real function of it, "
            "for example cr.abs(y) ** 2, or use cr.vjp with a cotangent of your own",
            "{what} 需要实数结果：复数结果没有唯一的梯度。请取其实值函数，例如 cr.abs(y) ** 2，"
            "或用 cr.vjp 给出余切",
        ),
        "jacobian_complex": Message(
            GradientError,
            "jacobian: the result is real but the argument complex, so no matrix of complex numbers is its "
            "derivative. Give the real and imaginary part as two arguments, or use cr.vjp",
            "jacobian：结果是实数而自变量是复数，因此其导数不是复数矩阵。请把实部和虚部作为两个自变量，或用 cr.vjp",
        ),
        "gradient_shape": Message(
            ShapeError,
            "{what}: the given gradient has shape {got}, the result has shape {expected}; they must be equal",
            "{what}：给出的梯度形状为 {got}，结果的形状为 {expected}；两者必须相等",
        ),
        "backward_twice": Message(
            GradientError,
            "backward() was already called on this result, and what it needs was freed. "
            "Compute the result again, or call backward(retain_graph=True) the first time",
            "这个结果已经调用过 backward()，所需的中间值已被释放。请重新计算结果，"
            "或第一次用 backward(retain_graph=True)",
        ),
        "stale_state": Message(
            GradientError,
            "this result was computed from a tensor of an earlier step ({op}), whose graph an earlier backward() "
            "has freed. If it is a state carried from step to step, detach the state: state = state.detach()",
            "这个结果用到了更早一步算出的张量（{op}），其计算图已被之前的 backward() 释放。"
            "如果它是逐步传递的状态，请断开它：state = state.detach()",
        ),
        "leaf_float": Message(
            DTypeError,
            "a derivative by a tensor of type {dtype} does not exist; only floating-point tensors have one. "
            "Cast it: x.astype('float32')",
            "类型为 {dtype} 的张量没有导数；只有浮点张量才有。请转换：x.astype('float32')",
        ),
        "not_leaf": Message(
            GradientError,
            "requires_grad can be set only on tensors that were given, not on computed ones; "
            "use x.detach() first",
            "requires_grad 只能设置在直接给出的张量上，不能设置在计算结果上；请先 x.detach()",
        ),
        "function": Message(
            DTypeError,
            "{what} takes a function, got {kind}. Give the function itself, f, not its value f(x)",
            "{what} 需要一个函数，实际为 {kind}。请给出函数本身 f，而不是它的值 f(x)",
        ),
        "argnums_kind": Message(
            DTypeError,
            "{what}: argnums must be the number of an argument, counted from 0, or several; got {got}",
            "{what}：argnums 必须是参数的序号（从 0 起）或多个序号，实际为 {got}",
        ),
        "argnums": Message(
            OutOfRangeError,
            "{what}: argnums names argument {number}, but the function was called with {count} positional "
            "arguments (counted from 0)",
            "{what}：argnums 指定第 {number} 个参数，但调用时只给出 {count} 个位置参数（从 0 计数）",
        ),
        "no_result": Message(
            DTypeError,
            "{what}: the function gave None; is its return statement missing?",
            "{what}：函数的结果是 None；是否漏写了 return？",
        ),
        "several_results": Message(
            DTypeError,
            "{what}: the function gave a {kind}; expected one tensor. With grad and value_and_grad, "
            "has_aux=True lets it return a pair (loss, anything else)",
            "{what}：函数的结果是 {kind}；应为一个张量。grad 和 value_and_grad 可用 has_aux=True "
            "让函数返回二元组（损失，其他任意内容）",
        ),
        "aux": Message(
            DTypeError,
            "{what}: with has_aux=True the function must return a pair (result, anything else), got {kind}",
            "{what}：has_aux=True 时函数必须返回二元组（结果，其他任意内容），实际为 {kind}",
        ),
        "cotangents": Message(
            ShapeError,
            "vjp: {got} cotangents for {expected} results; give one for each, in the form of the result",
            "vjp：{expected} 个结果却给出 {got} 个余切；请按结果的形式各给一个",
        ),
        "tangent_count": Message(
            ShapeError,
            "jvp: {got} tangents for {expected} tensors; give one for each, in the form of the arguments",
            "jvp：{expected} 个张量却给出 {got} 个切向量；请按参数的形式各给一个",
        ),
        "jvp_tuples": Message(
            DTypeError,
            "jvp takes arguments and tangents as tuples, for example cr.jvp(f, (x,), (t,))",
            "jvp 的参数和切向量要写成元组，例如 cr.jvp(f, (x,), (t,))",
        ),
        "order": Message(
            ConfigError,
            "{what}: the order must be a whole number, 0 or more; got {got}",
            "{what}：阶数必须是不小于 0 的整数，实际为 {got}",
        ),
        "jet_tuples": Message(
            DTypeError,
            "{what} takes arguments and coefficients as tuples, for example cr.jet(f, (x,), (v,), order=3)",
            "{what} 的参数和系数要写成元组，例如 cr.jet(f, (x,), (v,), order=3)",
        ),
        "jet_count": Message(
            ShapeError,
            "{what}: {got} coefficients for {expected} arguments; give one for each, in the form of the arguments",
            "{what}：{expected} 个参数却给出 {got} 个系数；请按参数的形式各给一个",
        ),
        "jet_shape": Message(
            ShapeError,
            "{name} has shape {got}, expected that of its argument, {expected}",
            "{name}的形状为 {got}，应与其参数一致：{expected}",
        ),
        "mode": Message(
            ConfigError,
            "jacobian: mode must be one of {known}, got {got}",
            "jacobian：mode 必须是 {known} 之一，实际为 {got}",
        ),
        "custom_count": Message(
            GradientError,
            "{op}: its backward rule gave {got} cotangents for {expected} arguments; "
            "return a tuple with one each, None where there is none",
            "{op}：其反向规则为 {expected} 个参数给出 {got} 个余切；请返回元组，每个参数一个，没有的写 None",
        ),
        "argument": Message(
            DTypeError,
            "{what}: argument {position} is a {kind}; expected a floating-point tensor, or a list, tuple or "
            "dict of them",
            "{what}：第 {position} 个参数是 {kind}；应为浮点张量，或由其组成的列表、元组、字典",
        ),
        "tangents": Message(
            ShapeError,
            "jvp: {name} has shape {got}, expected that of its argument, {expected}",
            "jvp：{name} 的形状为 {got}，应与其参数一致：{expected}",
        ),
        "no_forward": Message(
            GradientError,
            "{op} has a custom backward rule but no forward rule, so jvp (and what is built on it) cannot pass "
            "it; give custom_derivative a forward rule",
            "{op} 只有自定义的反向规则而没有前向规则，jvp（及以其为基础的函数）无法通过；"
            "请为 custom_derivative 提供前向规则",
        ),
        "custom_shape": Message(
            ShapeError,
            "{op}: its backward rule gave shape {got} for argument {position}, expected {expected}",
            "{op}：其反向规则为第 {position} 个参数给出形状 {got}，应为 {expected}",
        ),
        "rules_differ": Message(
            GradientError,
            "{op}: its rules announce {announced}, its definition gives {found} (seed {seed})",
            "{op}：规则声明 {announced}，而定义给出 {found}（随机种子 {seed}）",
        ),
        "check_failed": Message(
            GradientError,
            "the derivative is wrong: {which}: expected {expected}, got {got} "
            "(relative difference {difference:.2e}, allowed {tolerance:.0e}; seed {seed})",
            "导数有误：{which}：应为 {expected}，实际为 {got}（相对误差 {difference:.2e}，"
            "允许 {tolerance:.0e}；随机种子 {seed}）",
        ),
    },
)
