"""Differentiation of any program made of the table's operations, to any order, in both modes."""

from chainrule.autodiff.check import check_gradients, check_op
from chainrule.autodiff.custom import custom_derivative
from chainrule.autodiff.jets import expand, jet, multi_indices
from chainrule.autodiff.modes import enable_grad, is_grad_enabled, no_grad
from chainrule.autodiff.tape import TAPE
from chainrule.autodiff.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp

__all__ = [
    "TAPE",
    "check_gradients",
    "check_op",
    "custom_derivative",
    "enable_grad",
    "expand",
    "grad",
    "hessian",
    "hvp",
    "is_grad_enabled",
    "jacobian",
    "jet",
    "jvp",
    "multi_indices",
    "no_grad",
    "value_and_grad",
    "vjp",
]
