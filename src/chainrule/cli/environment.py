"""What a run depends on besides its options."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

PACKAGES = ("chainrule", "numpy", "llvmlite", "scikit-learn", "Pillow")


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that take part."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def machine() -> dict[str, str]:
    """Operating system, processor and number of its cores."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count()),
    }
