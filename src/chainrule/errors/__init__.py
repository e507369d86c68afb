"""Errors that teach: what went wrong, where, with which shapes, and what to do.

Every message of the package is one row of a catalogue (see `Message`), in English and
Chinese, and every error is built by one helper, `error`, which adds the shapes and the
user's own line. Set ``CHAINRULE_LANG=zh`` for Chinese.

>>> from chainrule.errors import ShapeError
>>> import chainrule as cr
>>> try:
...     cr.zeros((2, 3)) + cr.zeros((4,))
... except ShapeError as problem:
...     print(str(problem).splitlines()[0])
add: axis -1 is 3 in x but 4 in y (x (2, 3), y (4,)). Extents must be equal, or one of them 1
"""

from chainrule.errors.catalogue import Message, language, messages, register, text
from chainrule.errors.helper import error, is_users_file, user_line
from chainrule.errors.kinds import (
    AxisError,
    ChainruleError,
    ChainruleWarning,
    CheckpointError,
    ConfigError,
    ConvergenceError,
    DataError,
    DTypeError,
    FallbackWarning,
    GradientError,
    GraphError,
    LinAlgError,
    NonFiniteError,
    OutOfMemoryError,
    OutOfRangeError,
    RecompileWarning,
    ShapeError,
    StateError,
)
from chainrule.errors.nearest import hint, nearest
from chainrule.errors.width import printed_width

__all__ = [
    "AxisError",
    "ChainruleError",
    "ChainruleWarning",
    "CheckpointError",
    "ConfigError",
    "ConvergenceError",
    "DTypeError",
    "DataError",
    "FallbackWarning",
    "GradientError",
    "GraphError",
    "LinAlgError",
    "Message",
    "NonFiniteError",
    "OutOfMemoryError",
    "OutOfRangeError",
    "RecompileWarning",
    "ShapeError",
    "StateError",
    "error",
    "hint",
    "is_users_file",
    "language",
    "messages",
    "nearest",
    "printed_width",
    "register",
    "text",
    "user_line",
]
