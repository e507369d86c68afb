"""Messages about roots, critical points, descent and convexity."""

from __future__ import annotations

from chainrule.errors import ConfigError, ConvergenceError, Message, NonFiniteError, ShapeError, register

register(
    "optimum",
    {
        "root": Message(
            ConvergenceError,
            "root at {point} (residual {residual}, {count} steps)",
            "根位于 {point}（残差 {residual}，{count} 步）",
        ),
        "no_root": Message(
            ConvergenceError,
            "NOT converged: {point} after {count} steps, residual {residual}",
            "未收敛：{count} 步后位于 {point}，残差 {residual}",
        ),
        "newton": Message(
            ConvergenceError,
            "newton: no root after {count} steps; at {point} the residual is {residual:.3e}. Begin elsewhere, "
            "or look for a change of sign with bisect",
            "newton：{count} 步后仍未找到根；在 {point} 的残差为 {residual:.3e}。"
            "请换一个起点，或用 bisect 寻找变号处",
        ),
        "newton_flat": Message(
            ConvergenceError,
            "newton: no root after {count} steps; at {point} the residual is {residual:.3e}, and the derivative is "
            "zero, singular or not finite there, so that no step leads on. Begin elsewhere",
            "newton：{count} 步后仍未找到根；在 {point} 的残差为 {residual:.3e}，而那里的导数为零、奇异或不是有限的，"
            "无法继续。请换一个起点",
        ),
        "square": Message(
            ShapeError,
            "{what}: the function gives {got} numbers for {expected} variables; the two must be equal",
            "{what}：{expected} 个变量，函数却给出 {got} 个数；两者必须相等",
        ),
        "signs": Message(
            ConfigError,
            "bisect: f({a}) = {fa:.6g} and f({b}) = {fb:.6g} must have opposite signs",
            "bisect：f({a}) = {fa:.6g} 与 f({b}) = {fb:.6g} 的符号必须相反",
        ),
        "jump": Message(
            ConvergenceError,
            "bisect: the sign changes at {point}, but at a jump or a pole: |f| is still {residual} beside it",
            "bisect：符号在 {point} 处改变，但那里是跳跃或极点：旁边的 |f| 仍为 {residual}",
        ),
        "path_converged": Message(
            ConvergenceError,
            "converged after {count} steps: f = {value} at {point}, gradient norm {norm}",
            "{count} 步后收敛：在 {point} 处 f = {value}，梯度范数 {norm}",
        ),
        "path_steps": Message(
            ConvergenceError,
            "not yet converged after {count} steps: f = {value} at {point}, gradient norm {norm}",
            "{count} 步后尚未收敛：在 {point} 处 f = {value}，梯度范数 {norm}",
        ),
        "path_diverged": Message(
            ConvergenceError,
            "diverged after {count} steps: f grew to {value}; take a smaller rate",
            "{count} 步后发散：f 增大到 {value}；请用更小的步长",
        ),
        "path_unbounded": Message(
            ConvergenceError,
            "went down without end: f = {value} after {count} steps; the function seems unbounded below",
            "一直下降：{count} 步后 f = {value}；函数似乎无下界",
        ),
        "path_zigzag": Message(
            ConvergenceError,
            "not converged after {count} steps: f = {value} at {point}, gradient norm {norm}; the last steps go "
            "to and fro: take a smaller rate",
            "{count} 步后未收敛：在 {point} 处 f = {value}，梯度范数 {norm}；最后几步来回跳动：请用更小的步长",
        ),
        "minimum": Message(ConvergenceError, "minimum", "极小值"),
        "maximum": Message(ConvergenceError, "maximum", "极大值"),
        "saddle": Message(ConvergenceError, "saddle", "鞍点"),
        "degenerate": Message(ConvergenceError, "degenerate", "退化"),
        "critical": Message(
            ConvergenceError,
            "{kind} at {point}: f = {value}, eigenvalues of the Hessian {eigenvalues}, gradient norm {norm}",
            "{kind}，位于 {point}：f = {value}，黑塞矩阵的特征值 {eigenvalues}，梯度范数 {norm}",
        ),
        "column_kind": Message(ConvergenceError, "kind", "类型"),
        "column_point": Message(ConvergenceError, "point", "点"),
        "column_value": Message(ConvergenceError, "value", "值"),
        "column_eigenvalues": Message(ConvergenceError, "eigenvalues", "特征值"),
        "column_norm": Message(ConvergenceError, "gradient", "梯度"),
        "searched": Message(
            ConvergenceError,
            "critical points found: {found} ({starts} starts, {failed} without one; there may be more)",
            "找到 {found} 个临界点（{starts} 个起点，其中 {failed} 个没有结果；可能还有其他临界点）",
        ),
        "more": Message(
            ConvergenceError,
            "… and {count} more",
            "……另有 {count} 个",
        ),
        "not_isolated": Message(
            ConvergenceError,
            "The degenerate points are many: they seem to form a curve or an area",
            "退化点很多：它们似乎构成一条曲线或一片区域",
        ),
        "no_starts": Message(
            ConfigError,
            "critical_points needs a region, such as [(-2, 2), (-2, 2)], or starts, an array (m, n) of points",
            "critical_points 需要一个区域，例如 [(-2, 2), (-2, 2)]，或起点数组 starts，形状为 (m, n)",
        ),
        "starts": Message(
            ShapeError,
            "critical_points: starts must be (m, n), a row for each point and a column for each variable; "
            "got {shape}",
            "critical_points：starts 的形状应为 (m, n)，每行一个点，每列一个变量；实际为 {shape}",
        ),
        "not_finite": Message(
            NonFiniteError,
            "critical_points: the function or its derivatives are not finite at any start, such as {point}",
            "critical_points：函数或其导数在所有起点都不是有限的，例如 {point}",
        ),
        "minimize": Message(
            ConvergenceError,
            "minimize: no minimum was reached; at {point} f is {value:.6g} and the gradient norm {residual:.3e}. "
            "The function may be unbounded below, or have a kink; begin elsewhere or add constraints (lagrange)",
            "minimize：没有到达极小点；在 {point} 处 f 为 {value:.6g}，梯度范数为 {residual:.3e}。"
            "函数可能无下界或不光滑；请换一个起点，或加上约束（lagrange）",
        ),
        "region_finite": Message(
            NonFiniteError,
            "is_convex: the function is not finite at {point}; choose a region on which it is defined",
            "is_convex：函数在 {point} 处不是有限的；请选择函数有定义的区域",
        ),
        "convex_proof": Message(
            ConvergenceError,
            "convex: the formula of the Hessian is nowhere negative (a proof; smallest eigenvalue {smallest})",
            "凸函数：黑塞矩阵的公式处处非负（这是证明；最小特征值 {smallest}）",
        ),
        "convex_evidence": Message(
            ConvergenceError,
            "convex at all {samples} points and chords tested (evidence, not a proof); "
            "smallest eigenvalue of the Hessian {smallest}, at {point}",
            "在测试的 {samples} 个点和弦上都是凸的（这是证据，不是证明）；"
            "黑塞矩阵的最小特征值为 {smallest}，位于 {point}",
        ),
        "convex_not_convex": Message(
            ConvergenceError,
            "not convex; smallest eigenvalue of the Hessian {smallest}, at {point} in direction {direction}",
            "不是凸函数；黑塞矩阵的最小特征值为 {smallest}，位于 {point}，方向 {direction}",
        ),
        "chord": Message(
            ConvergenceError,
            "f is {excess} above its chord from {x} to {y} at {middle} (t = {t})",
            "f 在 {middle}（t = {t}）处比从 {x} 到 {y} 的弦高出 {excess}",
        ),
    },
)
