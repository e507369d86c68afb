"""Derivatives inside, through, and around compiled functions."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import nn, optim


def compiled(f):
    return cr.compile(f, backend="numpy")


def recordings(step):
    return len(step.report().recordings)


def both(f):
    """The function plain and compiled."""
    return f, compiled(f)


def test_a_gradient_leaves_in_grad():
    w = cr.State([1.0, 2.0], name="w").requires_grad_()
    found = []
    for step in both(lambda x: ((w * x) ** 2).sum().backward()):
        w.grad = None
        step(cr.ones(2))
        first = w.grad.tolist()
        step(cr.ones(2))
        found.append((first, w.grad.tolist()))
    assert found[0] == found[1] == ([2.0, 4.0], [4.0, 8.0]), "the second call adds to the first"


def test_a_gradient_that_an_update_used_up_is_gone():
    w = cr.State([1.0, 2.0], name="w").requires_grad_()
    optimizer = optim.GD([w], lr=0.25)

    @compiled
    def step(x):
        loss = (w * x).sum()
        loss.backward()
        optimizer.step()
        return loss

    assert [step(cr.ones(2)).item() for _ in range(3)] == [3.0, 2.5, 2.0]
    assert w.grad is None
    assert recordings(step) == 1


def test_an_update_alone_reads_gradients_anew():
    results = []
    for wrapped in (lambda f: f, compiled):
        w = cr.State([1.0, 1.0], name="w").requires_grad_()
        optimizer = optim.SGD([w], lr=0.5)
        step = wrapped(optimizer.step)
        for scale in (1.0, 2.0, 3.0):
            w.grad = None
            (w * cr.tensor([scale, -scale])).sum().backward()
            step()
        results.append(w.tolist())
    assert results[0] == results[1] == [-2.0, 4.0]
    assert recordings(step) == 1


def test_a_gradient_that_was_missing_and_is_there_now():
    p, q = (cr.State([1.0], name=name).requires_grad_() for name in "pq")
    optimizer = optim.GD([p, q], lr=1.0)
    step = compiled(optimizer.step)
    p.grad = cr.tensor([0.5])
    step()
    q.grad, p.grad = cr.tensor([0.25]), cr.tensor([0.5])
    step()
    assert (p.item(), q.item()) == (0.0, 0.75)
    assert recordings(step) == 2
    assert "q.grad was None, now f32[1]" in step.report().recordings[1].reason


def test_backward_outside_through_a_compiled_model():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((6, 4)).astype(np.float32)
    found = []
    for wrapped in (lambda f: f, compiled):
        cr.random.seed(1)
        model = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.Dropout(0.5), nn.Linear(5, 2))
        run, optimizer = wrapped(model), optim.Adam(model.parameters(), lr=0.1)
        losses = []
        for _ in range(4):
            optimizer.zero_grad()
            loss = (run(x) ** 2).mean()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        found.append((losses, model.state_dict()))
    assert found[0][0] == found[1][0]
    for name, array in found[0][1].items():
        np.testing.assert_array_equal(found[1][1][name], array)
    assert recordings(run) == 1


def test_backward_to_an_argument():
    f, step = both(lambda x, k: cr.sin(x) * k)
    k = cr.tensor([2.0, 3.0])
    found = []
    for function in (f, step, step):
        x = cr.tensor([0.5, 1.0], requires_grad=True)
        (function(x * 2, k) ** 2).sum().backward()
        found.append(x.grad.tolist())
    assert found[0] == found[1] == found[2]
    assert recordings(step) == 1
    step(cr.ones(2), k)
    assert recordings(step) == 2, "without a derivative it is another program"


def test_backward_inside_to_an_argument_runs_uncompiled():
    def f(x):
        y = (x * x).sum()
        y.backward()
        return y

    step = compiled(f)
    x = cr.tensor([1.0, 2.0], requires_grad=True)
    for i in (1, 2):
        assert step(x).item() == 5.0
        assert x.grad.tolist() == [2.0 * i, 4.0 * i]
    assert step.report().uncompiled == {"argument": 2}


@pytest.mark.parametrize(
    "derive",
    [
        lambda f, x: cr.grad(f)(x),
        lambda f, x: cr.value_and_grad(f)(x)[1],
        lambda f, x: cr.grad(lambda x: cr.grad(f)(x).sum())(x),
        lambda f, x: cr.jvp(f, (x,), (x,))[1],
        lambda f, x: cr.jacobian(lambda x: f(x) * x)(x),
        lambda f, x: cr.hessian(f)(x),
        lambda f, x: cr.hvp(f, x, x),
        lambda f, x: cr.vjp(f, x)[1](2.0)[0],
    ],
    ids=["grad", "value", "second", "jvp", "jacobian", "hessian", "hvp", "vjp"],
)
def test_every_derivative_of_a_compiled_function(derive):
    w = cr.State([0.3, -0.2], name="w").requires_grad_()
    f, step = both(lambda x: (cr.tanh(x * w) * x).sum())
    x = cr.tensor([0.5, 1.5])
    for _ in range(2):
        np.testing.assert_array_equal(derive(step, x).detach(), derive(f, x).detach())


@pytest.mark.parametrize(
    "derive",
    [cr.grad, cr.hessian, lambda f: cr.grad(lambda x: cr.grad(f)(x).sum())],
    ids=["grad", "hessian", "second"],
)
def test_a_compiled_derivative(derive):
    f = lambda x: (cr.exp(x) * cr.sin(x)).sum()  # noqa: E731
    x = cr.tensor([0.5, 1.5])
    np.testing.assert_array_equal(compiled(derive(f))(x), derive(f)(x))


def test_a_second_backward_with_create_graph():
    found = []
    w = cr.State([0.3, -0.2], name="w").requires_grad_()
    for f in both(lambda x: (w * x) ** 3):
        x = cr.tensor([1.0, 2.0], requires_grad=True)
        w.grad = None
        f(x).sum().backward(create_graph=True)
        penalty = (x.grad**2).sum()
        x.grad = w.grad = None
        penalty.backward()
        found.append((x.grad.tolist(), w.grad.tolist()))
    assert found[0] == found[1]


def test_some_results_are_detached():
    w = cr.State([2.0]).requires_grad_()
    step = compiled(lambda x: (w * x, (w * x).detach(), x * 2, cr.argmax(w * x)))
    a, b, c, d = step(cr.ones(1))
    assert [y.requires_grad for y in (a, b, c, d)] == [True, False, False, False]
    (a * b).sum().backward()
    assert w.grad.tolist() == [2.0]


def test_the_same_result_twice():
    w = cr.State([2.0]).requires_grad_()

    def f(x):
        y = w * x
        return y, y, y + 1

    for step in both(f):
        w.grad = None
        a, b, c = step(cr.tensor([3.0]))
        (a + 10 * b + 100 * c).sum().backward()
        assert w.grad.tolist() == [333.0]


def test_captured_tensors_get_gradients():
    k = cr.tensor([2.0], requires_grad=True)
    h = k * 3
    for step in both(lambda x: h * k * x):
        k.grad = None
        step(cr.ones(1)).sum().backward(retain_graph=True)
        assert k.grad.tolist() == [12.0]


def test_a_frozen_layer_gets_no_gradient():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    step = compiled(model)
    step(cr.ones((1, 2))).sum().backward()
    assert model[0].weight.grad is not None
    model.zero_grad()
    model[0].requires_grad_(False)
    step(cr.ones((1, 2))).sum().backward()
    assert model[0].weight.grad is None and model[1].weight.grad is not None


def test_parameters_may_change_between_forward_and_backward():
    """The tape keeps what the results were computed with, although programs update in place."""
    w = cr.State([2.0]).requires_grad_()
    forward, update = compiled(lambda x: (w * w * x).sum()), compiled(lambda: w.assign(w.detach() * 100))
    y = forward(cr.ones(1))
    update()
    y.backward()
    assert (w.item(), w.grad.item()) == (200.0, 4.0)


def test_two_losses_with_an_update_between():
    found = []
    for wrapped in (lambda f: f, compiled):
        a, b = (cr.State([v], name="ab"[i]).requires_grad_() for i, v in enumerate((1.0, 2.0)))
        optimizer = optim.SGD([a], lr=0.1)

        def step(x, a=a, b=b, optimizer=optimizer):
            product = a * b * x
            a.grad = b.grad = None
            a_loss = (a * x).sum()
            a_loss.backward()
            optimizer.step()
            product.sum().backward()
            return a_loss

        run = wrapped(step)
        found.append([(run(cr.ones(1)).item(), a.item(), b.grad.item()) for _ in range(3)])
    assert found[0] == found[1]
