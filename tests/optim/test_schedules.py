"""What every registered schedule must do, and what each alone refuses."""

from __future__ import annotations

import json

import pytest

import chainrule as cr
from chainrule import optim
from chainrule.errors import ConfigError, DTypeError, StateError
from chainrule.optim import SCHEDULES
from chainrule.optim.options import REQUIRED

from .cases import METRICS

# What each cannot be made without.
NEEDED = {
    "step": {"step_size": 3},
    "multi_step": {"milestones": [2, 7]},
    "exponential": {"gamma": 0.8},
    "cosine": {"T_max": 12},
    "warm_up": {"total_iters": 5},
    "one_cycle": {"max_lr": 0.5, "total_steps": 12, "epochs": 4, "steps_per_epoch": 3},
}
each_schedule = pytest.mark.parametrize("key", SCHEDULES)
each_option = pytest.mark.parametrize(
    ("key", "option"), [(key, name) for key, cls in SCHEDULES.items() for name in cls.options]
)


def optimizer(**options):
    return optim.SGD([cr.State([1.0])], **{"lr": 0.4, "momentum": 0.9, **options})


def make(key, on=None, **options):
    on = optimizer() if on is None else on
    if key == "sequential":
        parts = [make("warm_up", on), make("cosine", on)]
        options = {"schedulers": parts, "milestones": [5], **options}
    return SCHEDULES[key](on, **{**NEEDED.get(key, {}), **options})


def run(schedule, first, last):
    rates = []
    for t in range(first, last):
        schedule.step(METRICS[t]) if schedule.needs_metric else schedule.step()
        rates.append(schedule.get_last_lr())
    return rates


@each_schedule
def test_documents_itself(key):
    cls = SCHEDULES[key]
    assert cls.formula
    for name in cls.options:
        assert name in cls.__doc__


@each_schedule
def test_changes_the_rate(key):
    schedule = make(key, patience=0) if key == "plateau" else make(key)
    assert len({rate[0] for rate in run(schedule, 0, 12)}) > 1


@each_schedule
def test_restored_goes_on_as_if_never_stopped(key):
    straight = make(key)
    run(straight, 0, 6)
    saved = json.loads(json.dumps([straight.state_dict(), straight.optimizer.state_dict()]))
    rest = run(straight, 6, 12)
    restored = make(key)
    run(restored, 0, 2)
    restored.load_state_dict(saved[0])
    restored.optimizer.load_state_dict(saved[1])
    assert restored.last_epoch == 6
    assert run(restored, 6, 12) == rest


@each_schedule
def test_another_state_is_refused(key):
    schedule = make(key)
    saved = schedule.state_dict()
    with pytest.raises(StateError, match="cannot load the state of other"):
        schedule.load_state_dict({**saved, "schedule": "other"})
    with pytest.raises(StateError, match="a saved state has the keys schedule, last_epoch"):
        schedule.load_state_dict({})
    if "base_lrs" in saved:
        with pytest.raises(StateError, match="of 2 groups, the optimizer has 1"):
            schedule.load_state_dict({**saved, "base_lrs": [0.1, 0.2]})


@each_schedule
def test_moves_every_group(key):
    groups = [{"params": [cr.State([1.0])]}, {"params": [cr.State([1.0])], "lr": 0.2}]
    schedule = make(key, optim.SGD(groups, lr=0.4, momentum=0.9))
    rates = run(schedule, 0, 12)
    same_for_all = key == "one_cycle"
    assert all(b == pytest.approx(a if same_for_all else a / 2) for a, b in rates)


@each_option
def test_option_takes_its_boundary_and_refuses_what_lies_beyond(key, option):
    row = SCHEDULES[key].options[option]
    # A milestone list of another length fits no two schedules.
    for value in () if key == "sequential" else row.constraint.good:
        assert getattr(make(key, **{option: value}).chosen, option) == value
    assert row.constraint.bad
    for value in row.constraint.bad:
        with pytest.raises(ConfigError, match=f"{option} must be in"):
            make(key, **{option: value})


