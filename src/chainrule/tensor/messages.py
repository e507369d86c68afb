"""Messages of tensors."""

from chainrule.errors import ConfigError, DTypeError, GradientError, Message, StateError, register

register(
    "tensor",
    {
        "assign": Message(
            StateError,
            "{name}: cannot assign shape {got} to a tensor of shape {expected}; the shapes must be equal",
            "{name}：不能把形状 {got} 赋给形状为 {expected} 的张量；两者必须相等",
        ),
        "modulus": Message(
            DTypeError,
            "pow(x, y, z): a modulus is for Python's whole numbers, not for tensors ({shapes}). Use pow(x, y) % z",
            "pow(x, y, z)：模数只用于 Python 整数，不用于张量（{shapes}）。请使用 pow(x, y) % z",
        ),
        "no_axes": Message(
            DTypeError,
            "a tensor with no axes is a single number: it has no length and cannot be iterated over",
            "没有轴的张量是单个数：它没有长度，也不能迭代",
        ),
        "device": Message(
            ConfigError,
            "there is one device here, 'cpu', got {device}",
            "这里只有一个设备 'cpu'，实际为 {device}",
        ),
        "index": Message(
            DTypeError,
            "only an integer tensor of one element can serve as an index or a count, got {spec}",
            "只有含一个元素的整数张量可用作索引或计数，实际为 {spec}",
        ),
        "api_version": Message(
            ConfigError,
            "{got} is no version of the array API standard that is offered; there are {known}",
            "不提供数组 API 标准的 {got} 版本；可用：{known}",
        ),
        "complex_to_real": Message(
            DTypeError,
            "from {found} to {wanted} the imaginary parts would be lost; take x.real (or cr.abs(x)) first",
            "由 {found} 转为 {wanted} 会丢失虚部；请先取 x.real（或 cr.abs(x)）",
        ),
        "numpy_argument": Message(
            ConfigError,
            "np.{function} on a tensor: the argument {argument} is not offered; there are {known}. "
            "Leave it out, or give np.{function} the elements, x.numpy(), if no derivative is wanted",
            "对张量调用 np.{function}：不支持参数 {argument}，可用的有 {known}。"
            "请去掉它；若不需要导数，也可把元素 x.numpy() 传给 np.{function}",
        ),
        "numpy_function": Message(
            GradientError,
            "np.{name} has no counterpart here, so the derivative of its result would be lost. "
            "Use functions of chainrule, or give it x.detach() if no derivative is wanted",
            "np.{name} 在此没有对应的函数，其结果会丢失导数。请改用 chainrule 的函数；"
            "若不需要导数，请传入 x.detach()",
        ),
    },
)
