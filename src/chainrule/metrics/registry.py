"""The registry of metrics by name."""

from __future__ import annotations

from typing import Any, TypeVar

from chainrule.errors import error, nearest
from chainrule.metrics.base import Metric

METRICS: dict[str, type[Metric]] = {}

AnyMetric = TypeVar("AnyMetric", bound=type[Metric])


def register(metric: AnyMetric) -> AnyMetric:
    """Class decorator: list a metric in `METRICS` under its `key`.

    Raises
    ------
    ConfigError
        If the key is empty or taken.
    """
    if not metric.key or metric.key in METRICS:
        raise error("metrics.key", metric=metric.__name__, taken=repr(metric.key))
    METRICS[metric.key] = metric
    return metric


def get(metric: str | type[Metric] | Metric, **options: Any) -> Metric:
    """The metric that a name, a class or an instance stands for.

    Parameters
    ----------
    metric : str, class or Metric
        A name in `METRICS`, a subclass of `Metric`, or an instance, which is returned as it is.
    **options
        Options of a metric that is made from a name or a class.

    Raises
    ------
    ConfigError
        If the name is not known, or options come with an instance.
    DTypeError
        If it is none of the three.

    Examples
    --------
    >>> get("f1", average="weighted")
    <F1 threshold=0.5, num_classes=None, average='weighted', 0 samples>
    >>> get("acuracy")
    Traceback (most recent call last):
        ...
    chainrule.errors.kinds.ConfigError: there is no metric 'acuracy'. Did you mean 'accuracy'? ...
    """
    if isinstance(metric, str):
        metric = _named(metric)
    if isinstance(metric, type) and issubclass(metric, Metric):
        return metric(**options)
    if not isinstance(metric, Metric):
        raise error("metrics.not_a_metric", got=repr(metric))
    if options:
        raise error("metrics.options_of_instance", metric=metric.name, options=", ".join(options))
    return metric


def _named(name: str) -> type[Metric]:
    if name in METRICS:
        return METRICS[name]
    known = ", ".join(METRICS)
    close = nearest(name.lower(), METRICS, cutoff=0.5)
    if close:
        raise error("metrics.unknown_close", name=repr(name), close=repr(close), known=known)
    raise error("metrics.unknown", name=repr(name), known=known)
