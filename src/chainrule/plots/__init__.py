"""Figures of training and evaluation, as Matplotlib figures in one style.

No figure touches pyplot or the settings of the process. Chinese text needs no set-up.

>>> from chainrule import plots
>>> figure = plots.curves({"训练": [2.3, 0.9, 0.4], "验证": [1.9, 1.0, 0.7]}, ylabel="损失")
>>> plots.to_png(figure)[1:4]
b'PNG'
"""

from chainrule.plots import messages as messages
from chainrule.plots.bars import bars
from chainrule.plots.confusion import confusion_matrix
from chainrule.plots.curves import curves, gradient_norms
from chainrule.plots.images import feature_maps, filters, image_grid, to_pixels
from chainrule.plots.regression import residuals
from chainrule.plots.roc import roc_curves
from chainrule.plots.save import save, to_png, to_svg

__all__ = [
    "bars",
    "confusion_matrix",
    "curves",
    "feature_maps",
    "filters",
    "gradient_norms",
    "image_grid",
    "residuals",
    "roc_curves",
    "save",
    "to_pixels",
    "to_png",
    "to_svg",
]
