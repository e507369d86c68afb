"""ONNX Runtime on the processor."""

from __future__ import annotations


def start(threads: int) -> str:
    """Import it; its version. A session is told its threads."""
    import onnxruntime

    return str(onnxruntime.__version__)
