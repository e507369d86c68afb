"""backward(): accumulation, freeing, long chains, state between passes, and memory."""

import gc

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import GradientError, ShapeError


def leaf(value):
    return cr.tensor(value, requires_grad=True)


def test_gradients_add_up_over_uses_and_over_passes():
    x = leaf(3.0)
    (x * x + x).backward()
    assert float(x.grad) == 7.0
    (2.0 * x).backward()
    assert float(x.grad) == 9.0


def test_a_given_gradient_is_pulled_back():
    x = leaf([1.0, 2.0])
    (x * x).backward([1.0, 10.0])
    assert x.grad.tolist() == [2.0, 40.0]


def test_a_chain_of_100_000_operations():
    x = leaf(1.0)
    y = x
    for _ in range(100_000):
        y = y + 0.0
    y.backward()
    assert float(x.grad) == 1.0


def test_a_long_chain_can_be_dropped_without_backward():
    y = leaf(1.0)
    for _ in range(100_000):
        y = y * 1.0
    del y


def test_second_backward_is_refused_unless_the_graph_is_retained():
    y = leaf(2.0) ** 2
    y.backward()
    with pytest.raises(GradientError, match="already called on this result"):
        y.backward()
    x = leaf(2.0)
    y = x**2
    y.backward(retain_graph=True)
    y.backward()
    assert float(x.grad) == 8.0


def test_state_carried_over_from_a_freed_graph_says_detach():
    w, state = leaf(0.5), cr.tensor(1.0)
    state = state * w
    (state * 1.0).backward()
    state = state * w
    with pytest.raises(GradientError, match=r"detach the state: state = state.detach\(\)"):
        (state * 1.0).backward()


def test_create_graph_makes_gradients_differentiable():
    x = leaf(2.0)
    (x**3).backward(create_graph=True)
    slope, x.grad = x.grad, None
    slope.backward()
    assert float(x.grad) == 12.0


def test_no_grad_detach_and_enable_grad():
    x = leaf(2.0)
    with cr.no_grad():
        assert not (x * x).requires_grad
        with cr.enable_grad():
            assert (x * x).requires_grad
    assert not x.detach().requires_grad
    (x * x.detach()).backward()
    assert float(x.grad) == 2.0


def test_a_parameter_assigned_before_backward_does_not_falsify_the_gradient():
    w = cr.State([3.0]).requires_grad_()
    y = (w * w).sum()
    w.assign([100.0])
    y.backward()
    assert w.grad.tolist() == [6.0]


def test_results_without_a_path_to_a_leaf_are_refused():
    with pytest.raises(GradientError, match="requires a gradient"):
        (cr.tensor(1.0) * 2).backward()
    with pytest.raises(GradientError, match="requires a gradient"):
        (leaf([1.0, 2.0]) > 1.0).sum().backward()


def test_wrong_gradient_shapes_are_refused():
    with pytest.raises(ShapeError, match="one element"):
        leaf([1.0, 2.0]).backward()
    with pytest.raises(ShapeError, match=r"\(3,\)"):
        leaf([1.0, 2.0]).backward([1.0, 2.0, 3.0])


def test_piecewise_constant_operations_have_gradient_zero_not_an_error():
    x = leaf([0.4, 1.6])
    (cr.round(x) * x).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [0.0, 2.0])


def test_forward_and_backward_leave_no_reference_cycles():
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            x = leaf(np.ones((4, 4), np.float32))
            cr.softmax(x @ x).sum().backward()
            unused = cr.tanh(x) * 2.0
            del x, unused
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_tapes_of_threads_are_apart():
    import threading

    seen = []

    def other():
        seen.append(cr.is_grad_enabled())

    with cr.no_grad():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert seen == [True]
