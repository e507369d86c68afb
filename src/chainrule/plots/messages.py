"""The messages of the plots."""

from __future__ import annotations

from chainrule.errors import ConfigError, DataError, Message, ShapeError, register

register(
    "plots",
    {
        "nothing": Message(
            DataError,
            "{plot}: there is nothing to draw; give at least one {what}",
            "{plot}：没有可画的内容；请至少给出一个 {what}",
        ),
        "lengths": Message(
            ShapeError,
            "{plot}: {shapes} differ in length along axis 0; give one {what} for each",
            "{plot}：{shapes} 在第 0 轴上长度不同；每一个都要有一个 {what}",
        ),
        "square": Message(
            ShapeError,
            "confusion_matrix: expected a square of counts (classes, classes), got {shapes}",
            "confusion_matrix：需要形状为 (类别数, 类别数) 的方阵，实际为 {shapes}",
        ),
        "images": Message(
            ShapeError,
            "{plot}: images are (N, H, W), (N, C, H, W) or (N, H, W, C) with C = 1, 3 or 4, got {shapes}",
            "{plot}：图像的形状应为 (N, H, W)、(N, C, H, W) 或 (N, H, W, C)，其中 C = 1、3 或 4，实际为 {shapes}",
        ),
        "filters": Message(
            ShapeError,
            "filters: weights are (out, in, height, width), got {shapes}. "
            "Reshape the rows of a linear layer to its input images first",
            "filters：权重的形状应为 (out, in, height, width)，实际为 {shapes}。线性层请先把每一行还原成输入图像的形状",
        ),
        "feature_maps": Message(
            ShapeError,
            "feature_maps: expected the maps of one example, (channels, height, width), got {shapes}. "
            "Take one example with maps[0]",
            "feature_maps：需要一个样本的特征图 (channels, height, width)，实际为 {shapes}。请用 maps[0] 取出一个样本",
        ),
        "format": Message(
            ConfigError,
            "a figure is saved as {allowed}, not {got!r}",
            "图只能保存为 {allowed}，不能是 {got!r}",
        ),
        "epoch": Message(DataError, "epoch", "轮次"),
        "predicted": Message(DataError, "predicted", "预测"),
        "true": Message(DataError, "true", "真实"),
        "false_positive_rate": Message(DataError, "false positive rate", "假正率"),
        "true_positive_rate": Message(DataError, "true positive rate", "真正率"),
        "corner": Message(DataError, "the upper left corner, enlarged", "左上角放大"),
        "gradient_norm": Message(DataError, "norm of the gradient", "梯度范数"),
        "residual": Message(DataError, "predicted − true", "预测 − 真实"),
        "samples": Message(DataError, "samples", "样本数"),
        "best": Message(DataError, "best", "最佳"),
    },
)
