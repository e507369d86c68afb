"""The messages of data sets, loaders and preprocessing."""

from __future__ import annotations

from chainrule.errors import (
    ConfigError,
    DataError,
    DTypeError,
    Message,
    OutOfRangeError,
    ShapeError,
    StateError,
    register,
)

register(
    "data",
    {
        "empty": Message(
            DataError,
            "{name}: there is no sample. At least one is needed",
            "{name}：没有任何样本，至少需要一个",
        ),
        "none_left": Message(
            DataError,
            "{name}: with skip_bad=True none of {count} samples is left, for each has a missing or unreadable value. "
            "Leave out the columns that are mostly empty",
            "{name}：使用 skip_bad=True 后 {count} 个样本一个不剩，因为每个都有缺失或无法读取的值。请去掉大多为空的列",
        ),
        "lengths": Message(
            ShapeError,
            "axis 0 of x and y counts the samples and must be equal ({shapes}). Give one target per sample",
            "x 与 y 的第 0 轴是样本数，必须相等（{shapes}）。每个样本要有一个目标",
        ),
        "ragged": Message(
            DTypeError,
            "{what} holds Python objects or rows of different length, not an array of numbers or text. "
            "Pad the rows to one length, or convert them with np.asarray(…, dtype=…)",
            "{what} 里是 Python 对象或长度不一的行，不是数值或文本数组。请把各行补齐到同一长度，或用 np.asarray(…, dtype=…) 转换",
        ),
        "not_numbers": Message(
            DTypeError,
            "expected real numbers, got elements of type {dtype}. Encode text as numbers first",
            "需要实数，实际元素类型为 {dtype}。请先把文本编码成数字",
        ),
        "axes": Message(
            ShapeError,
            "x must be a table (N, F), sequences (N, T, F) or images (N, H, W), (N, C, H, W), (N, H, W, C), "
            "got {shapes}",
            "x 必须是表格 (N, F)、序列 (N, T, F)，或图像 (N, H, W)、(N, C, H, W)、(N, H, W, C)，实际为 {shapes}",
        ),
        "kind_axes": Message(
            ShapeError,
            "{shapes} does not fit input_kind={kind!r}: a table is (N, F), a sequence (N, T, F), "
            "an image (N, H, W), (N, C, H, W) or (N, H, W, C)",
            "{shapes} 与 input_kind={kind!r} 不符：table 为 (N, F)，sequence 为 (N, T, F)，"
            "image 为 (N, H, W)、(N, C, H, W) 或 (N, H, W, C)",
        ),
        "pixels": Message(
            DTypeError,
            "images of {dtype} hold values from {low} to {high}, which are not 8-bit pixels. "
            "Convert them to uint8 or uint16, or to float32 in [0, 1]",
            "{dtype} 图像的取值从 {low} 到 {high}，不是 8 位像素。请转换成 uint8、uint16，或 [0, 1] 内的 float32",
        ),
        "non_finite": Message(
            DataError,
            "{what}: {value} at sample {index}{column} ({count} of {total} samples hold NaN or infinity). "
            "Repair or leave out these samples",
            "{what}：样本 {index}{column} 的值是 {value}（{total} 个样本中有 {count} 个含 NaN 或无穷大）。请修正或去掉这些样本",
        ),
        "at_column": Message(DataError, ", column {column}", "，{column} 列"),
        "label_dtype": Message(
            DTypeError,
            "labels must be integers 0, 1, 2, …, got elements of type {dtype}. Use y.astype(int) for whole numbers, "
            "or task='regression' where they are not classes",
            "标签必须是整数 0、1、2……，实际元素类型为 {dtype}。整数值请用 y.astype(int)；如果不是类别，请用 task='regression'",
        ),
        "label_axes": Message(
            ShapeError,
            "labels must be (N,), got {shapes}. Use y[:, 0] for a column, y.argmax(axis=1) for one-hot rows",
            "标签的形状必须是 (N,)，实际为 {shapes}。单列请用 y[:, 0]，独热编码请用 y.argmax(axis=1)",
        ),
        "label_range": Message(
            OutOfRangeError,
            "label {label} at sample {index} is outside 0 … {last}. "
            "Count classes from 0, or give all names in classes=",
            "样本 {index} 的标签 {label} 不在 0 … {last} 内。类别从 0 开始编号，或在 classes= 中给出全部名称",
        ),
        "too_many_classes": Message(
            OutOfRangeError,
            "label {label} would mean more than {limit} classes. If these are not labels, use task='regression'; "
            "else number the classes from 0",
            "标签 {label} 意味着超过 {limit} 个类别。如果不是标签，请用 task='regression'；否则请从 0 开始给类别编号",
        ),
        "unknown_label": Message(
            OutOfRangeError,
            "{part}: sample {index} has label {label!r}, which is not a class of the training part ({classes})",
            "{part}：样本 {index} 的标签是 {label!r}，它不是训练部分的类别（{classes}）",
        ),
        "one_class": Message(
            DataError,
            "{name}: all {count} training samples are of one class, {only!r}; a classifier needs two or more. "
            "In a folder, each class is a sub-folder",
            "{name}：全部 {count} 个训练样本都属于同一个类别 {only!r}；分类器至少需要两个类别。在文件夹中，每个类别是一个子文件夹",
        ),
        "no_classes": Message(
            ConfigError,
            "{name} has no classes to count or to split by. Use stratify=False",
            "{name} 没有类别，不能按类别计数或划分。请用 stratify=False",
        ),
        "index_kind": Message(
            DTypeError,
            "an index must be an integer, a slice, a vector of integers, or a mask of {length} bools, "
            "got {dtype} of shape {shape}",
            "下标必须是整数、切片、整数向量，或 {length} 个布尔值的掩码，实际是形状为 {shape} 的 {dtype}",
        ),
        "index_range": Message(
            OutOfRangeError,
            "{name}: there is no sample {index} among {length} (0 … length - 1)",
            "{name}：共 {length} 个样本，没有下标 {index}（范围是 0 … 长度 - 1）",
        ),
        "feature_names": Message(
            ShapeError,
            "there are {names} feature names for {features} features. Give one name per feature",
            "特征有 {features} 个，名称却有 {names} 个。每个特征要有一个名称",
        ),
        "choice": Message(
            ConfigError,
            "{option} must be one of {allowed}, got {got!r}",
            "{option} 必须是以下之一：{allowed}，实际为 {got!r}",
        ),
        "whole_number": Message(
            ConfigError,
            "{option} must be a whole number, {least} or more, got {got!r}",
            "{option} 必须是不小于 {least} 的整数，实际为 {got!r}",
        ),
        "size": Message(
            ConfigError,
            "size must be a whole number of pixels, or a pair (height, width), got {got!r}",
            "size 必须是像素数（正整数）或一对 (高, 宽)，实际为 {got!r}",
        ),
        "probability": Message(
            ConfigError,
            "probability must be between 0 and 1, got {got!r}",
            "probability 必须在 0 与 1 之间，实际为 {got!r}",
        ),
        "fraction": Message(
            ConfigError,
            "fraction must be at least 0 and below 1, got {got!r}",
            "fraction 必须不小于 0 且小于 1，实际为 {got!r}",
        ),
        "reflect": Message(
            ShapeError,
            "a mirrored border of {padding} pixels needs images larger than that, got {shapes}. "
            "Use less padding or mode='edge'",
            "镜像边框宽 {padding} 像素，图像必须比它大，实际为 {shapes}。请减小 padding 或用 mode='edge'",
        ),
        "augment_axes": Message(
            ShapeError,
            "this augmentation is for images (N, C, H, W), got {shapes}",
            "这种数据增强用于图像 (N, C, H, W)，实际为 {shapes}",
        ),
        "fractions": Message(
            ConfigError,
            "the shares of the parts must be above 0 and add up to 1, got {got}. "
            "validation and test together must leave something to train on",
            "各部分的比例必须大于 0 且总和为 1，实际为 {got}。validation 与 test 之外必须留下训练用的样本",
        ),
        "empty_part": Message(
            DataError,
            "{count} samples cut into {fractions} leave one part empty. Use larger shares, or 0 for a part",
            "{count} 个样本按 {fractions} 划分后有一部分为空。请增大比例，或把该部分设为 0",
        ),
        "drops_all": Message(
            ConfigError,
            "drop_last with batch_size {batch} leaves out all {count} samples. Use a batch_size of at most {count}",
            "batch_size 为 {batch} 且 drop_last 时，全部 {count} 个样本都会被丢弃。batch_size 请不要超过 {count}",
        ),
        "loader_state": Message(
            StateError,
            "{state} is no place in this loader of {batches} batches per epoch. It must hold epoch, batch and seed, "
            "from a loader with the same data and batch_size",
            "{state} 不是这个加载器（每轮 {batches} 批）中的位置。它必须含有 epoch、batch 和 seed，且来自数据和 batch_size 相同的加载器",
        ),
        "not_fitted": Message(
            StateError,
            "{name} has not been fitted. Call fit(train) with the training part first",
            "{name} 还没有拟合。请先用训练部分调用 fit(train)",
        ),
        "normalize_axis": Message(
            ShapeError,
            "Normalize: axis {axis} of the input must be {expected}, as in the training part ({shapes})",
            "Normalize：输入的第 {axis} 轴必须是 {expected}，与训练部分一致（{shapes}）",
        ),
        "transform_state": Message(
            StateError,
            "this is not a state of {name}: {problem}",
            "这不是 {name} 的状态：{problem}",
        ),
        "spec": Message(
            StateError,
            "these are not the fields of an input spec: {problem}",
            "这不是输入规格（InputSpec）的字段：{problem}",
        ),
        "array_names": Message(
            DataError,
            "{name}: found the arrays {got}, expected x and y, or x_train, y_train and perhaps x_test, y_test "
            "(known names: {known})",
            "{name}：找到的数组是 {got}，需要 x 和 y，或 x_train、y_train 以及可选的 x_test、y_test（可用名称：{known}）",
        ),
        "idx_magic": Message(
            DataError,
            "{path}: not an IDX file: it must begin with 00 00, an element type (08, 09, 0b … 0e) and 1 to 4 axes, "
            "got {got}",
            "{path}：不是 IDX 文件：开头必须是 00 00、元素类型（08、09、0b … 0e）和 1 到 4 个轴，实际为 {got}",
        ),
        "idx_short": Message(
            DataError,
            "{path}: truncated in its header, {expected} bytes expected, {got} found",
            "{path}：文件头不完整，应有 {expected} 字节，实际 {got} 字节",
        ),
        "idx_length": Message(
            DataError,
            "{path}: the header says shape {shape}, which is {expected} bytes, but the file holds {got}. "
            "It is truncated or damaged: get it again",
            "{path}：文件头给出的形状是 {shape}，即 {expected} 字节，文件里却有 {got}。文件不完整或已损坏，请重新获取",
        ),
        "idx_missing": Message(
            DataError,
            "{folder}: the IDX files {missing} are missing (train-images-idx3-ubyte, train-labels-idx1-ubyte, "
            "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, plain or .gz)",
            "{folder}：缺少 IDX 文件 {missing}（需要 train-images-idx3-ubyte、train-labels-idx1-ubyte、"
            "t10k-images-idx3-ubyte、t10k-labels-idx1-ubyte，可带 .gz）",
        ),
        "csv": Message(
            DataError,
            "{path}: line {line} is not valid CSV ({problem})",
            "{path}：第 {line} 行不是有效的 CSV（{problem}）",
        ),
        "encoding": Message(
            DataError,
            "{path}: byte {byte} is not {encoding} text. Give its encoding, for example encoding='gb18030' or 'latin-1'",
            "{path}：第 {byte} 字节不是 {encoding} 文本。请指定编码，例如 encoding='gb18030' 或 'latin-1'",
        ),
        "unknown_encoding": Message(
            ConfigError,
            "{got!r} is not the name of an encoding; try 'utf-8', 'gb18030' or 'latin-1'",
            "{got!r} 不是编码名称；可试 'utf-8'、'gb18030' 或 'latin-1'",
        ),
        "delimiter": Message(
            ConfigError,
            "delimiter must be one character, got {got!r}",
            "delimiter 必须是一个字符，实际为 {got!r}",
        ),
        "csv_names": Message(
            DataError,
            "{path}: two columns are named {name!r}. Rename one, or use header=False if the first line holds data",
            "{path}：有两列都叫 {name!r}。请改名；如果第一行是数据，请用 header=False",
        ),
        "csv_column": Message(
            DataError,
            "{path}: there is no column {name!r}{hint} (columns: {names})",
            "{path}：没有 {name!r} 这一列{hint}（各列：{names}）",
        ),
        "csv_no_features": Message(
            DataError,
            "{path}: besides the target {target!r} there is no column to learn from. "
            "Is the delimiter right? Give it as delimiter=';'",
            "{path}：除目标列 {target!r} 外没有可供学习的列。分隔符对吗？可用 delimiter=';' 指定",
        ),
        "csv_empty_column": Message(
            DataError,
            "{path}: column {name!r} is empty in every row. Leave it out with ignore=[{name!r}]",
            "{path}：{name!r} 列的每一行都是空的。请用 ignore=[{name!r}] 去掉它",
        ),
        "csv_categories": Message(
            DataError,
            "{path}: more than {limit} different texts, too many for categories, in {columns}. "
            "Leave columns out with ignore={names}, or ask for them with categorical=[…]",
            "{path}：这些列的不同文本超过 {limit} 种，不宜作为类别：{columns}。"
            "请用 ignore={names} 去掉，或用 categorical=[…] 明确要求",
        ),
        "csv_text_target": Message(
            DataError,
            "{path}: the target {name!r} holds text, so it cannot be the target of a regression. "
            "Use task='classification', or name another target=",
            "{path}：目标列 {name!r} 是文本，不能做回归。请用 task='classification'，或另选 target=",
        ),
        "reason_missing": Message(DataError, "is missing", "缺失"),
        "reason_number": Message(
            DataError,
            "is not a finite number",
            "不是有限的数",
        ),
        "reason_category": Message(
            DataError,
            "is not a category that was seen in training",
            "不是训练时见过的类别",
        ),
        "reason_width": Message(
            DataError,
            "has {content} cells, expected {expected}",
            "有 {content} 个单元格，应有 {expected} 个",
        ),
        "bad_cell": Message(
            DataError,
            "{path}: row {row} (line {line}), column {column!r}: {content!r} {reason}",
            "{path}：第 {row} 行（文件第 {line} 行）{column!r} 列：{content!r} {reason}",
        ),
        "bad_row": Message(
            DataError,
            "{path}: row {row} (line {line}) {reason}",
            "{path}：第 {row} 行（文件第 {line} 行）{reason}",
        ),
        "bad_cells": Message(
            DataError,
            "{first}. In all {rows} of {total} rows are bad{columns}. "
            "Repair them, leave columns out with ignore=[…], or skip these rows with skip_bad=True",
            "{first}。{total} 行中共有 {rows} 行有问题{columns}。"
            "请修正它们，用 ignore=[…] 去掉某些列，或用 skip_bad=True 跳过这些行",
        ),
        "bad_cells_by_column": Message(
            DataError,
            " (bad cells by column: {columns})",
            "（各列的问题单元格数：{columns}）",
        ),
        "image": Message(
            DataError,
            "{path}: cannot be decoded as an image ({problem})",
            "{path}：不能作为图像解码（{problem}）",
        ),
        "image_bomb": Message(
            DataError,
            "{path}: {got} pixels, above the limit of {limit}. Make the image smaller",
            "{path}：{got} 个像素，超过上限 {limit}。请缩小图像",
        ),
        "bad_images": Message(
            DataError,
            "{first}. In all {count} of {total} images are damaged. Replace them, or skip them with skip_bad=True",
            "{first}。{total} 张图像中共有 {count} 张损坏。请替换它们，或用 skip_bad=True 跳过",
        ),
        "no_class_folders": Message(
            DataError,
            "{folder}: there are no class folders in it, only {images} images. "
            "Make a sub-folder for each class and put its images there",
            "{folder}：里面没有类别文件夹，只有 {images} 张图像。请为每个类别建一个子文件夹，把它的图像放进去",
        ),
        "no_images": Message(
            DataError,
            "{folder}: there is no image ({suffixes}) in this class folder. Add some, or remove the folder",
            "{folder}：这个类别文件夹里没有图像（{suffixes}）。请放入图像，或删除该文件夹",
        ),
        "unknown_folder": Message(
            DataError,
            "{folder}: the {part} part has a class that the training part lacks (its classes: {classes})",
            "{folder}：{part} 部分有一个训练部分没有的类别（训练部分的类别：{classes}）",
        ),
        "input_file": Message(
            DataError,
            "{path}: the model takes inputs of the kind {kind}, and this file is not one that holds them",
            "{path}：模型的输入类型是 {kind}，这个文件不是这种输入",
        ),
        "other_shape": Message(
            ShapeError,
            "{name}: inputs of another shape than the model was trained on ({shapes})",
            "{name}：输入的形状与模型训练时不同（{shapes}）",
        ),
        "other_task": Message(
            DataError,
            "{name}: its targets are for {got}, but the model was trained for {expected}",
            "{name}：它的目标适用于 {got}，而模型是为 {expected} 训练的",
        ),
        "option": Message(
            ConfigError,
            "the option {option} does not apply to {kind} (options there: {allowed})",
            "选项 {option} 不适用于：{kind}（可用选项：{allowed}）",
        ),
        "no_source": Message(
            DataError,
            "no such file or folder: {path}{hint}. Data can be:\n{known}",
            "没有这个文件或文件夹：{path}{hint}。数据可以是：\n{known}",
        ),
        "not_recognised": Message(
            DataError,
            "{path} is not a kind of data that is recognised{hint}. Data can be:\n{known}",
            "{path} 不是能识别的数据{hint}。数据可以是：\n{known}",
        ),
        "source_type": Message(
            DTypeError,
            "data cannot be loaded from a value of type {got}. Data can be:\n{known}",
            "不能从类型为 {got} 的值读取数据。数据可以是：\n{known}",
        ),
        "did_you_mean": Message(DataError, " (did you mean {near}?)", "（是不是 {near}？）"),
        "source_bundled": Message(
            DataError,
            "the name of a bundled data set: {names}",
            "自带数据集的名称：{names}",
        ),
        "source_arrays": Message(
            DataError,
            "arrays: a pair (x, y), or a mapping with x, y or x_train, y_train, x_test, y_test",
            "数组：一对 (x, y)，或含有 x、y 或 x_train、y_train、x_test、y_test 的映射",
        ),
        "source_npz": Message(
            DataError,
            "an .npz file with arrays x, y or x_train, y_train, x_test, y_test",
            ".npz 文件，含有数组 x、y 或 x_train、y_train、x_test、y_test",
        ),
        "source_csv": Message(
            DataError,
            "a .csv or .tsv file with a target column",
            "带目标列的 .csv 或 .tsv 文件",
        ),
        "source_idx": Message(
            DataError,
            "a folder with MNIST's four IDX files",
            "含有 MNIST 四个 IDX 文件的文件夹",
        ),
        "source_folder": Message(
            DataError,
            "a folder with one sub-folder of images for each class",
            "每个类别一个图像子文件夹的文件夹",
        ),
    },
)
