r"""The array that a user holds.

A `Tensor` has NumPy's names, operators, indexing and broadcasting, and knows how it was
computed, so that derivatives can be asked of it.

>>> import chainrule as cr
>>> x = cr.tensor([1.0, 2.0, 3.0], requires_grad=True)
>>> y = (x ** 2).sum()
>>> y.backward()
>>> x.grad
tensor([2., 4., 6.])
"""

from chainrule.tensor.array import State, Tensor, tensor

__all__ = ["State", "Tensor", "tensor"]
