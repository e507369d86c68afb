"""The messages of random numbers."""

from __future__ import annotations

from chainrule.errors import ConfigError, DTypeError, Message, ShapeError, register

register(
    "random",
    {
        "seed": Message(
            DTypeError,
            "a seed must be an integer, got {got}",
            "随机种子必须是整数，实际为 {got}",
        ),
        "key": Message(
            DTypeError,
            "{function}: a key is a uint32 tensor of shape (2,), got {got}. Make one with "
            "cr.random.key(seed) or cr.random.split(key)",
            "{function}：密钥是形状为 (2,) 的 uint32 张量，实际为 {got}。请用 cr.random.key(seed) 或 "
            "cr.random.split(key) 生成",
        ),
        "two_sources": Message(
            ConfigError,
            "{function}: give key= or generator=, not both",
            "{function}：key= 与 generator= 只能给出一个",
        ),
        "generator": Message(
            DTypeError,
            "{function}: generator must be a cr.random.Generator, got {got}",
            "{function}：generator 必须是 cr.random.Generator，实际为 {got}",
        ),
        "interval": Message(
            ConfigError,
            "uniform: low = {low} is above high = {high}. The first argument is the shape: "
            "uniform((2, 3), 0, 1)",
            "uniform：low = {low} 大于 high = {high}。第一个参数是形状：uniform((2, 3), 0, 1)",
        ),
        "probability": Message(
            ConfigError,
            "{function}: p must lie between 0 and 1, got {p}",
            "{function}：p 必须在 0 与 1 之间，实际为 {p}",
        ),
        "parameter": Message(
            ConfigError,
            "{function}: {name} must lie in {allowed}, got {got}",
            "{function}：{name} 必须属于 {allowed}，实际为 {got}",
        ),
        "shape": Message(
            ShapeError,
            "{function}: the parameters have the common shape {parameters}, which does not fit the shape {got} "
            "of the result ({shapes}). Leave the shape out to take theirs, or add axes in front of it",
            "{function}：各参数的公共形状为 {parameters}，与结果的形状 {got} 不符（{shapes}）。"
            "可省略形状以采用参数的形状，或在其前面添加轴",
        ),
        "dtype": Message(
            DTypeError,
            "{function}: dtype must be one of {allowed}, got {got}",
            "{function}：dtype 必须是 {allowed} 之一，实际为 {got}",
        ),
        "truncated": Message(
            ConfigError,
            "truncated_normal: from low = {low} to high = {high} there is (next to) nothing of a normal "
            "distribution of mean {mean} and standard deviation {std}. Widen the interval",
            "truncated_normal：均值为 {mean}、标准差为 {std} 的正态分布在 low = {low} 到 high = {high} 之间（几乎）"
            "没有概率。请放宽区间",
        ),
        "integers_empty": Message(
            ConfigError,
            "integers: there is no whole number from low = {low} up to, but without, high = {high}. "
            "One bound alone is high, and low is then 0",
            "integers：从 low = {low} 到 high = {high}（不含）之间没有整数。只给一个界时它是 high，low 为 0",
        ),
        "integers_bounds": Message(
            DTypeError,
            "integers: {name} must be an integer that {dtype} can hold, got {got}",
            "integers：{name} 必须是 {dtype} 能表示的整数，实际为 {got}",
        ),
        "weights": Message(
            ConfigError,
            "{function}: give logits= or probs=, one of them",
            "{function}：logits= 与 probs= 必须且只能给出一个",
        ),
        "categories": Message(
            ShapeError,
            "{function}: {name} must have an axis of at least one category, got shape {got}",
            "{function}：{name} 必须有一个至少含一个类别的轴，实际形状为 {got}",
        ),
        "choice_size": Message(
            ConfigError,
            "choice: {wanted} different elements cannot be taken from {count}. Use replace=True to take "
            "some of them several times",
            "choice：无法从 {count} 个元素中取出 {wanted} 个不同的元素。若允许重复请用 replace=True",
        ),
        "choice_p": Message(
            ShapeError,
            "choice: p must hold one probability for each of the {count} elements, got shape {got}",
            "choice：p 必须为 {count} 个元素各给出一个概率，实际形状为 {got}",
        ),
        "choice_few": Message(
            ConfigError,
            "choice: {wanted} different elements are wanted, but only {count} have a probability above 0",
            "choice：需要 {wanted} 个不同的元素，但概率大于 0 的只有 {count} 个",
        ),
        "choice_from": Message(
            ShapeError,
            "{function}: give a number of elements, or a tensor with an axis to choose along; got {got}",
            "{function}：请给出元素个数，或给出带有可选取轴的张量；实际为 {got}",
        ),
    },
)
