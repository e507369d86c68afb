"""Average precision."""

from __future__ import annotations

import numpy as np

from chainrule.metrics.base import Array
from chainrule.metrics.ranking import AveragedRanking, cumulative
from chainrule.metrics.registry import register


@register
class AveragePrecision(AveragedRanking):
    r"""Average precision: the precision at every threshold, weighted by the gain in recall there.

    .. math:: \mathrm{AP} = \sum_n (R_n - R_{n-1})\, P_n

    :math:`P_n`, :math:`R_n` are precision and recall at the n-th highest distinct score; nothing
    is interpolated. Scores (N,) of class 1 give the binary value. Class probabilities (N, C) give
    that of each class against the rest, and their average. A class absent from the targets has
    average precision 0, as in scikit-learn; weighting by number of targets leaves it out.

    Parameters
    ----------
    from_logits : bool
        Whether predictions (N, C) are logits, to be put through softmax. Scores (N,) may be
        either, for only their order counts.
    average : {"macro", "weighted"} or None
        Mean over classes, mean weighted by their number of targets, or an array (C,). Binary
        scores need no average.

    Examples
    --------
    >>> round(AveragePrecision().update([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]).compute(), 4)
    0.8333
    """

    key = "average_precision"

    def _binary(self, score: Array, positive: Array) -> float:
        tp, fp, _ = cumulative(score, positive)
        if tp[-1] == 0:
            return 0.0
        gain = np.diff(tp, prepend=0) / tp[-1]
        return float((gain * tp / (tp + fp)).sum())
