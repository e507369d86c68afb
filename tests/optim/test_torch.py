"""Optimizers, schedules and clipping give PyTorch's numbers, recorded by ``record_torch.py``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import chainrule as cr
from chainrule import optim

from .cases import CASES, CLIPPING, FACTORY, METRICS, SCHEDULED, arrays, chain

# Both round differently at every step. float32 also rounds the recorded gradients.
TOLERANCE = {"float64": 1e-12, "float32": 2e-5}


@pytest.fixture(scope="module")
def recorded():
    with np.load(Path(__file__).with_name("torch.npz"), allow_pickle=False) as file:
        return dict(file)


def parameters(dtype):
    start, gradients = arrays()
    return [cr.State(p.astype(dtype)).requires_grad_() for p in start], gradients


def flat(tensors):
    return np.concatenate([np.ravel(np.asarray(x)) for x in tensors])


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("key", CASES)
def test_optimizer_takes_the_same_steps(key, dtype, recorded):
    name, _, options = CASES[key]
    params, gradients = parameters(dtype)
    optimizer = optim.get(name, params, **options)
    expected = recorded[f"optimizer/{key}/{dtype}"]
    assert len(expected) == len(gradients)
    for row, step in zip(expected, gradients, strict=True):
        for p, g in zip(params, step, strict=True):
            p.grad = cr.tensor(g.astype(dtype))
        optimizer.step()
        assert {p.dtype.name for p in params} == {dtype}
        np.testing.assert_allclose(flat(params), row, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


def test_every_optimizer_is_compared():
    assert {name for name, _, _ in CASES.values()} == set(optim.OPTIMIZERS)


@pytest.mark.parametrize("key", SCHEDULED)
def test_schedule_sets_the_same_rates(key, recorded):
    name, options, optimizer_name = SCHEDULED[key]
    params = [cr.State([0.0])]
    optimizer = getattr(optim, optimizer_name)(params, lr=0.4, **FACTORY[optimizer_name])
    schedule = chain(optim, optimizer, name, options)
    for step, (lr, momentum) in enumerate(recorded[f"schedule/{key}"]):
        group = optimizer.param_groups[0]
        own = group["betas"][0] if "betas" in group else group["momentum"]
        np.testing.assert_allclose([group["lr"], own], [lr, momentum], rtol=1e-12, atol=1e-16)
        assert schedule.get_last_lr() == [group["lr"]]
        schedule.step(METRICS[step]) if schedule.needs_metric else schedule.step()


def test_every_schedule_of_pytorch_is_compared():
    assert {row[0] for row in SCHEDULED.values()} == {
        cls.__name__ for cls in optim.SCHEDULES.values() if cls is not optim.WarmUpLR
    }


@pytest.mark.parametrize("key", CLIPPING)
def test_clipping_gives_the_same_gradients(key, recorded):
    kind, options = CLIPPING[key]
    params, gradients = parameters("float64")
    for p, g in zip(params, gradients[0], strict=True):
        p.grad = cr.tensor(g)
    norm = getattr(optim, kind)(params, **options)
    found = np.concatenate([[0.0 if norm is None else norm.item()], flat([p.grad for p in params])])
    np.testing.assert_allclose(found, recorded[f"clipping/{key}"], rtol=1e-12)
