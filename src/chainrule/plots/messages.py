"""The messages of the plots."""

from __future__ import annotations

from chainrule.errors import (
    ConfigError,
    DataError,
    DTypeError,
    GradientError,
    Message,
    ShapeError,
    register,
)

register(
    "plots",
    {
        "nothing": Message(
            DataError,
            "{plot}: there is nothing to draw; give at least one {what}",
            "{plot}：没有可画的内容；请至少给出一个 {what}",
        ),
        "lengths": Message(
            ShapeError,
            "{plot}: {shapes} differ in length along axis 0; give one {what} for each",
            "{plot}：{shapes} 在第 0 轴上长度不同；每一个都要有一个 {what}",
        ),
        "square": Message(
            ShapeError,
            "confusion_matrix: expected a square of counts (classes, classes), got {shapes}",
            "confusion_matrix：需要形状为 (类别数, 类别数) 的方阵，实际为 {shapes}",
        ),
        "images": Message(
            ShapeError,
            "{plot}: images are (N, H, W), (N, C, H, W) or (N, H, W, C) with C = 1, 3 or 4, got {shapes}",
            "{plot}：图像的形状应为 (N, H, W)、(N, C, H, W) 或 (N, H, W, C)，其中 C = 1、3 或 4，实际为 {shapes}",
        ),
        "filters": Message(
            ShapeError,
            "filters: weights are (out, in, height, width), got {shapes}. "
            "Reshape the rows of a linear layer to its input images first",
            "filters：权重的形状应为 (out, in, height, width)，实际为 {shapes}。线性层请先把每一行还原成输入图像的形状",
        ),
        "feature_maps": Message(
            ShapeError,
            "feature_maps: expected the maps of one example, (channels, height, width), got {shapes}. "
            "Take one example with maps[0]",
            "feature_maps：需要一个样本的特征图 (channels, height, width)，实际为 {shapes}。请用 maps[0] 取出一个样本",
        ),
        "format": Message(
            ConfigError,
            "a figure is saved as {allowed}, not {got!r}",
            "图只能保存为 {allowed}，不能是 {got!r}",
        ),
        "nowhere": Message(
            DataError,
            "{plot}: the function is NaN or infinite at every point between {lo:g} and {hi:g}; "
            "choose an interval inside its domain",
            "{plot}：函数在 {lo:g} 与 {hi:g} 之间处处为 NaN 或无穷；请选择其定义域内的区间",
        ),
        "no_derivative": Message(
            GradientError,
            "{plot}: the function returns a plain number, so its derivative is lost; "
            "use chainrule's functions inside it, for example cr.sin instead of math.sin",
            "{plot}：函数返回的是普通数值，导数已丢失；请在其中使用 chainrule 的函数，例如用 cr.sin 代替 math.sin",
        ),
        "interval": Message(
            ConfigError,
            "{plot}: {name} must be two finite numbers (lo, hi) with lo < hi, got {got}",
            "{plot}：{name} 必须是两个有限数 (lo, hi)，且 lo < hi，实际为 {got}",
        ),
        "outside": Message(
            ConfigError,
            "{plot}: {name} = {value:g} is outside the interval ({lo:g}, {hi:g})",
            "{plot}：{name} = {value:g} 不在区间 ({lo:g}, {hi:g}) 内",
        ),
        "count": Message(
            ConfigError,
            "{plot}: {name} must be a whole number in {range}, got {got}",
            "{plot}：{name} 必须是 {range} 范围内的整数，实际为 {got}",
        ),
        "choice": Message(
            ConfigError,
            "{plot}: {name} must be one of {allowed}, got {got!r}",
            "{plot}：{name} 必须是 {allowed} 之一，实际为 {got!r}",
        ),
        "axes": Message(
            ShapeError,
            "{plot}: {name} must have {axes} axis or axes, got {shapes}",
            "{plot}：{name} 必须有 {axes} 个轴，实际为 {shapes}",
        ),
        "vector": Message(
            ShapeError,
            "{plot}: {name} must be {length} finite numbers, got {shapes}",
            "{plot}：{name} 必须是 {length} 个有限数，实际为 {shapes}",
        ),
        "points": Message(
            ShapeError,
            "{plot}: {name} must be points (N, {dimension}), got {shapes}",
            "{plot}：{name} 必须是形状为 (N, {dimension}) 的点，实际为 {shapes}",
        ),
        "no_interval": Message(
            ConfigError,
            "{plot}: give the interval to draw, for example interval=(-3, 3); it cannot be derived from {kind}",
            "{plot}：请给出要画的区间，例如 interval=(-3, 3)；无法由 {kind} 得出",
        ),
        "no_density": Message(
            DataError,
            "{plot}: expected a function or a distribution with {wanted}, got {kind}",
            "{plot}：需要一个函数，或带有 {wanted} 的分布，实际为 {kind}",
        ),
        "batch": Message(
            ShapeError,
            "{plot}: draw one distribution at a time; this holds a batch of them, {shapes}. "
            "Give several by name instead",
            "{plot}：一次只能画一个分布；这里是一批分布 {shapes}。请改为按名称分别给出",
        ),
        "classes": Message(
            DataError,
            "{plot}: classes must be integers that index {shapes}, got {got}",
            "{plot}：类别必须是 {shapes} 的整数下标，实际为 {got}",
        ),
        "covariance": Message(
            ShapeError,
            "{plot}: a covariance is a symmetric matrix (2, 2), got {shapes}",
            "{plot}：协方差应为 (2, 2) 的对称矩阵，实际为 {shapes}",
        ),
        "positive": Message(
            DataError,
            "{plot}: {name} must be positive, got {got}",
            "{plot}：{name} 必须为正，实际为 {got}",
        ),
        "zero_vector": Message(
            DataError,
            "{plot}: {name} is the zero vector, which has no direction",
            "{plot}：{name} 是零向量，没有方向",
        ),
        "plane_matrix": Message(
            ShapeError,
            "{plot}: a linear map of the plane is a matrix (2, 2) of finite numbers, got {shapes}",
            "{plot}：平面的线性变换是由有限数组成的 (2, 2) 矩阵，实际为 {shapes}",
        ),
        "real": Message(
            DTypeError,
            "{plot}: {name} is complex; give its real or imaginary part, or its absolute value",
            "{plot}：{name} 是复数；请给出其实部、虚部或绝对值",
        ),
        "epoch": Message(DataError, "epoch", "轮次"),
        "predicted": Message(DataError, "predicted", "预测"),
        "true": Message(DataError, "true", "真实"),
        "false_positive_rate": Message(DataError, "false positive rate", "假正率"),
        "true_positive_rate": Message(DataError, "true positive rate", "真正率"),
        "corner": Message(DataError, "the upper left corner, enlarged", "左上角放大"),
        "gradient_norm": Message(DataError, "norm of the gradient", "梯度范数"),
        "residual": Message(DataError, "predicted − true", "预测 − 真实"),
        "samples": Message(DataError, "samples", "样本数"),
        "best": Message(DataError, "best", "最佳"),
        "before": Message(DataError, "before", "变换前"),
        "after": Message(DataError, "after", "变换后"),
        "eigenvalue": Message(DataError, "eigenvalue {values}", "特征值 {values}"),
        "eigenvalues": Message(DataError, "eigenvalues {values}", "特征值 {values}"),
        "turns": Message(
            DataError,
            "eigenvalues {values}: complex, every direction is turned",
            "特征值 {values}：复数，每个方向都被旋转",
        ),
        "area_is": Message(DataError, "area {value}", "面积 {value}"),
        "area_turned": Message(DataError, "area {value}, turned over", "面积 {value}，方向翻转"),
        "flat": Message(DataError, "flat: area 0", "压扁：面积 0"),
        "rotate": Message(DataError, "{what}: rotate by {angle}°", "{what}：旋转 {angle}°"),
        "reflect": Message(
            DataError, "{what}: reflect in the line at {angle}°", "{what}：关于 {angle}° 方向的直线反射"
        ),
        "stretch": Message(DataError, "{what}: stretch by {values}", "{what}：伸缩 {values} 倍"),
        "tangent": Message(DataError, "tangent, slope {slope}", "切线，斜率 {slope}"),
        "secant": Message(DataError, "secant h = {h}, slope {slope}", "割线 h = {h}，斜率 {slope}"),
        "no_integral": Message(
            DataError, "∫ f(x) dx: no finite value was found", "∫ f(x) dx：未找到有限的值"
        ),
        "taylor": Message(DataError, "Taylor polynomials at {place}", "在 {place} 处的泰勒多项式"),
        "left": Message(DataError, "left sum, n = {n}: {value}", "左和，n = {n}：{value}"),
        "right": Message(DataError, "right sum, n = {n}: {value}", "右和，n = {n}：{value}"),
        "middle": Message(DataError, "midpoint sum, n = {n}: {value}", "中点和，n = {n}：{value}"),
        "trapezoid": Message(DataError, "trapezoids, n = {n}: {value}", "梯形和，n = {n}：{value}"),
        "no_tangent": Message(
            GradientError,
            "{plot}: at {at:g} the value is {value:g} and the slope {slope:g}; there is no tangent there",
            "{plot}：在 {at:g} 处函数值为 {value:g}、斜率为 {slope:g}；此处没有切线",
        ),
        "minimum": Message(DataError, "minimum", "极小点"),
        "maximum": Message(DataError, "maximum", "极大点"),
        "saddle": Message(DataError, "saddle", "鞍点"),
        "degenerate": Message(DataError, "degenerate", "退化点"),
        "steps": Message(DataError, "descent, {n} steps", "下降路径，{n} 步"),
        "optimum": Message(DataError, "f = {value} at {place}", "f = {value}，位于 {place}"),
        "of_kind": Message(DataError, "{kind}: {found}", "{kind}：{found}"),
        "allowed": Message(DataError, "allowed region", "可行域"),
        "density": Message(DataError, "density", "概率密度"),
        "cumulative": Message(DataError, "distribution function", "分布函数"),
        "probability": Message(DataError, "probability", "概率"),
        "count_of": Message(DataError, "count", "频数"),
        "covered": Message(DataError, "{k}σ ellipse", "{k}σ 椭圆"),
        "running_mean": Message(DataError, "mean of the first n", "前 n 个的均值"),
        "draws": Message(DataError, "draws n", "抽样次数 n"),
        "expected": Message(DataError, "mean μ = {mean}", "均值 μ = {mean}"),
        "standardised": Message(DataError, "standardised mean", "标准化的均值"),
        "standard_normal": Message(DataError, "standard normal density", "标准正态密度"),
        "no_moments": Message(
            ConfigError,
            "{plot}: give mean= and deviation= of the distribution, or the result of stats.{plot}",
            "{plot}：请给出分布的 mean= 和 deviation=，或给出 stats.{plot} 的结果",
        ),
        "no_posterior": Message(
            ConfigError,
            "bayes: give hypotheses, prior and posterior, or the table of stats.bayes",
            "bayes：请给出假设、先验与后验，或给出 stats.bayes 的表",
        ),
        "prior": Message(DataError, "prior", "先验"),
        "likelihood": Message(DataError, "likelihood", "似然"),
        "posterior": Message(DataError, "posterior", "后验"),
        "samples_of": Message(DataError, "samples", "样本"),
        "unit_circle": Message(DataError, "unit circle", "单位圆"),
    },
)
