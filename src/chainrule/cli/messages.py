"""The messages of the command."""

from __future__ import annotations

from chainrule.errors import CheckpointError, ConfigError, DataError, Message, register

HELP = {
    "app": (
        "Deep learning you can see through: train, evaluate, predict, explain.",
        "看得透的深度学习：训练、评估、预测、解释。",
    ),
    "train": (
        "Train a network on data of any kind, test it, and write a report.",
        "用任意数据训练网络，测试并写出报告。",
    ),
    "train_source": (
        "A bundled data set (digits, iris, wine, breast_cancer, diabetes), a folder of class folders of images, "
        "a folder of IDX files, or a .csv or .npz file.",
        "自带数据集（digits、iris、wine、breast_cancer、diabetes）、按类别分子文件夹的图像文件夹、"
        "IDX 文件夹，或 .csv、.npz 文件。",
    ),
    "train_model": (
        "The network: mlp, cnn or rnn. By default the one that fits the data.",
        "网络：mlp、cnn 或 rnn。默认按数据选择。",
    ),
    "train_optimizer": ("How the parameters are updated: {optimizers}.", "参数更新方法：{optimizers}。"),
    "train_epochs": (
        "Passes over the training part. By default fewer, the more samples there are.",
        "训练轮数。默认样本越多轮数越少。",
    ),
    "train_lr": ("The highest learning rate.", "最高学习率。"),
    "train_batch": ("Samples per step.", "每步样本数。"),
    "train_schedule": (
        "How the learning rate changes: one_cycle, cosine or constant.",
        "学习率变化方式：one_cycle、cosine 或 constant。",
    ),
    "train_weight_decay": ("Weight decay of the optimizer.", "优化器的权重衰减。"),
    "train_augment": (
        "Random changes of training images: auto, none, shift or shift_flip.",
        "训练图像的随机变化：auto、none、shift 或 shift_flip。",
    ),
    "train_patience": (
        "Stop after so many epochs without improvement.",
        "连续这么多轮没有改善就停止。",
    ),
    "train_seed": ("Equal seeds give equal runs.", "相同的种子得到相同的结果。"),
    "train_out": (
        "Folder of the run. By default a new one below runs/.",
        "运行结果的文件夹。默认在 runs/ 下新建。",
    ),
    "train_resume": (
        "Go on with an interrupted run, bit for bit as if it had never stopped.",
        "继续被中断的训练，结果与从未中断逐位相同。",
    ),
    "train_overwrite": ("Replace an earlier run in the same folder.", "替换同一文件夹中以前的运行。"),
    "train_target": ("Target column of a CSV file. By default the last.", "CSV 文件的目标列。默认最后一列。"),
    "train_ignore": ("Column of a CSV file to leave out; may be repeated.", "CSV 文件中要略去的列；可重复。"),
    "train_categorical": (
        "Column of a CSV file that holds categories; may be repeated.",
        "CSV 文件中的类别列；可重复。",
    ),
    "train_size": ("Height and width of images in a folder.", "文件夹中图像的高和宽。"),
    "train_skip_bad": (
        "Leave out damaged images and rows, and list them in the report.",
        "略去损坏的图像和行，并在报告中列出。",
    ),
    "train_no_compile": (
        "Run each step in Python instead of compiling it: slower, and open to a debugger.",
        "每一步都用 Python 运行，不编译：较慢，但可以用调试器查看。",
    ),
    "train_quiet": ("Show no progress.", "不显示进度。"),
    "evaluate": (
        "Test a trained network again, or on other data.",
        "重新测试训练好的网络，或在其他数据上测试。",
    ),
    "evaluate_run": ("Folder of the run.", "运行结果的文件夹。"),
    "evaluate_source": (
        "Data as for train. By default the test part of the run's own data.",
        "数据，同 train。默认使用该运行自己的测试数据。",
    ),
    "evaluate_skip_bad": ("Leave out damaged images and rows.", "略去损坏的图像和行。"),
    "predict": (
        "Say what a trained network makes of files.",
        "用训练好的网络预测文件。",
    ),
    "predict_run": ("Folder of the run.", "运行结果的文件夹。"),
    "predict_files": (
        "Images, folders of images, CSV files, .npz files with an array x, or IDX files.",
        "图像、图像文件夹、CSV 文件、含数组 x 的 .npz 文件，或 IDX 文件。",
    ),
    "predict_json": ("Print JSON, for other programs.", "输出 JSON，供其他程序使用。"),
    "predict_top": ("How many classes to show for each.", "每个样本显示几个类别。"),
    "predict_skip_bad": ("Leave out damaged images and rows.", "略去损坏的图像和行。"),
    "explain": (
        "Show a trained network as formulas, and one example's way through it, forward and back.",
        "以公式显示训练好的网络，并逐步显示一个样本的前向与反向计算。",
    ),
    "explain_run": ("Folder of the run.", "运行结果的文件夹。"),
    "explain_sample": (
        "Which sample of the test part to follow. By default the one of the first 200 with the largest loss.",
        "跟踪测试数据中的哪个样本。默认取前 200 个中损失最大的一个。",
    ),
    "explain_step": (
        "Show how a training step is compiled instead: each kernel's loops, code, memory and time; writes step.html.",
        "改为显示训练步骤如何编译：每个内核的循环、代码、内存与用时；写入 step.html。",
    ),
    "cache": (
        "Show what compiled code is kept on disk; chainrule cache clear removes it.",
        "显示磁盘上保存的编译结果；chainrule cache clear 将其删除。",
    ),
    "cache_action": ("clear removes everything; nothing shows it.", "clear 全部删除；不写则显示。"),
    "option_help": ("Show this message and exit.", "显示这段说明并退出。"),
    "option_version": ("Show the version and exit.", "显示版本号并退出。"),
    "panel_arguments": ("Arguments", "参数"),
    "panel_options": ("Options", "选项"),
    "panel_commands": ("Commands", "命令"),
}

