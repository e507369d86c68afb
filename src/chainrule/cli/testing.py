"""Measuring a run's network on data."""

from __future__ import annotations

from chainrule.cli.run_folder import RunFolder
from chainrule.cli.setup import Setup
from chainrule.cli.targets import as_columns
from chainrule.data import Dataset
from chainrule.functions.activations import softmax
from chainrule.nn import Module, cross_entropy, mse_loss
from chainrule.report import ClassEvaluation, Evaluation, ValueEvaluation
from chainrule.tensor import Tensor
from chainrule.train import Trainer, read_checkpoint


def trained_model(run: RunFolder, setup: Setup) -> Module:
    """The network with the parameters of its best epoch.

    Raises
    ------
    CheckpointError
        There are none, or they are damaged.
    """
    model = setup.model()
    model.load_state_dict(read_checkpoint(run.best)["model"])
    return model.eval()


def evaluate(model: Module, setup: Setup, part: Dataset) -> Evaluation:
    """What the network's predictions for a part are worth."""
    assert part.targets is not None
    raw = Trainer(model, setup.loss, verbose=0).predict(setup.batches(part))
    if setup.scale is None:
        loss = cross_entropy(Tensor(raw), Tensor(part.targets)).item()
        probabilities = softmax(Tensor(raw, "float64")).numpy()
        return ClassEvaluation(part.targets, probabilities, setup.spec.classes or (), float(loss))
    loss = mse_loss(Tensor(raw), Tensor(setup.scale.scaled(part.targets))).item()
    return ValueEvaluation(as_columns(part.targets), setup.scale.back(raw), output_names(setup), float(loss))


def output_names(setup: Setup) -> tuple[str, ...]:
    """Names of a regression's outputs."""
    name = setup.spec.target or "y"
    return (name,) if setup.outputs == 1 else tuple(f"{name}[{place}]" for place in range(setup.outputs))
