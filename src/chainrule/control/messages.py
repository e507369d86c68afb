"""Messages of control flow."""

from chainrule.errors import DTypeError, Message, ShapeError, register

register(
    "control",
    {
        "steps": Message(
            ShapeError,
            "{op}: xs must hold at least one tensor, each with its steps along axis {axis} ({shapes})",
            "{op}：xs 至少要有一个张量，且每个都沿轴 {axis} 排列各步（{shapes}）",
        ),
        "lengths": Message(
            ShapeError,
            "{op}: {name} has {got} steps along axis {axis}, the others have {expected} ({shapes})",
            "{op}：{name} 沿轴 {axis} 有 {got} 步，其余为 {expected} 步（{shapes}）",
        ),
        "scan_body": Message(
            DTypeError,
            "scan: the body must return a pair (new state, result of the step), got {kind}. "
            "A step without a result returns (new state, None)",
            "scan：循环体必须返回二元组（新状态，本步结果），实际为 {kind}。没有结果的步返回（新状态，None）",
        ),
        "state_count": Message(
            ShapeError,
            "{op}: the state came in as {expected} tensors and went out as {got}; the body must keep its form",
            "{op}：状态输入时有 {expected} 个张量，输出时为 {got} 个；循环体必须保持其形式",
        ),
        "state": Message(
            ShapeError,
            "{op}: the body must give back its state with the same shapes and types; "
            "part {index} came in as {expected} and went out as {got}",
            "{op}：循环体必须以相同的形状和类型返回状态；第 {index} 部分输入为 {expected}，输出为 {got}",
        ),
        "predicate": Message(
            DTypeError,
            "{op}: the condition must be a single bool, got {got}. "
            "Compare, and reduce with .any() or .all(); to choose element by element use cr.where",
            "{op}：条件必须是单个布尔值，实际为 {got}。请先比较，再用 .any() 或 .all() 归约；逐元素选择请用 cr.where",
        ),
        "branch_count": Message(
            ShapeError,
            "cond: true_fn gives {expected} tensors and false_fn gives {got}; both must give the same form",
            "cond：true_fn 给出 {expected} 个张量，false_fn 给出 {got} 个；两者的形式必须相同",
        ),
        "branch": Message(
            ShapeError,
            "cond: result {index} is {expected} from true_fn and {got} from false_fn; both must be equal",
            "cond：第 {index} 个结果在 true_fn 中为 {expected}，在 false_fn 中为 {got}；两者必须相同",
        ),
        "associative_form": Message(
            ShapeError,
            "associative_scan: f must give tensors of the shapes and types it is given; "
            "part {index} came in as {expected} and went out as {got}",
            "associative_scan：f 返回的张量的形状和类型必须与输入相同；第 {index} 部分输入为 {expected}，输出为 {got}",
        ),
    },
)
