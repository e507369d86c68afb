"""Words and messages of explanations."""

from chainrule.errors import ChainruleError, DTypeError, Message, ShapeError, register


def _words(en: str, zh: str) -> Message:
    return Message(ChainruleError, en, zh)


register(
    "explain",
    {
        "given": _words("given", "已知"),
        "forward": _words("forward", "前向"),
        "result": _words("result", "结果"),
        "backward": _words("backward: g is the gradient of a step's result", "反向：g 为该步结果的梯度"),
        "gradients": _words("gradients", "梯度"),
        "steps": _words("{count} steps", "共 {count} 步"),
        "detached": _words("detached", "已断开"),
        "nothing": _words("no operation on tensors was run", "没有执行任何张量运算"),
        "no_gradient": _words("no gradient: {dtype}", "没有梯度：{dtype}"),
        "unused": _words("0, the result does not depend on it", "0，结果与之无关"),
        "several": _words(
            "no backward pass: the function gave {count} results; one tensor of one element has one",
            "没有反向过程：函数给出了 {count} 个结果；只有单个一元素张量才有",
        ),
        "not_scalar": _words(
            "no backward pass: the result has shape {shape}. Give explain a cotangent of that shape, or reduce the "
            "result, for example with .sum()",
            "没有反向过程：结果的形状为 {shape}。请给 explain 一个相同形状的 cotangent，或先归约结果，例如 .sum()",
        ),
        "not_differentiable": _words(
            "no backward pass: the result does not depend differentiably on anything given",
            "没有反向过程：结果不可微地依赖于任何已知量",
        ),
        "function": Message(
            DTypeError,
            "explain takes a function and its arguments, got {kind}. Give the function itself: cr.explain(f, x)",
            "explain 需要一个函数及其参数，实际为 {kind}。请给出函数本身：cr.explain(f, x)",
        ),
        "cotangent": Message(
            ShapeError,
            "explain: the cotangent must have the shape of the function's one result, {expected}, got {got}",
            "explain：cotangent 的形状必须与函数唯一的结果相同，即 {expected}，实际为 {got}",
        ),
    },
)
