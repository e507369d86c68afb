"""Measure how long ``import chainrule`` takes in fresh processes, beside NumPy alone."""

import statistics
import subprocess
import sys

RUNS = 15
PROBE = """
import time
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""


def seconds(module: str) -> float:
    """Time of one import in a process of its own."""
    command = [sys.executable, "-c", PROBE.format(module=module)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Print the best and the median of several runs, the two modules in turn."""
    times: dict[str, list[float]] = {"numpy": [], "chainrule": []}
    for _ in range(RUNS):
        for module, found in times.items():
            found.append(seconds(module))
    for module, found in times.items():
        best, median = min(found), statistics.median(found)
        print(f"import {module:<10} best {best:.3f} s, median {median:.3f} s of {RUNS}")


if __name__ == "__main__":
    main()
