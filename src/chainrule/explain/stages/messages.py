"""Words and messages of the stages of a compiled step."""

from chainrule.errors import ChainruleError, ConfigError, Message, register


def _words(en: str, zh: str) -> Message:
    return Message(ChainruleError, en, zh)


register(
    "stages",
    {
        "register": _words("in a register", "在寄存器中"),
        "times": _words("{name} ({count} times)", "{name}（{count} 次）"),
        "row": _words("kept for the row", "按行暂存"),
        "stored": _words("stored", "存入内存"),
        "packing": _words("packing for {name}", "为 {name} 打包"),
        "summing": _words("adding up parts of {name}", "合并 {name} 的部分和"),
        "graph": _words("graph", "计算图"),
        "gradient graph": _words("gradient graph", "梯度图"),
        "loops": _words("loops", "循环"),
        "llvm": _words("LLVM", "LLVM 文本"),
        "asm": _words("assembly", "汇编"),
        "memory": _words("memory", "内存"),
        "time": _words("time", "时间"),
        "recorded": _words("as recorded: {count} operations", "录制所得：{count} 个运算"),
        "rewritten": _words("after rewrites: {count} operations", "改写之后：{count} 个运算"),
        "fired": _words("rewrites: {names}", "所用改写：{names}"),
        "none_fired": _words("no rewrite applied", "没有可用的改写"),
        "no_gradient": _words("no operation belongs to a derivative", "没有属于导数的运算"),
        "head": _words(
            "{name}: {nodes} operations, {kernels} kernels, {flops}, {arena} of working memory",
            "{name}：{nodes} 个运算，{kernels} 个内核，{flops}，工作内存 {arena}",
        ),
        "more": _words(
            'further stages: {names}. Show one with .stage("{first}")',
            '其他阶段：{names}。用 .stage("{first}") 查看',
        ),
        "kernel": _words("kernel", "内核"),
        "kind": _words("kind", "类型"),
        "operations": _words("operations", "运算"),
        "shape": _words("loops", "循环规模"),
        "flops": _words("FLOP", "浮点运算"),
        "bytes": _words("bytes", "字节"),
        "intensity": _words("FLOP/byte", "FLOP/字节"),
        "microseconds": _words("µs", "µs"),
        "share": _words("share", "占比"),
        "roofline": _words("of roofline", "达到屋顶线"),
        "contraction": _words("contraction", "收缩"),
        "fold": _words("fold", "归约"),
        "pointwise": _words("pointwise", "逐元素"),
        "irregular": _words("irregular", "不规则"),
        "numpy": _words("NumPy", "由 NumPy 执行"),
        "once": _words("once", "仅一次"),
        "whole": _words(
            "one call of the step takes {whole} µs from Python, its kernels {total} µs (shortest of {runs} runs)",
            "从 Python 调用一步用时 {whole} µs，其中内核 {total} µs（{runs} 次运行中的最短值）",
        ),
        "limits": _words(
            "this machine: {flops} GFLOP/s of float32 on {threads} threads; copying {cached} GB/s within the nearest "
            "cache, {bandwidth} GB/s through memory, which is the limit below {ridge} FLOP/byte",
            "本机：{threads} 个线程共 {flops} GFLOP/s（float32）；在最近的缓存中复制 {cached} GB/s，经内存复制 "
            "{bandwidth} GB/s，低于 {ridge} FLOP/字节时受内存限制",
        ),
        "not_timed": _words(
            "not timed: the stage time was not asked for",
            "未计时：未请求 time 阶段",
        ),
        "unmeasured": _words("not measured", "未测量"),
        "buffer": _words("buffer", "缓冲区"),
        "size": _words("size", "大小"),
        "offset": _words("offset", "偏移"),
        "alive": _words("steps", "步骤"),
        "arena": _words(
            "{size} for {count} buffers that would take {apart} without sharing",
            "共 {size}，容纳 {count} 个缓冲区；若不共享内存则需 {apart}",
        ),
        "no_arena": _words("no working memory is needed", "不需要工作内存"),
        "same_code": _words("the same code as kernel {number}", "与内核 {number} 的代码相同"),
        "cut": _words("… {count} more lines", "…… 还有 {count} 行"),
        "left_to_numpy": _words("left to NumPy: no code is generated", "交由 NumPy 执行：不生成代码"),
        "timeline": _words("One step, kernel by kernel", "一步之内，逐个内核"),
        "arena_plot": _words("Working memory over the step", "一步之内的工作内存"),
        "roofline_plot": _words("Roofline", "屋顶线"),
        "axis_kernel": _words("step of the program", "程序步骤"),
        "axis_intensity": _words("FLOP per byte", "每字节 FLOP"),
        "axis_rate": _words("GFLOP/s", "速度（GFLOP/s）"),
        "kernels": _words("Kernels", "内核"),
        "unknown": Message(
            ConfigError,
            "explain: there is no stage {name}.{hint} Stages are {known}",
            "explain：没有名为 {name} 的阶段。{hint}可用的阶段：{known}",
        ),
        "did_you_mean": _words(" Did you mean {near}?", "是否想用 {near}？"),
        "not_taken": Message(
            ConfigError,
            "explain: stage {name} was not asked for. Asked for were {known}; leave stages out to have all",
            "explain：未请求阶段 {name}。所请求的是 {known}；省略 stages 即得到全部阶段",
        ),
        "not_native": Message(
            ConfigError,
            "explain: {name} was compiled with backend={backend!r}, which has no stages below its graph. Compile it "
            'with backend="llvm"',
            'explain：{name} 是以 backend={backend!r} 编译的，计算图之下没有更多阶段。请使用 backend="llvm" 编译',
        ),
        "eager": Message(
            ConfigError,
            "explain: {name} pulls a gradient back through an argument and runs uncompiled, so it has no stages. "
            "Detach the argument first, or explain it without stages",
            "explain：{name} 将梯度穿过参数传回，因此不经编译运行，没有编译阶段。请先 detach 该参数，或不带 stages 解释它",
        ),
        "cotangent": Message(
            ConfigError,
            "explain: stages show how a function is compiled, where a cotangent has no part. Give one of the two",
            "explain：stages 展示函数如何被编译，与 cotangent 无关。两者只能给一个",
        ),
    },
)
