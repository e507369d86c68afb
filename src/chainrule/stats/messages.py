"""The messages of distributions and estimation."""

from __future__ import annotations

from chainrule.errors import (
    ConfigError,
    ConvergenceError,
    DataError,
    GradientError,
    Message,
    ShapeError,
    register,
)

register(
    "stats",
    {
        "parameter": Message(
            ConfigError,
            "{distribution}: {name} must lie in {allowed}, got {got}",
            "{distribution}：{name} 必须属于 {allowed}，实际为 {got}",
        ),
        "parameter_axes": Message(
            ShapeError,
            "{distribution}: {name} must have at least {expected} axes, for the parts of one draw, got shape {got}",
            "{distribution}：{name} 至少要有 {expected} 个轴（一次抽样的各分量），实际形状为 {got}",
        ),
        "event_sizes": Message(
            ShapeError,
            "{distribution}: {first} and {second} describe draws of different sizes, {a} and {b} ({shapes})",
            "{distribution}：{first} 与 {second} 描述的抽样大小不同，分别为 {a} 与 {b}（{shapes}）",
        ),
        "one_of": Message(
            ConfigError,
            "{distribution}: give exactly one of {names}, got {got}",
            "{distribution}：{names} 必须且只能给出一个，实际给出 {got}",
        ),
        "order": Message(
            ConfigError,
            "{distribution}: low must be below high, got low = {low} and high = {high}",
            "{distribution}：low 必须小于 high，实际 low = {low}，high = {high}",
        ),
        "event": Message(
            ShapeError,
            "{distribution}.{method}: the last axes of a value must be {expected}, the shape of one draw; "
            "got shape {got}",
            "{distribution}.{method}：取值的最后几个轴必须是 {expected}（一次抽样的形状），实际形状为 {got}",
        ),
        "no_closed_form": Message(
            ConfigError,
            "{distribution} has no {what} in closed form here. Estimate it from draws: sample(1000, key=…)",
            "{distribution} 在此没有闭式的 {what}。可用抽样估计：sample(1000, key=…)",
        ),
        "not_scalar": Message(
            ConfigError,
            "{distribution} has no {what}: its draws are vectors, and their values have no order",
            "{distribution} 没有 {what}：其抽样是向量，取值没有大小次序",
        ),
        "no_rsample": Message(
            GradientError,
            "{distribution}: draws do not move smoothly with the parameters, so rsample has no derivative. "
            "Use sample, and differentiate log_prob of the draws (the score function)",
            "{distribution}：抽样不随参数光滑变化，因此 rsample 没有导数。请用 sample，并对抽样的 log_prob 求导（得分函数）",
        ),
        "no_distribution": Message(
            ConfigError,
            "{function}: {name} must be a distribution of cr.stats, got {got}",
            "{function}：{name} 必须是 cr.stats 的分布，实际为 {got}",
        ),
        "components": Message(
            ShapeError,
            "Mixture: {weights} weights along the last axis, but {components} components",
            "Mixture：权重最后一轴有 {weights} 个，成分却有 {components} 个",
        ),
        "component_events": Message(
            ShapeError,
            "Mixture: all components must have draws of one shape and kind, got {got}",
            "Mixture：所有成分的抽样形状和类型必须一致，实际为 {got}",
        ),
        "no_components": Message(
            ConfigError,
            "Mixture: there must be at least one component",
            "Mixture：至少要有一个成分",
        ),
        "discrete_base": Message(
            ConfigError,
            "TransformedDistribution: {base} is discrete, and the density of a transformed variable is one of "
            "continuous numbers. Transform its draws instead",
            "TransformedDistribution：{base} 是离散分布，而变换后的密度只对连续变量有定义。请改为变换其抽样",
        ),
        "bijector": Message(
            ConfigError,
            "{function}: {got} is not a bijector of cr.stats",
            "{function}：{got} 不是 cr.stats 的双射",
        ),
        "bijector_size": Message(
            ShapeError,
            "{bijector}: {size} numbers do not fill a triangle of a matrix; that takes 1, 3, 6, 10, …",
            "{bijector}：{size} 个数不能填满矩阵的三角部分；需要 1、3、6、10……个",
        ),
        "samples": Message(
            ConfigError,
            "{function}: {name} must be a whole number of at least {least}, got {got}",
            "{function}：{name} 必须是不小于 {least} 的整数，实际为 {got}",
        ),
        "share": Message(
            ConfigError,
            "{function}: {name} must lie strictly between 0 and 1, got {got}",
            "{function}：{name} 必须严格介于 0 与 1 之间，实际为 {got}",
        ),
        "choice": Message(
            ConfigError,
            "{function}: {name} must be one of {known}, got {got}",
            "{function}：{name} 必须是 {known} 之一，实际为 {got}",
        ),
        "no_data": Message(
            DataError,
            "{function}: {name} needs at least {least} observations, got {got}",
            "{function}：{name} 至少需要 {least} 个观测，实际为 {got} 个",
        ),
        "bad_data": Message(
            DataError,
            "{function}: {name} holds values that are not finite ({got}); remove them, or replace them, first",
            "{function}：{name} 含有非有限值（{got}）；请先删除或替换它们",
        ),
        "lengths": Message(
            ShapeError,
            "{function}: {first} and {second} must hold equally many observations ({shapes})",
            "{function}：{first} 与 {second} 的观测个数必须相同（{shapes}）",
        ),
        "data_axes": Message(
            ShapeError,
            "{function}: {name} must have {expected} axes, got shape {got}",
            "{function}：{name} 必须有 {expected} 个轴，实际形状为 {got}",
        ),
        "constant": Message(
            DataError,
            "{function}: {name} is the same number throughout, so there is no spread to compare with",
            "{function}：{name} 全是同一个数，没有可供比较的离散程度",
        ),
        "outside_support": Message(
            DataError,
            "{function}: the data hold {got}, which {distribution} never gives (support {support})",
            "{function}：数据含有 {got}，而 {distribution} 不会产生该值（支撑集 {support}）",
        ),
        "no_start": Message(
            ConfigError,
            "fit: there is no first guess for {got}; fit one of {known}, or use maximum_likelihood with a start",
            "fit：没有为 {got} 提供初始估计；请拟合 {known} 之一，或用 maximum_likelihood 并给出起点",
        ),
        "flat": Message(
            ConvergenceError,
            "{function}: the log-likelihood is flat, or a saddle, where its slope is {residual:.3g}: its smallest "
            "curvature is {curvature:.3g}, so the data do not tell the parameters apart. Fix one of them, or "
            "start elsewhere",
            "{function}：对数似然在斜率为 {residual:.3g} 处是平坦的或鞍点：最小曲率为 {curvature:.3g}，"
            "数据无法区分各参数。请固定其中一个，或更换起点",
        ),
        "start": Message(
            ConfigError,
            "{function}: start must be a dict of parameters by name with at least one entry, got {got}",
            "{function}：start 必须是至少含一项的参数字典（名称到数值），实际为 {got}",
        ),
        "unknown_parameters": Message(
            ConfigError,
            "{function}: {names} in {where} is no parameter of the model; it has {known}",
            "{function}：{where} 中的 {names} 不是模型的参数；模型的参数为 {known}",
        ),
        "no_maximum": Message(
            ConvergenceError,
            "{function}: after {steps} steps the gradient still has norm {residual:.3g} (wanted {tolerance:.3g}), at "
            "{estimate}. The likelihood may have no maximum there; try another start, more steps or "
            "other parameters",
            "{function}：经过 {steps} 步，梯度范数仍为 {residual:.3g}（要求 {tolerance:.3g}），此时参数为 {estimate}。"
            "似然在此可能没有最大值；请更换起点、增加步数或改用其他参数",
        ),
        "bad_start": Message(
            ConfigError,
            "{function}: the log-likelihood at the start {start} is {value}; start where the data are possible",
            "{function}：在起点 {start} 处对数似然为 {value}；请从数据可能出现的参数开始",
        ),
    },
)
