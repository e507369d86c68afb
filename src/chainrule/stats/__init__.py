"""Probability and statistics.

* **Distributions**, one row each in `DISTRIBUTIONS`: log_prob, cdf, quantile, draws with and without
  derivatives, moments, entropy; `Mixture`, and `TransformedDistribution` with `BIJECTORS`; `kl_divergence`.
* **Estimation**: `fit`, `maximum_likelihood`, `map_estimate`; Bayes' rule as a table (`bayes`).
* **Data**: `describe`, `covariance`, `correlation`, `bootstrap`, and the usual tests, which say what they
  suppose and how to read what they found.
* **Experiments**: `law_of_large_numbers`, `central_limit`.

>>> import chainrule as cr
>>> height = cr.stats.Normal(170.0, 10.0)
>>> print(f"{1 - float(height.cdf(190.0)):.4f}")
0.0228
"""

from chainrule.stats.bayes_rule import BayesTable, bayes, bayes_from_table
from chainrule.stats.bijector import BIJECTORS, Bijector
from chainrule.stats.bijectors import Affine, Exp, Power, Sigmoid, Softplus, Tanh
from chainrule.stats.bounded import Beta, Uniform
from chainrule.stats.composition import Compose, Inverse
from chainrule.stats.continuous import Cauchy, Laplace, Normal, StudentT
from chainrule.stats.descriptive import Description, correlation, covariance, describe
from chainrule.stats.discrete import Bernoulli, Binomial, Categorical, Geometric, Poisson
from chainrule.stats.distribution import Distribution
from chainrule.stats.divergence import DIVERGENCES, Divergence, kl_divergence
from chainrule.stats.estimate import Estimate
from chainrule.stats.experiments import CentralLimit, LawOfLargeNumbers, central_limit, law_of_large_numbers
from chainrule.stats.fitting import fit
from chainrule.stats.frequencies import chi2_goodness, chi2_independence, proportion_test
from chainrule.stats.hypothesis import HypothesisTest
from chainrule.stats.likelihood import map_estimate, maximum_likelihood
from chainrule.stats.means import anova, t_test, t_test_paired, t_test_two
from chainrule.stats.mixture import Mixture
from chainrule.stats.positive import Chi2, Exponential, Gamma, HalfNormal, LogNormal
from chainrule.stats.ranks import correlation_test, ks_test, mann_whitney, shapiro, wilcoxon
from chainrule.stats.registry import DISTRIBUTIONS
from chainrule.stats.resampling import BootstrapInterval, bootstrap
from chainrule.stats.sets import (
    NON_NEGATIVE,
    POSITIVE,
    POSITIVE_DEFINITE,
    POSITIVE_VECTORS,
    REAL,
    SIMPLEX,
    TRIANGLES,
    UNIT,
    VECTORS,
    WHOLE,
    Set,
)
from chainrule.stats.transformed import TransformedDistribution
from chainrule.stats.vector_bijectors import Covariance, Softmax, Triangle
from chainrule.stats.vectors import Dirichlet, Multinomial, MultivariateNormal

__all__ = [
    "BIJECTORS",
    "DISTRIBUTIONS",
    "DIVERGENCES",
    "NON_NEGATIVE",
    "POSITIVE",
    "POSITIVE_DEFINITE",
    "POSITIVE_VECTORS",
    "REAL",
    "SIMPLEX",
    "TRIANGLES",
    "UNIT",
    "VECTORS",
    "WHOLE",
    "Affine",
    "BayesTable",
    "Bernoulli",
    "Beta",
    "Bijector",
    "Binomial",
    "BootstrapInterval",
    "Categorical",
    "Cauchy",
    "CentralLimit",
    "Chi2",
    "Compose",
    "Covariance",
    "Description",
    "Dirichlet",
    "Distribution",
    "Divergence",
    "Estimate",
    "Exp",
    "Exponential",
    "Gamma",
    "Geometric",
    "HalfNormal",
    "HypothesisTest",
    "Inverse",
    "Laplace",
    "LawOfLargeNumbers",
    "LogNormal",
    "Mixture",
    "Multinomial",
    "MultivariateNormal",
    "Normal",
    "Poisson",
    "Power",
    "Set",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "StudentT",
    "Tanh",
    "TransformedDistribution",
    "Triangle",
    "Uniform",
    "anova",
    "bayes",
    "bayes_from_table",
    "bootstrap",
    "central_limit",
    "chi2_goodness",
    "chi2_independence",
    "correlation",
    "correlation_test",
    "covariance",
    "describe",
    "fit",
    "kl_divergence",
    "ks_test",
    "law_of_large_numbers",
    "mann_whitney",
    "map_estimate",
    "maximum_likelihood",
    "proportion_test",
    "shapiro",
    "t_test",
    "t_test_paired",
    "t_test_two",
    "wilcoxon",
]
