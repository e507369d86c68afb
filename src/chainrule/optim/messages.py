"""Messages of optimizers, schedules, regularisers and clipping."""

from chainrule.errors import (
    ConfigError,
    DTypeError,
    GradientError,
    Message,
    NonFiniteError,
    StateError,
    register,
)

register(
    "optim",
    {
        "option": Message(
            ConfigError,
            "{owner}: {option} must be in {allowed}, got {got}",
            "{owner}：{option} 的取值范围是 {allowed}，实际为 {got}",
        ),
        "unknown_option": Message(
            ConfigError,
            "{owner} has no option {option!r}; it has {known}",
            "{owner} 没有选项 {option!r}；可用的有 {known}",
        ),
        "too_many": Message(
            ConfigError,
            "{owner} was given {got} options by position, but it has only {known}",
            "{owner} 按位置收到 {got} 个选项，但它只有 {known}",
        ),
        "twice": Message(
            ConfigError,
            "{owner}: {option} is given both by position and by name; give it once",
            "{owner}：{option} 既按位置又按名称给出；只给一次即可",
        ),
        "missing": Message(
            ConfigError,
            "{owner} needs {option}, a value in {allowed}",
            "{owner} 需要选项 {option}，取值范围是 {allowed}",
        ),
        "unknown": Message(
            ConfigError,
            "there is no {kind} {name!r}. {hint}Known: {known}",
            "没有名为 {name!r} 的{kind}。{hint}可用的有：{known}",
        ),
        "did_you_mean": Message(ConfigError, "Did you mean {near!r}? ", "是不是 {near!r}？"),
        "kind_optimizer": Message(ConfigError, "optimizer", "优化器"),
        "kind_schedule": Message(ConfigError, "schedule", "学习率调度"),
        "nesterov": Message(
            ConfigError,
            "{owner}: nesterov needs a momentum above 0 and no dampening, got momentum={momentum}, "
            "dampening={dampening}",
            "{owner}：nesterov 需要大于 0 的 momentum 且 dampening 为 0，实际 momentum={momentum}、"
            "dampening={dampening}",
        ),
        "no_parameters": Message(
            ConfigError,
            "{owner} was given no parameters to optimise. Pass model.parameters(); an iterator of them can be "
            "used only once",
            "{owner} 没有收到任何要优化的参数。请传入 model.parameters()；参数迭代器只能使用一次",
        ),
        "not_a_parameter": Message(
            DTypeError,
            "{owner}: parameter {place} is a {got}, but an optimizer changes State, which lives on between calls. "
            "Pass model.parameters(), or make one: cr.State(values).requires_grad_()",
            "{owner}：第 {place} 个参数是 {got}，而优化器只修改在多次调用之间保留的 State。"
            "请传入 model.parameters()，或自己创建：cr.State(values).requires_grad_()",
        ),
        "one_tensor": Message(
            DTypeError,
            "{owner} was given one tensor where a list of them is expected; write [{name}]",
            "{owner} 收到一个张量，而应为张量的列表；请写成 [{name}]",
        ),
        "twice_parameter": Message(
            ConfigError,
            "{owner}: parameter {name} appears more than once; each parameter is updated by one group, once",
            "{owner}：参数 {name} 出现了不止一次；每个参数只能属于一个组并出现一次",
        ),
        "group": Message(
            DTypeError,
            "{owner}: a parameter group is a dict with the key 'params', got {got}",
            "{owner}：参数组应为含有键 'params' 的字典，实际为 {got}",
        ),
        "group_mixed": Message(
            DTypeError,
            "{owner} takes either tensors or groups (dicts with 'params'), not a mixture of both",
            "{owner} 要么接受张量，要么接受参数组（含 'params' 的字典），不能混用",
        ),
        "structure": Message(
            ConfigError,
            "{owner}: {option}={got} would change what the optimizer remembers of each parameter ({before} → "
            "{after}) after steps were taken. Make a new {owner} with it",
            "{owner}：在已经执行过更新之后，{option}={got} 会改变优化器为每个参数保存的状态（{before} → {after}）。"
            "请用该选项新建一个 {owner}",
        ),
        "no_gradient": Message(
            GradientError,
            "{owner}.step() found no gradient on any of its {count} parameters. Call loss.backward() before "
            "step(), and zero_grad() before backward(), not between the two",
            "{owner}.step() 在它的 {count} 个参数上都没有找到梯度。请在 step() 之前调用 loss.backward()，"
            "并在 backward() 之前（而不是两者之间）调用 zero_grad()",
        ),
        "state_format": Message(
            StateError,
            "{owner}: a saved state is a dict with the keys {expected}, got {got}",
            "{owner}：保存的状态应为含有键 {expected} 的字典，实际为 {got}",
        ),
        "state_kind": Message(
            StateError,
            "{owner} cannot load the state of {got}; make a {got} with the same options",
            "{owner} 不能载入 {got} 的状态；请用相同的选项创建 {got}",
        ),
        "state_groups": Message(
            StateError,
            "{owner} has groups of {expected} parameters, the saved state has groups of {got}. "
            "Make the optimizer from the same model and with the same groups",
            "{owner} 各组的参数个数为 {expected}，保存的状态中为 {got}。请用同样的模型和同样的分组创建优化器",
        ),
        "state_place": Message(
            StateError,
            "{owner}: the saved state names parameter {place}, but there are only 0 … {last}. "
            "Make the optimizer from the same model",
            "{owner}：保存的状态提到第 {place} 个参数，但只有 0 … {last}。请用同样的模型创建优化器",
        ),
        "state_keys": Message(
            StateError,
            "{owner}: the saved state of parameter {name} holds {got}, expected {expected}. "
            "Make the optimizer with the options it was saved with",
            "{owner}：参数 {name} 保存的状态包含 {got}，应为 {expected}。请用保存时的选项创建优化器",
        ),
        "state_shape": Message(
            StateError,
            "{owner}: {which} of parameter {name} has shape {got} in the saved state, expected {expected}. "
            "Make the optimizer from the same model",
            "{owner}：保存的状态中参数 {name} 的 {which} 形状为 {got}，应为 {expected}。请用同样的模型创建优化器",
        ),
        "clip_norm": Message(
            NonFiniteError,
            "clip_grad_norm_: the norm of all gradients is {norm}; first gradient that is not finite: {name}. "
            "cr.debug.nan() names the operation",
            "clip_grad_norm_：所有梯度的范数为 {norm}；第一个非有限的梯度：{name}。"
            "cr.debug.nan() 可以指出是哪个运算",
        ),
        "clip_limit": Message(
            ConfigError,
            "{owner}: {option} must be {allowed}, got {got}",
            "{owner}：{option} 的取值范围是 {allowed}，实际为 {got}",
        ),
        "schedule_optimizer": Message(
            DTypeError,
            "{owner} changes the learning rate of an optimizer, but was given a {got}; "
            "its first argument is the optimizer",
            "{owner} 用来改变优化器的学习率，但收到的是 {got}；第一个参数应为优化器",
        ),
        "schedule_state": Message(
            StateError,
            "{owner}: a saved state has the keys {expected}, got {got}",
            "{owner}：保存的状态应有键 {expected}，实际为 {got}",
        ),
        "schedule_groups": Message(
            StateError,
            "{owner}: the saved state is of {got} groups, the optimizer has {expected}. "
            "Make the optimizer with the same groups",
            "{owner}：保存的状态有 {got} 个组，而优化器有 {expected} 个。请用同样的分组创建优化器",
        ),
        "schedule_end": Message(
            ConfigError,
            "{owner}: step() was called {count} times, but the schedule ends after {total} steps. "
            "Give total_steps the number of steps of the whole training",
            "{owner}：step() 已被调用 {count} 次，但该调度在 {total} 步后结束。请把 total_steps 设为整个训练的步数",
        ),
        "milestones": Message(
            ConfigError,
            "{owner}: {schedules} schedules need {expected} milestones, in rising order, got {got}",
            "{owner}：{schedules} 个调度需要 {expected} 个递增的 milestones，实际为 {got}",
        ),
        "other_optimizer": Message(
            ConfigError,
            "{owner}: all schedules must change the same optimizer; schedule {place} changes another one",
            "{owner}：所有调度必须作用于同一个优化器；第 {place} 个调度作用于另一个",
        ),
        "no_momentum": Message(
            ConfigError,
            "{owner} cycles the momentum, but {optimizer} has neither momentum nor betas. "
            "Give cycle_momentum=False",
            "{owner} 会循环改变动量，但 {optimizer} 既没有 momentum 也没有 betas。请设 cycle_momentum=False",
        ),
        "total_steps": Message(
            ConfigError,
            "{owner} needs total_steps, or epochs and steps_per_epoch",
            "{owner} 需要 total_steps，或同时给出 epochs 与 steps_per_epoch",
        ),
        "per_group": Message(
            ConfigError,
            "{owner}: {option} has {got} values, but the optimizer has {expected} groups. "
            "Give one value, or one per group",
            "{owner}：{option} 有 {got} 个值，但优化器有 {expected} 个组。请给一个值，或每组一个值",
        ),
        "plateau_metric": Message(
            DTypeError,
            "{owner}.step(metric) takes one number, the value to watch, got {got}",
            "{owner}.step(metric) 需要一个数，即所监视的值，实际为 {got}",
        ),
    },
)
