from __future__ import annotations

import doctest
import json

import pytest
from benchmarks.limits import MachineLimits
from benchmarks.machine import Machine
from benchmarks.outcome import Entry, Outcome, Run
from benchmarks.process import ROOT
from benchmarks.report import document, growth, numbers, table
from benchmarks.report.numbers import between, duration, percent, size, times, verdict
from benchmarks.report.page import page

LIMITS = MachineLimits(one_core=1e9, all_threads=2e9, copying=1e8, threads=2)


def entry(title: str, *rounds: float, distance: float = 0.0, **others) -> Entry:
    times = [[seconds, seconds * 1.01, seconds * 0.99] for seconds in rounds]
    is_ours = title == "Chainrule"
    return Entry(title.lower(), title, is_ours, rounds=times, distance=distance, **others)


def outcome(*entries: Entry, goal: float | None = 2.0, **others) -> Outcome:
    kept = {"cold_goal": 1.0, "tolerance": 1e-3, "flops": 1e6, "nbytes": None} | others
    return Outcome("train-x", "training", "train x <y>", goal, entries=list(entries), **kept)


def run(*outcomes: Outcome) -> Run:
    machine = Machine("Processor 9", 2, 8_000_000_000, "Linux 1")
    return Run(machine, LIMITS, "2026-01-02", 0.0, {"jax": "not there"}, list(outcomes))


OURS = entry(
    "Chainrule", 1e-3, 2e-3, 1e-3, cold=0.5, warm=0.1, imported=40_000_000, steps=90_000_000, peak=10**8
)
TORCH = entry("PyTorch eager", 3e-3, 3e-3, 4e-3)
COMPILED = entry("PyTorch compiled", 2.5e-3, 2.5e-3, 2.5e-3, cold=20.0)
WRONG = entry("JAX jit", 1e-4, 1e-4, 1e-4, distance=0.1)
FAILED = Entry("keras-", "Keras", False, failure="RuntimeError: no")


def test_the_best_peer_is_the_quickest_that_computes_the_same():
    found = outcome(OURS, TORCH, COMPILED, WRONG, FAILED)
    assert found.best_peer is COMPILED
    assert found.ratio == pytest.approx(2.5) and found.ratios == pytest.approx([2.5, 1.25, 2.5])
    assert found.is_met is True and outcome(OURS, COMPILED, goal=2.6).is_met is False


def test_ours_is_our_quickest_form_that_computes_the_same():
    quicker = Entry("chainrule-w", "Chainrule winograd", True, rounds=[[5e-4]], distance=0.0)
    rougher = Entry("chainrule-b", "Chainrule bfloat16", True, rounds=[[2e-4]], distance=0.1)
    found = outcome(OURS, quicker, rougher, COMPILED)
    assert found.ours is quicker and found.ratio == pytest.approx(5.0)
    assert outcome(rougher, COMPILED).ours is rougher and outcome(rougher, COMPILED).ratio is None


def test_no_ratio_without_a_peer_or_if_ours_differs():
    assert outcome(OURS, WRONG, FAILED).ratio is None
    assert outcome(entry("Chainrule", 1e-3, distance=1.0), TORCH).ratio is None
    assert outcome(OURS, FAILED).is_met is None


def test_shares_of_the_limits():
    assert outcome(OURS).share(OURS, LIMITS) == pytest.approx(0.5)
    assert outcome(OURS, flops=None, nbytes=5e4).share(OURS, LIMITS) == pytest.approx(0.5)
    assert outcome(OURS, flops=None).share(OURS, LIMITS) is None
    assert outcome(FAILED).share(FAILED, LIMITS) is None


def test_parts_of_the_limit_beside_their_goal():
    assert table.share(outcome(OURS), LIMITS) == "50 %"
    assert table.share(outcome(OURS, share_goal=0.5), LIMITS) == "50 %, goal 50 %: met"
    wanting = outcome(OURS, share_goal=0.85)
    assert table.conclusion(wanting, LIMITS).endswith("; of the limit 50 %, goal 85 %: not met")
    assert "50 %, goal 85 %: not met |" in document.goals(run(wanting))


def test_a_run_is_read_as_it_was_written():
    first = run(outcome(OURS, TORCH, FAILED))
    assert Run.from_json(json.loads(json.dumps(first.as_json()))) == first


def test_lines_for_a_terminal():
    lines = list(table.lines(outcome(OURS, TORCH, COMPILED, WRONG, FAILED), LIMITS))
    order = [line.split("  ")[1] for line in lines if line.endswith("–") or "MB" in line]
    assert order == ["JAX jit", "Chainrule", "PyTorch compiled", "PyTorch eager", "Keras"]
    assert "    not ranked: its results lie 1.0e-01 from the others'" in lines
    assert "    failed: RuntimeError: no" in lines
    assert lines[-1] == ("  PyTorch compiled takes 2.50× as long as ours (by round 1.25 – 2.50), goal 2: met")


def test_goals_are_counted():
    missed = outcome(OURS, COMPILED, goal=9.0)
    assert table.tally(run(outcome(OURS, COMPILED), missed, missed)) == "goals: 1 met, 2 not met"
    assert table.tally(run(outcome(OURS, goal=None))) == "no goals"


