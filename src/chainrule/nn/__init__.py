"""Networks: layers, losses, initialisers.

>>> import chainrule as cr
>>> from chainrule import nn
>>> model = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
>>> scores = model(cr.zeros((5, 1, 8, 8)))
>>> loss = nn.cross_entropy(scores, cr.tensor([0, 1, 2, 3, 4]))
>>> loss.backward()
>>> model[1].weight.grad.shape
(32, 64)
"""

from chainrule.nn import functional, init
from chainrule.nn.activation import (
    CELU,
    ELU,
    GELU,
    SELU,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    LeakyReLU,
    LogSigmoid,
    LogSoftmax,
    Mish,
    PReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Softsign,
    Tanh,
    Tanhshrink,
)
from chainrule.nn.adaptive_pool import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveAvgPool3d,
    AdaptiveMaxPool1d,
    AdaptiveMaxPool2d,
    AdaptiveMaxPool3d,
)
from chainrule.nn.avg_pool import AvgPool1d, AvgPool2d, AvgPool3d
from chainrule.nn.batch_norm import BatchNorm1d, BatchNorm2d
from chainrule.nn.call import functional_call
from chainrule.nn.cells import GRUCell, LSTMCell, RNNCell
from chainrule.nn.container import ModuleDict, ModuleList, Sequential
from chainrule.nn.conv import Conv1d, Conv2d, Conv3d
from chainrule.nn.conv_transpose import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from chainrule.nn.dropout import Dropout
from chainrule.nn.embedding import Embedding
from chainrule.nn.layer_norm import GroupNorm, LayerNorm
from chainrule.nn.linear import Linear
from chainrule.nn.losses import (
    LOSSES,
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HingeEmbeddingLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    LossRow,
    MSELoss,
    MultiMarginLoss,
    NLLLoss,
    SmoothL1Loss,
    Target,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_embedding_loss,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    multi_margin_loss,
    nll_loss,
    smooth_l1_loss,
)
from chainrule.nn.max_pool import MaxPool1d, MaxPool2d, MaxPool3d
from chainrule.nn.max_unpool import MaxUnpool1d, MaxUnpool2d, MaxUnpool3d
from chainrule.nn.module import Module
from chainrule.nn.parameter import Buffer, Parameter
from chainrule.nn.recurrent import GRU, LSTM, RNN
from chainrule.nn.registry import LAYERS, Layer, layer
from chainrule.nn.shaping import Flatten, Identity
from chainrule.nn.summary import Summary, SummaryRow, summary
from chainrule.nn.upsample import Upsample

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GRU",
    "LAYERS",
    "LOSSES",
    "LSTM",
    "RNN",
    "SELU",
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Buffer",
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "ConvTranspose3d",
    "CrossEntropyLoss",
    "Dropout",
    "Embedding",
    "Flatten",
    "GRUCell",
    "GroupNorm",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "HingeEmbeddingLoss",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "L1Loss",
    "LSTMCell",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSigmoid",
    "LogSoftmax",
    "LossRow",
    "MSELoss",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
    "MaxUnpool1d",
    "MaxUnpool2d",
    "MaxUnpool3d",
    "Mish",
    "Module",
    "ModuleDict",
    "ModuleList",
    "MultiMarginLoss",
    "NLLLoss",
    "PReLU",
    "Parameter",
    "RNNCell",
    "ReLU",
    "ReLU6",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SmoothL1Loss",
    "Softmax",
    "Softplus",
    "Softsign",
    "Summary",
    "SummaryRow",
    "Tanh",
    "Tanhshrink",
    "Target",
    "Upsample",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "functional",
    "functional_call",
    "hinge_embedding_loss",
    "huber_loss",
    "init",
    "kl_div",
    "l1_loss",
    "layer",
    "mse_loss",
    "multi_margin_loss",
    "nll_loss",
    "smooth_l1_loss",
    "summary",
]
