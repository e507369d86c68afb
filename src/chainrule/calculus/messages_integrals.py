"""Messages about integrals and limits."""

from __future__ import annotations

from chainrule.errors import ConfigError, ConvergenceError, Message, NonFiniteError, ShapeError, register

register(
    "integral",
    {
        "result": Message(
            ConvergenceError,
            "integral = {value} ± {error} ({count} evaluations)",
            "积分 = {value} ± {error}（函数求值 {count} 次）",
        ),
        "strict": Message(
            ConvergenceError,
            "integrate: no convergence; error estimate {residual:.1e} for the value {value:.6g}. {reason}. "
            "With strict=False the result is returned nevertheless",
            "integrate：没有收敛；值 {value:.6g} 的误差估计为 {residual:.1e}。{reason}。"
            "用 strict=False 则仍返回结果",
        ),
        "not_finite": Message(
            NonFiniteError,
            "f is not finite near {place}; if it has a pole or a jump there, name the place in points=",
            "f 在 {place} 附近不是有限的；如果那里有极点或跳跃，请在 points= 中指明",
        ),
        "singular": Message(
            ConvergenceError,
            "The integral diverges, or f is too singular, near {place}; if that is inside, put it in points=",
            "积分在 {place} 附近发散，或 f 过于奇异；如果该点在区间内部，请在 points= 中指明",
        ),
        "undefined": Message(
            NonFiniteError,
            "f is not defined (NaN) near {place}; choose limits between which it is",
            "f 在 {place} 附近没有定义（NaN）；请选择使 f 有定义的积分限",
        ),
        "far": Message(
            ConvergenceError,
            "Towards {place} the integral diverges, or f falls too slowly or oscillates without end",
            "在趋于 {place} 时积分发散，或 f 下降太慢，或无休止地振荡",
        ),
        "budget": Message(
            ConvergenceError,
            "The evaluations are used up (largest error near {place}): f jumps or oscillates, or the "
            "integral diverges. Name jumps in points=, use limits that are functions, or raise budget or rtol",
            "求值次数已用完（误差最大处在 {place} 附近）：f 有跳跃或振荡，或积分发散。"
            "请在 points= 中指明跳跃处，用函数表示积分限，或增大 budget、rtol",
        ),
        "start": Message(
            ConfigError,
            "antiderivative: start must be a finite number, got {got}",
            "antiderivative：start 必须是有限的数，实际为 {got}",
        ),
        "no_formula": Message(
            ConvergenceError,
            "SymPy finds no formula of the integral",
            "SymPy 没有找到积分的公式",
        ),
        "no_row": Message(
            ConvergenceError,
            "The formula that SymPy gives has a part, {name}, that cannot be evaluated here",
            "SymPy 给出的公式含有此处无法求值的部分 {name}",
        ),
        "not_verified": Message(
            ConvergenceError,
            "The formula that SymPy gives does not have f as derivative (difference {residual})",
            "SymPy 给出的公式求导后不等于 f（相差 {residual}）",
        ),
        "antiderivative_symbolic": Message(
            ConvergenceError,
            "F(x) = {formula} + C (F' is f up to {residual})",
            "F(x) = {formula} + C（F' 与 f 相差不超过 {residual}）",
        ),
        "antiderivative_numeric": Message(
            ConvergenceError,
            "F(x) = integral of f from {start} to x, computed numerically. {formula}",
            "F(x) = f 从 {start} 到 x 的积分，数值计算。{formula}",
        ),
        "sum": Message(
            ConvergenceError,
            "{rule} rule with {count} nodes: {value}",
            "{rule}法则，{count} 个节点：{value}",
        ),
        "rule_left": Message(ConvergenceError, "left", "左端点"),
        "rule_right": Message(ConvergenceError, "right", "右端点"),
        "rule_middle": Message(ConvergenceError, "middle", "中点"),
        "rule_trapezoid": Message(ConvergenceError, "trapezoid", "梯形"),
        "rule_simpson": Message(ConvergenceError, "Simpson", "辛普森"),
        "simpson": Message(
            ConfigError,
            "Simpson's rule takes strips in pairs: n must be even, got {n}",
            "辛普森法则成对地使用小区间：n 必须是偶数，实际为 {n}",
        ),
        "sum_limits": Message(
            ConfigError,
            "riemann_sum: the limits must be finite numbers, got {low} and {high}; "
            "for infinite limits use integrate",
            "riemann_sum：积分限必须是有限的数，实际为 {low} 和 {high}；无穷限请用 integrate",
        ),
        "monte_carlo": Message(
            ConvergenceError,
            "integral ≈ {value} ± {error} (one standard error, {n} random points)",
            "积分 ≈ {value} ± {error}（一个标准误差，{n} 个随机点）",
        ),
        "level": Message(
            ConfigError,
            "interval: level must lie between 0 and 1, got {got}",
            "interval：level 必须在 0 与 1 之间，实际为 {got}",
        ),
        "nothing_inside": Message(
            ConfigError,
            "monte_carlo: none of the {n} points lies in the region of inside=; make the box smaller or n larger",
            "monte_carlo：{n} 个点都不在 inside= 的区域内；请缩小范围或增大 n",
        ),
        "sample": Message(
            NonFiniteError,
            "monte_carlo: f is not finite at {place}; leave such points out with inside=",
            "monte_carlo：f 在 {place} 处不是有限的；请用 inside= 排除这样的点",
        ),
        "pair": Message(
            ShapeError,
            "{what}: the limits of variable {position} must be a pair (low, high), got {got}",
            "{what}：第 {position} 个变量的积分限应为一对 (下限, 上限)，实际为 {got}",
        ),
        "no_limits": Message(
            ShapeError,
            "integrate needs limits: integrate(f, a, b), or integrate(f, (a, b), (c, d)) for two variables; "
            "for an indefinite integral use antiderivative(f)",
            "integrate 需要积分限：integrate(f, a, b)，两个变量时 integrate(f, (a, b), (c, d))；"
            "不定积分请用 antiderivative(f)",
        ),
        "limits": Message(
            ShapeError,
            "integrate: give two numbers a, b, or one pair (low, high) for each variable; got {got}",
            "integrate：请给出两个数 a、b，或每个变量一对 (下限, 上限)；实际为 {got}",
        ),
        "too_many": Message(
            ConfigError,
            "integrate: {count} variables are too many for a grid of nodes (at most {most}); use monte_carlo",
            "integrate：{count} 个变量对节点网格来说太多（最多 {most} 个）；请用 monte_carlo",
        ),
        "same_infinity": Message(
            ConfigError,
            "{what}: both limits are the same infinity",
            "{what}：两个积分限是同一个无穷",
        ),
        "first_limit": Message(
            ConfigError,
            "{what}: the limits of the first (outermost) variable must be numbers; "
            "a function has no variables before it to depend on",
            "{what}：第一个（最外层）变量的积分限必须是数；它之前没有变量可供函数依赖",
        ),
        "limit": Message(
            ShapeError,
            "{what}: a limit must be one number, got shape {shape}",
            "{what}：积分限必须是一个数，实际形状为 {shape}",
        ),
        "nan_limit": Message(ConfigError, "{what}: a limit is NaN", "{what}：有一个积分限是 NaN"),
        "points_many": Message(
            ConfigError,
            "integrate: points= is for one variable; split the region by calling integrate for each part",
            "integrate：points= 只用于一个变量；请对区域的每一部分分别调用 integrate",
        ),
        "points": Message(
            ConfigError,
            "integrate: points {points} must lie between the limits {low} and {high}",
            "integrate：points {points} 必须位于积分限 {low} 与 {high} 之间",
        ),
    },
)

