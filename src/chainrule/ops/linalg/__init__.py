"""Linear algebra: factorisations and equations by LAPACK, each with its derivative.

Matrices stand in the last two axes; leading axes are a batch. The rows stand in a file for each kind.
"""

from chainrule.ops.linalg.check import require
from chainrule.ops.linalg.determinant import adjugate, det, slogdet
from chainrule.ops.linalg.eigen import eig, eigh, eigvals, eigvalsh
from chainrule.ops.linalg.factor import cholesky, lu, qr
from chainrule.ops.linalg.functions import expm, logm, sqrtm
from chainrule.ops.linalg.solve import inv, pinv, solve, triangular_solve
from chainrule.ops.linalg.svd import svd, svdvals

__all__ = [
    "adjugate",
    "cholesky",
    "det",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "expm",
    "inv",
    "logm",
    "lu",
    "pinv",
    "qr",
    "require",
    "slogdet",
    "solve",
    "sqrtm",
    "svd",
    "svdvals",
    "triangular_solve",
]
