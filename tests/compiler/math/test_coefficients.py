"""The coefficients are those that tools/minimax.py fits, and fit what it says."""

import importlib.util
import sys
from pathlib import Path

import pytest

from chainrule.compiler.llvm.math import coefficients
from chainrule.compiler.llvm.math.constants import LN2, PI, inverse_pi

TOOL = Path(__file__).resolve().parents[3] / "tools" / "minimax.py"


def tool():
    spec = importlib.util.spec_from_file_location("minimax", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules["minimax"] = module
    spec.loader.exec_module(module)
    return module


MINIMAX = tool()


@pytest.mark.parametrize("name", ["EXP", "SIN", "ERF_TAIL"])
def test_fitted_again(name):
    for size, numbers in getattr(coefficients, name).items():
        assert [float(c) for c in MINIMAX.remez(MINIMAX.FITS[name], size)[0]] == list(numbers)


@pytest.mark.slow
def test_the_file_is_what_the_tool_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(MINIMAX, "TARGET", tmp_path / "coefficients.py")
    MINIMAX.main([])
    written = (tmp_path / "coefficients.py").read_text(encoding="utf-8")
    assert written == Path(coefficients.__file__).read_text(encoding="utf-8")


def test_parts_add_up():
    mp = MINIMAX.mp
    for parts, number in ((LN2, mp.log(2)), (PI, mp.pi)):
        for size, bits in ((4, 39), (8, 94)):
            assert abs(sum(map(mp.mpf, parts[size])) - number) < mp.mpf(2) ** -bits * number


def test_bits_of_inverse_pi():
    mp = MINIMAX.mp
    words = inverse_pi(64, 40)
    with mp.workdps(500):
        for k, word in enumerate(words):
            assert word == int(mp.floor(mp.ldexp(1 / mp.pi, 32 * k))) % 2**64
