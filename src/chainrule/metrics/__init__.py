"""Streaming metrics: how good predictions are, added up batch by batch.

A metric takes anything that `numpy.asarray` takes. Batches go in by ``update(prediction,
target)``, the value comes out of ``compute()``, and parts computed apart are joined by ``merge``.
The value does not depend on how the samples were cut into batches.

>>> from chainrule import metrics
>>> accuracy = metrics.get("accuracy")
>>> accuracy.update([[0.9, 0.1], [0.2, 0.8]], [0, 1]).update([[0.7, 0.3]], [1])
<Accuracy threshold=0.5, 3 samples>
>>> round(accuracy.compute(), 4)
0.6667
"""

from chainrule.metrics.accuracy import Accuracy
from chainrule.metrics.auc import AUC
from chainrule.metrics.average_precision import AveragePrecision
from chainrule.metrics.base import Metric, Prediction
from chainrule.metrics.confusion_matrix import ConfusionMatrix
from chainrule.metrics.log_loss import LogLoss
from chainrule.metrics.mcc import MCC
from chainrule.metrics.precision_recall import F1, FBeta, Precision, Recall
from chainrule.metrics.r2 import R2
from chainrule.metrics.registry import METRICS, get, register
from chainrule.metrics.regression import MAE, MSE, RMSE
from chainrule.metrics.report import ClassificationReport, ClassRow, classification_report
from chainrule.metrics.roc import ROC, ROCCurve
from chainrule.metrics.top_k_accuracy import TopKAccuracy

__all__ = [
    "AUC",
    "F1",
    "MAE",
    "MCC",
    "METRICS",
    "MSE",
    "R2",
    "RMSE",
    "ROC",
    "Accuracy",
    "AveragePrecision",
    "ClassRow",
    "ClassificationReport",
    "ConfusionMatrix",
    "FBeta",
    "LogLoss",
    "Metric",
    "Precision",
    "Prediction",
    "ROCCurve",
    "Recall",
    "TopKAccuracy",
    "classification_report",
    "get",
    "register",
]
