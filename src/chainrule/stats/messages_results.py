"""The texts of results: estimates, tests, tables and experiments."""

from __future__ import annotations

from chainrule.errors import ConfigError, DataError, Message, register


def _text(en: str, zh: str) -> Message:
    """A text that is shown, not raised."""
    return Message(DataError, en, zh)


register(
    "stats",
    {
        "kl_exact": _text("{value} nats (closed form)", "{value} 奈特（闭式）"),
        "kl_estimate": _text(
            "{value} nats, standard error {error} (Monte Carlo, {samples} draws)",
            "{value} 奈特，标准误差 {error}（蒙特卡罗，{samples} 次抽样）",
        ),
        "estimate_row": _text(
            "{name} = {value}, standard error {error}", "{name} = {value}，标准误差 {error}"
        ),
        "estimate_tail": _text(
            "{count} observations, log-likelihood {likelihood:.6g}; {method}, {steps} steps, largest slope "
            "{gradient:.3g}",
            "{count} 个观测，对数似然 {likelihood:.6g}；方法 {method}，{steps} 步，最大斜率 {gradient:.3g}",
        ),
        "bayes_keys": Message(
            ConfigError,
            "bayes: {name} must be a dict with the hypotheses of the prior ({expected}), got {got}",
            "bayes：{name} 必须是以先验中各假设（{expected}）为键的字典，实际为 {got}",
        ),
        "bayes_probability": Message(
            ConfigError,
            "bayes: {name} of {hypothesis} must lie in [0, 1], got {got}",
            "bayes：{hypothesis} 的 {name} 必须属于 [0, 1]，实际为 {got}",
        ),
        "bayes_sum": Message(
            ConfigError,
            "bayes: the prior probabilities add up to {total:.6g}, but one of the hypotheses must hold: the sum must "
            "be 1. Add what is missing, or divide by the sum",
            "bayes：先验概率之和为 {total:.6g}，但各假设中必有一个成立：其和必须为 1。请补上缺少的假设，或除以总和",
        ),
        "bayes_impossible": Message(
            ConfigError,
            "bayes: no hypothesis with a prior above 0 makes the observation possible, so nothing can be concluded "
            "from it",
            "bayes：先验大于 0 的假设都不能产生该观测，因此无法由它推断",
        ),
        "bayes_outcome": Message(
            ConfigError,
            "bayes_from_table: there is no outcome {observed}; the table has {known}",
            "bayes_from_table：没有结果 {observed}；表中有 {known}",
        ),
        "bayes_table": Message(
            ConfigError,
            "bayes_from_table: every row must be a dict of non-negative numbers with the same outcomes, and the "
            "table's sum must be above 0; {hypothesis} has {got}",
            "bayes_from_table：每一行都必须是具有相同结果、数值非负的字典，且整个表的和大于 0；{hypothesis} 为 {got}",
        ),
        "hypothesis": _text("hypothesis", "假设"),
        "prior": _text("prior", "先验"),
        "likelihood": _text("likelihood", "似然"),
        "joint": _text("joint", "联合"),
        "posterior": _text("posterior", "后验"),
        "sum": _text("sum", "合计"),
        "describe_count": _text("count", "个数"),
        "describe_mean": _text("mean", "均值"),
        "describe_std": _text("standard deviation", "标准差"),
        "describe_minimum": _text("minimum", "最小值"),
        "describe_q1": _text("first quartile", "下四分位数"),
        "describe_median": _text("median", "中位数"),
        "describe_q3": _text("third quartile", "上四分位数"),
        "describe_maximum": _text("maximum", "最大值"),
        "describe_skewness": _text("skewness", "偏度"),
        "describe_kurtosis": _text("excess kurtosis", "超额峰度"),
        "bootstrap": _text(
            "{estimate:.6g}; {level:.0%} interval from {low:.6g} to {high:.6g} ({method}, {repeats} resamples)",
            "{estimate:.6g}；{level:.0%} 区间从 {low:.6g} 到 {high:.6g}（{method}，重抽样 {repeats} 次）",
        ),
        "statistic_number": Message(
            ConfigError,
            "bootstrap: the statistic must give one finite number for each resample, got {got}",
            "bootstrap：统计量对每次重抽样都必须给出一个有限的数，实际为 {got}",
        ),
        "table": Message(
            DataError,
            "{function}: the table must hold counts, at least 0, with at least two rows and two columns and no empty "
            "row or column; got {got}",
            "{function}：列联表必须是不小于 0 的计数，至少两行两列，且没有全为零的行或列；实际为 {got}",
        ),
        "expected": Message(
            DataError,
            "{function}: expected counts must be positive, as many as the observed ones, and have the same sum; "
            "the sums are {observed:.6g} observed and {expected:.6g} expected",
            "{function}：期望计数必须为正，个数与观测计数相同，且总和相等；观测总和为 {observed:.6g}，期望总和为 {expected:.6g}",
        ),
        "groups": Message(
            DataError,
            "{function}: at least two groups are compared, got {got}",
            "{function}：至少要比较两组，实际为 {got} 组",
        ),
        "successes": Message(
            DataError,
            "proportion_test: {successes} successes of {trials} trials are not possible",
            "proportion_test：{trials} 次试验中不可能有 {successes} 次成功",
        ),
    },
)

