"""The generated pages of the documentation are up to date, and leave out no registered thing."""

import importlib.util
import sys
from pathlib import Path

import pytest

from chainrule import linalg, metrics, nn, optim, stats
from chainrule.compiler.llvm.math.accuracy import FUNCTIONS
from chainrule.graph.rewrites import REWRITES
from chainrule.ops import TABLE

DOCS = Path(__file__).resolve().parent.parent / "docs"


def generator():
    sys.path.insert(0, str(DOCS))
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE = generator()


@pytest.mark.parametrize("name", GENERATE.PAGES)
def test_page_is_up_to_date(name):
    assert (DOCS / name).read_text(encoding="utf-8") == GENERATE.PAGES[name](), "run `make docs`"


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("operations.md", TABLE),
        ("layers.md", nn.LAYERS),
        ("losses.md", nn.LOSSES),
        ("optimizers.md", [cls.__name__ for cls in (*optim.OPTIMIZERS.values(), *optim.SCHEDULES.values())]),
        ("metrics.md", metrics.METRICS),
        ("matrices.md", linalg.KINDS),
        ("distributions.md", stats.DISTRIBUTIONS),
        ("rewrites.md", REWRITES),
        ("accuracy.md", FUNCTIONS),
    ],
)
def test_page_names_every_row(page, names):
    text = (DOCS / page).read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in text] == []


def test_formulas_do_not_break_tables():
    assert GENERATE.math("|x|\n + 1") == r"$`\vert x\vert + 1`$"
