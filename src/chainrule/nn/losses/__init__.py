"""Losses: how far an input is from its target.

All refuse shapes that do not fit, rather than broadcast them: (N,) does not go with (N, 1).
"""

from chainrule.nn.losses.base import LOSSES, Loss, LossRow, Target
from chainrule.nn.losses.binary import binary_cross_entropy, binary_cross_entropy_with_logits
from chainrule.nn.losses.classification import cross_entropy, multi_margin_loss, nll_loss
from chainrule.nn.losses.regression import (
    hinge_embedding_loss,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
)

BCELoss = LOSSES["binary_cross_entropy"].module
BCEWithLogitsLoss = LOSSES["binary_cross_entropy_with_logits"].module
CrossEntropyLoss = LOSSES["cross_entropy"].module
HingeEmbeddingLoss = LOSSES["hinge_embedding_loss"].module
HuberLoss = LOSSES["huber_loss"].module
KLDivLoss = LOSSES["kl_div"].module
L1Loss = LOSSES["l1_loss"].module
MSELoss = LOSSES["mse_loss"].module
MultiMarginLoss = LOSSES["multi_margin_loss"].module
NLLLoss = LOSSES["nll_loss"].module
SmoothL1Loss = LOSSES["smooth_l1_loss"].module

__all__ = [
    "LOSSES",
    "BCELoss",
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "HingeEmbeddingLoss",
    "HuberLoss",
    "KLDivLoss",
    "L1Loss",
    "Loss",
    "LossRow",
    "MSELoss",
    "MultiMarginLoss",
    "NLLLoss",
    "SmoothL1Loss",
    "Target",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "hinge_embedding_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "mse_loss",
    "multi_margin_loss",
    "nll_loss",
    "smooth_l1_loss",
]
