"""Layers and losses as functions: no parameters of their own, all is given.

>>> import chainrule as cr
>>> import chainrule.nn.functional as F
>>> F.linear(cr.ones((2, 3)), cr.ones((4, 3))).shape
(2, 4)
"""

from chainrule.functions.activations import elu, gelu, leaky_relu, relu, selu, silu, softplus
from chainrule.functions.activations import log_sigmoid as logsigmoid
from chainrule.nn.activation import (
    celu,
    hardsigmoid,
    hardswish,
    hardtanh,
    log_softmax,
    mish,
    prelu,
    relu6,
    softmax,
    softsign,
    tanhshrink,
)
from chainrule.nn.adaptive_pool import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
)
from chainrule.nn.attention import scaled_dot_product_attention
from chainrule.nn.avg_pool import avg_pool1d, avg_pool2d, avg_pool3d
from chainrule.nn.batch_norm import batch_norm
from chainrule.nn.conv import conv1d, conv2d, conv3d
from chainrule.nn.conv_transpose import conv_transpose1d, conv_transpose2d, conv_transpose3d
from chainrule.nn.dropout import dropout
from chainrule.nn.embedding import embedding
from chainrule.nn.layer_norm import group_norm, layer_norm
from chainrule.nn.linear import linear
from chainrule.nn.losses import (
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
from chainrule.nn.max_pool import max_pool1d, max_pool2d, max_pool3d
from chainrule.nn.max_unpool import max_unpool1d, max_unpool2d, max_unpool3d
from chainrule.nn.upsample import interpolate
from chainrule.ops.pointwise import sigmoid, tanh

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "celu",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "cross_entropy",
    "dropout",
    "elu",
    "embedding",
    "gelu",
    "group_norm",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hinge_embedding_loss",
    "huber_loss",
    "interpolate",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsigmoid",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
    "mish",
    "mse_loss",
    "multi_margin_loss",
    "nll_loss",
    "prelu",
    "relu",
    "relu6",
    "scaled_dot_product_attention",
    "selu",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
    "tanhshrink",
]
