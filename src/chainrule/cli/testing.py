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

# Compiling takes about as long as predicting so many samples without.
WORTH_COMPILING = 1000


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


def predictor(model: Module, setup: Setup, samples: int) -> Trainer:
    """What predicts so many samples soonest."""
    return Trainer(model, setup.loss, compile=samples >= WORTH_COMPILING, verbose=0)


def evaluate(model: Module, setup: Setup, part: Dataset) -> Evaluation:
    """What the network's predictions for a part are worth."""
    assert part.targets is not None
    raw = predictor(model, setup, len(part)).predict(setup.batches(part))
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
