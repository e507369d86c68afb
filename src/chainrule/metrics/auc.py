"""Area under the ROC curve."""

from __future__ import annotations

import numpy as np

from chainrule.metrics.base import Array
from chainrule.metrics.ranking import AveragedRanking, cumulative
from chainrule.metrics.registry import register


@register
class AUC(AveragedRanking):
    r"""Area under the ROC curve: how often a positive sample scores above a negative one.

    .. math:: \frac{1}{P (N - P)} \sum_{y_i=1} \sum_{y_j=0} \left([s_i > s_j] + \tfrac12 [s_i = s_j]\right)

    Scores (N,) of class 1 give the binary AUC. Class probabilities (N, C) give the AUC of each
    class against the rest, and their average. Where all samples are of one class nothing can be
    ranked, and the AUC is NaN; such classes (absent from the targets, or alone in them) are left
    out of averages. Source: Hanley and McNeil, 1982; weighting by class after Provost and
    Domingos, 2000.

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
    >>> AUC().update([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]).compute()
    0.75
    >>> logits = [[2.0, 1.0, 0.0], [0.0, 1.0, 0.5], [1.0, 0.0, 3.0]]
    >>> AUC(from_logits=True).update(logits, [0, 1, 2]).compute()
    1.0
    """

    key = "auc"

    def _binary(self, score: Array, positive: Array) -> float:
        counts = cumulative(score, positive)
        tp, fp = np.append(0, counts.true_positive), np.append(0, counts.false_positive)
        pairs = int(tp[-1]) * int(fp[-1])
        doubled_area = int((np.diff(fp) * (tp[1:] + tp[:-1])).sum())
        return doubled_area / (2 * pairs) if pairs else float("nan")
