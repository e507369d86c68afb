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
        "kept": Message(
            GraphError,
            "a symbolic tensor ({spec}) was kept from a recorded function, and has no elements. Return it from the "
            "function, or assign it to a cr.State",
            "符号张量（{spec}）在被录制的函数之外仍被保留，它没有元素。请由函数返回它，或赋值给 cr.State",
        ),
        "value": Message(
            GraphError,
            "the elements of a symbolic tensor ({spec}) are not known while a function is recorded. Compute with "
            "tensors (cr.where and cr.cond choose, cr.scan and cr.while_loop repeat), or take numpy(), item(), "
            "float() and their like out of the recorded function",
            "录制函数时符号张量（{spec}）的元素尚未知晓。请用张量计算（选择用 cr.where、cr.cond，"
            "循环用 cr.scan、cr.while_loop），或把 numpy()、item()、float() 等移出被录制的函数",
        ),
        "branch": Message(
            GraphError,
            "Python cannot branch on a symbolic tensor ({spec}), whose value is not known while the function is "
            "recorded; if, while, and, or, not, in, min, max, sorted, any and all do. Use cr.where or cr.cond to "
            "choose, cr.scan or cr.while_loop to repeat, or take this part out of the recorded function",
            "录制函数时 Python 不能按符号张量（{spec}）分支，其值尚未知晓；"
            "if、while、and、or、not、in、min、max、sorted、any、all 都会分支。"
            "选择请用 cr.where 或 cr.cond，循环请用 cr.scan 或 cr.while_loop，或把这部分移出被录制的函数",
        ),
        "index": Message(
            GraphError,
            "a symbolic tensor ({spec}) is no Python integer: its value is not known while the function is "
            "recorded. Index a tensor with it, not a list (cr.stack(list)[i]); count with cr.fori_loop or "
            "cr.while_loop, not range; shapes, axes and lengths must be Python integers",
            "符号张量（{spec}）不是 Python 整数：录制函数时其值尚未知晓。请用它索引张量而不是列表"
            "（cr.stack(list)[i]）；计数用 cr.fori_loop 或 cr.while_loop 而不是 range；"
            "形状、轴和长度必须是 Python 整数",
        ),
        "other_recording": Message(
            GraphError,
            "{op} was given a symbolic tensor ({spec}) of another recording, from which it was kept. Return it "
            "from the function that made it, and give it to this one as an argument",
            "{op} 收到另一次录制的符号张量（{spec}），它在那次录制之外被保留。请由产生它的函数返回，再作为参数传入",
        ),
        "result": Message(
            GraphError,
            "{name} returned {got} ({kind}); a recorded function returns tensors and numbers, or lists, tuples "
            "and dicts of them",
            "{name} 返回了 {got}（{kind}）；被录制的函数应返回张量或数，或由它们组成的列表、元组、字典",
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
        "wrong_state": Message(
            GraphError,
            "graph {name}: the state {variable} holds, or is assigned, {got}",
            "图 {name}：状态 {variable} 的内容或新值为 {got}",
        ),
        "wrong_constant": Message(
            GraphError,
            "graph {name}: the constant {variable} has elements of {got}",
            "图 {name}：常量 {variable} 的元素为 {got}",
        ),
        "no_row": Message(
            GraphError,
            "graph {name}: {op} is no row of the table of operations",
            "图 {name}：{op} 不是运算表中的一行",
        ),
        "wrong_note": Message(
            GraphError,
            "graph {name}: scopes and line of {op} must be text",
            "图 {name}：{op} 的作用域和代码行应为文本",
        ),
        "wrong_count": Message(
            GraphError,
            "graph {name}: {op} gives {expected} results, {got} are declared",
            "图 {name}：{op} 给出 {expected} 个结果，声明了 {got} 个",
        ),
        "refused": Message(
            GraphError,
            "graph {name}: {op} cannot have these inputs and parameters ({reason})",
            "图 {name}：{op} 不能有这样的输入和参数（{reason}）",
        ),
        "wrong_body": Message(
            GraphError,
            "graph {name}: the {what} of {op}'s body {body} must be {expected}, got {got}",
            "图 {name}：{op} 的 {body} 的 {what} 应为 {expected}，实际为 {got}",
        ),
        "body_state": Message(
            GraphError,
            "graph {name}: {op}'s body {body} holds state; only a whole graph may",
            "图 {name}：{op} 的 {body} 含有状态；只有整个图可以有状态",
        ),
        "text": Message(
            GraphError,
            "line {line}, column {column}: expected {expected}, got {got}",
            "第 {line} 行第 {column} 列：应为 {expected}，实际为 {got}",
        ),
        "text_missing": Message(
            GraphError,
            "line {line}, column {column}: the elements of this constant were left out. Write the graph with "
            "graph.to_text(full=True) to read it again",
            "第 {line} 行第 {column} 列：此常量的元素被省略。若要重新读取，请用 graph.to_text(full=True) 写出图",
        ),
        "text_count": Message(
            GraphError,
            "line {line}, column {column}: {spec} has {expected} elements, got {got}",
            "第 {line} 行第 {column} 列：{spec} 有 {expected} 个元素，实际为 {got} 个",
        ),
        "text_deep": Message(
            GraphError,
            "line {line}, column {column}: nested more than {most} deep",
            "第 {line} 行第 {column} 列：嵌套超过 {most} 层",
        ),
        "text_twice": Message(
            GraphError,
            "line {line}, column {column}: {variable} is defined twice",
            "第 {line} 行第 {column} 列：{variable} 被定义了两次",
        ),
        "text_unknown": Message(
            GraphError,
            "line {line}, column {column}: {variable} is used before it is defined",
            "第 {line} 行第 {column} 列：{variable} 在定义之前被使用",
        ),
        "text_operation": Message(
            GraphError,
            "line {line}, column {column}: there is no operation {op}{hint}",
            "第 {line} 行第 {column} 列：没有运算 {op}{hint}",
        ),
        "nearest": Message(GraphError, ". Did you mean {near}?", "。是否指 {near}？"),
        "text_node": Message(
            GraphError,
            "line {line}, column {column}: {reason}",
            "第 {line} 行第 {column} 列：{reason}",
        ),
        "text_memory": Message(
            GraphError,
            "line {line}, column {column}: there is no memory for a state of {spec}",
            "第 {line} 行第 {column} 列：没有内存存放状态 {spec}",
        ),
        "endless": Message(
            GraphError,
            "graph {name}: these rewrites undo each other: {rows}",
            "图 {name}：这些改写互相抵消，永无止境：{rows}",
        ),
    },
)
