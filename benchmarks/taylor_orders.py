r"""Time of the n-th derivative against n: Taylor mode, and forward mode nested n times.

Prints a table and, for Taylor mode, the exponent p of the fit time ≈ c · nᵖ; for nested forward mode the
factor by which each order multiplies the time.

    python benchmarks/taylor_orders.py
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

import chainrule as cr

Function = Callable[[Any], Any]

FUNCTIONS: dict[str, Function] = {
    "exp(x sin x)": lambda x: cr.exp(x * cr.sin(x)),
    "tanh(x) / (1 + x^2)": lambda x: cr.tanh(x) / (1 + x * x),
    "erf(x) + log(1 + e^x)": lambda x: cr.erf(x) + cr.logaddexp(x, 0.0),
    "4 nested logistics": lambda x: cr.sigmoid(cr.sigmoid(cr.sigmoid(cr.sigmoid(x)))),
}
POINT = np.float64(0.3)
TAYLOR_ORDERS = (1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 40)
FITTED_FROM = 8


def by_taylor(f: Function, order: int) -> float:
    """The n-th derivative, by one expansion."""
    return float(cr.jet(f, (POINT,), (1.0,), order=order)[order]) * math.factorial(order)


def by_nesting(f: Function, order: int) -> float:
    """The n-th derivative, as a derivative of derivatives."""
    for _ in range(order):
        f = _slope(f)
    return float(f(POINT))


def _slope(f: Function) -> Function:
    return lambda x: cr.jvp(f, (x,), (1.0,))[1]


def seconds(run: Callable[[], float], least: float = 0.05) -> float:
    """The shortest of several runs."""
    best, spent = math.inf, 0.0
    while spent < least or best == math.inf:
        start = time.perf_counter()
        run()
        taken = time.perf_counter() - start
        best, spent = min(best, taken), spent + taken
    return best


def growth(orders: Sequence[int], times: Sequence[float]) -> float:
    """The exponent of the power that fits best, over the orders where it has settled."""
    pairs = [(n, t) for n, t in zip(orders, times, strict=True) if n >= FITTED_FROM]
    return float(np.polyfit(np.log([n for n, _ in pairs]), np.log([t for _, t in pairs]), 1)[0])


def factor_per_order(times: Sequence[float]) -> float:
    """By what each further order multiplies the time, over the last three."""
    return float((times[-1] / times[-4]) ** (1 / 3))


def report(name: str, f: Function, nested_orders: Sequence[int]) -> None:
    """Print the table of one function."""
    taylor = [seconds(partial(by_taylor, f, n)) for n in TAYLOR_ORDERS]
    nested = [seconds(partial(by_nesting, f, n)) for n in nested_orders]
    of_nested = dict(zip(nested_orders, nested, strict=True))
    print(f"\nf(x) = {name}, at x = {float(POINT)}")
    print(f"{'order':>6} {'Taylor ms':>10} {'nested ms':>10} {'difference':>11}")
    for n, t in zip(TAYLOR_ORDERS, taylor, strict=True):
        if n in of_nested:
            exact = by_nesting(f, n)
            difference = abs(by_taylor(f, n) - exact) / max(1.0, abs(exact))
            print(f"{n:>6} {t * 1e3:>10.3f} {of_nested[n] * 1e3:>10.3f} {difference:>11.1e}")
        else:
            print(f"{n:>6} {t * 1e3:>10.3f} {'-':>10} {'-':>11}")
    print(f"Taylor mode: time ~ order^{growth(TAYLOR_ORDERS, taylor):.2f} from order {FITTED_FROM}")
    print(f"nested: each order takes {factor_per_order(nested):.2f} times as long")


def main() -> None:
    """Report every function."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--nested", type=int, default=6, help="highest order of nested forward mode, 4 or more"
    )
    most = parser.parse_args().nested
    if most < 4:
        parser.error("--nested must be at least 4")
    for name, f in FUNCTIONS.items():
        report(name, f, range(1, most + 1))


if __name__ == "__main__":
    main()
