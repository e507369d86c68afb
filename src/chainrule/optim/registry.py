"""The registries of optimizers and schedules by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from chainrule.errors import error, hint, text

if TYPE_CHECKING:
    from chainrule.optim.optimizer import Optimizer
    from chainrule.optim.schedules.schedule import Schedule

OPTIMIZERS: dict[str, type[Optimizer]] = {}
SCHEDULES: dict[str, type[Schedule]] = {}

Class = TypeVar("Class", bound=type[Any])


def register(table: dict[str, Any]) -> Callable[[Class], Class]:
    """Class decorator: list a class in a registry under its ``key``."""

    def add(cls: Class) -> Class:
        if not cls.key or cls.key in table:
            raise KeyError(f"{cls.__name__} needs a key of its own, got {cls.key!r}")
        table[cls.key] = cls
        return cls

    return add


def get(name: str, params: Any, /, *args: Any, **options: Any) -> Optimizer:
    """Make the optimizer of a name.

    Parameters
    ----------
    name : str
        A name in `OPTIMIZERS`.
    params : iterable
        Parameters or groups of them.
    *args, **options
        The optimizer's hyperparameters.

    Raises
    ------
    ConfigError
        If the name is not known.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import optim
    >>> w = cr.State([1.0, 2.0]).requires_grad_()
    >>> optim.get("adam", [w], lr=0.01)
    Adam(lr=0.01, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0, amsgrad=False): 1 parameter
    >>> optim.get("adan", [w])
    Traceback (most recent call last):
        ...
    chainrule.errors.kinds.ConfigError: there is no optimizer 'adan'. Did you mean 'adam'? ...
    """
    return find(OPTIMIZERS, name, "optim.kind_optimizer")(params, *args, **options)


def find(table: dict[str, Any], name: str, kind: str) -> Any:
    """The class of a name, or an error that names the nearest one."""
    if name in table:
        return table[name]
    meant = hint("optim.did_you_mean", str(name).lower(), table, cutoff=0.5)
    raise error("optim.unknown", kind=text(kind), name=name, hint=meant, known=", ".join(table))
