"""Messages of `lagrange`, and the sentences of its worked solution."""

from __future__ import annotations

from chainrule.errors import ConfigError, ConvergenceError, Message, ShapeError, register

register(
    "lagrange",
    {
        "strict": Message(
            ConvergenceError,
            "lagrange: no solution; residual {residual:.3e} of the conditions at {point}. {reason}. "
            "With strict=False the result is returned nevertheless",
            "lagrange：没有解；在 {point} 处条件的残差为 {residual:.3e}。{reason}。用 strict=False 则仍返回结果",
        ),
        "infeasible": Message(
            ConvergenceError,
            "The constraints seem to contradict each other: the smallest violation found is {violation}, at {point}",
            "约束似乎相互矛盾：找到的最小违反量为 {violation}，位于 {point}",
        ),
        "unbounded": Message(
            ConvergenceError,
            "The objective seems unbounded under the constraints: it reached {value} at {point}",
            "目标函数在约束下似乎无界：在 {point} 处达到 {value}",
        ),
        "opposite": Message(
            ConvergenceError,
            "Only a {kind} was found, at {point}; away from it the objective gets better, perhaps without bound. "
            "Begin elsewhere, or add a constraint",
            "只找到一个{kind}，位于 {point}；离开该点目标函数会更好，也许没有界限。请换一个起点，或增加约束",
        ),
        "no_multipliers": Message(
            ConvergenceError,
            "Near {point} the gradients of {labels} are linearly dependent (LICQ fails), and there seem to be no "
            "multipliers (they grew to {largest}); state these constraints differently",
            "在 {point} 附近，{labels} 的梯度线性相关（LICQ 不成立），乘子似乎不存在（增大到 {largest}）；请改写这些约束",
        ),
        "not_reached": Message(
            ConvergenceError,
            "Neither Newton's method nor SLSQP led to a point that fulfils them; begin elsewhere",
            "牛顿法和 SLSQP 都没有到达满足条件的点；请换一个起点",
        ),
        "start": Message(
            ConfigError,
            "lagrange: objective, constraints or their derivatives are not finite at the start {point}; "
            "begin where they are",
            "lagrange：目标函数、约束或其导数在起点 {point} 不是有限的；请从它们有限的点开始",
        ),
        "names": Message(
            ShapeError,
            "lagrange: names must be {count} different names, one for each variable; got {names}",
            "lagrange：names 必须是 {count} 个互不相同的名字，每个变量一个；实际为 {names}",
        ),
        "minimize": Message(ConvergenceError, "minimize", "求最小值"),
        "maximize": Message(ConvergenceError, "maximize", "求最大值"),
        "where": Message(ConvergenceError, "where", "约束"),
        "system": Message(ConvergenceError, "stationary system:", "驻点方程组："),
        "solution": Message(ConvergenceError, "solution: {point}, f = {value}", "解：{point}，f = {value}"),
        "failed": Message(ConvergenceError, "NO solution. {reason}", "没有解。{reason}"),
        "minimum": Message(
            ConvergenceError,
            "a minimum: eigenvalues on the tangent space {eigenvalues}",
            "极小值：切空间上的特征值 {eigenvalues}",
        ),
        "maximum": Message(
            ConvergenceError,
            "a maximum: eigenvalues on the tangent space {eigenvalues}",
            "极大值：切空间上的特征值 {eigenvalues}",
        ),
        "saddle": Message(
            ConvergenceError,
            "NEITHER minimum nor maximum: eigenvalues on the tangent space {eigenvalues}",
            "既不是极小值也不是极大值：切空间上的特征值 {eigenvalues}",
        ),
        "degenerate": Message(
            ConvergenceError,
            "degenerate, the second order does not decide: eigenvalues on the tangent space {eigenvalues}",
            "退化，二阶条件无法判定：切空间上的特征值 {eigenvalues}",
        ),
        "corner": Message(
            ConvergenceError,
            "a {kind} in a corner: the active constraints leave no direction free",
            "角点处的{kind}：起作用的约束没有留下任何自由方向",
        ),
        "multiplier": Message(
            ConvergenceError,
            "{multiplier} = {value}: f* changes by {predicted} per unit of c in {label} = c {measured}",
            "{multiplier} = {value}：在 {label} = c 中，c 每增加 1，f* 改变 {predicted}{measured}",
        ),
        "inactive": Message(
            ConvergenceError,
            "{multiplier} = {value}: {label} is not active, f* does not depend on it {measured}",
            "{multiplier} = {value}：{label} 不起作用，f* 与它无关{measured}",
        ),
        "measured": Message(ConvergenceError, "(measured {value})", "（实测 {value}）"),
        "unmeasured": Message(
            ConvergenceError,
            "(not measured: no solution was found for other c)",
            "（未能实测：c 改变后没有找到解）",
        ),
        "residuals": Message(
            ConvergenceError,
            "residuals: stationarity {stationarity}, constraints {violation}, complementarity {complementarity}",
            "残差：驻点 {stationarity}，约束 {violation}，互补 {complementarity}",
        ),
        "dependent": Message(
            ConvergenceError,
            "LICQ fails: the gradients of {labels} are linearly dependent; multipliers need not be unique",
            "LICQ 不成立：{labels} 的梯度线性相关；乘子可能不唯一",
        ),
        "solver_agrees": Message(
            ConvergenceError,
            "SLSQP agrees: f = {value} at {point}",
            "SLSQP 结果一致：在 {point} 处 f = {value}",
        ),
        "solver_differs": Message(
            ConvergenceError,
            "SLSQP found ANOTHER value: f = {value} at {point}",
            "SLSQP 得到不同的值：在 {point} 处 f = {value}",
        ),
        "solver_fails": Message(
            ConvergenceError,
            "SLSQP found no point that keeps the constraints; it ended at {point}",
            "SLSQP 没有找到满足约束的点；结束于 {point}",
        ),
    },
)
