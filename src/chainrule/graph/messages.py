"""Messages of recording and of graphs."""

from chainrule.errors import GraphError, Message, register

register(
    "graph",
    {
        "escaped": Message(
            GraphError,
            "{op} was given a symbolic tensor whose recording is over. A tensor made inside a recorded function "
            "was kept outside of it; return it from the function instead",
            "{op} 收到一个录制已结束的符号张量。它在被录制的函数内产生却保存到了函数外；请改为由函数返回",
        ),
        "value": Message(
            GraphError,
            "the elements of a symbolic tensor ({spec}) are not known while a function is recorded. "
            "Take numpy(), item() or print() of elements out of the recorded function",
            "录制函数时符号张量（{spec}）的元素尚未知晓。请把 numpy()、item() 或打印元素移出被录制的函数",
        ),
        "branch": Message(
            GraphError,
            "Python cannot branch on a symbolic tensor ({spec}), whose value is not known while the function is "
            "recorded. Use cr.where or cr.cond to choose, cr.scan or cr.while_loop to repeat",
            "录制函数时 Python 不能按符号张量（{spec}）分支，其值尚未知晓。"
            "选择请用 cr.where 或 cr.cond，循环请用 cr.scan 或 cr.while_loop",
        ),
        "other_recording": Message(
            GraphError,
            "{op} was given a symbolic tensor ({spec}) of another recording",
            "{op} 收到另一次录制的符号张量（{spec}）",
        ),
        "arguments": Message(
            GraphError,
            "graph {name}: expected {expected} inputs, got {got}",
            "图 {name}：应有 {expected} 个输入，实际为 {got} 个",
        ),
        "argument": Message(
            GraphError,
            "graph {name}: input {input} was recorded as {expected}, got {got}. Record the function again for "
            "other shapes or types",
            "图 {name}：输入 {input} 录制时为 {expected}，实际为 {got}。形状或类型不同时请重新录制",
        ),
        "undefined": Message(
            GraphError,
            "graph {name}: {variable} is used before it is defined (in {where})",
            "图 {name}：{variable} 在定义之前被使用（于 {where}）",
        ),
        "defined_twice": Message(
            GraphError,
            "graph {name}: {variable} is defined twice",
            "图 {name}：{variable} 被定义了两次",
        ),
        "wrong_spec": Message(
            GraphError,
            "graph {name}: {variable} is declared {declared}, but {op} gives {inferred}",
            "图 {name}：{variable} 声明为 {declared}，而 {op} 给出 {inferred}",
        ),
    },
)
