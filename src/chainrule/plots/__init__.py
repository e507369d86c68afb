"""Figures of mathematics, training and evaluation, as Matplotlib figures in one style.

No figure touches pyplot or the settings of the process. Chinese text needs no set-up.

=====================  ======================================================================
vectors and matrices   `vectors`, `vector_sum`, `projection`, `linear_map`, `determinant`, `svd`
one variable           `functions`, `tangent`, `derivatives`, `area`, `taylor`
several variables      `surface`, `contours`, `surface_and_contours`, `constraint`
probability            `densities`, `probabilities`, `joint_density`, `bayes`,
                       `law_of_large_numbers`, `central_limit`
numbers                `lines`, `scatter`, `bars`, `grouped_bars`, `histogram`, `box_plots`,
                       `heat_map`, `image_grid`
training               `curves`, `gradient_norms`, `filters`, `feature_maps`
evaluation             `confusion_matrix`, `roc_curves`, `residuals`
=====================  ======================================================================

>>> from chainrule import plots
>>> figure = plots.curves({"训练": [2.3, 0.9, 0.4], "验证": [1.9, 1.0, 0.7]}, ylabel="损失")
>>> plots.to_png(figure)[1:4]
b'PNG'
"""

from chainrule.plots import messages as messages
from chainrule.plots.area import area
from chainrule.plots.bars import bars
from chainrule.plots.confusion import confusion_matrix
from chainrule.plots.constraint import constraint
from chainrule.plots.curves import curves, gradient_norms
from chainrule.plots.density import densities
from chainrule.plots.experiments import central_limit, law_of_large_numbers
from chainrule.plots.function import derivatives, functions, tangent
from chainrule.plots.heat_map import heat_map
from chainrule.plots.histogram import box_plots, histogram
from chainrule.plots.images import feature_maps, filters, image_grid, to_pixels
from chainrule.plots.joint import joint_density
from chainrule.plots.linear_map import determinant, linear_map, svd
from chainrule.plots.lines import lines
from chainrule.plots.probabilities import bayes, grouped_bars, probabilities
from chainrule.plots.regression import residuals
from chainrule.plots.roc import roc_curves
from chainrule.plots.save import save, to_png, to_svg
from chainrule.plots.scatter import scatter
from chainrule.plots.surface import contours, surface, surface_and_contours
from chainrule.plots.taylor import taylor
from chainrule.plots.vectors import projection, vector_sum, vectors

__all__ = [
    "area",
    "bars",
    "bayes",
    "box_plots",
    "central_limit",
    "confusion_matrix",
    "constraint",
    "contours",
    "curves",
    "densities",
    "derivatives",
    "determinant",
    "feature_maps",
    "filters",
    "functions",
    "gradient_norms",
    "grouped_bars",
    "heat_map",
    "histogram",
    "image_grid",
    "joint_density",
    "law_of_large_numbers",
    "linear_map",
    "lines",
    "probabilities",
    "projection",
    "residuals",
    "roc_curves",
    "save",
    "scatter",
    "surface",
    "surface_and_contours",
    "svd",
    "tangent",
    "taylor",
    "to_pixels",
    "to_png",
    "to_svg",
    "vector_sum",
    "vectors",
]
