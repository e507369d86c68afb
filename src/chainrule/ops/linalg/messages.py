"""Messages of the rows of linear algebra."""

from chainrule.errors import (
    ConfigError,
    ConvergenceError,
    GradientError,
    LinAlgError,
    Message,
    NonFiniteError,
    ShapeError,
    register,
)

register(
    "linalg",
    {
        "entry": Message(LinAlgError, " in entry {batch} of the batch", "（批中第 {batch} 个）"),
        "square_root": Message(LinAlgError, "square root", "平方根"),
        "logarithm": Message(LinAlgError, "logarithm", "对数"),
        "no_matrix": Message(
            ShapeError,
            "{op}: {name} must have at least 2 axes, the last two being rows and columns, got {ndim} "
            "({shapes}). Make a vector one column with {name}[:, None]",
            "{op}：{name} 至少要有 2 个轴（最后两个是行与列），实际有 {ndim} 个（{shapes}）。"
            "向量可用 {name}[:, None] 变成一列",
        ),
        "not_square": Message(
            ShapeError,
            "{op}: {name} must be square, but axis -2 (rows) is {rows} and axis -1 (columns) is {columns} "
            "({shapes}). lstsq, pinv, qr and svd take rectangular matrices",
            "{op}：{name} 必须是方阵，但轴 -2（行）为 {rows}，轴 -1（列）为 {columns}（{shapes}）。"
            "lstsq、pinv、qr 和 svd 接受长方矩阵",
        ),
        "right_side": Message(
            ShapeError,
            "{op}: axis -2 of b is {rows}, but a is {n} by {n}; b needs one row for each row of a ({shapes})",
            "{op}：b 的轴 -2 为 {rows}，而 a 是 {n}×{n} 的；b 的行数必须与 a 相同（{shapes}）",
        ),
        "batch": Message(
            ShapeError,
            "{op}: the leading axes of a and b must be equal ({shapes}). Stretch them with cr.broadcast_to",
            "{op}：a 与 b 前面的轴必须相同（{shapes}）。请用 cr.broadcast_to 扩展",
        ),
        "not_finite": Message(
            NonFiniteError,
            "{op}: {name} is {value} at {place} (elements that are not finite: {count}; {shapes}). "
            "cr.debug.nan() finds the operation that it comes from",
            "{op}：{name} 在 {place} 处为 {value}（非有限元素共 {count} 个；{shapes}）。"
            "cr.debug.nan() 可以找出产生它的运算",
        ),
        "singular": Message(
            LinAlgError,
            "{op}: a is singular{entry}: U[{pivot}, {pivot}] of its LU factors is 0 (reciprocal condition "
            "number {rcond:.1e}; {shapes}). linalg.lstsq or linalg.pinv give the least-squares answer",
            "{op}：矩阵{entry}是奇异的：LU 分解中 U[{pivot}, {pivot}] 为 0"
            "（条件数的倒数为 {rcond:.1e}；{shapes}）。可用 linalg.lstsq 或 linalg.pinv 求最小二乘解",
        ),
        "triangle": Message(
            LinAlgError,
            "{op}: the triangle a is singular{entry}: diagonal element {place} is 0 ({shapes})",
            "{op}：三角矩阵{entry}是奇异的：第 {place} 个对角元为 0（{shapes}）",
        ),
        "not_definite": Message(
            LinAlgError,
            "{op}: a is not positive definite{entry}: its leading minor of order {order} is not positive, "
            "and its smallest eigenvalue is {smallest:.3g} ({shapes}). Add a larger multiple of the unit "
            "matrix, or use linalg.eigh or linalg.lu",
            "{op}：矩阵{entry}不是正定的：其 {order} 阶顺序主子式不为正，最小特征值为 {smallest:.3g}"
            "（{shapes}）。请加上足够大的单位矩阵的倍数，或改用 linalg.eigh 或 linalg.lu",
        ),
        "not_symmetric": Message(
            LinAlgError,
            "{op}: a is not symmetric (Hermitian){entry}: elements ({i}, {j}) and ({j}, {i}) are {first:.6g} "
            "and {second:.6g}; they differ by {difference:.2e}, where {allowed:.2e} is allowed ({shapes}). "
            "Take linalg.symmetrize(a), or check=False to read one triangle only",
            "{op}：矩阵{entry}不是对称（埃尔米特）的：元素 ({i}, {j}) 与 ({j}, {i}) 为 {first:.6g} 和 "
            "{second:.6g}，相差 {difference:.2e}，允许 {allowed:.2e}（{shapes}）。请用 linalg.symmetrize(a)，"
            "或用 check=False 只读取一个三角",
        ),
        "no_convergence": Message(
            ConvergenceError,
            "{op}: LAPACK's iteration did not converge ({reason}; {shapes}). Scale the matrix so that its "
            "largest element is near 1, or use float64",
            "{op}：LAPACK 的迭代没有收敛（{reason}；{shapes}）。请缩放矩阵使最大元素接近 1，或使用 float64",
        ),
        "repeated": Message(
            LinAlgError,
            "{by}: the vectors have no derivative{entry}: values {i} and {j} are equal ({value:.6g}), so any "
            "turn of the vectors that belong to them is as good. The values alone have a first derivative: {instead}",
            "{by}：向量没有导数{entry}：第 {i} 个与第 {j} 个值相等（{value:.6g}），对应的向量可以任意旋转。"
            "值本身有一阶导数：请用 {instead}",
        ),
        "zero_value": Message(
            LinAlgError,
            "{by}: the vectors have no derivative{entry}: singular value {i} is 0, so that those that belong "
            "to it are not determined. The values alone have a first derivative: linalg.svdvals",
            "{by}：向量没有导数{entry}：第 {i} 个奇异值为 0，对应的向量不确定。"
            "值本身有一阶导数：请用 linalg.svdvals",
        ),
        "dependent": Message(
            LinAlgError,
            "{by}: there is no derivative{entry}: the columns of a are linearly dependent (diagonal element "
            "{i} of R is 0 to rounding). linalg.pinv and linalg.svdvals have derivatives there",
            "{by}：没有导数{entry}：a 的列线性相关（R 的第 {i} 个对角元在舍入误差内为 0）。"
            "此处 linalg.pinv 和 linalg.svdvals 有导数",
        ),
        "defective": Message(
            LinAlgError,
            "{by}: there is no derivative{entry}: a is defective, that is, it has fewer independent "
            "eigenvectors than columns (reciprocal condition number of the eigenvectors: {rcond:.1e})",
            "{by}：没有导数{entry}：a 是亏损矩阵，即线性无关的特征向量少于列数"
            "（特征向量矩阵条件数的倒数：{rcond:.1e}）",
        ),
        "singular_derivative": Message(
            LinAlgError,
            "{by}: second derivatives are not computed where a is singular{entry} (reciprocal condition "
            "number {rcond:.1e}); the value and the first derivative are right there",
            "{by}：矩阵{entry}奇异时（条件数的倒数为 {rcond:.1e}）不计算二阶导数；此处函数值与一阶导数是正确的",
        ),
        "full": Message(
            GradientError,
            "{by} with {option}: there is no derivative for {rows} by {columns} matrices, since the added "
            "vectors are any basis of what is left over. Take {instead}",
            "{by}（{option}）：对于 {rows}×{columns} 矩阵没有导数，因为补上的向量可以是剩余空间的任意一组基。"
            "请用 {instead}",
        ),
        "no_real_result": Message(
            LinAlgError,
            "{op}: a has no real {what}{entry}: its eigenvalue {value:.3g} is negative ({shapes}). "
            "Make it complex first: a.astype('complex128')",
            "{op}：矩阵{entry}没有实的{what}：其特征值 {value:.3g} 是负数（{shapes}）。"
            "请先转换为复数：a.astype('complex128')",
        ),
        "no_value": Message(
            LinAlgError,
            "{op}: a has no {what}{entry}: it is singular, with an eigenvalue of magnitude {value:.3g} ({shapes})",
            "{op}：矩阵{entry}没有{what}：它是奇异的，有一个模为 {value:.3g} 的特征值（{shapes}）",
        ),
        "no_result": Message(
            LinAlgError,
            "{op}: no {what} of a was found{entry}: undoing what was found misses a by {residual:.2g}, as "
            "happens where a is singular or nearly so ({shapes})",
            "{op}：没有找到矩阵{entry}的{what}：由所得结果还原 a 时误差达 {residual:.2g}，"
            "通常是因为 a 奇异或接近奇异（{shapes}）",
        ),
        "remaining": Message(
            LinAlgError,
            "{by}: column {i} is a linear combination of those before it{entry}: what remains of it is "
            "{size:.2g} of its length. Leave it out, or use linalg.orth, which finds a basis by itself",
            "{by}：第 {i} 列是其前各列的线性组合{entry}：剩余部分的长度仅为原来的 {size:.2g}。请去掉该列，"
            "或用 linalg.orth 自动求基",
        ),
        "zero_vector": Message(
            LinAlgError,
            "{by}: the vector that gives the direction is zero{entry}",
            "{by}：给出方向的向量是零向量{entry}",
        ),
        "order_of_rows": Message(
            LinAlgError,
            "{by}: every number from 0 to {last} must stand in the order exactly once{entry}, got {got}",
            "{by}：排列中 0 到 {last} 的每个数必须恰好出现一次{entry}，实际为 {got}",
        ),
        "property": Message(
            ConfigError,
            "require knows the checks {known}, got {got}",
            "require 可检查的性质有 {known}，实际为 {got}",
        ),
    },
)
