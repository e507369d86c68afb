"""The messages of targets, native code, threads and memory."""

from __future__ import annotations

from chainrule.errors import ChainruleError, ConfigError, Message, OutOfMemoryError, register


class CompileError(ChainruleError, RuntimeError):
    """Text of LLVM IR that is not well formed, or code that does not fit together: a mistake of the compiler.

    Attributes
    ----------
    values : dict
        ``line`` is the number of the line in the text, 0 if unknown, ``code`` that line.
    """


register(
    "native",
    {
        "did_you_mean": Message(ConfigError, "Did you mean {near}? ", "是不是 {near}？"),
        "no_target": Message(
            ConfigError,
            "there is no target {name!r} to emit code for. {hint}There are {known}",
            "没有可生成代码的目标 {name!r}。{hint}可用的有 {known}",
        ),
        "no_cpu": Message(
            ConfigError,
            "{variable}={name}: no processor of that name is known. {hint}On this machine it can be {known}",
            "{variable}={name}：没有这个名称的处理器。{hint}在这台机器上可以是 {known}",
        ),
        "cpu_lacks": Message(
            ConfigError,
            "{variable}={name}: this machine ({cpu}) has no {lacks}, so that code for {name} would crash here. "
            "It can be {known}",
            "{variable}={name}：这台机器（{cpu}）没有 {lacks}，为 {name} 生成的代码在这里会崩溃。可以是 {known}",
        ),
        "cpu_choice": Message(
            ConfigError,
            "{variable}={name}: a choice of processors is offered on x86-64 machines only; here it can be native "
            "({native})",
            "{variable}={name}：只有 x86-64 机器可以选择处理器；这里只能是 native（{native}）",
        ),
        "too_old": Message(
            ConfigError,
            "this machine ({cpu}) has no {lacks}, which compiled code needs. Work without compiling: compile=False",
            "这台机器（{cpu}）没有编译后的代码所需的 {lacks}。请不编译运行：compile=False",
        ),
        "invalid_ir": Message(
            CompileError,
            "the compiler made LLVM IR that is not well formed, at line {line}: {code}\n{problem}\n"
            "This is a mistake in Chainrule: please report it, and work without compiling until then: compile=False",
            "编译器生成的 LLVM IR 有误，第 {line} 行：{code}\n{problem}\n"
            "这是 Chainrule 的错误：请报告它，修正之前可不编译运行：compile=False",
        ),
        "undefined": Message(
            CompileError,
            "the compiler made code that calls {names}, which nothing defines. "
            "This is a mistake in Chainrule: please report it, and work without compiling until then: compile=False",
            "编译器生成的代码调用了未定义的 {names}。这是 Chainrule 的错误：请报告它，修正之前可不编译运行：compile=False",
        ),
        "defined_twice": Message(
            CompileError,
            "the compiler made code that defines {names} more than once. "
            "This is a mistake in Chainrule: please report it, and work without compiling until then: compile=False",
            "编译器生成的代码重复定义了 {names}。这是 Chainrule 的错误：请报告它，修正之前可不编译运行：compile=False",
        ),
        "no_function": Message(
            CompileError,
            "the compiled code has no function {name!r}. It has {known}",
            "编译后的代码没有函数 {name!r}。它有 {known}",
        ),
        "not_loaded": Message(
            CompileError,
            "the compiled code could not be loaded: {problem}. Some systems forbid code that is made while a program "
            "runs (SELinux, hardened containers); work without compiling there: compile=False",
            "无法加载编译后的代码：{problem}。某些系统禁止运行时生成代码（SELinux、加固的容器）；在那里请不编译运行：compile=False",
        ),
        "threads": Message(
            ConfigError,
            "{name} must be a whole number from 1 to {most}, got {got!r}",
            "{name} 必须是 1 到 {most} 之间的整数，实际为 {got!r}",
        ),
        "an_array": Message(OutOfMemoryError, "an array", "数组"),
        "memory": Message(
            OutOfMemoryError,
            "no memory for {what}: {size} were asked for (shape {shape}, {dtype}). "
            "Use smaller batches, or free what is no longer needed",
            "内存不足，无法分配{what}：需要 {size}（形状 {shape}，{dtype}）。请减小批量，或释放不再需要的数据",
        ),
    },
)
