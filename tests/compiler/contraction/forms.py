"""Forms of convolutions, as a compiler meets them."""

from __future__ import annotations

import numpy as np

from chainrule.compiler.emit.contraction.form import Contraction, Dim

F32 = np.dtype(np.float32)


def forward(n, h, w, c, o, k, *, s=1, d=1, groups=1) -> Contraction:
    """Channels last, of an input (n, H, W, groups · c) that is padded, to (n, h, w, groups · o)."""
    H, W, C, outs = (h - 1) * s + d * (k - 1) + 1, (w - 1) * s + d * (k - 1) + 1, groups * c, groups * o
    return Contraction(
        (Dim(groups, a=c, b=k * k * c * o, c=o),),
        (Dim(n, a=H * W * C, c=h * w * outs), Dim(h, a=s * W * C, c=w * outs), Dim(w, a=s * C, c=outs)),
        (Dim(o, b=1, c=1),),
        (Dim(k, a=d * W * C, b=k * c * o), Dim(k, a=d * C, b=c * o), Dim(c, a=1, b=o)),
        *(F32,) * 3,
    )


def to_weights(n, h, w, c, o, k, *, s=1) -> Contraction:
    """The gradient (k, k, c, o) by the padded input and the output's gradient (n, h, w, o)."""
    H, W = (h - 1) * s + k, (w - 1) * s + k
    return Contraction(
        (),
        (Dim(k, a=W * c, c=k * c * o), Dim(k, a=c, c=c * o), Dim(c, a=1, c=o)),
        (Dim(o, b=1, c=1),),
        (Dim(n, a=H * W * c, b=h * w * o), Dim(h, a=s * W * c, b=w * o), Dim(w, a=s * c, b=o)),
        *(F32,) * 3,
    )


def to_weights_in_rows(n, h, w, c, o, k, *, s=1) -> Contraction:
    """The same gradient as (o, k, k, c): a row of taps and channels is a run, as in the input."""
    H, W = (h - 1) * s + k, (w - 1) * s + k
    return Contraction(
        (),
        (Dim(k, a=W * c, c=k * c), Dim(k, a=c, c=c), Dim(c, a=1, c=1)),
        (Dim(o, b=1, c=k * k * c),),
        (Dim(n, a=H * W * c, b=h * w * o), Dim(h, a=s * W * c, b=w * o), Dim(w, a=s * c, b=o)),
        *(F32,) * 3,
    )


def to_data(n, h, w, c, o, k) -> Contraction:
    """The gradient (n, h, w, c) by the padded gradient of the output and the flipped weight (k, k, c, o)."""
    H, W = h + k - 1, w + k - 1
    return Contraction(
        (),
        (Dim(n, a=H * W * o, c=h * w * c), Dim(h, a=W * o, c=w * c), Dim(w, a=o, c=c)),
        (Dim(c, b=o, c=1),),
        (Dim(k, a=W * o, b=-k * c * o), Dim(k, a=o, b=-c * o), Dim(o, a=1, b=1)),
        *(F32,) * 3,
    )


def depthwise(n, h, w, c, k, *, s=1) -> Contraction:
    """Each channel by itself, with a weight (c, k, k)."""
    H, W = (h - 1) * s + k, (w - 1) * s + k
    return Contraction(
        (Dim(c, a=1, b=k * k, c=1),),
        (Dim(n, a=H * W * c, c=h * w * c), Dim(h, a=s * W * c, c=w * c), Dim(w, a=s * c, c=c)),
        (),
        (Dim(k, a=W * c, b=k), Dim(k, a=c, b=1)),
        *(F32,) * 3,
    )


def depthwise_to_weights(n, h, w, c, k) -> Contraction:
    """The gradient (c, k, k) of its weight."""
    H, W = h + k - 1, w + k - 1
    return Contraction(
        (Dim(c, a=1, b=1, c=k * k),),
        (Dim(k, a=W * c, c=k), Dim(k, a=c, c=1)),
        (),
        (Dim(n, a=H * W * c, b=h * w * c), Dim(h, a=W * c, b=w * c), Dim(w, a=c, b=c)),
        *(F32,) * 3,
    )


def scores(batch, queries, keys, size) -> Contraction:
    """Attention: every query with every key, batch by batch."""
    return Contraction(
        (Dim(batch, a=queries * size, b=keys * size, c=queries * keys),),
        (Dim(queries, a=size, c=keys),),
        (Dim(keys, b=size, c=1),),
        (Dim(size, a=1, b=1),),
        *(F32,) * 3,
    )


FORMS = {
    "3x3": forward(2, 6, 7, 8, 20, 3),
    "3x3 on 7 x 7, two images": forward(2, 7, 7, 16, 32, 3),
    "strided": forward(2, 5, 6, 3, 16, 3, s=2),
    "dilated": forward(1, 6, 9, 4, 10, 3, d=2),
    "of groups": forward(2, 5, 5, 4, 6, 3, groups=3),
    "of one channel": forward(3, 9, 14, 1, 32, 3),
    "1x1": forward(2, 7, 7, 16, 24, 1),
    "to weights": to_weights(3, 6, 7, 5, 20, 3),
    "to weights, strided": to_weights(2, 5, 6, 3, 16, 3, s=2),
    "to weights, in rows": to_weights_in_rows(3, 6, 7, 5, 20, 3),
    "to weights, in rows, strided": to_weights_in_rows(2, 5, 6, 3, 16, 3, s=2),
    "to data": to_data(2, 6, 7, 20, 9, 3),
    "depthwise": depthwise(2, 6, 7, 20, 3),
    "depthwise, strided": depthwise(1, 5, 4, 33, 3, s=2),
    "depthwise, to weights": depthwise_to_weights(2, 6, 7, 20, 3),
    "attention": scores(5, 17, 20, 32),
}
