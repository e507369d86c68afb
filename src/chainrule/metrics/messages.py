"""The messages of metrics."""

from __future__ import annotations

from chainrule.errors import (
    ConfigError,
    DataError,
    DTypeError,
    Message,
    NonFiniteError,
    OutOfRangeError,
    ShapeError,
    StateError,
    register,
)

register(
    "metrics",
    {
        "empty": Message(
            DataError,
            "{metric}: there is nothing to compute, for no sample has been given since the last reset(). "
            "Call update(prediction, target) first",
            "{metric}:没有可计算的内容,自上次 reset() 以来还没有收到任何样本。请先调用 update(prediction, target)",
        ),
        "state": Message(
            StateError,
            "{metric} cannot go on from a state of {got}; expected {expected}. "
            "Load it into a metric of the class that it was saved from",
            "{metric} 不能从含有 {got} 的状态继续；应为 {expected}。请载入到保存时同一类的指标中",
        ),
        "not_an_array": Message(
            DTypeError,
            "{metric}: {which} of type {got} cannot be read as an array of numbers. "
            "Give an array, a tensor, or lists of equal length",
            "{metric}:{which} 的类型是 {got},不能读成数值数组。请给出数组、张量或长度一致的列表",
        ),
        "not_numbers": Message(
            DTypeError,
            "{metric}: {which} must hold real numbers, got elements of type {got}. "
            "Encode class names as labels 0, 1, 2, … first",
            "{metric}:{which} 必须是实数,实际元素类型为 {got}。请先把类别名编码成标签 0、1、2……",
        ),
        "no_axis": Message(
            ShapeError,
            "{metric}: {which} must have samples along axis 0, got the single number {got}. "
            "Write [{got}] for one sample",
            "{metric}:{which} 的第 0 轴必须是样本,实际是单个数 {got}。只有一个样本时请写成 [{got}]",
        ),
        "lengths": Message(
            ShapeError,
            "{metric}: axis 0 of prediction is {got} but that of target is {expected} ({shapes}). "
            "Give one target per prediction",
            "{metric}:prediction 的第 0 轴是 {got},target 的却是 {expected}({shapes})。每个预测要对应一个目标",
        ),
        "one_column": Message(
            ShapeError,
            "{metric}: axis 1 of prediction counts classes and must be at least 2, got {got} ({shapes}). "
            "If the column holds scores of class 1, write prediction[:, 0]",
            "{metric}:prediction 的第 1 轴是类别,至少为 2,实际为 {got}({shapes})。"
            "如果这一列是第 1 类的分数,请写 prediction[:, 0]",
        ),
        "target_axes": Message(
            ShapeError,
            "{metric}: target must be class labels (N,), got {got} axes ({shapes}). Write target[:, 0] for a column, "
            "target.argmax(axis=1) for one-hot rows, reshape(-1) on both for labels of any other shape; "
            "and mind the order, update(prediction, target)",
            "{metric}:target 必须是形状为 (N,) 的类别标签,实际有 {got} 个轴({shapes})。单列请写 target[:, 0],"
            "独热编码请写 target.argmax(axis=1),其他形状的标签请对两者都用 reshape(-1);并注意参数顺序 update(prediction, target)",
        ),
        "layout": Message(
            ShapeError,
            "{metric}: prediction must be (N,), or have its classes on axis 1 and be otherwise shaped as target "
            "({shapes}). Move the class axis with np.moveaxis(prediction, -1, 1) if it is the last one",
            "{metric}:prediction 的形状必须是 (N,),或者第 1 轴为类别、其余各轴与 target 相同({shapes})。"
            "如果类别在最后一轴,请用 np.moveaxis(prediction, -1, 1) 移动",
        ),
        "same_shape": Message(
            ShapeError,
            "{metric}: prediction and target must have the same shape ({shapes}). They are not broadcast, "
            "since (N, 1) against (N,) would compare every sample with every other; use reshape or prediction[:, 0]",
            "{metric}:prediction 与 target 的形状必须相同({shapes})。这里不做广播,"
            "因为 (N, 1) 对 (N,) 会把每个样本与所有样本相比;请用 reshape 或 prediction[:, 0]",
        ),
        "not_whole": Message(
            DTypeError,
            "{metric}: {which} must hold class labels 0, 1, 2, …, but {place} is {got}. "
            "Take argmax(axis=1) of scores, or round what is nearly whole",
            "{metric}:{which} 必须是类别标签 0、1、2……,但 {place} 是 {got}。分数请先用 argmax(axis=1),接近整数的值请先取整",
        ),
        "negative": Message(
            OutOfRangeError,
            "{metric}: {which} must hold class labels 0, 1, 2, …, but {place} is {got}. "
            "Leave out samples that are to be ignored, and count classes from 0",
            "{metric}:{which} 必须是类别标签 0、1、2……,但 {place} 是 {got}。请先去掉要忽略的样本,类别从 0 开始编号",
        ),
        "label": Message(
            OutOfRangeError,
            "{metric}: {place} is {got}, but there are {classes} classes, 0 to {last}. "
            "Count classes from 0, or check the width of the last layer and num_classes",
            "{metric}:{place} 是 {got},但只有 {classes} 个类别(0 到 {last})。"
            "类别从 0 开始编号;请检查最后一层的宽度和 num_classes",
        ),
        "binary": Message(
            OutOfRangeError,
            "{metric}: predictions (N,) of a float type are scores of class 1, so targets must be 0 or 1; "
            "{place} is {got}. Give scores (N, C) for C classes, or predicted labels as integers",
            "{metric}:浮点类型的一维预测 (N,) 表示第 1 类的分数,因此目标只能是 0 或 1;但 {place} 是 {got}。"
            "C 个类别请给出分数 (N, C),或者给出整数类型的预测标签",
        ),
        "too_many_classes": Message(
            OutOfRangeError,
            "{metric}: the largest label makes {classes} classes; more than {limit} are made only on request. "
            "Check that these are labels, or pass num_classes={classes}",
            "{metric}:最大的标签意味着有 {classes} 个类别;超过 {limit} 个时必须明确指定。"
            "请检查它们是否真的是标签,或者传入 num_classes={classes}",
        ),
        "binary_classes": Message(
            ConfigError,
            "{metric}: predictions (N,) of a float type are scores of class 1 of two, but num_classes is {expected}. "
            "Give scores (N, {expected}), or predicted labels as integers",
            "{metric}:浮点类型的一维预测 (N,) 表示两个类别中第 1 类的分数,但 num_classes 是 {expected}。"
            "请给出分数 (N, {expected}),或者整数类型的预测标签",
        ),
        "num_classes": Message(
            ShapeError,
            "{metric}: axis 1 of prediction must be {expected}, the number of classes, got {got}. "
            "Pass num_classes={got}, or give the last layer {expected} outputs",
            "{metric}:prediction 的第 1 轴必须等于类别数 {expected},实际为 {got}。"
            "请传入 num_classes={got},或者让最后一层有 {expected} 个输出",
        ),
        "layout_changed": Message(
            ShapeError,
            "{metric}: samples of this batch are shaped {got}, those before were {expected}. "
            "Call reset() before measuring another model",
            "{metric}:这一批每个样本的形状是 {got},之前的是 {expected}。测量另一个模型之前请先调用 reset()",
        ),
        "not_finite": Message(
            NonFiniteError,
            "{metric}: {place} is {got} ({count} of {total} values are not finite numbers). "
            "chainrule.debug.nan() names the operation that made the first one",
            "{metric}:{place} 是 {got}(共 {total} 个值,其中 {count} 个不是有限数)。"
            "chainrule.debug.nan() 会指出最先产生它的运算",
        ),
        "class_scores": Message(
            ShapeError,
            "{metric}: prediction must hold a score for every class, (N, C), got {got} axis. "
            "Give the output of the last layer, not the labels made of it",
            "{metric}:prediction 必须给出每个类别的分数,形状为 (N, C),实际只有 {got} 个轴。"
            "请给出最后一层的输出,而不是由它得到的标签",
        ),
        "top_k": Message(
            ConfigError,
            "{metric}: k must be at most the number of classes, got k = {k} with {classes} classes (axis 1 of "
            "prediction). Choose k < {classes}",
            "{metric}:k 不能超过类别数,实际 k = {k},而 prediction 的第 1 轴只有 {classes} 个类别。请取 k < {classes}",
        ),
        "probability": Message(
            OutOfRangeError,
            "{metric}: prediction must hold probabilities in [0, 1], but {place} is {got}. "
            "Pass from_logits=True if these are logits, the output of a network without softmax or sigmoid",
            "{metric}:prediction 必须是 [0, 1] 内的概率,但 {place} 是 {got}。"
            "如果它们是 logits(没有经过 softmax 或 sigmoid 的网络输出),请传入 from_logits=True",
        ),
        "probability_row": Message(
            ConfigError,
            "{metric}: the probabilities of each sample must sum to 1 over axis 1, got {got} in row {index}. "
            "Pass from_logits=True if these are logits, the output of a network without softmax",
            "{metric}:每个样本在第 1 轴上的概率之和必须为 1,但第 {index} 行之和是 {got}。"
            "如果它们是 logits(没有经过 softmax 的网络输出),请传入 from_logits=True",
        ),
        "option": Message(
            ConfigError,
            "{metric}: {option} must be in {allowed}, got {got}",
            "{metric}:{option} 必须属于 {allowed},实际为 {got}",
        ),
        "merge_class": Message(
            ConfigError,
            "{metric}: cannot merge {got} into {expected}; both must be of the same class",
            "{metric}:不能把 {got} 合并到 {expected},两者必须是同一个类",
        ),
        "merge_options": Message(
            ConfigError,
            "{metric}: cannot merge metrics with different options, {expected} and {got}",
            "{metric}:不能合并选项不同的指标:{expected} 与 {got}",
        ),
        "key": Message(
            ConfigError,
            "{metric}: key {taken} is empty or already in METRICS. Give the class a key of its own",
            "{metric}:key {taken} 为空或已在 METRICS 中。请给这个类一个自己的 key",
        ),
        "unknown_close": Message(
            ConfigError,
            "there is no metric {name}. Did you mean {close}? Known: {known}",
            "没有名为 {name} 的指标。您是不是想写 {close}?可用的有:{known}",
        ),
        "unknown": Message(
            ConfigError,
            "there is no metric {name}. Known: {known}",
            "没有名为 {name} 的指标。可用的有:{known}",
        ),
        "not_a_metric": Message(
            DTypeError,
            "a metric must be a name, a subclass of Metric or an instance of one, got {got}",
            "指标必须是名称、Metric 的子类或其实例,实际为 {got}",
        ),
        "options_of_instance": Message(
            ConfigError,
            "{metric}: the options {options} cannot be given to a metric that has already been made. "
            "Give its name or class instead, or set them where it is made",
            "{metric}:不能再给已经创建的指标传入选项 {options}。请改为给出名称或类,或者在创建时设置",
        ),
        "matrix": Message(
            ShapeError,
            "classification_report: the confusion matrix must be square (C, C), with counts of at least 0 in whole "
            "numbers; got shape {got} of type {dtype}. Give ConfusionMatrix().update(prediction, target)",
            "classification_report:混淆矩阵必须是 (C, C) 的方阵,元素为不小于 0 的整数计数;实际形状为 {got},类型为 {dtype}。"
            "请给出 ConfusionMatrix().update(prediction, target)",
        ),
        "class_names": Message(
            ShapeError,
            "classification_report: class_names must name all {expected} classes, got {got} names",
            "classification_report:class_names 必须为全部 {expected} 个类别命名,实际给了 {got} 个名称",
        ),
    },
)
