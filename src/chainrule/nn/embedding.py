"""Tables of vectors that are looked up by number."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from chainrule.core.composite import composite
from chainrule.core.constraint import COUNT, Constraint, is_integer
from chainrule.core.interpreter import Value, lift
from chainrule.core.sample import Integers, sample
from chainrule.errors import error
from chainrule.functions.shaping import expand_dims
from chainrule.nn import init
from chainrule.nn.checks import first_place, known
from chainrule.nn.module import Module
from chainrule.nn.options import Constraints
from chainrule.nn.parameter import Parameter
from chainrule.nn.registry import layer
from chainrule.ops.index import gather
from chainrule.ops.pointwise import equal, where
from chainrule.tensor import Tensor


@composite(r"W_{i}")
def embedding(input: Any, weight: Any, padding_idx: int | None = None) -> Tensor:
    r"""Rows of a table.

    .. math:: y_{…d} = W_{i_{…},\, d}

    Parameters
    ----------
    input : Tensor
        :math:`i`, whole numbers of any shape.
    weight : Tensor
        :math:`W`, (rows, columns).
    padding_idx : int, optional
        A row that gets no gradient.

    Raises
    ------
    DTypeError
        The input is not of an integer type.
    OutOfRangeError
        A number is negative, or not less than the number of rows; says which, and where.
    """
    i, weight = lift(input), lift(weight)
    _check(i, weight.shape[0])
    y = gather(weight, i, axes=(0,))
    if padding_idx is None:
        return y
    return where(expand_dims(equal(i, padding_idx % weight.shape[0]), -1), y.detach(), y)


def _check(i: Value, rows: int) -> None:
    if i.dtype.kind not in "iu":
        raise error("nn.index_dtype", layer="embedding", dtype=i.dtype, remedy="")
    values = known(i)
    if values is None or not values.size:
        return
    if values.min() < 0 or values.max() >= rows:
        place = first_place((values < 0) | (values >= rows))
        found: dict[str, Any] = {"index": int(values[place]), "place": place, "rows": rows, "last": rows - 1}
        raise error("nn.embedding_range", layer="embedding", remedy="", **found)


_PADDING_IDX = Constraint(
    "{0, …, num_embeddings - 1}, counted from the end if negative, or None",
    lambda v: v is None or is_integer(v, -(2**62)),
    (0, -1, None),
    (1.5, "0", True),
)


@layer(
    embedding,
    sample((2, 4), num_embeddings=5, embedding_dim=3, domains=(Integers(0, 1),)),
    sample((2, 1, 3), num_embeddings=5, embedding_dim=2, padding_idx=1, domains=(Integers(2, 5),)),
    sample((6,), num_embeddings=5, embedding_dim=1, padding_idx=-1, domains=(Integers(0, 4),)),
)
class Embedding(Module):
    r"""A table of vectors, looked up by number.

    .. math:: y_{…d} = W_{i_{…},\, d}

    Input: whole numbers of any shape (…); output (…, embedding_dim).

    Parameters
    ----------
    num_embeddings, embedding_dim : int
        Number of vectors, and length of each.
    padding_idx : int, optional
        A vector that stays as it is: it gets no gradient, and is 0 at first.

    Attributes
    ----------
    weight : Parameter
        :math:`W`, (num_embeddings, embedding_dim); at first :math:`\mathcal{N}(0, 1)`.

    Raises
    ------
    OutOfRangeError
        When called: a number is negative, or not less than ``num_embeddings``.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn
    >>> nn.Embedding(10, 3)(cr.tensor([[1, 2], [4, 9]])).shape
    (2, 2, 3)
    """

    constraints: ClassVar[Constraints] = {
        "num_embeddings": COUNT,
        "embedding_dim": COUNT,
        "padding_idx": _PADDING_IDX,
    }

    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None) -> None:
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            allowed = f"{{{-num_embeddings}, …, {num_embeddings - 1}}} or None"
            values: dict[str, Any] = {"option": "padding_idx", "allowed": allowed, "got": padding_idx}
            raise error("nn.option", layer="Embedding", **values)
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.weight = Parameter(np.zeros((num_embeddings, embedding_dim), np.float32))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the table anew."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            kept = np.arange(self.num_embeddings)[:, None] != self.padding_idx
            self.weight.assign(where(kept, self.weight, 0))

    def forward(self, input: Any) -> Tensor:
        """The vectors of the given numbers."""
        return embedding(input, self.weight, self.padding_idx)
