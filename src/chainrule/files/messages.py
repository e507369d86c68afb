"""Messages of reading and writing files."""

from chainrule.errors import CheckpointError, DataError, Message, register

register(
    "files",
    {
        "no_file": Message(
            DataError,
            "{path}: no such file",
            "{path}：没有这个文件",
        ),
        "damaged": Message(
            DataError,
            "{path}: cannot be read as {kind} ({problem})",
            "{path}：不能按 {kind} 读取（{problem}）",
        ),
        "too_large": Message(
            DataError,
            "{path}: {size} bytes of data, above the limit of {limit}",
            "{path}：数据有 {size} 字节，超过上限 {limit}",
        ),
        "promises": Message(
            DataError,
            "{path}: damaged, the header promises {promised} bytes where there are {held}",
            "{path}：文件已损坏，文件头声明有 {promised} 字节，实际只有 {held}",
        ),
        "objects": Message(
            DataError,
            "{path}: {name} holds Python objects, which could run code when read. Save it as numbers or text",
            "{path}：{name} 里是 Python 对象，读取时可能执行代码。请保存为数值或文本",
        ),
        "write": Message(
            CheckpointError,
            "{path} could not be written: {problem}. What was there before is still there. "
            "Make room or choose another folder, then try again (a training goes on with resume=True)",
            "无法写入 {path}：{problem}。原有的文件仍然完好。请腾出空间或换一个文件夹，再重试（训练可用 resume=True 继续）",
        ),
        "suffix": Message(
            DataError,
            "{path}: the ending says how a file is written, and {suffix} is none of {known}",
            "{path}：文件的后缀决定其格式，{suffix} 不是 {known} 之一",
        ),
        "not_tensors": Message(
            DataError,
            "{path}: a {suffix} file holds named tensors; give a dict, for example {{'x': x}}",
            "{path}：{suffix} 文件保存带名称的张量；请给出 dict，例如 {{'x': x}}",
        ),
        "one_tensor": Message(
            DataError,
            "{path}: an .npy file holds one tensor, not {kind}; use .npz or .safetensors for several",
            "{path}：.npy 文件只保存一个张量，而不是 {kind}；多个张量请用 .npz 或 .safetensors",
        ),
        "name": Message(
            DataError,
            "{path}: names of tensors are text that is not empty, got {name}",
            "{path}：张量的名称必须是非空文本，实际为 {name}",
        ),
        "type": Message(
            DataError,
            "{path}: {name} is {dtype}, which {suffix} files cannot hold; {remedy}",
            "{path}：{name} 的类型是 {dtype}，{suffix} 文件无法保存；{remedy}",
        ),
        "remedy_safetensors": Message(
            DataError,
            "save it as .safetensors",
            "请保存为 .safetensors",
        ),
        "remedy_cast": Message(
            DataError,
            "cast it first, for example {name}.astype('{dtype}')",
            "请先转换，例如 {name}.astype('{dtype}')",
        ),
    },
)
