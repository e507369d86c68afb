"""The texts of the report."""

from __future__ import annotations

from chainrule.errors import DataError, Message, register

TEXTS = {
    "overline": ("Training report", "训练报告"),
    "title": ("{model} on {data}", "{data} 上的 {model}"),
    "theme": ("Light or dark", "明暗主题"),
    "headline_classes": (
        "Of {count} images it had never seen, the network named {right} correctly.",
        "在从未见过的 {count} 个样本中，网络正确识别了 {right} 个。",
    ),
    "headline_classes_other": (
        "Of {count} samples it had never seen, the network classified {right} correctly.",
        "在从未见过的 {count} 个样本中，网络正确分类了 {right} 个。",
    ),
    "headline_values": (
        "On {count} samples it had never seen, the predictions are off by {error} on average.",
        "在从未见过的 {count} 个样本上，预测的平均误差为 {error}。",
    ),
    "accuracy": ("Test accuracy", "测试准确率"),
    "metric_accuracy": ("Accuracy", "准确率"),
    "metric_loss": ("Loss", "损失"),
    "metric_lr": ("Learning rate", "学习率"),
    "metric_mae": ("Mean absolute error", "平均绝对误差"),
    "metric_r2": ("R²", "决定系数 R²"),
    "metric_rmse": ("Root mean squared error", "均方根误差"),
    "wrong": ("{wrong} of {count} wrong", "{count} 个中错 {wrong} 个"),
    "loss": ("Test loss", "测试损失"),
    "random_loss": ("guessing gives {value}", "随机猜测为 {value}"),
    "time": ("Training time", "训练用时"),
    "epochs": ("{count} epochs", "{count} 轮"),
    "parameters": ("Parameters", "参数"),
    "layers": ("in {count} layers", "共 {count} 层"),
    "mae": ("Mean absolute error", "平均绝对误差"),
    "rmse": ("Root mean squared error", "均方根误差"),
    "r2_note": ("1 is perfect, 0 is the mean", "1 为完美，0 等于取平均值"),
    "section_learning": ("How it learned", "学习过程"),
    "lead_learning": (
        "Each epoch is one pass over the training part. Where the validation line turns up while the training "
        "line goes on falling, the network begins to learn by heart. That the training line shows the "
        "worse numbers early on is no mistake: it is measured while dropout and random shifts make the task harder.",
        "每一轮把训练数据过一遍。如果验证曲线开始上升而训练曲线仍在下降，说明网络开始死记硬背。"
        "训练曲线起初不如验证曲线并非错误：测量它时，随机失活和随机平移让任务更难。",
    ),
    "best_epoch": (
        "The dotted line marks epoch {epoch}: its parameters did best on the validation part and were kept.",
        "虚线标出第 {epoch} 轮：这一轮的参数在验证数据上最好，因此被保留。",
    ),
    "section_confusion": ("What is taken for what", "混淆矩阵"),
    "lead_confusion": (
        "Rows are the true classes, columns what the network said. Blue is right; red is wrong, and the stronger, "
        "the larger its share of the row.",
        "每行是真实类别，每列是网络给出的类别。蓝色为正确；红色为错误，颜色越深占该行的比例越大。",
    ),
    "cell": (
        "true {true}, predicted {predicted}: {count} of {total} ({share})",
        "真实 {true}，预测 {predicted}：{total} 个中有 {count} 个（{share}）",
    ),
    "most_confused": ("Most often confused", "最常混淆"),
    "nothing_confused": ("Nothing was confused.", "没有任何混淆。"),
    "of": ("{count} of {total}", "{total} 个中 {count} 个"),
    "true": ("true", "真实"),
    "predicted": ("predicted", "预测"),
    "section_classes": ("Class by class", "各类别表现"),
    "lead_classes": (
        "Precision: of what was called so, how much is. Recall: of what is so, how much was found. F1 is their "
        "harmonic mean.",
        "精确率：被判为该类的样本中真正属于该类的比例。召回率：真正属于该类的样本中被找到的比例。F1 是两者的调和平均。",
    ),
    "class": ("Class", "类别"),
    "precision": ("Precision", "精确率"),
    "recall": ("Recall", "召回率"),
    "support": ("Samples", "样本数"),
    "macro": ("Mean of the classes", "各类平均"),
    "weighted": ("Weighted by samples", "按样本数加权"),
    "section_roc": ("Each class against the rest", "一对其余 ROC 曲线"),
    "lead_roc": (
        "Lower the threshold for saying yes, and more is found (up), but more false alarms come with it (right). "
        "A perfect curve hugs the upper left corner, and the area under it is 1; the diagonal is guessing.",
        "降低判定阈值，找到的更多（向上），误报也更多（向右）。完美的曲线紧贴左上角，曲线下面积为 1；对角线相当于随机猜测。",
    ),
    "section_mistakes": ("The most confident mistakes", "最自信的错误"),
    "lead_mistakes": (
        "Wrong, and sure of it: these samples show what the network has not understood, or which labels are doubtful.",
        "错得最自信的样本：它们显示网络还没有学会什么，或者哪些标签值得怀疑。",
    ),
    "no_mistakes": ("There are none in the test part.", "测试数据中没有错误。"),
    "sample": ("Sample", "样本"),
    "certainty": ("Certainty", "置信度"),
    "section_residuals": ("How far off", "误差分析"),
    "lead_residuals": (
        "Left: every point is a sample, and the dashed line is where all would be if the predictions were perfect. "
        "Right: how the errors are distributed; a centre beside zero is a bias.",
        "左图：每个点是一个样本，若预测完美，所有点都在虚线上。右图：误差的分布；中心偏离零说明存在偏差。",
    ),
    "section_worst": ("The largest errors", "误差最大的样本"),
    "error": ("Error", "误差"),
    "section_model": ("The network", "网络结构"),
    "lead_model": (
        "From input to output, for one example. FLOPs are the additions and multiplications of the forward pass.",
        "从输入到输出，以单个样本计。FLOPs 是前向计算中加法与乘法的次数。",
    ),
    "layer": ("Layer", "层"),
    "kind": ("Kind", "类型"),
    "output": ("Output", "输出形状"),
    "total": ("Total", "合计"),
    "section_inside": ("A look inside", "观察内部"),
    "lead_inside": (
        "What the first layer looks for, and what it sees in one picture. Filters: red adds, blue takes away, white "
        "ignores; those for colour pictures are in colour. Maps: the brighter, the better the place fits the filter.",
        "第一层在寻找什么，以及它在一张图中看到了什么。滤波器：红色为正，蓝色为负，白色忽略；彩色图像的滤波器以彩色显示。"
        "特征图：越亮表示该处与滤波器越吻合。",
    ),
    "filters": ("Filters of {layer}", "{layer} 的滤波器"),
    "example": ("One picture", "一张图"),
    "maps": ("What {layer} makes of it", "{layer} 的输出"),
    "section_gradients": ("Gradients, layer by layer", "各层梯度"),
    "lead_gradients": (
        "The length of each layer's gradient, on a logarithmic scale: how strongly the loss still pulls at it. Early "
        "layers (dark) far below late ones (light) would be a vanishing gradient.",
        "每一层梯度的长度（对数坐标），即损失还在多强地拉动它。如果靠前的层（深色）远低于靠后的层（浅色），就是梯度消失。",
    ),
    "section_formulas": ("The network as formulas", "网络的公式"),
    "lead_formulas": (
        "The way of one test sample, the most confident mistake if there was one: forward to the loss, and back, "
        "where each rule of differentiation gives each gradient.",
        "一个测试样本（如有错误，则取最自信的错误）的计算过程：前向直到损失，再反向，每条求导规则给出每个梯度。",
    ),
    "show_formulas": ("Show every step with its formula and numbers", "展开每一步的公式与数值"),
    "section_facts": ("To repeat this", "复现信息"),
    "lead_facts": (
        "The same data, options and versions give the same network, bit for bit.",
        "相同的数据、选项和版本得到逐位相同的网络。",
    ),
    "fact_data": ("Data", "数据"),
    "fact_options": ("Options", "选项"),
    "fact_environment": ("Environment", "环境"),
    "skipped": ("{count} samples were left out", "有 {count} 个样本被略去"),
    "contents": ("Contents", "目录"),
    "footer": (
        "Written by Chainrule {version}. This page is one file and asks nothing of the network.",
        "由 Chainrule {version} 生成（单个文件，无需网络）。",
    ),
    "part_train": ("training", "训练"),
    "part_validation": ("validation", "验证"),
    "epoch": ("epoch", "轮次"),
    "seconds": ("{s} s", "{s} 秒"),
    "minutes": ("{m} min {s} s", "{m} 分 {s} 秒"),
    "hours": ("{h} h {m} min", "{h} 小时 {m} 分"),
}

register("report", {key: Message(DataError, en, zh) for key, (en, zh) in TEXTS.items()})