SHOWN = {
    "model_mlp": ("fully connected layers", "全连接层"),
    "model_cnn": ("convolutional network", "卷积网络"),
    "model_rnn": ("recurrent network", "循环网络"),
    "kind_image": ("images", "图像"),
    "kind_table": ("a table", "表格"),
    "kind_sequence": ("sequences", "序列"),
    "did_you_mean": ("Did you mean {near}? ", "是不是 {near}？"),
    "error": ("Error", "错误"),
    "data": (
        "{name}: {train} samples to train on, {validation} to validate, {test} to test; {what} {shape}",
        "{name}：训练 {train} 个样本，验证 {validation} 个，测试 {test} 个；{what} {shape}",
    ),
    "classes": ("{count} classes", "{count} 个类别"),
    "plan": (
        "{model}: {parameters} parameters; {optimizer}, lr {lr:g}, {schedule}; {epochs} epochs of {steps} steps of "
        "{batch}",
        "{model}：{parameters} 个参数；{optimizer}，学习率 {lr:g}，{schedule}；{epochs} 轮，每轮 {steps} 步，每步 {batch} 个样本",
    ),
    "skipped": ("{count} damaged samples were left out: {first}", "略去了 {count} 个损坏的样本：{first}"),
    "resuming": (
        "Going on in epoch {epoch} of {epochs}, after {steps} steps.",
        "从第 {epoch}/{epochs} 轮继续，已完成 {steps} 步。",
    ),
    "done_classes": (
        "Test accuracy {accuracy} ({right} of {count} right), loss {loss}",
        "测试准确率 {accuracy}（{count} 个中正确 {right} 个），损失 {loss}",
    ),
    "done_values": (
        "Test: mean absolute error {mae}, R² {r2}, on {count} samples",
        "测试：平均绝对误差 {mae}，R² {r2}，共 {count} 个样本",
    ),
    "done_time": (
        "Trained for {time}; the parameters of epoch {epoch} did best on the validation part and were kept",
        "训练用时 {time}；第 {epoch} 轮的参数在验证数据上最好，已保留",
    ),
    "report": ("Report", "报告"),
    "next": ("What next", "接下来"),
    "next_predict": ("predict your own files", "预测您自己的文件"),
    "next_explain": ("see the network as formulas", "以公式查看网络"),
    "next_other": ("try another network", "试试另一种网络"),
    "wrote": ("Written: {path}", "已写入：{path}"),
    "stopped": (
        "Stopped in epoch {epoch}. Everything is saved; nothing is lost. Go on with",
        "在第 {epoch} 轮停止。一切都已保存，没有丢失。继续训练：",
    ),
    "stopped_early": ("Stopped. Nothing had been trained yet.", "已停止。训练尚未开始。"),
    "input": ("Input", "输入"),
    "class": ("Class", "类别"),
    "probability": ("Probability", "概率"),
    "precision": ("Precision", "精确率"),
    "recall": ("Recall", "召回率"),
    "support": ("Samples", "样本数"),
    "macro": ("Mean of the classes", "各类平均"),
    "weighted": ("Weighted by samples", "按样本数加权"),
    "cache_folder": ("Folder: {path}", "文件夹：{path}"),
    "cache_off": (
        "No compiled code is kept: CHAINRULE_CACHE is off, or there is no home folder.",
        "不保存编译结果：CHAINRULE_CACHE 为 off，或没有主目录。",
    ),
    "cache_size": (
        "{count} compiled kernels, {size} of {limit}",
        "{count} 个已编译的内核，{size}，上限 {limit}",
    ),
    "cache_uses": (
        "Found {hits} times, compiled anew {misses} times",
        "命中 {hits} 次，重新编译 {misses} 次",
    ),
    "cache_cleared": ("Removed {count} compiled kernels, {size}", "删除了 {count} 个已编译的内核，{size}"),
    "example": (
        "Sample {index} of the test part: true {true}, predicted {predicted}",
        "测试数据的样本 {index}：真实 {true}，预测 {predicted}",
    ),
}

