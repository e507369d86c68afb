"""Messages about functions of several variables, their points and regions."""

from __future__ import annotations

from chainrule.errors import ConfigError, DTypeError, Message, ShapeError, register

register(
    "fields",
    {
        "function": Message(
            DTypeError,
            "{what} takes a function, got {kind}. Give the function itself, f, not its value f(x)",
            "{what} 需要一个函数，实际为 {kind}。请给出函数本身 f，而不是它的值 f(x)",
        ),
        "arguments": Message(
            ShapeError,
            "{what}: the point has {count} variables, but the function takes ({names}). Give it one argument "
            "for each variable, or a single one that is the vector of all",
            "{what}：点有 {count} 个变量，但函数的参数是 ({names})。请让每个变量对应一个参数，"
            "或只用一个参数表示由全部变量组成的向量",
        ),
        "complex": Message(
            DTypeError,
            "this part of calculus works with real numbers, got complex ones. "
            "Treat the real and the imaginary part separately",
            "微积分的这一部分只处理实数，实际得到复数。请分别处理实部和虚部",
        ),
        "no_result": Message(
            DTypeError,
            "{what}: the function gave None; is its return statement missing?",
            "{what}：函数的结果是 None；是否漏写了 return？",
        ),
        "comparison": Message(
            DTypeError,
            "{what}: a function gives true or false where a number is needed. Write what is to be zero (or not "
            "above zero): x + y - 1, not x + y == 1 or x + y <= 1",
            "{what}：需要数值的地方，函数给出了真或假。请写出应为零（或不大于零）的量："
            "x + y - 1，而不是 x + y == 1 或 x + y <= 1",
        ),
        "not_scalar": Message(
            ShapeError,
            "{what}: the function must give one number at each point, got shape {shape}. "
            "Reduce it, for example with cr.sum",
            "{what}：函数在每一点必须给出一个数，实际形状为 {shape}。请先归约，例如 cr.sum",
        ),
        "point": Message(
            ShapeError,
            "{what}: a point is a number or a vector (n,) of at least one number, got shape {shape}",
            "{what}：点应为一个数，或至少含一个数的向量 (n,)，实际形状为 {shape}",
        ),
        "not_finite": Message(
            ConfigError,
            "{what}: the point {point} is not finite; give finite numbers",
            "{what}：点 {point} 含有 NaN 或无穷；请给出有限的数",
        ),
        "start": Message(
            ConfigError,
            "{what}: the function is {value} at the start {point}; begin where it is finite",
            "{what}：函数在起点 {point} 的值为 {value}；请从函数值有限的点开始",
        ),
        "region": Message(
            ShapeError,
            "{what}: a region is a pair (low, high), or a list with one pair for each variable; got {got}",
            "{what}：区域应为一对 (下限, 上限)，或每个变量一对的列表；实际为 {got}",
        ),
        "reversed": Message(
            ConfigError,
            "{what}: along {name} the region goes from {low} to {high}; both must be finite, the first smaller",
            "{what}：区域在 {name} 方向从 {low} 到 {high}；前者必须小于后者，且两者有限",
        ),
        "count": Message(
            ConfigError,
            "{what}: {name} must be an integer of at least {least}, got {got}",
            "{what}：{name} 必须是不小于 {least} 的整数，实际为 {got}",
        ),
        "positive": Message(
            ConfigError,
            "{what}: {name} must be a positive number, got {got}",
            "{what}：{name} 必须是正数，实际为 {got}",
        ),
        "choice": Message(
            ConfigError,
            "{what}: {name} must be one of {known}, got {got}",
            "{what}：{name} 必须是 {known} 之一，实际为 {got}",
        ),
    },
)
