"""Messages of programs while they run."""

from chainrule.errors import GraphError, Message, OutOfMemoryError, OutOfRangeError, register

register(
    "program",
    {
        "index": Message(
            OutOfRangeError,
            "{op}: index {index} is out of range for an axis of {size} elements, in the compiled function at {line}. "
            "Check the data that the indices come from",
            "{op}：索引 {index} 超出了有 {size} 个元素的轴的范围，位于已编译函数的 {line}。请检查索引所来自的数据",
        ),
        "memory": Message(
            OutOfMemoryError,
            "no memory for the compiled function {name}: it needs {size} for what it computes on the way. The largest "
            "parts are {largest}. Use smaller batches, or remat=True (of cr.compile, of Trainer)",
            "没有足够的内存供已编译函数 {name} 使用：计算过程需要 {size}。最大的部分是 {largest}。"
            "请减小批量，或使用 remat=True（cr.compile 或 Trainer 的参数）",
        ),
        "result_memory": Message(
            OutOfMemoryError,
            "no memory for a result of the compiled function {name}, {spec}: {wanted}. Use smaller batches",
            "没有足够的内存存放已编译函数 {name} 的结果 {spec}：{wanted}。请减小批量",
        ),
        "buffer": Message(OutOfMemoryError, "{size} by {op} at {line}", "{op} 的 {size}，位于 {line}"),
        "reentered": Message(
            GraphError,
            "the compiled function {name} was called while it was running in the same thread, by a signal handler or "
            "by an object that was deleted. Call it when it has ended",
            "已编译函数 {name} 在同一线程中运行时又被调用（由信号处理函数或被删除的对象）。请在它结束之后再调用",
        ),
    },
)
