"""Messages of training."""

from chainrule.errors import (
    CheckpointError,
    ConfigError,
    DataError,
    DTypeError,
    Message,
    NonFiniteError,
    ShapeError,
    register,
)

register(
    "train",
    {
        "option": Message(
            ConfigError,
            "{owner}: {option} must be in {allowed}, got {got}",
            "{owner}：{option} 的取值范围是 {allowed}，实际为 {got}",
        ),
        "kind_loss": Message(ConfigError, "loss", "损失函数"),
        "model": Message(
            DTypeError,
            "the model must be an nn.Module, got a {got}. Put layers together with nn.Sequential(...)",
            "模型应为 nn.Module，实际为 {got}。可以用 nn.Sequential(...) 组合各层",
        ),
        "loss": Message(
            DTypeError,
            "the loss must be a name, a module or a function of prediction and target, got a {got}",
            "损失应为名称、模块，或以预测和目标为参数的函数，实际为 {got}",
        ),
        "loss_kind": Message(
            DTypeError,
            "the loss function returned a {got}; it must return a tensor of one number",
            "损失函数返回了 {got}；它应返回只含一个数的张量",
        ),
        "loss_shape": Message(
            ShapeError,
            "the loss must be one number, shape (), got shape {got}. Take the mean over the batch: loss.mean(), "
            "or reduction='mean'",
            "损失应为一个数，形状为 ()，实际形状为 {got}。请对批次取平均：loss.mean()，或 reduction='mean'",
        ),
        "optimizer": Message(
            DTypeError,
            "the optimizer must be a name or an Optimizer, got a {got}. "
            "For example optim.Adam(model.parameters(), lr=0.001)",
            "优化器应为名称或 Optimizer，实际为 {got}。例如 optim.Adam(model.parameters(), lr=0.001)",
        ),
        "lr": Message(
            ConfigError,
            "lr goes with an optimizer given by name. This one was made already: "
            "give lr where it is made, or set optimizer.param_groups[0]['lr']",
            "lr 只用于以名称给出的优化器。这个优化器已经创建：请在创建时给出 lr，"
            "或设置 optimizer.param_groups[0]['lr']",
        ),
        "strange_optimizer": Message(
            ConfigError,
            "the optimizer holds none of this model's parameters, so training would change nothing. "
            "Make it from this model: optim.Adam(model.parameters())",
            "优化器不含这个模型的任何参数，训练不会有任何改变。请用这个模型创建：optim.Adam(model.parameters())",
        ),
        "callback": Message(
            DTypeError,
            "a callback must be an instance of train.Callback, got {got}. If that is a class, call it: {got}()",
            "回调应为 train.Callback 的实例，实际为 {got}。如果这是一个类，请调用它：{got}()",
        ),
        "hook": Message(
            ConfigError,
            "LambdaCallback takes functions named {known}, got {name}",
            "LambdaCallback 接受名为 {known} 的函数，实际为 {name}",
        ),
        "same_name": Message(
            ConfigError,
            "two columns of the history would be called {name!r}. Give a metric another name: name='…'",
            "历史记录中会有两列都叫 {name!r}。请给其中一个指标另取名称：name='…'",
        ),
        "no_column": Message(
            ConfigError,
            "the history has no column {name!r}; it has {known}",
            "历史记录没有名为 {name!r} 的列；可用的有 {known}",
        ),
        "data": Message(
            DTypeError,
            "{what}() takes a Loader, a Dataset, an array or tensor, or a pair (x, y) of them, got a {got}",
            "{what}() 接受 Loader、Dataset、数组或张量，或由它们组成的一对 (x, y)，实际为 {got}",
        ),
        "loader_options": Message(
            ConfigError,
            "{options}: a Loader has its own; give it where the Loader is made, or give the data set itself",
            "{options}：Loader 自带该选项；请在创建 Loader 时给出，或直接给出数据集",
        ),
        "no_targets": Message(
            DataError,
            "{what}() needs targets beside the inputs; give a pair (x, y), or a Dataset with targets",
            "{what}() 除输入外还需要目标；请给出一对 (x, y)，或带目标的 Dataset",
        ),
        "non_finite": Message(
            NonFiniteError,
            "the loss became {loss} in epoch {epoch}, batch {batch}. The weights of this step are spoiled: go back "
            "to a checkpoint or begin anew, with a smaller learning rate (now {lr:g}) or "
            "clip_grad_norm=1.0. cr.debug.nan() names the first operation that gave such a value",
            "损失在第 {epoch} 轮第 {batch} 批变成了 {loss}。这一步之后的权重已不可用：请回到检查点或重新开始，"
            "并减小学习率（现为 {lr:g}）或设置 clip_grad_norm=1.0。cr.debug.nan() 可以指出最先产生这种值的运算",
        ),
        "without_compiling": Message(
            ConfigError,
            "Trainer(…, compile=False) runs each step with Python, where everything is known.",
            "Trainer(…, compile=False) 用 Python 逐步运行，所有值都是已知的。",
        ),
        "compile_options": Message(
            ConfigError,
            "Trainer: {options} is for compiled steps, and compile=False runs them with Python. Leave one of them out",
            "Trainer：{options} 只用于编译后的步骤，而 compile=False 用 Python 运行它们。请去掉其中之一",
        ),
        "not_compiled": Message(
            ConfigError,
            "this training cannot be compiled and runs step by step in Python, which is slower: {problem}\n"
            "Trainer(…, compile=False) says that this is meant; compile='llvm' makes it an error.",
            "这次训练无法编译，将用 Python 逐步运行，速度较慢：{problem}\n"
            "若本意如此，请用 Trainer(…, compile=False)；compile='llvm' 会把它当作错误。",
        ),
        "compiled": Message(
            ConfigError,
            "compiled the training step in {seconds:.2f} s ({kernels} kernels)",
            "编译训练步骤用时 {seconds:.2f} 秒（{kernels} 个内核）",
        ),
        "where": Message(
            ConfigError, "This was in epoch {epoch}, batch {batch}.", "发生在第 {epoch} 轮第 {batch} 批。"
        ),
        "monitor": Message(
            ConfigError,
            "{owner} watches {name!r}, which is not measured; the history has {known}. "
            "For a value of validation, give fit() validation data",
            "{owner} 监视 {name!r}，但没有测量它；历史记录中有 {known}。若要监视验证集上的值，请给 fit() 验证数据",
        ),
        "direction": Message(
            ConfigError,
            "{owner}: nothing says whether a large or a small {name} is good; give mode='min' or mode='max'",
            "{owner}：不知道 {name} 是越大越好还是越小越好；请给出 mode='min' 或 mode='max'",
        ),
        "stopped": Message(
            ConfigError,
            "Stopped early: {name} has not improved for {waited} epochs; the best was epoch {best_epoch}.",
            "提前停止：{name} 已有 {waited} 轮没有改善；最好的是第 {best_epoch} 轮。",
        ),
        "schedule_options": Message(
            ConfigError,
            "LRSchedule: {options} go with a schedule given by name; this one was made already",
            "LRSchedule：{options} 只用于以名称给出的调度；这个调度已经创建",
        ),
        "other_optimizer": Message(
            ConfigError,
            "{schedule} was made for another optimizer than the trainer's. Make it for trainer.optimizer, "
            "or give LRSchedule its name",
            "{schedule} 是为另一个优化器创建的。请为 trainer.optimizer 创建，或把调度的名称交给 LRSchedule",
        ),
        "line": Message(
            ConfigError,
            "epoch {epoch}/{epochs}  {values}  {rate} examples/s  {left} left",
            "第 {epoch}/{epochs} 轮  {values}  {rate} 样本/秒  剩余 {left}",
        ),
        "no_checkpoint": Message(
            CheckpointError,
            "there is no checkpoint {path}. Check the path; resume='auto' begins anew where there is none",
            "没有检查点 {path}。请检查路径；resume='auto' 会在没有检查点时重新开始",
        ),
        "damaged": Message(
            CheckpointError,
            "the checkpoint {path} is damaged ({problem}). Use another one, such as best.safetensors beside it, or "
            "begin anew",
            "检查点 {path} 已损坏（{problem}）。请改用另一个，例如同一文件夹中的 best.safetensors，或重新开始",
        ),
        "foreign": Message(
            CheckpointError,
            "{path} is a safetensors file, but not the state of a training. To use its weights, read it with "
            "safetensors.numpy.load_file and give them to model.load_state_dict",
            "{path} 是 safetensors 文件，但不是一次训练的状态。若要使用其中的权重，"
            "请用 safetensors.numpy.load_file 读取并交给 model.load_state_dict",
        ),
        "version": Message(
            CheckpointError,
            "the checkpoint {path} has version {got}, and this Chainrule reads version {known}. "
            "Use the Chainrule that wrote it",
            "检查点 {path} 的版本是 {got}，而这个 Chainrule 只能读取版本 {known}。请使用写入它的 Chainrule",
        ),
        "does_not_fit": Message(
            CheckpointError,
            "the checkpoint {path} does not fit this training: {problem}. "
            "Use the model, optimizer, metrics and callbacks that it was saved with",
            "检查点 {path} 与这次训练不符：{problem}。请使用保存时的模型、优化器、指标和回调",
        ),
        "other_training": Message(
            CheckpointError,
            "the checkpoint {path} is of another training: {part} was {saved}, now it is {now}. Bit for bit it can go "
            "on only with the same. To keep just the weights, begin anew after "
            "model.load_state_dict(train.read_checkpoint(path)['model'])",
            "检查点 {path} 属于另一次训练：{part} 当时为 {saved}，现在为 {now}。只有相同时才能逐位一致地继续。"
            "若只要权重，请先 model.load_state_dict(train.read_checkpoint(path)['model']) 再重新开始",
        ),
        "occupied": Message(
            CheckpointError,
            "{path} holds the state of another training, which a new one would replace. Go on with it by "
            "resume=True, choose another folder, or allow it by Checkpoint(folder, overwrite=True)",
            "{path} 保存着另一次训练的状态，新的训练会替换它。请用 resume=True 继续它，或换一个文件夹，"
            "或用 Checkpoint(folder, overwrite=True) 允许替换",
        ),
        "resume_what": Message(
            ConfigError,
            "resume needs to know where the checkpoints are: fit(…, checkpoint=folder, resume=True)",
            "resume 需要知道检查点在哪里：fit(…, checkpoint=folder, resume=True)",
        ),
    },
)
