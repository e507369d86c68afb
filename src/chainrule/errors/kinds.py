"""The kinds of errors; each is also the exception that users of Python and NumPy expect."""

import numpy as np


class ChainruleError(Exception):
    """Base of every error that Chainrule raises itself.

    Attributes
    ----------
    key : str
        The row of the catalogue, for example ``"ops.broadcast"``.
    values : dict
        What the message was filled with.
    layer : str
        The innermost layer it was raised in, for example ``"Linear 'body.fc1'"``; may be empty.
    """

    key: str = ""
    layer: str = ""
    values: dict[str, object]


class ShapeError(ChainruleError, ValueError):
    """Shapes or axes that do not fit."""


class AxisError(ShapeError, IndexError):
    """An axis that a tensor does not have; NumPy's error of that name is of both kinds too."""


class DTypeError(ChainruleError, TypeError):
    """Element types that do not fit, or a value of a wrong kind."""


class OutOfRangeError(ChainruleError, IndexError):
    """An index or label outside its range."""


class GradientError(ChainruleError, RuntimeError):
    """A derivative that does not exist or cannot be taken here."""


class GraphError(ChainruleError, RuntimeError):
    """A function that cannot be recorded as a graph, or a graph that is not well formed."""


class NonFiniteError(ChainruleError, FloatingPointError):
    """A NaN or an infinity, found by `chainrule.debug.nan` or by the trainer."""


class ConfigError(ChainruleError, ValueError):
    """An argument or option outside what is allowed."""


class StateError(ChainruleError, ValueError):
    """Saved state (parameters, optimizer) that does not fit the object it is loaded into."""


class DataError(ChainruleError, ValueError):
    """Data that is missing, empty, damaged or inconsistent."""


class CheckpointError(ChainruleError, ValueError):
    """A checkpoint that is missing or damaged, or a file that could not be written."""


class LinAlgError(ChainruleError, np.linalg.LinAlgError):
    """A matrix without the property that is asked for: singular, not square, not positive definite."""


class ConvergenceError(ChainruleError, ArithmeticError):
    """An iteration that did not reach its tolerance; the message gives the residual."""


class OutOfMemoryError(ChainruleError, MemoryError):
    """A result too large for the memory; the message names its shape."""


class ChainruleWarning(UserWarning):
    """Base of every warning that Chainrule gives itself."""


class FallbackWarning(ChainruleWarning):
    """Operations of a compiled function that have no machine code and are run by NumPy."""


class RecompileWarning(ChainruleWarning):
    """A compiled function that is recorded again and again; the message names the cause."""