def test_who_is_left_out_and_a_busy_machine_are_named():
    busy = run()
    busy.busy = 0.7
    assert "left out: jax: not there" in table.head(run())
    assert "not to be trusted" not in table.head(run())
    assert "other programs used 0.7 processors" in table.head(busy)


def test_the_page_has_every_work_and_stands_alone():
    html = page(run(outcome(OURS, TORCH, COMPILED, WRONG, FAILED)))
    assert html.count("<svg") == 2
    assert "train x &lt;y&gt;" in html and "<y>" not in html
    assert "JAX jit is not ranked" in html and "Keras failed: RuntimeError: no" in html
    assert "src=" not in html and "http" not in html.replace("http-equiv", "").replace(
        "http://www.w3.org", ""
    )


def test_a_page_without_works_can_be_made():
    assert "<h1>" in page(run())


def test_blocks_of_documents_are_filled_and_the_rest_is_kept():
    text = "# A\n\n<!-- bench: goals -->\nold\n<!-- bench end -->\n\nprose\n"
    found = document.filled(text, run(outcome(OURS, COMPILED, goal=3.0)))
    assert (
        "old" not in found and found.startswith("# A\n") and found.endswith("<!-- bench end -->\n\nprose\n")
    )
    row = "train x <y> | 1.00 ms | PyTorch compiled | 2.50 ms | 2.50× | 1.25 – 2.50 | 3 | **not met** | 50 %"
    assert f"| {row} |" in found
    assert document.filled(found, run(outcome(OURS, COMPILED, goal=3.0))) == found


@pytest.mark.parametrize("name", document.BLOCKS)
def test_every_block_can_be_made(name):
    full = run(outcome(OURS, TORCH, COMPILED, WRONG, FAILED), outcome(OURS, FAILED, goal=None))
    assert document.BLOCKS[name](full)


def test_documents_ask_for_blocks_that_exist():
    texts = [(ROOT / name).read_text("utf-8") for name in document.DOCUMENTS]
    asked = [name for text in texts for _, name, _ in document.BLOCK.findall(text)]
    assert asked and set(asked) <= set(document.BLOCKS)


def test_compiling_beside_pytorchs_compiler():
    text = document.compiling(run(outcome(OURS, COMPILED)))
    assert "| train x <y> | 500 ms | 1.00 s | met | 100 ms | met | 20.0 s | 40.0× | met |" in text
    slow = entry("Chainrule", 1e-3, cold=3.0, warm=0.5)
    text = document.compiling(run(outcome(slow, COMPILED)))
    assert text.count("**not met**") == 3


def test_memory_of_steps_is_beyond_what_importing_takes():
    text = document.memory(
        run(outcome(OURS, entry("PyTorch eager", 1e-3, imported=1, steps=6, peak=200_000_000)))
    )
    assert "| train x <y> | 50 MB | 0 MB | **not met** | 100 MB | 200 MB | met |" in text
    assert "| train x <y> | 50 MB | – |  | 100 MB | – |  |" in document.memory(run(outcome(OURS)))


def test_the_summary_has_whole_networks_alone():
    text = document.summary(run(outcome(OURS, COMPILED), point("depth", 1, 1.0)))
    assert text.endswith("| train x <y> | 1.00 ms | 2.50 ms (PyTorch compiled) | 2.50× |")


def test_numbers_for_people():
    assert [duration(s) for s in (None, 2e-6, 3.14159e-4, 0.0456, 7.0, 123.4)] == [
        "–", "2.00 µs", "314 µs", "45.6 ms", "7.00 s", "123 s",
    ]  # fmt: skip
    assert (size(None), size(1.5e9), percent(None), percent(0.314)) == ("–", "1500 MB", "–", "31 %")
    assert (times(None), times(12.34), between([]), between([2.0, 1.0])) == ("–", "12.3×", "–", "1.00 – 2.00")
    assert verdict(outcome(OURS, goal=None)) == "no goal" and verdict(outcome(OURS)) == "not measured"


def point(axis: str, size: int, seconds: float) -> Outcome:
    return outcome(entry("Chainrule", seconds, cold=2 * seconds), goal=None, point=(axis, size))


def test_powers_of_curves():
    found = run(
        point("depth", 100, 3e-3), point("depth", 10, 1e-3), point("depth", 1000, 0.3), point("width", 8, 1.0)
    )
    assert growth.points(found.outcomes, "depth", "seconds of a step") == {
        "Chainrule": [(10, 1e-3), (100, 3e-3), (1000, 0.3)]
    }
    text = document.growing(found)
    assert "| depth | n^2.00 | n^2.00 | – |" in text and "| width | – | – | – |" in text
    assert "(images/growth-depth.svg)" in text
    assert Run.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_curves_have_a_figure_for_each_thing_that_grows():
    html = page(run(point("depth", 10, 1e-3), point("depth", 100, 3e-3), point("width", 8, 1.0)))
    assert html.count("<svg") == 2 and "seconds to the first step, cold" in html


@pytest.mark.parametrize("module", [numbers, growth], ids=lambda module: module.__name__)
def test_examples_of_docstrings(module):
    found = doctest.testmod(module)
    assert found.attempted > 0 and found.failed == 0