register(
    "cli",
    {
        **{f"help_{key}": Message(DataError, en, zh) for key, (en, zh) in HELP.items()},
        **{key: Message(DataError, en, zh) for key, (en, zh) in SHOWN.items()},
        "model_input": Message(
            ConfigError,
            "--model {name} does not take {kind}. Networks that do: {known}",
            "--model {name} 不接受{kind}。可用的网络：{known}",
        ),
        "choice": Message(
            ConfigError,
            "{option}: there is no {got!r}. {hint}There are {known}",
            "{option}：没有 {got!r}。{hint}可用的有 {known}",
        ),
        "positive": Message(
            ConfigError, "{option} must be more than 0, got {got}", "{option} 必须大于 0，实际为 {got}"
        ),
        "not_negative": Message(
            ConfigError, "{option} must be 0 or more, got {got}", "{option} 必须不小于 0，实际为 {got}"
        ),
        "no_option": Message(
            ConfigError,
            "there is no option {option}. {hint}{command} --help lists all",
            "没有选项 {option}。{hint}{command} --help 列出全部选项",
        ),
        "usage": Message(
            ConfigError, "{problem} ({command} --help says more)", "{problem}（详情见 {command} --help）"
        ),
        "system": Message(ConfigError, "{problem}", "系统错误：{problem}"),
        "out_exists": Message(
            ConfigError,
            "{path} holds a run already, and it would be lost. Go on with it by --resume, choose another --out, "
            "or replace it by --overwrite",
            "{path} 中已有一次运行，覆盖会丢失它。请用 --resume 继续，换一个 --out，或用 --overwrite 替换",
        ),
        "out_foreign": Message(
            ConfigError,
            "{path} exists and is not the folder of a run. Choose another --out",
            "{path} 已存在，但不是运行结果的文件夹。请换一个 --out",
        ),
        "resume_out": Message(
            ConfigError,
            "--resume needs to know which run: add --out FOLDER",
            "--resume 需要知道是哪次运行：请加上 --out 文件夹",
        ),
        "resume_option": Message(
            ConfigError,
            "--resume goes on with the options that the run began with: {option} was {saved}, now {got} is given. "
            "Leave it out, or begin a new run with another --out",
            "--resume 沿用开始时的选项：{option} 当时为 {saved}，现在为 {got}。请去掉它，或用另一个 --out 重新开始",
        ),
        "resume_source": Message(
            ConfigError,
            "{path} was trained on {saved}, not on {got}. Give the same data, or begin a new run with another --out",
            "{path} 使用的数据是 {saved}，而不是 {got}。请给出相同的数据，或用另一个 --out 重新开始",
        ),
        "data_changed": Message(
            DataError,
            "{source} has changed since the run began, so it cannot go on bit for bit, nor be tested on the same "
            "samples. Bring the data back, or begin a new run with another --out",
            "{source} 在运行开始之后有改变，因此无法逐位一致地继续，也无法在相同的样本上测试。请恢复数据，或用另一个 --out 重新开始",
        ),
        "no_run": Message(
            CheckpointError,
            "there is no run in {path}: it has no run.json. chainrule train makes one",
            "{path} 中没有运行结果：缺少 run.json。chainrule train 会生成它",
        ),
        "run_damaged": Message(
            CheckpointError,
            "{path} is damaged ({problem}). Bring it back from a copy, or train anew",
            "{path} 已损坏（{problem}）。请从备份恢复，或重新训练",
        ),
        "no_targets": Message(
            DataError,
            "{source} has no targets to compare with. chainrule predict needs none",
            "{source} 没有可供比较的目标。chainrule predict 不需要目标",
        ),
        "sample_range": Message(
            ConfigError,
            "--sample must be from 0 to {last}, got {got}",
            "--sample 必须在 0 到 {last} 之间，实际为 {got}",
        ),
    },
)
