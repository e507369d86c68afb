r"""Special matrices: constructors, predicates, and the table of kinds that ties both to a property.

>>> import chainrule as cr
>>> turn = cr.linalg.rotation(0.5)
>>> bool(cr.linalg.is_orthogonal(turn))
True
>>> kind = cr.linalg.KINDS["circulant"]
>>> print(kind.definition)
a_{ij} = c_{(i - j) \bmod n}
"""

from chainrule.linalg.special.isometries import (
    givens,
    permutation_matrix,
    random_orthogonal,
    reflection,
    rotation,
)
from chainrule.linalg.special.kinds import KINDS, Kind
from chainrule.linalg.special.pattern_predicates import (
    is_block_diagonal,
    is_circulant,
    is_diagonal,
    is_hankel,
    is_identity,
    is_lower_triangular,
    is_permutation,
    is_toeplitz,
    is_triangular,
    is_upper_triangular,
    is_vandermonde,
)
from chainrule.linalg.special.patterns import (
    block,
    block_diagonal,
    circulant,
    hankel,
    hilbert,
    identity,
    toeplitz,
    vandermonde,
)
from chainrule.linalg.special.predicates import (
    is_hermitian,
    is_normal,
    is_orthogonal,
    is_positive_definite,
    is_positive_semidefinite,
    is_projection,
    is_reflection,
    is_rotation,
    is_singular,
    is_skew,
    is_symmetric,
    is_unitary,
)
from chainrule.linalg.special.symmetry import random_positive_definite, skew, symmetrize

__all__ = [
    "KINDS",
    "Kind",
    "block",
    "block_diagonal",
    "circulant",
    "givens",
    "hankel",
    "hilbert",
    "identity",
    "is_block_diagonal",
    "is_circulant",
    "is_diagonal",
    "is_hankel",
    "is_hermitian",
    "is_identity",
    "is_lower_triangular",
    "is_normal",
    "is_orthogonal",
    "is_permutation",
    "is_positive_definite",
    "is_positive_semidefinite",
    "is_projection",
    "is_reflection",
    "is_rotation",
    "is_singular",
    "is_skew",
    "is_symmetric",
    "is_toeplitz",
    "is_triangular",
    "is_unitary",
    "is_upper_triangular",
    "is_vandermonde",
    "permutation_matrix",
    "random_orthogonal",
    "random_positive_definite",
    "reflection",
    "rotation",
    "skew",
    "symmetrize",
    "toeplitz",
    "vandermonde",
]