# What each test supposes (its null hypothesis), and what its effect size measures.
register(
    "stats",
    {
        "null_t_test": _text("the mean is {mean:g}", "均值为 {mean:g}"),
        "null_t_test_two": _text("both groups have the same mean", "两组的均值相同"),
        "null_t_test_paired": _text("the mean of the differences is 0", "差值的均值为 0"),
        "null_chi2_goodness": _text("the counts come from the expected shares", "计数来自期望的比例"),
        "null_chi2_independence": _text("rows and columns are independent", "行与列相互独立"),
        "null_mann_whitney": _text("both groups have the same distribution", "两组的分布相同"),
        "null_wilcoxon": _text("the differences are symmetric about 0", "差值关于 0 对称"),
        "null_ks_test": _text("the data come from {distribution}", "数据来自 {distribution}"),
        "null_ks_test_two": _text("both samples have the same distribution", "两个样本的分布相同"),
        "null_shapiro": _text("the data come from a normal distribution", "数据来自正态分布"),
        "null_anova": _text("all groups have the same mean", "各组的均值相同"),
        "null_correlation_test": _text("the two quantities are not correlated", "两个量不相关"),
        "null_proportion_test": _text("the probability of success is {p:g}", "成功的概率为 {p:g}"),
        "effect_cohen_d": _text("Cohen's d", "科恩 d 值"),
        "effect_cohen_w": _text("Cohen's w", "科恩 w 值"),
        "effect_cramer_v": _text("Cramér's V", "克拉默 V 系数"),
        "effect_rank_biserial": _text("rank-biserial correlation", "秩双列相关"),
        "effect_distance": _text("largest distance of the distribution functions", "分布函数的最大距离"),
        "effect_w": _text(
            "Shapiro and Wilk's W (1 for a normal sample)", "夏皮罗–威尔克 W 值（正态样本为 1）"
        ),
        "effect_eta_squared": _text("share of variance between groups", "组间方差占比"),
        "effect_correlation": _text("correlation", "相关系数"),
        "effect_difference": _text("difference of the proportion", "比例之差"),
        "result": _text(
            "hypothesis: {null}\n{statistics}, p = {p}\n{effect_name}: {effect:.4g}",
            "假设：{null}\n{statistics}，p = {p}\n{effect_name}：{effect:.4g}",
        ),
        "result_interval": _text(
            "{level:.0%} confidence interval: {low:.6g} to {high:.6g}",
            "{level:.0%} 置信区间：{low:.6g} 到 {high:.6g}",
        ),
        "reading_against": _text(
            "If it were true that {null}, a result at least this far from it would come with probability {p}. That is "
            "below {alpha:g}: the data speak against the hypothesis.",
            "假如“{null}”成立，出现至少如此偏离的结果的概率为 {p}，小于 {alpha:g}：数据不支持该假设。",
        ),
        "reading_open": _text(
            "If it were true that {null}, a result at least this far from it would come with probability {p}. That is "
            "not below {alpha:g}: the data do not speak against the hypothesis, which is no proof of it: an "
            "effect may be too small to be seen in {count} observations.",
            "假如“{null}”成立，出现至少如此偏离的结果的概率为 {p}，不小于 {alpha:g}：数据不足以反对该假设，"
            "但这并不证明它成立：效应可能太小，在 {count} 个观测中看不出来。",
        ),
        "law": _text(
            "{paths} running means of {n} draws of {distribution}. The mean is {mean:.6g}; at the end {inside} of "
            "{paths} running means lie within 2σ/√n = {band:.4g} of it, and the farthest is {farthest:.4g} away.",
            "{distribution} 的 {paths} 条滑动均值，每条 {n} 次抽样。均值为 {mean:.6g}；最后有 {paths} 条中的 {inside} 条"
            "与它的距离不超过 2σ/√n = {band:.4g}，最远的相差 {farthest:.4g}。",
        ),
        "law_fails": _text(
            "{paths} running means of {n} draws of {distribution}, which has no mean or no finite variance: the band "
            "2σ/√n does not exist, and the running means end between {low:.4g} and {high:.4g}.",
            "{distribution} 的 {paths} 条滑动均值，每条 {n} 次抽样；该分布没有均值或没有有限方差：不存在 2σ/√n 带，"
            "滑动均值最后落在 {low:.4g} 与 {high:.4g} 之间。",
        ),
        "limit": _text(
            "{repeats} standardised sums of {n} draws of {distribution}: mean {mean:.4f}, standard deviation "
            "{deviation:.4f}, skewness {skewness:.4f}. Their distribution function is at most {distance:.4f} away "
            "from the normal one; {noise:.4f} would be exceeded by chance alone once in 20 times.",
            "{distribution} 的 {n} 次抽样之标准化和，共 {repeats} 个：均值 {mean:.4f}，标准差 {deviation:.4f}，"
            "偏度 {skewness:.4f}。其分布函数与正态分布函数最多相差 {distance:.4f}；仅凭偶然，20 次中有一次会超过 {noise:.4f}。",
        ),
        "no_variance": Message(
            ConfigError,
            "central_limit: {distribution} has no finite mean and variance (mean {mean}, variance {variance}), so "
            "its sums cannot be standardised, and the theorem does not hold for it",
            "central_limit：{distribution} 没有有限的均值和方差（均值 {mean}，方差 {variance}），"
            "其和无法标准化，定理对它不成立",
        ),
        "one_distribution": Message(
            ConfigError,
            "{function}: a single distribution of numbers is needed, got batch shape {batch} and event shape {event}",
            "{function}：需要单个数值分布，实际批形状为 {batch}，事件形状为 {event}",
        ),
    },
)
