"""Messages of programs while they run."""

from chainrule.errors import Message, OutOfRangeError, register

register(
    "program",
    {
        "index": Message(
            OutOfRangeError,
            "{op}: index {index} is out of range for an axis of {size} elements, in the compiled function at {line}. "
            "Check the data that the indices come from",
            "{op}：索引 {index} 超出了有 {size} 个元素的轴的范围，位于已编译函数的 {line}。请检查索引所来自的数据",
        ),
    },
)