register(
    "limit",
    {
        "place": Message(
            ConfigError,
            "limit: x0 must be one number or an infinity, got {got}",
            "limit：x0 必须是一个数或无穷，实际为 {got}",
        ),
        "left": Message(ConvergenceError, "from the left: {side}", "从左侧：{side}"),
        "right": Message(ConvergenceError, "from the right: {side}", "从右侧：{side}"),
        "converges": Message(ConvergenceError, "{value} ± {error}", "{value} ± {error}"),
        "diverges": Message(ConvergenceError, "goes to {value}", "趋于 {value}"),
        "oscillates": Message(
            ConvergenceError, "swings between {low} and {high}", "在 {low} 与 {high} 之间振荡"
        ),
        "undefined": Message(ConvergenceError, "f is not defined here", "f 在此没有定义"),
        "undecided": Message(
            ConvergenceError,
            "the values do not show where they go",
            "这些值看不出趋势",
        ),
        "result_converges": Message(
            ConvergenceError, "limit = {value} ± {error}", "极限 = {value} ± {error}"
        ),
        "result_diverges": Message(
            ConvergenceError,
            "there is no finite limit: f goes to {value}",
            "没有有限的极限：f 趋于 {value}",
        ),
        "result_differs": Message(
            ConvergenceError,
            "there is no limit: left and right differ",
            "没有极限：左右极限不同",
        ),
        "result_oscillates": Message(ConvergenceError, "there is no limit: f oscillates", "没有极限：f 振荡"),
        "result_undefined": Message(
            ConvergenceError,
            "there is no two-sided limit: f is not defined on one side at least; ask for the other with side=",
            "没有双侧极限：f 至少在一侧没有定义；可用 side= 求另一侧的极限",
        ),
        "result_undecided": Message(
            ConvergenceError,
            "undecided: the values do not show a limit",
            "无法判断：这些值看不出极限",
        ),
    },
)

register(
    "continuity",
    {
        "continuous": Message(
            ConvergenceError,
            "continuous at {place}: f and its limit are {value}",
            "在 {place} 连续：f 的值与极限都是 {value}",
        ),
        "removable": Message(
            ConvergenceError,
            "removable discontinuity at {place}: f is {value}, its limit {limit}",
            "在 {place} 有可去间断点：f 的值：{value}，极限：{limit}",
        ),
        "jump": Message(
            ConvergenceError,
            "jump at {place}: from {left} to {right}; f is {value}",
            "在 {place} 有跳跃间断点：从 {left} 到 {right}；f 的值：{value}",
        ),
        "infinite": Message(
            ConvergenceError,
            "infinite discontinuity at {place}: from the left {left}, from the right {right}",
            "在 {place} 有无穷间断点：左侧：{left}，右侧：{right}",
        ),
        "nothing": Message(ConvergenceError, "not defined", "无定义"),
        "oscillating": Message(
            ConvergenceError,
            "f oscillates at {place}: it has no limit there",
            "f 在 {place} 振荡：在此没有极限",
        ),
        "undefined": Message(
            ConvergenceError,
            "f is not defined around {place}",
            "f 在 {place} 附近没有定义",
        ),
        "undecided": Message(
            ConvergenceError,
            "undecided at {place}: the values around it do not show a limit",
            "在 {place} 无法判断：附近的值看不出极限",
        ),
        "gap": Message(
            ConvergenceError,
            "f is not defined between {low} and {high}",
            "f 在 {low} 与 {high} 之间没有定义",
        ),
        "none": Message(
            ConvergenceError,
            "no discontinuity found on [{low}, {high}] between {count} points",
            "在 [{low}, {high}] 上的 {count} 个点之间没有发现间断点",
        ),
    },
)
