from __future__ import annotations

import json

import numpy as np
import pytest
from benchmarks.models import make
from benchmarks.models.command import command_cnn
from benchmarks.models.layouts import after_flattening, inputs_first
from benchmarks.peers import pins
from benchmarks.process import ROOT
from benchmarks.sides import OURS, SIDES, contenders
from benchmarks.task import WEIGHTS, reached

from benchmarks import sides, works
from chainrule import nn
from chainrule.cli import models as command_models

WORKS = [work for family in works.families().values() for work in family]
TRAINING = [work for work in WORKS if work.kind == "training"]
every_work = pytest.mark.parametrize("work", WORKS, ids=lambda work: work.name)


def test_names_are_unique():
    names = [work.name for work in WORKS] + list(works.families())
    assert len(names) == len(set(names))


@every_work
def test_a_work_can_be_sent_to_other_processes(work):
    plain = json.loads(json.dumps(dict(work.parameters)))
    assert json.dumps(plain) == json.dumps(dict(work.parameters))
    assert set(work.checked) <= set(work.parameters)


@every_work
def test_we_take_part(work):
    assert any(contender.side.name == OURS for contender in contenders(work, list(SIDES.values())))


def test_every_side_has_what_the_table_says():
    home = ROOT / "benchmarks" / "sides"
    wanted = {home / side.name / f"{kind}.py" for side in SIDES.values() for kind in side.forms}
    wanted |= {home / side.name / "__init__.py" for side in SIDES.values()}
    assert [path.relative_to(home).as_posix() for path in sorted(wanted) if not path.is_file()] == []


def test_every_requirement_has_a_version():
    wanted = {name for side in SIDES.values() for name in side.requirements}
    assert wanted == set(pins())


def test_forms_apply_to_some_works_alone():
    named = {work.name: work for work in WORKS}

    def forms(name: str, side: str) -> set[str]:
        return {contender.form.name for contender in contenders(named[name], [SIDES[side]])}

    assert "channels-last" in forms("train-cnn", "pytorch")
    assert "channels-last" not in forms("train-mlp", "pytorch")
    assert forms("train-mlp", "numpy") == {""} and forms("train-cnn", "numpy") == set()


def test_keys_of_contenders_are_unique():
    keys = [
        c.key for c in (sides.Contender(s, f) for s in SIDES.values() for f in s.forms.get("training", ()))
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("work", TRAINING, ids=lambda work: work.name)
def test_weights_are_all_of_the_models(work):
    arrays = work.arrays(work.parameters)
    model = make(nn, work.parameters["model"], work.parameters["settings"])
    assert {name[len(WEIGHTS) :] for name in arrays if name.startswith(WEIGHTS)} == {
        name for name, _ in model.named_parameters()
    }
    assert arrays["x"].shape == tuple(work.parameters["inputs"])


def test_arrays_are_the_same_at_each_call():
    work = TRAINING[0]
    first, second = work.arrays(work.parameters), work.arrays(work.parameters)
    assert first.keys() == second.keys()
    for name, x in first.items():
        np.testing.assert_array_equal(x, second[name])


def test_operations_of_a_small_network():
    """Forward, slopes of weights and, but for the first layer, of inputs; the rest is small."""
    work = next(work for work in TRAINING if work.name == "train-mlp-small")
    products = 2 * 32 * (784 * 64 * 2 + 64 * 10 * 3)
    assert products < work.flops(work.parameters) < 1.2 * products


def test_operations_of_recurrence():
    work = next(work for work in TRAINING if work.name == "train-lstm")
    forward = 2 * 32 * 64 * 4 * 128 * (32 + 128)
    head = 2 * 32 * 3 * 128 * 10
    assert work.flops(work.parameters) == 3 * forward - 2 * 32 * 64 * 4 * 128 * 32 + head


def test_layouts_of_weights(rng):
    kernel, matrix, vector = rng.normal(size=(5, 3, 2, 4)), rng.normal(size=(6, 7)), rng.normal(size=8)
    found = inputs_first({"a": kernel, "b": matrix, "c": vector, "token.weight": matrix})
    assert found["a"].shape == (2, 4, 3, 5) and found["a"][1, 2, 0, 4] == kernel[4, 0, 1, 2]
    np.testing.assert_array_equal(found["b"], matrix.T)
    np.testing.assert_array_equal(found["c"], vector)
    np.testing.assert_array_equal(found["token.weight"], matrix)


def test_a_matrix_after_flattening_reads_the_same_pixels(rng):
    image, matrix = rng.normal(size=(3, 2, 4)), rng.normal(size=(24, 5))
    turned = image.transpose(1, 2, 0)
    np.testing.assert_allclose(turned.ravel() @ after_flattening(matrix, 3), image.ravel() @ matrix)


def test_works_are_chosen_by_name_and_family():
    assert [work.name for work in works.chosen(["train-mlp"])] == ["train-mlp"]
    assert works.chosen(["training"]) == list(works.families()["training"])
    assert works.chosen([]) == WORKS
    with pytest.raises(SystemExit, match="no work or family is named tarin"):
        works.chosen(["tarin"])


def test_the_command_makes_the_network_that_peers_train():
    ours, theirs = command_models.cnn((1, 28, 28), 10), command_cnn(nn)
    assert [x.shape for x in ours.parameters()] == [x.shape for x in theirs.parameters()]
    assert [str(layer) for layer in ours] == [str(layer) for layer in theirs]


def test_a_training_that_does_not_get_there_fails():
    assert reached(0.99, 0.99)
    with pytest.raises(RuntimeError, match=r"98\.50% of the test samples are right, 99% are wanted"):
        reached(0.985, 0.99)
