"""Messages of `cr.compile`: errors, reasons for recording again, the report."""

from __future__ import annotations

from chainrule.errors import (
    ConfigError,
    DTypeError,
    GraphError,
    Message,
    OutOfMemoryError,
    register,
)

register(
    "compile",
    {
        "function": Message(
            DTypeError,
            "compile takes a function, a method or a module, got a {kind}",
            "compile 接受函数、方法或模块，实际为 {kind}",
        ),
        "class": Message(
            DTypeError,
            "compile takes a function, not the class {name}. Compile an instance, cr.compile({name}(…)), "
            "or one of its methods",
            "compile 接受函数，而不是类 {name}。请编译它的实例 cr.compile({name}(…))，或它的某个方法",
        ),
        "below": Message(
            DTypeError,
            "compile was given a {kind}. Write @{kind} above @cr.compile, so that it is applied last",
            "compile 收到 {kind}。请把 @{kind} 写在 @cr.compile 上面，使它最后生效",
        ),
        "generator": Message(
            GraphError,
            "{name} is {kind}, which is left and entered again; a compiled function runs from its start to its "
            "end. Return a list or tuple of tensors instead",
            "{name} 是{kind}，会中途离开再进入；被编译的函数必须从头运行到尾。请改为返回张量的列表或元组",
        ),
        "a_generator": Message(GraphError, "a generator", "生成器"),
        "a_coroutine": Message(GraphError, "a coroutine", "协程"),
        "backend": Message(
            ConfigError,
            "compile: there is no backend {name!r}. {hint}There are {known}",
            "compile：没有后端 {name!r}。{hint}可用的有 {known}",
        ),
        "did_you_mean": Message(ConfigError, "Did you mean {near!r}? ", "是不是 {near!r}？"),
        "limit": Message(
            ConfigError,
            "compile: limit must be a whole number from 1, got {got!r}",
            "compile：limit 应为不小于 1 的整数，实际为 {got!r}",
        ),
        "precision": Message(
            ConfigError,
            "compile: there is no precision {got!r}. {hint}It is None or one of {known}",
            "compile：没有精度 {got!r}。{hint}可用的是 None 或 {known}",
        ),
        "winograd": Message(
            ConfigError,
            "compile: winograd=True and precision={precision!r} exclude each other: Winograd's sums of numbers need "
            "all of their bits. Leave one of them out",
            "compile：winograd=True 与 precision={precision!r} 不能同时使用：Winograd 变换中的求和需要全部精度。"
            "请去掉其中之一",
        ),
        "dynamic": Message(
            ConfigError,
            "compile: {name} has no argument {argument!r} to pass as a tensor; it has {known}",
            "compile：{name} 没有可作为张量传入的参数 {argument!r}；它有 {known}",
        ),
        "unhashable": Message(
            DTypeError,
            "{name}: the argument {argument} is a {kind}, which cannot be compared from call to call. Pass "
            "tensors and arrays in tuples, lists and dicts, and everything else as something hashable",
            "{name}：参数 {argument} 是 {kind}，无法在各次调用之间比较。"
            "请用元组、列表或字典传入张量和数组，其余的请使用可哈希的对象",
        ),
        "leaked": Message(
            GraphError,
            "{name}: {place} now holds a symbolic tensor ({spec}), whose elements are known to no one once "
            "recording is over. Python runs only while a function is recorded: return the tensor instead, and keep "
            "what the function returns",
            "{name}：{place} 现在保存着一个符号张量（{spec}），录制结束后谁也不知道它的元素。"
            "Python 代码只在录制时运行：请改为返回该张量，并保存函数的返回值",
        ),
        "assigned_tensor": Message(
            GraphError,
            "{name}: assign() to {place}, which is no state, would be forgotten when the call is over. Make it a "
            "cr.State that the function finds outside, or return the new value",
            "{name}：对 {place} 的 assign() 会在调用结束后丢失，因为它不是状态。"
            "请把它改为函数外的 cr.State，或返回新的值",
        ),
        "an_argument": Message(GraphError, "an argument", "参数"),
        "an_outside_tensor": Message(GraphError, "a tensor from outside", "外部的张量"),
        "option_set": Message(
            GraphError,
            "{name}: the option {option!r} is set while the function is recorded, and would not be set again when "
            "it is called. Step schedules, and set options, outside of the compiled function",
            "{name}：录制函数时设置了选项 {option!r}，之后的调用不会再次设置。请在被编译的函数之外推进调度或设置选项",
        ),
        "state_elements": Message(
            GraphError,
            "{name}: Python asks for the elements of the state {state} ({spec}) while the function is recorded; "
            "later calls would use these old ones. Compute with the tensor itself, or read its elements outside",
            "{name}：录制函数时 Python 读取了状态 {state}（{spec}）的元素，之后的调用会沿用旧值。"
            "请用张量本身计算，或在函数之外读取元素",
        ),
        "a_state": Message(GraphError, "without a name", "（未命名）"),
        "memory": Message(
            OutOfMemoryError,
            "{name}: there is not enough memory to compile the function for {signature}. Use smaller batches",
            "{name}：内存不足，无法为 {signature} 编译函数。请减小批量",
        ),
        "escaped": Message(
            GraphError,
            "{name} was given a symbolic tensor whose recording is over. A tensor made inside a recorded "
            "function was kept outside of it; return it from the function instead",
            "{name} 收到一个录制已结束的符号张量。它在被录制的函数内产生却保存到了函数外；请改为由函数返回",
        ),
        "storm": Message(
            GraphError,
            "{name} was recorded {count} times because of {cause}: {change}. Each recording takes "
            "{seconds:.2g} s. {remedy}",
            "{name} 因 {cause} 已录制 {count} 次：{change}。每次录制需 {seconds:.2g} 秒。{remedy}",
        ),
        "fallbacks": Message(
            GraphError,
            "{name}: some operations have no machine code and are run by NumPy: {names}. "
            "Where they take long, keep them out of the compiled function",
            "{name}：部分运算没有机器码，由 NumPy 执行：{names}。如果它们耗时较长，请把它们移出编译的函数",
        ),
        "remedy_shape": Message(
            GraphError,
            "Use a few sizes only: pad to the next one, sort by length, or drop_last=True for batches",
            "请只使用少数几种大小：补齐到下一档、按长度分组，或对批次使用 drop_last=True",
        ),
        "remedy_value": Message(
            GraphError,
            "A number that changes belongs in a tensor or array, or name it: cr.compile(f, dynamic=({cause!r},))",
            "会变化的数应放进张量或数组，或指明它：cr.compile(f, dynamic=({cause!r},))",
        ),
        "remedy_hidden": Message(
            GraphError,
            "A value that changes belongs in a cr.State or in an argument that is a tensor",
            "会变化的值应放进 cr.State，或作为张量参数传入",
        ),
        "remedy_other": Message(
            GraphError, "Call it with arguments of the same form", "请用形式相同的参数调用"
        ),
        "first": Message(GraphError, "first call", "第一次调用"),
        "forgotten": Message(
            GraphError,
            "recorded before, but not kept: more than {limit} recordings",
            "以前录制过但没有保留：录制超过 {limit} 个",
        ),
        "why_shape": Message(
            GraphError,
            "shape of {name}: axis {axis} was {before}, now {now}",
            "{name} 的形状：轴 {axis} 原为 {before}，现为 {now}",
        ),
        "why_axes": Message(
            GraphError, "shape of {name} was {before}, now {now}", "{name} 的形状原为 {before}，现为 {now}"
        ),
        "why_dtype": Message(
            GraphError, "type of {name} was {before}, now {now}", "{name} 的类型原为 {before}，现为 {now}"
        ),
        "why_value": Message(
            GraphError, "{name} was {before}, now {now}", "{name} 原为 {before}，现为 {now}"
        ),
        "why_requires_grad": Message(
            GraphError,
            "requires_grad of {name} was {before}, now {now}",
            "{name} 的 requires_grad 原为 {before}，现为 {now}",
        ),
        "why_missing": Message(
            GraphError, "{name} was {before}, now it is left out", "{name} 原为 {before}，现在没有给出"
        ),
        "why_new": Message(
            GraphError, "{name} was left out, now it is {now}", "{name} 原先没有给出，现为 {now}"
        ),
        "why_form": Message(GraphError, "the form of the arguments is another one", "参数的形式不同"),
        "why_grad_mode": Message(
            GraphError,
            "derivatives can be asked for: was {before}, now {now}",
            "是否记录导数：原为 {before}，现为 {now}",
        ),
        "why_grad": Message(
            GraphError,
            "{name}.grad was {before}, now {now}",
            "{name}.grad 原为 {before}，现为 {now}",
        ),
        "why_gone": Message(GraphError, "{name} is gone", "{name} 已不存在"),
        "an_object": Message(GraphError, "another {kind}", "另一个 {kind}"),
        "report_head": Message(
            GraphError,
            "{name} ({backend}): {recordings} recordings, {calls} calls, {seconds:.3g} s of compiling",
            "{name}（{backend}）：{recordings} 个录制，{calls} 次调用，编译 {seconds:.3g} 秒",
        ),
        "report_forgotten": Message(
            GraphError,
            "{count} older recordings are not kept any more (limit {limit})",
            "{count} 个较早的录制已不再保留（上限 {limit}）",
        ),
        "report_uncompiled": Message(
            GraphError,
            "{count} calls ran uncompiled: {reason}",
            "{count} 次调用未编译运行：{reason}",
        ),
        "uncompiled_inlined": Message(
            GraphError, "they became part of another recording", "它们成为另一个录制的一部分"
        ),
        "uncompiled_watched": Message(
            GraphError,
            "forward-mode derivatives, explain or debug look at each operation",
            "前向导数、explain 或 debug 需要逐个运算",
        ),
        "uncompiled_argument": Message(
            GraphError,
            "backward() inside reaches an argument",
            "函数内的 backward() 到达了参数",
        ),
        "report_signature": Message(GraphError, "{number}. {signature}", "{number}. {signature}"),
        "report_why": Message(GraphError, "recorded because: {reason}", "录制原因：{reason}"),
        "report_work": Message(
            GraphError,
            "{calls} calls; {nodes} operations, {states} states; {kernels} kernels, arena {arena}",
            "{calls} 次调用；{nodes} 个运算，{states} 个状态；{kernels} 个内核，内存池 {arena}",
        ),
        "report_seconds": Message(GraphError, "seconds: {stages}", "用时（秒）：{stages}"),
        "report_fallbacks": Message(GraphError, "left to NumPy: {names}", "交给 NumPy 的运算：{names}"),
        "stage_recording": Message(GraphError, "recording", "录制"),
        "stage_building": Message(GraphError, "building", "构建"),
        "stage_reading": Message(GraphError, "reading from disk", "从磁盘读取"),
    },
)
