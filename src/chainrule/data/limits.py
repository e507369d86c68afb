"""Limits that keep a hostile or mistaken file from taking the whole memory."""

from __future__ import annotations

MAX_PIXELS = 64_000_000
"""Most pixels of one image file."""

MAX_CACHE = 2**30
"""Most bytes of decoded images that a data set keeps."""

MAX_CLASSES = 100_000
"""Most classes that integer labels may name by themselves."""

MAX_CATEGORIES = 100
"""Most different texts of a CSV column that is taken as categories without being asked."""

MAX_TARGET_CLASSES = 20
"""Most different whole numbers of a CSV target that are taken as classes without being asked."""
