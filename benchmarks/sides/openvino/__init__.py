"""OpenVINO on the processor."""

from __future__ import annotations


def start(threads: int) -> str:
    """Import it; its version. A compiled model is told its threads."""
    import openvino

    return str(openvino.__version__).partition("-")[0]