@each_schedule
def test_needed_options_are_asked_for(key):
    missing = [name for name, row in SCHEDULES[key].options.items() if row.default is REQUIRED]
    if missing:
        with pytest.raises(ConfigError, match=f"needs {missing[0]}"):
            SCHEDULES[key](optimizer())
    with pytest.raises(DTypeError, match="was given a float"):
        SCHEDULES[key](0.1)


def test_warm_up_reaches_the_base_rate():
    schedule = make("warm_up", optimizer(lr=0.5), total_iters=4)
    assert [schedule.rate(t, 0.5) for t in range(6)] == [0.125, 0.25, 0.375, 0.5, 0.5, 0.5]


def test_warm_up_then_cosine():
    on = optimizer(lr=1.0)
    schedule = optim.SequentialLR(
        on, [optim.WarmUpLR(on, 2), optim.CosineAnnealingLR(on, T_max=2)], milestones=[2]
    )
    rates = [on.param_groups[0]["lr"], *(rate[0] for rate in run(schedule, 0, 4))]
    assert rates == pytest.approx([0.5, 1.0, 1.0, 0.5, 0.0])
    assert [part.last_epoch for part in schedule.chosen.schedulers] == [1, 2]


def test_a_second_schedule_begins_from_the_same_rate():
    on = optimizer(lr=0.5)
    run(optim.ExponentialLR(on, 0.5), 0, 3)
    assert optim.StepLR(on, 2).base_lrs == [0.5]


def test_sequential_refuses_what_does_not_fit():
    on, other = optimizer(), optimizer()
    parts = [optim.WarmUpLR(on, 2), optim.CosineAnnealingLR(on, 5)]
    for milestones in ([], [3, 4]):
        with pytest.raises(ConfigError, match="2 schedules need 1 milestones"):
            optim.SequentialLR(on, parts, milestones)
    with pytest.raises(ConfigError, match="in rising order"):
        optim.SequentialLR(on, [*parts, optim.StepLR(on, 1)], [4, 4])
    with pytest.raises(ConfigError, match="schedule 1 changes another"):
        optim.SequentialLR(on, [parts[0], optim.StepLR(other, 1)], [4])
    with pytest.raises(ConfigError, match="other than ReduceLROnPlateau"):
        optim.SequentialLR(on, [parts[0], optim.ReduceLROnPlateau(on)], [4])


def test_one_cycle_refuses_what_does_not_fit():
    with pytest.raises(ConfigError, match="needs total_steps, or epochs and steps_per_epoch"):
        optim.OneCycleLR(optimizer(), 0.1, epochs=3)
    with pytest.raises(ConfigError, match="GD has neither momentum nor betas"):
        optim.OneCycleLR(optim.GD([cr.State([1.0])]), 0.1, total_steps=3)
    with pytest.raises(ConfigError, match="max_lr has 3 values, but the optimizer has 1 groups"):
        optim.OneCycleLR(optimizer(), [0.1, 0.2, 0.3], total_steps=3)
    schedule = optim.OneCycleLR(optimizer(), 0.1, total_steps=3)
    run(schedule, 0, 3)
    with pytest.raises(ConfigError, match=r"step\(\) was called 4 times, but the schedule ends after 3"):
        schedule.step()


def test_plateau_takes_a_number():
    with pytest.raises(DTypeError, match="takes one number"):
        optim.ReduceLROnPlateau(optimizer()).step("low")
    schedule = optim.ReduceLROnPlateau(optimizer(), patience=0, min_lr=0.3, factor=0.1)
    for _ in range(3):
        schedule.step(cr.tensor(1.0))
    assert schedule.get_last_lr() == [0.3]


def test_a_value_that_is_not_a_number_is_no_improvement():
    schedule = optim.ReduceLROnPlateau(optimizer(), patience=1)
    for _ in range(2):
        schedule.step(float("nan"))
    assert schedule.get_last_lr() == pytest.approx([0.04])
