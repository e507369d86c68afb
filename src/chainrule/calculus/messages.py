"""Words and messages of formulas, derivatives and Taylor polynomials."""

from __future__ import annotations

from chainrule.errors import (
    ChainruleError,
    ConfigError,
    GradientError,
    GraphError,
    Message,
    ShapeError,
    register,
)


def _words(en: str, zh: str) -> Message:
    return Message(ChainruleError, en, zh)


register(
    "calculus",
    {
        "no_expression": Message(
            GraphError,
            "{op} has no counterpart in SymPy ({line})",
            "{op} 在 SymPy 中没有对应（{line}）",
        ),
        "no_slope": Message(
            GraphError,
            "SymPy has no derivative of {function}",
            "SymPy 没有 {function} 的导数",
        ),
        "without": _words("no formula ({reason})", "没有公式（{reason}）"),
        "near": _words(". Did you mean {near}?", "。是否想写 {near}？"),
        "check_automatic": _words("{name}, automatic:  {value}", "{name}，自动微分：{value}"),
        "check_formula": _words(
            "  by the formula:  {value}  (difference {error:.1e})", "  按公式：{value}（相差 {error:.1e}）"
        ),
        "check_differences": _words(
            "  by differences:  {value}  (difference {error:.1e})", "  按差分：{value}（相差 {error:.1e}）"
        ),
        "agrees": _words("They agree.", "三者一致。"),
        "differs": _words("They do NOT agree.", "三者不一致！"),
        "left_tensors": Message(
            GradientError,
            "{what}: the function turns its argument into a plain number (math.sin(x), float(x), x.item(), "
            "np.array(x) …), where derivatives are lost. Use the operations of Chainrule: cr.sin(x); to choose by "
            "a value use cr.where, or write `if x > 0`",
            "{what}：函数把自变量变成了普通的数（math.sin(x)、float(x)、x.item()、np.array(x) 等），导数会因此丢失。"
            "请用 Chainrule 的运算：cr.sin(x)；按值选择请用 cr.where，或写 `if x > 0`",
        ),
        "one_variable": Message(
            ShapeError,
            "{what} takes a function of one variable, but this one takes ({names}). For several variables use "
            "partial, gradient or jacobian",
            "{what} 需要一元函数，而这个函数的参数是 ({names})。多元函数请用 partial、gradient 或 jacobian",
        ),
        "size": Message(
            ShapeError,
            "{what}: the function takes one vector; say how many components it has, for example size=2, "
            "or ask for a point first",
            "{what}：函数的参数是一个向量；请说明它有几个分量，例如 size=2，或先给出一点求值",
        ),
        "no_point": Message(
            ShapeError,
            "{what}: give a point: one number for each variable, or one vector",
            "{what}：请给出一点：每个变量一个数，或一个向量",
        ),
        "point": Message(
            ShapeError,
            "{what}: the function has {expected} variables, got {got} numbers",
            "{what}：函数有 {expected} 个变量，却给出 {got} 个数",
        ),
        "no_variable": Message(
            ConfigError,
            '{what}: name what to differentiate by, for example partial(f, "x", "y")',
            '{what}：请写明对哪个变量求导，例如 partial(f, "x", "y")',
        ),
        "variable": Message(
            ConfigError,
            "{what}: the function has no variable {got}; its variables are {known}{near}",
            "{what}：函数没有变量 {got}；它的变量是 {known}{near}",
        ),
        "position": Message(
            ConfigError,
            "{what}: there is no variable number {got} (counted from 0); the variables are {known}",
            "{what}：没有第 {got} 个变量（从 0 数起）；变量是 {known}",
        ),
        "order": Message(
            ConfigError,
            "{what}: the order must be a whole number of at least {least}, got {got}",
            "{what}：阶数必须是不小于 {least} 的整数，实际为 {got}",
        ),
        "zero_direction": Message(
            ConfigError,
            "directional: the direction is zero, so there is no way to go; give at least one component that is not",
            "directional：方向是零向量，无法确定去向；至少要有一个分量不为零",
        ),
        "direction_size": Message(
            ShapeError,
            "directional: the direction has {got} components, the function has {expected} variables",
            "directional：方向有 {got} 个分量，而函数有 {expected} 个变量",
        ),
        "field_size": Message(
            ShapeError,
            "{what}: the function of {count} variables must give a vector of {expected} components, got shape {shape}",
            "{what}：{count} 元函数的结果应为 {expected} 个分量的向量，实际形状为 {shape}",
        ),
        "remainder": _words(
            "|f - p| at {place}: {error:.3e}; estimated bound {estimate:.3e} (largest derivative of order {n} found "
            "by sampling, not proved)",
            "在 {place} 处 |f - p| = {error:.3e}；估计的上界 {estimate:.3e}（{n} 阶导数的最大值由取样得到，并非证明）",
        ),
        "not_differentiable": Message(
            GradientError,
            "{what}: the function has no derivative of order {order} at {place} (got {value}); "
            "choose an order below, or another point",
            "{what}：函数在 {place} 处没有 {order} 阶导数（得到 {value}）；请取更低的阶数，或换一个点",
        ),
        "corner": Message(
            GradientError,
            "{what}: the function, or its derivative of lower order, has a corner or a jump at {place}, along "
            "{name}, and so no derivative there; choose another point",
            "{what}：函数（或其低阶导数）在 {place} 处沿 {name} 方向有尖点或跳跃，因此没有导数；请换一个点",
        ),
        "hidden": Message(
            GradientError,
            "{what}: at {place} the function is defined by a branch of its own (cr.where or `if`), which hides its "
            "derivative from automatic differentiation. Difference quotients along {name} give about {value}",
            "{what}：函数在 {place} 处由单独的分支（cr.where 或 `if`）定义，自动微分因此看不到那里的导数。"
            "沿 {name} 方向的差商约为 {value}",
        ),
        "not_defined": Message(
            GradientError,
            "{what}: the function is {value} at {place}; choose another point",
            "{what}：函数在 {place} 处的值为 {value}；请换一个点",
        ),
        "center": Message(
            ShapeError,
            "{what} works at one point: a number for each variable, got shape {shape}",
            "{what} 在一个点处进行：每个变量一个数，实际形状为 {shape}",
        ),
        "same_point": Message(
            ConfigError,
            "secant: both points are {point}; for the line that touches there use tangent_line",
            "secant：两点都是 {point}；要求该处的切线请用 tangent_line",
        ),
        "one_point": Message(
            ShapeError,
            "{what}: give one point; got several, of shape {shape}",
            "{what}：请给出一个点；实际给出形状为 {shape} 的多个点",
        ),
        "one_dimension": Message(
            ShapeError,
            "{what} is for functions of one variable; this polynomial has {count}",
            "{what} 只用于一元函数；这个多项式有 {count} 个变量",
        ),
        "interval": Message(
            ConfigError,
            "remainder_bound: the centre {center} must lie in the interval from {low} to {high}",
            "remainder_bound：中心 {center} 必须位于区间 {low} 到 {high} 之内",
        ),
        "other_center": Message(
            ConfigError,
            "polynomials about different centres ({first} and {second}) cannot be combined term by term",
            "不同中心（{first} 与 {second}）的多项式不能逐项运算",
        ),
        "vector_polynomial": Message(
            ShapeError,
            "its coefficients are vectors; take one component of the function",
            "其系数是向量；请只取函数的一个分量",
        ),
        "curl_variables": Message(
            ShapeError,
            "curl exists in the plane and in space, for 2 or 3 variables; got {count}",
            "旋度只在平面和空间（2 个或 3 个变量）中有定义；实际为 {count} 个变量",
        ),
    },
)
