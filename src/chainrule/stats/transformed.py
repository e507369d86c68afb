"""Distributions of functions of random variables."""

from __future__ import annotations

from chainrule.core.interpreter import Value
from chainrule.errors import error
from chainrule.functions import reductions
from chainrule.ops import shapes
from chainrule.ops.pointwise import square, where
from chainrule.stats.bijector import Bijector
from chainrule.stats.bijectors import Affine
from chainrule.stats.composition import checked, image
from chainrule.stats.distribution import Distribution, Shape
from chainrule.stats.sets import Set
from chainrule.tensor import Tensor


class TransformedDistribution(Distribution):
    r"""The distribution of :math:`y = f(x)` for a bijector :math:`f` and :math:`x` of a known distribution.

    .. math:: \ln p_y(y) = \ln p_x(f^{-1}(y)) - \ln |\det f'(f^{-1}(y))|

    Parameters
    ----------
    base : Distribution
        Of :math:`x`, continuous.
    bijector : Bijector or list of Bijector
        Several are applied one after the other, the first first.

    Examples
    --------
    >>> import chainrule as cr
    >>> share = cr.stats.TransformedDistribution(cr.stats.Normal(0.0, 1.0), cr.stats.Sigmoid())
    >>> print(f"{float(share.cdf(0.5)):.2f} {float(share.quantile(0.9)):.4f}")
    0.50 0.7827
    """

    def __init__(self, base: Distribution, bijector: Bijector | list[Bijector]) -> None:
        if not isinstance(base, Distribution):
            raise error("stats.no_distribution", function=self.name, name="base", got=repr(base))
        if base.support.discrete:
            raise error("stats.discrete_base", base=base.name)
        self.base, self.bijector = base, checked(self.name, bijector)
        self.dtype, self.given = base.dtype, base.given
        self.batch_shape, self.event_shape = self._shapes()

    def _shapes(self) -> tuple[Shape, Shape]:
        """Of a batch and of one draw, of which the parameters of the bijector may add axes to the first."""
        example = self.bijector(self.base._inner_point())
        ndim = self.bijector.codomain.event_ndim or len(self.base.event_shape)
        batch = example.shape[: len(example.shape) - ndim]
        event = example.shape[len(example.shape) - ndim :]
        return shapes.broadcast_named(self.name, {"base": self.base.batch_shape, "bijector": batch}), event

    @property
    def reparametrised(self) -> bool:  # type: ignore[override]
        """As the base."""
        return self.base.reparametrised

    @property
    def support(self) -> Set:  # type: ignore[override]
        """The image of the base's support."""
        return image(self.bijector, self.base.support)

    def _inner_point(self) -> Tensor:
        return self.bijector(self.base._inner_point()).detach()

    def _log_prob(self, x: Tensor) -> Tensor:
        before = self.bijector.inverse(x)
        stretched = self.bijector.log_det(before)
        if self.event_shape and not self.bijector.domain.event_ndim:
            stretched = reductions.sum(stretched, axis=tuple(range(-len(self.event_shape), 0)))
        return self.base.log_prob(before) - stretched

    def _cdf(self, x: Tensor) -> Tensor:
        below = self.base.cdf(self.bijector.inverse(x))
        return where(self.bijector.increasing, below, 1 - below)

    def _quantile(self, q: Tensor) -> Tensor:
        return self.bijector(self.base.quantile(where(self.bijector.increasing, q, 1 - q)))

    def _draw(self, shape: Shape, key: Value) -> Tensor:
        front = shape[: len(shape) - len(self.event_shape)]
        return self.bijector(self.base._draw(front + self.base.event_shape, key))

    @property
    def mean(self) -> Tensor:
        """In closed form for a shift and stretch."""
        if not isinstance(self.bijector, Affine):
            raise self._unavailable("mean")
        return self.bijector(self.base.mean)

    @property
    def variance(self) -> Tensor:
        """In closed form for a shift and stretch."""
        if not isinstance(self.bijector, Affine):
            raise self._unavailable("variance")
        return square(self.bijector.scale) * self.base.variance

    def entropy(self) -> Tensor:
        """In closed form for a shift and stretch of numbers: the base's and the logarithm of the stretch."""
        if not isinstance(self.bijector, Affine) or self.event_shape:
            raise self._unavailable("entropy")
        return self.base.entropy() + self.bijector.log_det(self.base._inner_point())

    def __repr__(self) -> str:
        return f"{self.name}({self.base!r}, {self.bijector!r})"
