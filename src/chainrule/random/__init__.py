r"""Random tensors by key and counter.

A *key* is two words from which a draw makes all its bits (`chainrule.ops.random`): equal keys give
equal numbers, eagerly and recorded, on every backend. There are two ways to have keys:

* a `Generator` holds one, made from its seed. Each draw splits it in two with the generator's own bits:
  one half becomes the next key, the other the draw's. Without ``key=`` or ``generator=`` the one that
  `seed` sets is used;
* `key`, `split` and `fold_in` make keys explicitly, for ``key=``: each for one draw.

>>> import chainrule as cr
>>> cr.random.seed(0)
>>> a = cr.random.uniform((2, 2))
>>> cr.random.seed(0)
>>> bool((a == cr.random.uniform((2, 2))).all())
True
>>> first, second = cr.random.split(cr.random.key(0))
>>> bool((cr.random.uniform(3, key=first) == cr.random.uniform(3, key=first)).all())
True

Every function can be recorded, and is differentiable by those parameters by which its numbers move
smoothly: locations, scales and rates, bounds, and the concentrations of gamma, beta and Dirichlet numbers.
"""

from chainrule.random.categories import bernoulli, categorical
from chainrule.random.counts import binomial, multinomial, poisson
from chainrule.random.gammas import beta, dirichlet, gamma
from chainrule.random.generator import Generator, default_generator, seed
from chainrule.random.keys import fold_in, key, split
from chainrule.random.normals import normal, truncated_normal
from chainrule.random.orders import choice, permutation, shuffle
from chainrule.random.simple import cauchy, exponential, gumbel, laplace
from chainrule.random.uniforms import integers, uniform

__all__ = [
    "Generator",
    "bernoulli",
    "beta",
    "binomial",
    "categorical",
    "cauchy",
    "choice",
    "default_generator",
    "dirichlet",
    "exponential",
    "fold_in",
    "gamma",
    "gumbel",
    "integers",
    "key",
    "laplace",
    "multinomial",
    "normal",
    "permutation",
    "poisson",
    "seed",
    "shuffle",
    "split",
    "truncated_normal",
    "uniform",
]
