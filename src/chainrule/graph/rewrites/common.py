"""Work that need not be done: what nothing uses, what is computed already, what is known beforehand."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from chainrule.core.interpreter import EAGER, lift, using_layers, wrap
from chainrule.errors import ChainruleError
from chainrule.graph.canonical import frozen
from chainrule.graph.graph import Node
from chainrule.graph.rewrites.here import Here
from chainrule.graph.rewrites.row import example, rewrites
from chainrule.ops.move import broadcast_to
from chainrule.ops.pointwise import add, exp, multiply, sin
from chainrule.ops.random import random_bits

# Folding what is larger would only make the program's constants larger.
_MOST_FOLDED = 64


@rewrites(
    "dead code",
    "what no result and no state needs is not computed",
    examples=(example(lambda x: (exp(sin(x)), add(x, x))[1], "f32[2, 3]"),),
    refusals=(example(lambda x: exp(sin(x)), "f32[2, 3]"),),
)
def dead_code(here: Here) -> Any:
    """Nothing, where nothing uses a result."""
    outputs = here.node.outputs
    return None if any(map(here.work.is_used, outputs)) else [None] * len(outputs)


@rewrites(
    "common subexpressions",
    "the same operation on the same inputs is computed once",
    examples=(
        example(lambda x: multiply(sin(x), exp(sin(x))), "f32[2, 3]"),
        example(lambda k: add(random_bits(k, shape=(3,)), random_bits(k, shape=(3,))), "u32[2]"),
    ),
    refusals=(
        example(lambda x, y: multiply(sin(x), sin(y)), "f32[2, 3]", "f32[2, 3]"),
        example(lambda k, j: add(random_bits(k, shape=(3,)), random_bits(j, shape=(3,))), "u32[2]", "u32[2]"),
    ),
)
def common_subexpressions(here: Here) -> Any:
    """The results of an equal node: random numbers too are a function of their key."""
    work, node = here.work, here.node
    key = _key(node)
    found = work.seen.setdefault(key, node)
    if found is node:
        return None
    if found not in work.place or _key(found) != key:
        work.seen[key] = node
        return None
    return [wrap(x) for x in found.outputs]


def _key(node: Node) -> Hashable:
    return node.op.name, node.inputs, frozen(node.params)


@rewrites(
    "equal constants",
    "constants with the same elements are one",
    examples=(example(lambda x: multiply(add(x, 0.5), 0.5), "f32[2, 3]"),),
    refusals=(
        example(lambda x: multiply(add(x, 0.5), 0.25), "f32[2, 3]"),
        example(lambda x: multiply(add(x, 0.0), -0.0), "f32[2, 3]"),
    ),
)
def equal_constants(here: Here) -> Any:
    """The same operation on the first of them."""
    inputs = here.node.inputs
    first = tuple(map(here.work.first_equal, inputs))
    same = all(a is b for a, b in zip(inputs, first, strict=True))
    return None if same else _listed(here.again(*map(wrap, first)))


def _listed(results: Any) -> list[Any]:
    return list(results) if isinstance(results, tuple) else [results]


@rewrites(
    "constants folded",
    "what is computed from small constants alone is computed beforehand",
    examples=(
        example(lambda x: multiply(x, exp(lift(0.5))), "f32[2, 3]"),
        example(lambda x: add(x, sin(lift(np.arange(3, dtype=np.float32)))), "f32[2, 3]"),
    ),
    refusals=(
        example(lambda x: add(x, broadcast_to(lift(0.5), shape=(100,))), "f32[2, 100]"),
        example(lambda x: add(x, sin(lift(np.arange(100, dtype=np.float32)))), "f32[2, 100]"),
    ),
)
def fold_constants(here: Here) -> Any:
    """The results, where all inputs are constants and everything is small."""
    node, constants = here.node, here.work.constants
    if not node.inputs or not all(x in constants for x in node.inputs) or here.name == "broadcast_to":
        return None
    if any(x.spec.size > _MOST_FOLDED for x in (*node.inputs, *node.outputs)):
        return None
    try:
        with using_layers([EAGER]):
            found = node.op(*(wrap(constants[x]) for x in node.inputs), **node.params)
    except ChainruleError:
        return None  # It is for the run of the program to say so.
    return found


@rewrites(
    "uniform constants",
    "a constant whose elements are all the same is one number",
    examples=(example(lambda x: add(x, lift(np.full((2, 3), 0.5, np.float32))), "f32[2, 3]"),),
    refusals=(
        example(lambda x: add(x, lift(np.array([0.5, 1.0, 0.5], np.float32))), "f32[2, 3]"),
        example(lambda x: add(x, lift(np.array([0.0, -0.0, 0.0], np.float32))), "f32[2, 3]"),
    ),
)
def uniform_constants(here: Here) -> Any:
    """The same operation on the number, stretched to the constant's shape."""
    changed = False
    inputs = list(here.inputs)
    for i, x in enumerate(inputs):
        array = here.constant(x)
        if array is not None and array.size > 1 and here.value(x) is not None:
            inputs[i] = broadcast_to(lift(np.asarray(here.value(x))), shape=array.shape)
            changed = True
    return _listed(here.again(*inputs)) if changed else None
