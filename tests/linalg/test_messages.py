"""Wrong calls of linear algebra, and the exact message of each in English and Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import chainrule as cr
from chainrule import ops
from chainrule.errors import (
    ConfigError,
    ConvergenceError,
    DTypeError,
    LinAlgError,
    NonFiniteError,
    ShapeError,
    messages,
)
from chainrule.ops.linalg import require, solve, triangular_solve
from chainrule.ops.linalg.base import converging

L = cr.linalg
V2 = np.array([1.0, 2.0])
SINGULAR = np.array([[1.0, 2.0], [2.0, 4.0]])
BATCH = np.stack([np.eye(2), SINGULAR])
RECTANGLE = np.ones((2, 3))
INDEFINITE = np.array([[1.0, 2.0], [2.0, 1.0]])
LOPSIDED = np.array([[1.0, 2.0], [3.0, 1.0]])
NAN = np.array([[1.0, 0.0], [np.nan, np.nan]])
INF = np.array([1.0, np.inf])

ROWS = [
    (
        lambda: L.inv(SINGULAR),
        LinAlgError,
        "inv: a is singular: U[1, 1] of its LU factors is 0 (reciprocal condition number 4.0e-17; a "
        "(2, 2)). linalg.lstsq or linalg.pinv give the least-squares answer",
        "inv：矩阵是奇异的：LU 分解中 U[1, 1] 为 0（条件数的倒数为 4.0e-17；a (2, 2)）。可用 "
        "linalg.lstsq 或 linalg.pinv 求最小二乘解",
    ),
    (
        lambda: L.inv(BATCH),
        LinAlgError,
        "inv: a is singular in entry (1,) of the batch: U[1, 1] of its LU factors is 0 (reciprocal "
        "condition number 4.0e-17; a (2, 2, 2)). linalg.lstsq or linalg.pinv give the least-squares "
        "answer",
        "inv：矩阵（批中第 (1,) 个）是奇异的：LU 分解中 U[1, 1] 为 0（条件数的倒数为 4.0e-17；a (2, 2, "
        "2)）。可用 linalg.lstsq 或 linalg.pinv 求最小二乘解",
    ),
    (
        lambda: L.solve(SINGULAR, V2),
        LinAlgError,
        "solve: a is singular: U[1, 1] of its LU factors is 0 (reciprocal condition number 4.0e-17; a "
        "(2, 2), b (2, 1)). linalg.lstsq or linalg.pinv give the least-squares answer",
        "solve：矩阵是奇异的：LU 分解中 U[1, 1] 为 0（条件数的倒数为 4.0e-17；a (2, 2), b (2, "
        "1)）。可用 linalg.lstsq 或 linalg.pinv 求最小二乘解",
    ),
    (
        lambda: L.solve(np.eye(3), V2),
        ShapeError,
        "solve: axis -1 of b is 2, but a has 3 rows; b needs one row for each row of a (a (3, 3), b (2,))",
        "solve：b 的轴 -1 为 2，而 a 有 3 行；b 的行数必须与 a 相同（a (3, 3), b (2,)）",
    ),
    (
        lambda: L.solve(np.eye(3), np.ones((2, 2))),
        ShapeError,
        "solve: axis -2 of b is 2, but a has 3 rows; b needs one row for each row of a (a (3, 3), b (2, 2))",
        "solve：b 的轴 -2 为 2，而 a 有 3 行；b 的行数必须与 a 相同（a (3, 3), b (2, 2)）",
    ),
    (
        lambda: L.solve(np.ones((2, 3, 3)), np.ones((4, 3, 1))),
        ShapeError,
        "solve: axis -3 is 2 in a but 4 in b (a (2, 3, 3), b (4, 3, 1)). Extents must be equal, or one "
        "of them 1",
        "solve：轴 -3 在 a 中为 2，在 b 中为 4（a (2, 3, 3), b (4, 3, 1)）。两者必须相等，或其中之一为 1",
    ),
    (
        lambda: L.solve_triangular(np.diag([1.0, 0.0]), V2),
        LinAlgError,
        "solve_triangular: the triangle a is singular: diagonal element 1 is 0 (a (2, 2), b (2, 1))",
        "solve_triangular：三角矩阵是奇异的：第 1 个对角元为 0（a (2, 2), b (2, 1)）",
    ),
    (
        lambda: L.solve_triangular(np.eye(2), V2, trans="X"),
        ConfigError,
        "solve_triangular: trans must be one of 'N', 'T', 'C', got 'X'",
        "solve_triangular：trans 必须是 'N', 'T', 'C' 之一，实际为 'X'",
    ),
    (
        lambda: L.inv(RECTANGLE),
        ShapeError,
        "inv: a must be square, but axis -2 (rows) is 2 and axis -1 (columns) is 3 (a (2, 3)). lstsq, "
        "pinv, qr and svd take rectangular matrices",
        "inv：a 必须是方阵，但轴 -2（行）为 2，轴 -1（列）为 3（a (2, 3)）。lstsq、pinv、qr 和 svd "
        "接受长方矩阵",
    ),
    (
        lambda: L.eig(RECTANGLE),
        ShapeError,
        "eig: a must be square, but axis -2 (rows) is 2 and axis -1 (columns) is 3 (a (2, 3)). lstsq, "
        "pinv, qr and svd take rectangular matrices",
        "eig：a 必须是方阵，但轴 -2（行）为 2，轴 -1（列）为 3（a (2, 3)）。lstsq、pinv、qr 和 svd "
        "接受长方矩阵",
    ),
    (
        lambda: L.eigh(RECTANGLE),
        ShapeError,
        "eigh: a must be square, but axis -2 (rows) is 2 and axis -1 (columns) is 3 (a (2, 3)). lstsq, "
        "pinv, qr and svd take rectangular matrices",
        "eigh：a 必须是方阵，但轴 -2（行）为 2，轴 -1（列）为 3（a (2, 3)）。lstsq、pinv、qr 和 svd "
        "接受长方矩阵",
    ),
    (
        lambda: L.svd(V2),
        ShapeError,
        "svd: a must have at least 2 axes, the last two being rows and columns, got 1 (a (2,)). Make a "
        "vector one column with a[:, None]",
        "svd：a 至少要有 2 个轴（最后两个是行与列），实际有 1 个（a (2,)）。向量可用 a[:, None] 变成一列",
    ),
    (
        lambda: L.cholesky(INDEFINITE),
        LinAlgError,
        "cholesky: a is not positive definite: its leading minor of order 2 is not positive, and its "
        "smallest eigenvalue is -1 (a (2, 2)). Add a larger multiple of the unit matrix, or use "
        "linalg.eigh or linalg.lu",
        "cholesky：矩阵不是正定的：其 2 阶顺序主子式不为正，最小特征值为 -1（a (2, "
        "2)）。请加上足够大的单位矩阵的倍数，或改用 linalg.eigh 或 linalg.lu",
    ),
    (
        lambda: L.cholesky(np.stack([np.eye(2), INDEFINITE])),
        LinAlgError,
        "cholesky: a is not positive definite in entry (1,) of the batch: its leading minor of order 2 "
        "is not positive, and its smallest eigenvalue is -1 (a (2, 2, 2)). Add a larger multiple of "
        "the unit matrix, or use linalg.eigh or linalg.lu",
        "cholesky：矩阵（批中第 (1,) 个）不是正定的：其 2 阶顺序主子式不为正，最小特征值为 -1（a (2, "
        "2, 2)）。请加上足够大的单位矩阵的倍数，或改用 linalg.eigh 或 linalg.lu",
    ),
    (
        lambda: L.eigh(LOPSIDED),
        LinAlgError,
        "eigh: a is not symmetric (Hermitian): elements (0, 1) and (1, 0) are 2 and 3; they differ by "
        "1.00e+00, where 1.10e-10 is allowed (a (2, 2)). Take linalg.symmetrize(a), or check=False to "
        "read one triangle only",
        "eigh：矩阵不是对称（埃尔米特）的：元素 (0, 1) 与 (1, 0) 为 2 和 3，相差 1.00e+00，允许 "
        "1.10e-10（a (2, 2)）。请用 linalg.symmetrize(a)，或用 check=False 只读取一个三角",
    ),
    (
        lambda: L.eigvalsh(np.stack([np.eye(2), LOPSIDED])),
        LinAlgError,
        "eigvalsh: a is not symmetric (Hermitian) in entry (1,) of the batch: elements (0, 1) and (1, "
        "0) are 2 and 3; they differ by 1.00e+00, where 1.10e-10 is allowed (a (2, 2, 2)). Take "
        "linalg.symmetrize(a), or check=False to read one triangle only",
        "eigvalsh：矩阵（批中第 (1,) 个）不是对称（埃尔米特）的：元素 (0, 1) 与 (1, 0) 为 2 和 3，相差 "
        "1.00e+00，允许 1.10e-10（a (2, 2, 2)）。请用 linalg.symmetrize(a)，或用 check=False "
        "只读取一个三角",
    ),
    (
        lambda: L.cholesky(LOPSIDED),
        LinAlgError,
        "cholesky: a is not symmetric (Hermitian): elements (0, 1) and (1, 0) are 2 and 3; they differ "
        "by 1.00e+00, where 1.10e-10 is allowed (a (2, 2)). Take linalg.symmetrize(a), or check=False "
        "to read one triangle only",
        "cholesky：矩阵不是对称（埃尔米特）的：元素 (0, 1) 与 (1, 0) 为 2 和 3，相差 1.00e+00，允许 "
        "1.10e-10（a (2, 2)）。请用 linalg.symmetrize(a)，或用 check=False 只读取一个三角",
    ),
    (
        lambda: L.svdvals(NAN),
        NonFiniteError,
        "svdvals: a is nan at (1, 0) (elements that are not finite: 2; a (2, 2)). cr.debug.nan() finds "
        "the operation that it comes from",
        "svdvals：a 在 (1, 0) 处为 nan（非有限元素共 2 个；a (2, 2)）。cr.debug.nan() 可以找出产生它的运算",
    ),
    (
        lambda: L.solve(np.eye(2), INF),
        NonFiniteError,
        "solve: b is inf at (1, 0) (elements that are not finite: 1; b (2, 1)). cr.debug.nan() finds "
        "the operation that it comes from",
        "solve：b 在 (1, 0) 处为 inf（非有限元素共 1 个；b (2, 1)）。cr.debug.nan() 可以找出产生它的运算",
    ),
    (
        lambda: L.sqrtm(np.diag([-4.0, 1.0])),
        LinAlgError,
        "sqrtm: a has no real square root: its eigenvalue -4 is negative (a (2, 2)). Make it complex "
        "first: a.astype('complex128')",
        "sqrtm：矩阵没有实的平方根：其特征值 -4 是负数（a (2, 2)）。请先转换为复数：a.astype('complex128')",
    ),
    (
        lambda: L.sqrtm(np.array([[0.0, 1.0], [0.0, 0.0]])),
        LinAlgError,
        "sqrtm: no square root of a was found: undoing what was found misses a by inf, as happens "
        "where a is singular or nearly so (a (2, 2))",
        "sqrtm：没有找到矩阵的平方根：由所得结果还原 a 时误差达 inf，通常是因为 a 奇异或接近奇异（a (2, 2)）",
    ),
    (
        lambda: L.logm(np.diag([2.0, 0.0])),
        LinAlgError,
        "logm: a has no logarithm: it is singular, with an eigenvalue of magnitude 0 (a (2, 2))",
        "logm：矩阵没有对数：它是奇异的，有一个模为 0 的特征值（a (2, 2)）",
    ),
    (
        lambda: L.gram_schmidt(np.array([[1.0, 2.0], [2.0, 4.0]])),
        LinAlgError,
        "gram_schmidt: column 1 is a linear combination of those before it: what remains of it is 0 of "
        "its length. Leave it out, or use linalg.orth, which finds a basis by itself",
        "gram_schmidt：第 1 列是其前各列的线性组合：剩余部分的长度仅为原来的 0。请去掉该列，或用 "
        "linalg.orth 自动求基",
    ),
    (
        lambda: L.gram_schmidt(np.eye(2), "other"),
        ConfigError,
        "gram_schmidt: method must be one of 'modified', 'classical', got 'other'",
        "gram_schmidt：method 必须是 'modified', 'classical' 之一，实际为 'other'",
    ),
    (
        lambda: L.qr(np.eye(2), "full"),
        ConfigError,
        "qr: mode must be one of 'reduced', 'complete', 'r', got 'full'",
        "qr：mode 必须是 'reduced', 'complete', 'r' 之一，实际为 'full'",
    ),
    (
        lambda: L.eigh(np.eye(2), "X", check=False),
        ConfigError,
        "eigh: UPLO must be one of 'L', 'U', got 'X'",
        "eigh：UPLO 必须是 'L', 'U' 之一，实际为 'X'",
    ),
    (
        lambda: L.matrix_power(np.eye(2), 0.5),
        DTypeError,
        "matrix_power: the exponent must be a whole number, got 0.5. Of other powers, linalg.sqrtm "
        "gives the square root",
        "matrix_power：指数必须是整数，实际为 0.5。其他幂中，linalg.sqrtm 给出平方根",
    ),
    (
        lambda: L.multi_dot([np.eye(2)]),
        ShapeError,
        "multi_dot: needs at least two factors, got 1",
        "multi_dot：至少需要两个因子，实际为 1 个",
    ),
    (
        lambda: L.outer(np.eye(2), V2),
        ShapeError,
        "outer: x must be a vector, with one axis, got 2 (x (2, 2))",
        "outer：x 必须是只有一个轴的向量，实际有 2 个轴（x (2, 2)）",
    ),
    (
        lambda: L.orth(np.ones((2, 2, 2))),
        ShapeError,
        "orth: a must be one matrix, with two axes, got 3 (a (2, 2, 2))",
        "orth：a 必须是有两个轴的单个矩阵，实际有 3 个轴（a (2, 2, 2)）",
    ),
    (
        lambda: L.vector_norm(V2, ord="fro"),
        ConfigError,
        "vector_norm: there is no norm of order 'fro' here; known orders are -inf … inf",
        "vector_norm：此处没有 'fro' 阶范数；可用的阶为 -inf … inf",
    ),
    (
        lambda: L.matrix_norm(np.eye(2), ord=3),
        ConfigError,
        "matrix_norm: there is no norm of order 3 here; known orders are 'fro', 'nuc', 1, -1, 2, -2, "
        "inf, -inf",
        "matrix_norm：此处没有 3 阶范数；可用的阶为 'fro', 'nuc', 1, -1, 2, -2, inf, -inf",
    ),
    (
        lambda: L.norm(np.ones((2, 2, 2)), 2),
        ShapeError,
        "norm: with an order and no axis, x must be a vector or a matrix, got 3 axes (x (2, 2, 2)). "
        "Say which axes with axis=",
        "norm：给出阶而没有 axis 时，x 必须是向量或矩阵，实际有 3 个轴（x (2, 2, 2)）。请用 axis= 指明",
    ),
    (
        lambda: L.norm(np.ones((2, 2, 2)), axis=(0, 1, 2)),
        ShapeError,
        "norm: axis must name one axis (norms of vectors) or two different ones (norms of matrices), "
        "got (0, 1, 2) (x (2, 2, 2))",
        "norm：axis 必须是一个轴（向量范数）或两个不同的轴（矩阵范数），实际为 (0, 1, 2)（x (2, 2, 2)）",
    ),
    (
        lambda: L.cond(np.zeros((3, 0))),
        LinAlgError,
        "cond: a matrix without elements has no condition number (a (3, 0))",
        "cond：没有元素的矩阵没有条件数（a (3, 0)）",
    ),
    (
        lambda: L.rotation(0.1, V2),
        ShapeError,
        "rotation: the axis must be a vector of 3 numbers, got shape (2,)",
        "rotation：转轴必须是 3 个数的向量，实际形状为 (2,)",
    ),
    (
        lambda: L.rotation(0.1, np.zeros(3)),
        LinAlgError,
        "rotation: the vector that gives the direction is zero",
        "rotation：给出方向的向量是零向量",
    ),
    (
        lambda: L.reflection(np.zeros(3)),
        LinAlgError,
        "reflection: the vector that gives the direction is zero",
        "reflection：给出方向的向量是零向量",
    ),
    (
        lambda: L.givens(3, 1, 1, 0.1),
        ConfigError,
        "givens: i and j must be two different axes of 3, got 1 and 1",
        "givens：i 与 j 必须是 3 个轴中的两个不同的轴，实际为 1 和 1",
    ),
    (
        lambda: L.permutation_matrix([0, 2, 2]),
        LinAlgError,
        "permutation_matrix: every number from 0 to 2 must stand in the order exactly once, got [0, 2, 2]",
        "permutation_matrix：排列中 0 到 2 的每个数必须恰好出现一次，实际为 [0, 2, 2]",
    ),
    (
        lambda: L.permutation_matrix([[0, 1], [1, 1]]),
        LinAlgError,
        "permutation_matrix: every number from 0 to 1 must stand in the order exactly once in entry "
        "(1,) of the batch, got [1, 1]",
        "permutation_matrix：排列中 0 到 1 的每个数必须恰好出现一次（批中第 (1,) 个），实际为 [1, 1]",
    ),
    (
        lambda: L.block([[np.eye(2)], [np.eye(2), np.eye(2)]]),
        ShapeError,
        "block: give a list of rows, each a list of blocks, all with the same number of blocks; got "
        "rows of [1, 2] blocks",
        "block：请给出由各行组成的列表，每行是块的列表，且块数相同；实际各行的块数为 [1, 2]",
    ),
    (
        lambda: L.toeplitz(np.eye(2)),
        ShapeError,
        "toeplitz: c must be a vector, with one axis, got 2 (c (2, 2))",
        "toeplitz：c 必须是只有一个轴的向量，实际有 2 个轴（c (2, 2)）",
    ),
    (
        lambda: L.is_block_diagonal(np.eye(3), (1, 1)),
        ShapeError,
        "is_block_diagonal: the sizes (1, 1) add up to 2, but the matrix has 3 rows (a (3, 3))",
        "is_block_diagonal：各块大小 (1, 1) 之和为 2，而矩阵有 3 行（a (3, 3)）",
    ),
    (
        lambda: triangular_solve(np.ones((2, 3, 3)), np.ones((3, 1)), lower=True, unit=False),
        ShapeError,
        "triangular_solve: the leading axes of a and b must be equal (a (2, 3, 3), b (3, 1)). Stretch "
        "them with cr.broadcast_to",
        "triangular_solve：a 与 b 前面的轴必须相同（a (2, 3, 3), b (3, 1)）。请用 cr.broadcast_to 扩展",
    ),
    (
        lambda: solve(np.eye(3), np.ones((2, 1))),
        ShapeError,
        "solve: axis -2 of b is 2, but a is 3 by 3; b needs one row for each row of a (a (3, 3), b (2, 1))",
        "solve：b 的轴 -2 为 2，而 a 是 3×3 的；b 的行数必须与 a 相同（a (3, 3), b (2, 1)）",
    ),
    (
        lambda: require(np.eye(3), check="other", by="f"),
        ConfigError,
        "require knows the checks symmetric, distinct, nonzero, independent, diagonalizable, "
        "remaining, direction, permutation, nonsingular, got 'other'",
        "require 可检查的性质有 symmetric, distinct, nonzero, independent, diagonalizable, remaining, "
        "direction, permutation, nonsingular，实际为 'other'",
    ),
]


def first_line(call, kind):
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value).splitlines()[0]


@pytest.mark.parametrize(("call", "kind", "english", "chinese"), ROWS)
def test_message(call, kind, english, chinese, monkeypatch):
    assert first_line(call, kind) == english
    monkeypatch.setenv("CHAINRULE_LANG", "zh")
    assert first_line(call, kind) == chinese


def test_errors_are_those_that_users_of_numpy_catch():
    with pytest.raises(np.linalg.LinAlgError):
        L.inv(SINGULAR)


def test_the_original_error_is_kept():
    with pytest.raises(LinAlgError) as caught:
        L.inv(SINGULAR)
    assert isinstance(caught.value.__cause__, np.linalg.LinAlgError)


def test_an_iteration_that_does_not_converge_says_so():
    """No finite matrix is known for which LAPACK gives up, so its refusal is raised here."""
    with pytest.raises(ConvergenceError) as caught, converging("svd", np.eye(2)):
        raise np.linalg.LinAlgError("SVD did not converge")
    assert str(caught.value).splitlines()[0] == (
        "svd: LAPACK's iteration did not converge (SVD did not converge; a (2, 2)). Scale the matrix so that "
        "its largest element is near 1, or use float64"
    )


def test_every_key_has_a_row_and_every_row_is_used():
    files = [*Path(L.__file__).parent.rglob("*.py"), *Path(ops.__file__).parent.rglob("linalg/*.py")]
    used = {key for path in files for key in re.findall(r'"linalg\.(\w+)"', path.read_text(encoding="utf-8"))}
    # What to use instead is named in full in the table of `ops.linalg.check`.
    used -= {"eigvalsh", "eigvals", "svdvals"}
    assert used == {key.removeprefix("linalg.") for key in messages() if key.startswith("linalg.")}
