"""Messages of linear algebra's functions; those of its rows stand beside these."""

from chainrule.errors import (
    ConfigError,
    DTypeError,
    LinAlgError,
    Message,
    ShapeError,
    register,
)

register(
    "linalg",
    {
        "choice": Message(
            ConfigError,
            "{op}: {name} must be one of {known}, got {got}",
            "{op}：{name} 必须是 {known} 之一，实际为 {got}",
        ),
        "order": Message(
            ConfigError,
            "{op}: there is no norm of order {got} here; known orders are {known}",
            "{op}：此处没有 {got} 阶范数；可用的阶为 {known}",
        ),
        "norm_axes": Message(
            ShapeError,
            "norm: axis must name one axis (norms of vectors) or two different ones (norms of matrices), got "
            "{axis} ({shapes})",
            "norm：axis 必须是一个轴（向量范数）或两个不同的轴（矩阵范数），实际为 {axis}（{shapes}）",
        ),
        "norm_ndim": Message(
            ShapeError,
            "norm: with an order and no axis, x must be a vector or a matrix, got {ndim} axes ({shapes}). "
            "Say which axes with axis=",
            "norm：给出阶而没有 axis 时，x 必须是向量或矩阵，实际有 {ndim} 个轴（{shapes}）。请用 axis= 指明",
        ),
        "vector": Message(
            ShapeError,
            "{op}: {name} must be a vector, with one axis, got {ndim} ({shapes})",
            "{op}：{name} 必须是只有一个轴的向量，实际有 {ndim} 个轴（{shapes}）",
        ),
        "one_matrix": Message(
            ShapeError,
            "{op}: {name} must be one matrix, with two axes, got {ndim} ({shapes})",
            "{op}：{name} 必须是有两个轴的单个矩阵，实际有 {ndim} 个轴（{shapes}）",
        ),
        "right_rows": Message(
            ShapeError,
            "{op}: axis {axis} of b is {rows}, but a has {n} rows; b needs one row for each row of a ({shapes})",
            "{op}：b 的轴 {axis} 为 {rows}，而 a 有 {n} 行；b 的行数必须与 a 相同（{shapes}）",
        ),
        "cond_empty": Message(
            LinAlgError,
            "cond: a matrix without elements has no condition number ({shapes})",
            "cond：没有元素的矩阵没有条件数（{shapes}）",
        ),
        "power": Message(
            DTypeError,
            "matrix_power: the exponent must be a whole number, got {got}. Of other powers, linalg.sqrtm gives "
            "the square root",
            "matrix_power：指数必须是整数，实际为 {got}。其他幂中，linalg.sqrtm 给出平方根",
        ),
        "few_factors": Message(
            ShapeError,
            "multi_dot: needs at least two factors, got {got}",
            "multi_dot：至少需要两个因子，实际为 {got} 个",
        ),
        "plane": Message(
            ConfigError,
            "givens: i and j must be two different axes of {n}, got {i} and {j}",
            "givens：i 与 j 必须是 {n} 个轴中的两个不同的轴，实际为 {i} 和 {j}",
        ),
        "axis": Message(
            ShapeError,
            "rotation: the axis must be a vector of 3 numbers, got shape {got}",
            "rotation：转轴必须是 3 个数的向量，实际形状为 {got}",
        ),
        "blocks": Message(
            ShapeError,
            "block: give a list of rows, each a list of blocks, all with the same number of blocks; got rows of "
            "{got} blocks",
            "block：请给出由各行组成的列表，每行是块的列表，且块数相同；实际各行的块数为 {got}",
        ),
        "block_sizes": Message(
            ShapeError,
            "is_block_diagonal: the sizes {sizes} add up to {total}, but the matrix has {n} rows ({shapes})",
            "is_block_diagonal：各块大小 {sizes} 之和为 {total}，而矩阵有 {n} 行（{shapes}）",
        ),
    },
)
