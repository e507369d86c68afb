"""What every optimizer is: parameter groups, a state per parameter, and a step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any, ClassVar

from chainrule.autodiff.modes import no_grad
from chainrule.core.changes import CHANGES
from chainrule.core.constraint import FLAG, Constraint
from chainrule.core.interpreter import lift, scope, state
from chainrule.creation import zeros_like
from chainrule.dtypes import DType, computed_in
from chainrule.errors import error
from chainrule.optim import saving
from chainrule.optim.documented import formula_of, source_of
from chainrule.optim.group import PARAMS, ParamGroup
from chainrule.optim.options import Option, Options, bind, check, options, signature
from chainrule.optim.parameters import as_groups, new_parameters
from chainrule.tensor import State, Tensor

Remembered = dict[str, Any]

REGULARIZER = Constraint(
    "{optim.L1, optim.L2, optim.ElasticNet, None}",
    lambda v: v is None or callable(getattr(v, "gradient", None)),
    (None,),
    (0.1, "l2"),
)
COMMON = options(maximize=Option(False, FLAG), regularizer=Option(None, REGULARIZER))


class Optimizer(ABC):
    """Base of all optimizers.

    An optimizer is two functions of one parameter, beside its formula: ``init`` makes what is
    remembered of it, ``update`` makes its next value. All else is done here. `step` reads and
    assigns only `State` (parameters, moments, counts, learning rates), so a training step that
    calls it can be recorded as a graph. For parameters of 16 bits it computes and remembers in
    ``float32``, and rounds the parameter once.

    Parameters
    ----------
    params : iterable
        Parameters, (name, parameter) pairs, or groups: dicts with ``"params"`` and the
        hyperparameters in which the group differs.
    *args, **given
        Hyperparameters, see ``hyperparameters``. All optimizers take two more: ``maximize``
        climbs instead, and ``regularizer`` adds a penalty's derivative to every gradient.

    Attributes
    ----------
    param_groups : list of ParamGroup
        Read and set like dicts: ``optimizer.param_groups[0]["lr"] = 0.01``.
    state : dict
        What is remembered of each parameter, made at its first step.
    key : str
        Name in the registry.
    formula, source : str
        LaTeX, and the paper; taken from the docstring.

    Raises
    ------
    ConfigError
        No parameters, one of them twice, or a hyperparameter that is unknown or outside its range.
    DTypeError
        Something that is not a parameter.
    """

    key: ClassVar[str] = ""
    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""
    hyperparameters: ClassVar[Options] = options()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.formula, cls.source = formula_of(cls), source_of(cls)
        cls.hyperparameters = options(cls.hyperparameters, **COMMON)
        cls.__signature__ = signature("params", cls.hyperparameters)  # type: ignore[attr-defined]

    def __init__(self, params: Any, *args: Any, **given: Any) -> None:
        self.defaults = bind(self.name, self.hyperparameters, args, given)
        self.param_groups: list[ParamGroup] = []
        self.state: dict[State, dict[str, State]] = {}
        for group in as_groups(self.name, params):
            self.add_param_group(group)

    @staticmethod
    @abstractmethod
    def init(p: Tensor, hyper: SimpleNamespace) -> Remembered:
        """What is remembered of a parameter before its first step; ``hyper`` holds plain values."""

    @staticmethod
    @abstractmethod
    def update(p: Tensor, g: Tensor, state: Remembered, hyper: SimpleNamespace) -> tuple[Tensor, Remembered]:
        """The parameter's next value, and what is remembered then: a pure function of tensors."""

    @classmethod  # noqa: B027 (most optimizers have nothing to refuse)
    def check_together(cls, hyper: SimpleNamespace) -> None:
        """Refuse hyperparameters that do not go together."""

    @property
    def name(self) -> str:
        """The class's name, for messages."""
        return type(self).__name__

    def parameters(self) -> Iterator[State]:
        """All parameters, in the order of the groups."""
        for group in self.param_groups:
            yield from group[PARAMS]

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Optimise further parameters.

        Parameters
        ----------
        group : mapping
            ``"params"``, and the hyperparameters in which the group differs.
        """
        params = new_parameters(self.name, group, self.parameters())
        values = {**self.defaults, **group, PARAMS: params}
        for name in group:
            if name != PARAMS:
                self.check_option(name, group[name])
        self.check_together(SimpleNamespace(**values))
        self.param_groups.append(ParamGroup(self.hyperparameters, values, self._check_change))
        CHANGES.note()

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set those that there are to 0."""
        bottom = state.layers[0]
        for p in self.parameters():
            if set_to_none:
                bottom.set_grad(p, None)
            elif bottom.get_grad(p) is not None:
                bottom.set_grad(p, zeros_like(p))

    def step(self) -> None:
        """Update every parameter that has a gradient.

        Raises
        ------
        GradientError
            No parameter has a gradient.
        """
        state.layers[0].on_use(self)
        if all(state.layers[0].get_grad(p) is None for p in self.parameters()):
            raise error("optim.no_gradient", owner=self.name, count=len(list(self.parameters())))
        with no_grad(), scope(self.name):
            for group in self.param_groups:
                self._step_group(group)

    def _step_group(self, group: ParamGroup) -> None:
        hyper: dict[DType, SimpleNamespace] = {}
        for p in group[PARAMS]:
            g = state.layers[0].get_grad(p)
            if g is None:
                continue
            if p.dtype not in hyper:
                hyper[p.dtype] = group.tensors(computed_in(p.dtype))
            self._step_parameter(p, g, self._remembered(p, group), hyper[p.dtype])

    def _step_parameter(self, p: State, g: Tensor, held: dict[str, State], hyper: SimpleNamespace) -> None:
        wide, g = _widened(p), _widened(g)
        if hyper.maximize:
            g = -g
        if hyper.regularizer is not None:
            g = g + hyper.regularizer.gradient(wide)
        new, after = self.update(wide, g, held, hyper)
        p.assign(new)
        for key, value in after.items():
            held[key].assign(value)

    def _remembered(self, p: State, group: ParamGroup) -> dict[str, State]:
        """What is remembered of a parameter, made at its first step."""
        if p not in self.state:
            self.state[p] = self.fresh(p, group.now())
        return self.state[p]

    def fresh(self, p: State, hyper: Mapping[str, Any]) -> dict[str, State]:
        """What `init` gives for a parameter, as state that lives on between steps."""
        made = self.init(_widened(p), SimpleNamespace(**hyper))
        return {key: State(lift(value).data, name=f"{p.name}.{key}") for key, value in made.items()}

    def check_option(self, name: str, value: Any) -> None:
        """Refuse a hyperparameter that is unknown or outside its range."""
        check(self.name, self.hyperparameters, name, value)

    def _check_change(self, group: ParamGroup, name: str, value: Any) -> None:
        """Refuse a change that an optimizer at work cannot follow."""
        self.check_option(name, value)
        changed = SimpleNamespace(**{**group, name: value})
        self.check_together(changed)
        known = [p for p in group[PARAMS] if p in self.state]
        if not known or bool(value) == bool(group[name]):
            return
        before, after = list(self.state[known[0]]), list(self.init(known[0], changed))
        if before != after:
            change = {"option": name, "got": value, "before": before, "after": after}
            raise error("optim.structure", owner=self.name, **change)

    def fixed_values(self) -> Iterator[tuple[str, Any]]:
        """What a recorded `step` takes as it is: parameters, what is remembered of them, plain options."""
        for number, group in enumerate(self.param_groups):
            for name, value in group.fixed_values():
                yield f"param_groups[{number}][{name!r}]", value
        for p, held in self.state.items():
            yield f"state of {p.name or 'a parameter'}", tuple(held.values())

    def state_dict(self) -> dict[str, Any]:
        """The optimizer as nested dicts and lists of numbers and NumPy arrays.

        Parameters are named by their place, as in PyTorch: ``{"optimizer": "adam", "state": {0:
        {"m": …}}, "param_groups": [{"lr": …, "params": [0]}]}``.
        """
        return saving.state_dict(self)

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Go on from a saved state; hyperparameters become the saved ones.

        Raises
        ------
        StateError
            The state is of another optimizer, of other groups, or of parameters of other shapes;
            then nothing is changed.
        """
        saving.load_state_dict(self, saved)

    def __repr__(self) -> str:
        own = [name for name in self.hyperparameters if name not in COMMON]
        shown = ", ".join(f"{name}={self.param_groups[0][name]}" for name in own)
        count = len(list(self.parameters()))
        groups = f" in {len(self.param_groups)} groups" if len(self.param_groups) > 1 else ""
        return f"{self.name}({shown}): {count} parameter{'s' * (count != 1)}{groups}"


def _widened(x: Tensor) -> Tensor:
    """16-bit floats as ``float32``: ``bfloat16`` counts steps to 256 only, and rounds 0.999 to 1."""
    return x.astype(computed_in(x.dtype))
