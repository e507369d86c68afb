"""Results that no cache holds until somebody reads them are stored past the caches.

A store to a line that is not in the cache fetches it from memory first. Where whole vectors are written and
nothing of them is read soon, that is a third of the traffic of a pass which reads as much as it writes.
"""

from __future__ import annotations

from chainrule.compiler.loops.expr import Buffer, Read, walk
from chainrule.compiler.loops.kernel import Nest
from chainrule.compiler.loops.step import Definition, Window
from chainrule.dtypes import letter

# Bytes of a buffer of which little is left in the caches when it is read.
_LARGE = 1 << 24
# The least bytes of a vector that processors can store so.
_SHORTEST = 16


def stored_past_caches(nest: Nest, lanes: int) -> frozenset[Buffer]:
    """Large buffers that a nest writes in whole vectors, at multiples of these, and does not read again."""
    stored = [member for member in nest.members if nest.is_stored(member)]
    crooked = {member.target for member in stored if not _is_straight(member, lanes)}
    return frozenset({member.target for member in stored} - crooked - _read_again(nest))


def _is_straight(member: Definition, lanes: int) -> bool:
    """Whether a definition writes vectors that begin at multiples of their size in a large buffer."""
    target, (*steps, last) = member.target, member.place.coefs or (0,)
    is_large = target.nbytes >= _LARGE and target.kind in ("arena", "output") and type(target) is not Window
    is_number = letter(target.dtype) in "fiu"
    is_vector = lanes * target.dtype.itemsize >= _SHORTEST and last == 1 and not member.folded
    return is_large and is_number and is_vector and all(x % lanes == 0 for x in (member.place.offset, *steps))


def _read_again(nest: Nest) -> set[Buffer]:
    """What a later pass over a row reads from memory."""
    found: set[Buffer] = set()
    for phase in nest.phases():
        made = {member.target for member in phase}
        reads = walk(*(member.value for member in phase))
        found |= {node.buffer for node in reads if isinstance(node, Read) and node.buffer not in made}
    return found
