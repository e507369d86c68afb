"""Messages about non-finite values, and the reasons for them."""

from chainrule.errors import ChainruleError, Message, NonFiniteError, register

register(
    "debug",
    {
        "forward": Message(
            NonFiniteError,
            "{op} made {value}{at}: {reason}{details}",
            "{op} {at}产生了 {value}：{reason}{details}",
        ),
        "backward": Message(
            NonFiniteError,
            "the derivative of {op} by {arg} made {value}{at}: {reason}{details}",
            "{op} 对 {arg} 的导数{at}产生了 {value}：{reason}{details}",
        ),
        "at": Message(ChainruleError, " at index {index}", "在索引 {index} 处"),
        "place": Message(ChainruleError, "in {scope}", "位于 {scope}"),
        "forward_line": Message(ChainruleError, "the operation itself: {line}", "该运算所在行：{line}"),
        "range": Message(ChainruleError, "{name}: {spec}, {summary}", "{name}：{spec}，{summary}"),
        "range_at": Message(
            ChainruleError,
            "{name}: {spec}, {summary}; {value} at index {index}",
            "{name}：{spec}，{summary}；索引 {index} 处为 {value}",
        ),
        "single": Message(ChainruleError, "{name}: {spec}, {value}", "{name}：{spec}，{value}"),
        "tangent": Message(ChainruleError, "t (the tangent of {arg})", "t（{arg} 的切向量）"),
        "incoming": Message(ChainruleError, "g (the gradient that came in)", "g（传入的梯度）"),
        "where_hint": Message(
            ChainruleError,
            "hint: cr.where chose another branch there, but the derivative of this one is computed too, and "
            "0 · inf is nan. Keep its argument harmless where it is not chosen: "
            "cr.where(ok, f(cr.where(ok, x, 1)), other)",
            "提示：cr.where 在此处选了另一分支，但这一分支的导数同样会被计算，而 0 · inf 等于 nan。"
            "请在未选中处让其自变量取无害的值：cr.where(ok, f(cr.where(ok, x, 1)), other)",
        ),
    },
)


def _reason(en: str, zh: str) -> Message:
    return Message(NonFiniteError, en, zh)


register(
    "reason",
    {
        "then": _reason("{first}, then {second}", "{first}，随后 {second}"),
        "already": _reason(
            "{name} was already {value} when it came in, and nothing that made it was watched",
            "{name} 传入时已是 {value}，而产生它的运算不在监视范围内",
        ),
        "infinite_input": _reason("{name} holds an infinity", "{name} 中含有无穷大"),
        "overflow": _reason(
            "the result is beyond the largest {dtype}, {largest}",
            "结果超出了 {dtype} 的最大值 {largest}",
        ),
        "unknown": _reason("its inputs are finite, its result is not", "输入都是有限的，结果却不是"),
        "log_negative": _reason("the logarithm of a negative number, {x}", "对负数 {x} 取对数"),
        "log_zero": _reason("the logarithm of 0", "对 0 取对数"),
        "log1p_negative": _reason("the logarithm of a negative number, 1 + ({x})", "对负数 1 + ({x}) 取对数"),
        "log1p_zero": _reason("the logarithm of 0, since x is -1", "x 为 -1，对 0 取对数"),
        "sqrt_negative": _reason("the square root of a negative number, {x}", "对负数 {x} 开平方"),
        "pole": _reason("the function has a pole at {x}", "函数在 {x} 处有极点"),
        "outside": _reason("{op} has no value at {given}", "{op} 在 {given} 处没有值"),
        "zero_by_zero": _reason("0 / 0", "0 / 0"),
        "by_zero": _reason("division by zero: {x} / {y}", "除以零：{x} / {y}"),
        "remainder_by_zero": _reason("the remainder of a division by zero", "除以零的余数"),
        "inf_by_inf": _reason("inf / inf", "inf / inf"),
        "zero_to_negative": _reason(
            "0 to the negative power {y}, a division by zero", "0 的 {y} 次方，即除以零"
        ),
        "negative_to_fraction": _reason(
            "the negative number {x} to the fractional power {y}", "负数 {x} 的分数次方 {y}"
        ),
        "exp_overflow": _reason(
            "exp overflows {dtype} above {limit}, and x is {x}",
            "x 为 {x}，而 exp 在 {dtype} 中超过 {limit} 即溢出",
        ),
        "zero_times_inf": _reason("0 · inf", "0 · inf"),
        "inf_minus_inf": _reason("inf - inf", "inf - inf"),
        "cast_overflow": _reason(
            "{x} is beyond the largest {dtype}, {largest}", "{x} 超出了 {dtype} 的最大值 {largest}"
        ),
    },
)
