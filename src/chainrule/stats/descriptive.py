"""Numbers that describe data: spread together, and summaries."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.interpreter import lift
from chainrule.dtypes import float32, is_float
from chainrule.errors import error, text
from chainrule.functions import reductions
from chainrule.functions.diagonals import diagonal
from chainrule.functions.products import matmul
from chainrule.functions.shaping import expand_dims, stack, swapaxes
from chainrule.ops.pointwise import sqrt
from chainrule.random.arguments import known, of_type
from chainrule.stats import messages_results  # noqa: F401  (registers the texts used here)
from chainrule.stats.checks import observations, one_of, varying
from chainrule.tensor import Tensor


@composite(r"\frac{1}{n - d} \sum_{i=1}^{n} (x_i - \bar{x}) (x_i - \bar{x})^{T}")
def covariance(x: Any, y: Any = None, *, ddof: int = 1) -> Tensor:
    r"""How quantities vary together: the matrix of covariances of all columns.

    .. math:: C_{jk} = \frac{1}{n - d} \sum_i (x_{ij} - \bar x_j)(x_{ik} - \bar x_k)

    Parameters
    ----------
    x : Tensor
        Observations along axis 0, quantities along axis 1; or one quantity, of shape (n,), together with
    y : Tensor, optional
        a second one. The result is differentiable by both.
    ddof : int
        :math:`d`: 1 for an unbiased estimate, 0 for the mean of the products.

    Examples
    --------
    >>> import chainrule as cr
    >>> cr.stats.covariance([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    tensor([[1., 2.],
            [2., 4.]])
    """
    columns = _columns("covariance", x, y, ddof + 1)
    centred = columns - reductions.mean(columns, axis=0, keepdims=True)
    return matmul(swapaxes(centred, 0, 1), centred) / (columns.shape[0] - ddof)


def correlation(x: Any, y: Any = None, *, method: str = "pearson") -> Tensor:
    r"""Covariances in units of the standard deviations, between -1 and 1.

    .. math:: r_{jk} = \frac{C_{jk}}{\sqrt{C_{jj} C_{kk}}}

    Parameters
    ----------
    x, y : Tensor
        As for `covariance`.
    method : {"pearson", "spearman"}
        Of the numbers, or of their ranks (which have no derivative).

    Raises
    ------
    DataError
        A quantity does not vary.

    Examples
    --------
    >>> import chainrule as cr
    >>> r = cr.stats.correlation([1.0, 2.0, 3.0, 4.0], [1.0, 4.0, 9.0, 16.0], method="spearman")
    >>> print(f"{float(r[0, 1]):.4f}")
    1.0000
    """
    one_of("correlation", "method", method, ("pearson", "spearman"))
    columns = _columns("correlation", x, y, 2)
    if method == "spearman":
        columns = lift(_ranks(observations("correlation", "x", columns, ndim=2)).astype(columns.dtype))
    values = known(columns)
    if values is not None:
        for j in range(values.shape[1]):
            varying("correlation", f"column {j}", values[:, j])
    together = covariance(columns)
    spread = sqrt(diagonal(together))
    return together / (expand_dims(spread, 0) * expand_dims(spread, 1))


def _ranks(columns: np.ndarray) -> np.ndarray:
    from scipy.stats import rankdata

    return np.asarray(rankdata(columns, axis=0))


def _columns(function: str, x: Any, y: Any, least: int) -> Tensor:
    parts = [_as_floats(part) for part in (x, y) if part is not None]
    if y is not None and (len(parts[0].shape) != 1 or parts[0].shape != parts[1].shape):
        shapes = {"x": parts[0].shape, "y": parts[1].shape}
        raise error("stats.lengths", function=function, first="x", second="y", shapes=shapes)
    found = parts[0] if y is None else stack(parts, axis=1)
    found = expand_dims(found, 1) if len(found.shape) == 1 else found
    if len(found.shape) != 2:
        raise error("stats.data_axes", function=function, name="x", expected=2, got=found.shape)
    if found.shape[0] < least:
        raise error("stats.no_data", function=function, name="x", least=least, got=found.shape[0])
    return found


def _as_floats(x: Any) -> Tensor:
    x = lift(x)
    return x if is_float(x.dtype) else of_type(x, float32)


@dataclass(frozen=True)
class Description:
    """A sample in ten numbers; the quartiles are interpolated, the moments are not corrected for bias."""

    count: int
    mean: float
    std: float
    minimum: float
    q1: float
    median: float
    q3: float
    maximum: float
    skewness: float
    kurtosis: float

    def __str__(self) -> str:
        rows = [(text(f"stats.describe_{f.name}"), getattr(self, f.name)) for f in fields(self)]
        return "\n".join(f"{name}: {value:.6g}" for name, value in rows)


def describe(data: Any) -> Description:
    """Count, mean, standard deviation (n - 1), quartiles, extremes, skewness and excess kurtosis.

    Examples
    --------
    >>> import chainrule as cr
    >>> summary = cr.stats.describe([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0])
    >>> summary.mean, summary.median
    (5.0, 4.5)
    """
    x = observations("describe", "data", data, least=2)
    centred = x - x.mean()
    second = np.mean(centred**2)
    third, fourth = (np.mean(centred**k) / second ** (k / 2) if second else np.nan for k in (3, 4))
    quartiles = np.quantile(x, (0.25, 0.5, 0.75))
    numbers = (x.mean(), x.std(ddof=1), x.min(), *quartiles, x.max(), third, fourth - 3)
    return Description(len(x), *map(float, numbers))
