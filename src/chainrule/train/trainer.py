"""The trainer: fits a model to data, measures it, and predicts with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.autodiff.modes import no_grad
from chainrule.compiler.backend import BACKENDS
from chainrule.compiler.options import DEFAULT as NO_OPTIONS
from chainrule.compiler.options import PRECISIONS, Options
from chainrule.compiler.report import Report
from chainrule.core.constraint import COUNT, NON_NEGATIVE, one_of, or_none
from chainrule.core.interpreter import lift
from chainrule.data import Loader
from chainrule.errors import ChainruleError, error, text
from chainrule.nn import Module
from chainrule.optim import Optimizer, clip_grad_norm_, clip_grad_value_
from chainrule.tensor import Tensor
from chainrule.train import parts
from chainrule.train.callbacks import Callback, Checkpoint, ProgressBar, TerminateOnNaN
from chainrule.train.checkpoint import write_checkpoint
from chainrule.train.checks import add_note, check_option
from chainrule.train.compiled_steps import CompiledSteps, measures
from chainrule.train.history import History
from chainrule.train.inputs import as_loader, in_order, inputs_of, pair
from chainrule.train.meter import VALIDATION, Meter, named_metrics, scalars
from chainrule.train.state import restore, training_state
from chainrule.train.step import Step

VERBOSE = one_of(0, 1, False, True)
FLAG = one_of(False, True)
COMPILE = one_of(False, True, *BACKENDS)
# Whether trainers compile unless they are told.
DEFAULT_COMPILE = True


class Trainer:
    """Fits a model to data.

    Parameters
    ----------
    model : nn.Module
        What is trained.
    loss : str, nn.Module or callable
        ``(prediction, target) -> Tensor``, the mean over a batch; or a name in
        `chainrule.nn.LOSSES`, for example ``"cross_entropy"`` or ``"mse"``.
    optimizer : str or Optimizer
        Of the model's parameters; or a name in `chainrule.optim.OPTIMIZERS`.
    metrics : iterable of str or Metric
        What is measured of predictions, names in `chainrule.metrics.METRICS`.
    callbacks : iterable of Callback
        What is done beside.
    lr : float, optional
        The learning rate of an optimizer given by name.
    regularizer : callable, optional
        For example ``optim.L2(1e-4)``; its penalty of all parameters is added to the loss that is
        differentiated, not to the one that is shown.
    clip_grad_norm, clip_grad_value : float, optional
        Limits of the gradients, see `optim.clip_grad_norm_` and `optim.clip_grad_value_`.
    compile : bool or str
        Whether steps are compiled, see `chainrule.compile`. A training that cannot be, because Python has
        to know elements, runs step by step after one `FallbackWarning`. False does so at once, for looking
        inside with a debugger; the name of a backend makes it an error. A model with hooks is never
        compiled: they are Python, to be called at each step. After a compiled step gradients are used up:
        ``p.grad`` is None, and callbacks see gradients in `Callback.measure`.
    remat : bool
        Whether compiled steps compute values again to take less memory, see `chainrule.compile`.
    winograd : bool
        Whether convolutions in them take fewer multiplications, at the price of rounding errors.
    precision : str, optional
        ``"bfloat16"``: what they round operands of products to.
    verbose : int
        0 shows nothing, 1 a progress bar, or lines where the output is no terminal.

    Attributes
    ----------
    history : History
        A row per epoch of the latest `fit`.
    epoch, steps : int
        Epochs and batches done in the latest `fit`.
    stop_reason : str or None
        Why training ended early.

    Raises
    ------
    ConfigError
        A name is not known, or an option is outside its range.
    DTypeError
        The model, loss or optimizer is not one.

    Examples
    --------
    >>> import chainrule as cr
    >>> from chainrule import nn, train
    >>> cr.random.seed(0)
    >>> x = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
    >>> trainer = train.Trainer(nn.Linear(1, 1), "mse", "adam", lr=0.1, verbose=0)
    >>> history = trainer.fit((x, 3 * x + 1), epochs=30, batch_size=16)
    >>> history["loss"][-1] < 1e-3
    True
    >>> trainer.predict(x[:2]).shape
    (2, 1)
    """

    def __init__(
        self,
        model: Module,
        loss: Any = "cross_entropy",
        optimizer: str | Optimizer = "adam",
        metrics: Any = (),
        callbacks: Iterable[Callback] = (),
        *,
        lr: float | None = None,
        regularizer: Any = None,
        clip_grad_norm: float | None = None,
        clip_grad_value: float | None = None,
        compile: bool | str = DEFAULT_COMPILE,
        remat: bool = False,
        winograd: bool = False,
        precision: str | None = None,
        verbose: int = 1,
    ) -> None:
        check_option("Trainer", "clip_grad_norm", or_none(NON_NEGATIVE), clip_grad_norm)
        check_option("Trainer", "clip_grad_value", or_none(NON_NEGATIVE), clip_grad_value)
        check_option("Trainer", "compile", COMPILE, compile)
        check_option("Trainer", "remat", FLAG, remat)
        check_option("Trainer", "winograd", FLAG, winograd)
        check_option("Trainer", "precision", or_none(one_of(*PRECISIONS)), precision)
        options = Options(remat, winograd, precision)
        options.check()
        if options != NO_OPTIONS and not compile:
            raise error("train.compile_options", options=options)
        check_option("Trainer", "verbose", VERBOSE, verbose)
        self.model = parts.checked_model(model)
        self.loss = parts.as_loss(loss)
        self.optimizer = parts.as_optimizer(optimizer, model, lr)
        self.metrics = named_metrics(metrics)
        self.callbacks = parts.checked_callbacks(callbacks)
        self.regularizer = regularizer
        self.clip_grad_norm, self.clip_grad_value, self.verbose = clip_grad_norm, clip_grad_value, verbose
        self.compile = compile
        self._compiled = CompiledSteps(compile, options)
        self.active = []
        self.meter = Meter(self.metrics)
        self._forget()

    def _forget(self) -> None:
        self.history = History()
        self.epoch = self.steps = self.epochs = 0
        self.stop_reason: str | None = None
        self.resumed_from: Path | None = None
        self.meter.reset()

    def fit(
        self,
        train: Any,
        validation: Any = None,
        epochs: int = 1,
        batch_size: int | None = None,
        *,
        shuffle: bool | None = None,
        seed: int | None = None,
        checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
        resume: bool | str = False,
        verbose: int | None = None,
    ) -> History:
        """Train until a number of epochs is done.

        Parameters
        ----------
        train : Loader, Dataset or (x, y)
            What to learn from. Arrays are prepared as `ArrayDataset` does; tensors are taken as
            they are.
        validation : Loader, Dataset or (x, y), optional
            What is measured after every epoch.
        epochs : int
            How many; when a training is resumed, together with those that are done already.
        batch_size : int, optional
            Samples per batch, 32 by default; belongs to the loader where one is given.
        shuffle, seed : optional
            As for `Loader`; belong to the loader where one is given.
        checkpoint : path or Checkpoint, optional
            Where the state is saved after every epoch.
        resume : bool or str
            Go on from the last checkpoint: True asks for one, ``"auto"`` begins anew where there
            is none.
        verbose : int, optional
            In place of the trainer's own.

        Returns
        -------
        History
            A row per epoch, those before an interruption too.

        Raises
        ------
        DataError
            No samples, or no targets.
        NonFiniteError
            The loss became NaN or infinite.
        CheckpointError
            The state could not be saved; there is none to resume from, or it is of another
            training; the folder holds that of another one.
        """
        check_option("fit", "epochs", COUNT, epochs)
        check_option("fit", "resume", one_of(False, True, "auto"), resume)
        check_option("fit", "verbose", or_none(VERBOSE), verbose)
        self._forget()
        self.loader, self.epochs = as_loader(train, batch_size, shuffle=shuffle, seed=seed), epochs
        self.steps_per_epoch = len(self.loader)
        own_batches = batch_size if not isinstance(validation, Loader) else None
        self.validation = None if validation is None else in_order(validation, own_batches, "fit")
        self.active = self._arranged(checkpoint, self.verbose if verbose is None else verbose)
        try:
            self._start(resume)
            while not self.is_over:
                self._run_epoch()
            self._tell("on_fit_end")
        finally:
            for callback in self.active:
                callback.close()
        return self.history

    def _arranged(self, checkpoint: Any, verbose: int) -> list[Callback]:
        """All callbacks, those that a trainer has by itself too, in their order."""
        callbacks = list(self.callbacks)
        if checkpoint is not None:
            callbacks.append(checkpoint if isinstance(checkpoint, Checkpoint) else Checkpoint(checkpoint))
        for kind, wanted in ((TerminateOnNaN, True), (ProgressBar, bool(verbose))):
            if wanted and not any(isinstance(callback, kind) for callback in callbacks):
                callbacks.append(kind())
        return sorted(callbacks, key=lambda callback: callback.order)

    def _start(self, resume: bool | str) -> None:
        self._tell("on_fit_start")
        if resume:
            self._resume(required=resume is True)
        self._tell("on_ready")

    def _resume(self, *, required: bool) -> None:
        paths = [callback.last for callback in self.active if isinstance(callback, Checkpoint)]
        if not paths:
            raise error("train.resume_what")
        if required or paths[0].exists():
            self.load_checkpoint(paths[0])

    def _tell(self, method: str, *args: Any) -> None:
        for callback in self.active:
            getattr(callback, method)(self, *args)

    @property
    def is_over(self) -> bool:
        """Whether training has come to its end, early or not."""
        return self.epoch >= self.epochs or self.stop_reason is not None

    @property
    def batch(self) -> int:
        """The batch of the epoch that is being worked on, from 1."""
        return self.loader.batch

    def stop(self, reason: str) -> None:
        """Let training end after this epoch."""
        self.stop_reason = reason

    def _run_epoch(self) -> None:
        """The rest of an epoch, which is all of it unless one was interrupted in its middle."""
        if self.meter.samples == 0:
            self._tell("on_epoch_start")
        self.model.train()
        for batch in self.loader:
            self._run_batch(batch)
        row = {"epoch": self.epoch + 1, "lr": self.optimizer.param_groups[0]["lr"]}
        row.update(scalars(self.meter.compute()))
        if self.validation is not None:
            row.update(scalars(self._measured(self.validation), VALIDATION))
        self.meter.reset()
        self.epoch += 1
        self.history.append(row)
        self._tell("on_epoch_end", row)

    def _run_batch(self, batch: Any) -> None:
        try:
            x, y = pair(batch, "fit")
            step = self._steps(self.train_step, self._evaluated)(lift(x), lift(y))
            self.steps += 1
            self._tell("on_step", step)
            self.meter.add_loss(step.loss.item(), len(x))
            self.meter.add_batch(step.prediction.numpy(), y)
        except ChainruleError as e:
            add_note(e, text("train.where", epoch=self.epoch + 1, batch=self.batch))
            raise
        self._tell("on_batch_end")

    def train_step(self, x: Tensor, y: Tensor) -> Step:
        """Forward, backward and update on one batch.

        Reads and assigns only state (parameters, buffers, moments, random keys), so that
        ``cr.record(trainer.train_step, x, y)`` gives all of it as one graph.

        Parameters
        ----------
        x, y : Tensor
            Inputs and targets.

        Returns
        -------
        Step
            Loss, predictions, and what callbacks measure.
        """
        self.optimizer.zero_grad()
        prediction = self.model(x)
        loss = parts.checked_loss(self.loss(prediction, y))
        penalised = loss if self.regularizer is None else loss + self.regularizer(self.model.parameters())
        penalised.backward()
        with no_grad():
            measured = [callback.measure(self) for callback in self._measuring]
        self._clip()
        self.optimizer.step()
        together = {name: value for found in measured for name, value in found.items()}
        return Step(loss.detach(), prediction.detach(), together)

    def _clip(self) -> None:
        if self.clip_grad_value is not None:
            clip_grad_value_(self.optimizer.parameters(), self.clip_grad_value)
        if self.clip_grad_norm is not None:
            clip_grad_norm_(self.optimizer.parameters(), self.clip_grad_norm)

    def evaluate(self, data: Any, batch_size: int | None = None) -> dict[str, Any]:
        """Loss and metrics of data, in evaluation mode.

        Parameters
        ----------
        data : Loader, Dataset or (x, y)
            Every sample is used once, in order and not augmented, whatever a loader says.
        batch_size : int, optional
            Samples per batch, 32 by default.

        Returns
        -------
        dict
            ``"loss"``, the mean over samples, and each metric by its name.
        """
        return self._measured(in_order(data, batch_size, "evaluate"))

    def _measured(self, loader: Loader) -> dict[str, Any]:
        meter = Meter(self.metrics)
        with self._evaluation():
            for batch in loader:
                x, y = pair(batch, "evaluate")
                loss, prediction = self._steps(self._evaluation_step)(lift(x), lift(y))
                meter.add_loss(loss.item(), len(x))
                meter.add_batch(prediction.numpy(), y)
        return meter.compute()

    def _evaluated(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        with self._evaluation():
            return self._evaluation_step(x, y)

    def _evaluation_step(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        prediction = self.model(x)
        return parts.checked_loss(self.loss(prediction, y)), prediction

    def _prediction(self, x: Tensor) -> Tensor:
        return self.model(x)

    def _steps(self, step: Callable[..., Any], again: Callable[..., Any] | None = None) -> Callable[..., Any]:
        """A step as it is run: compiled, unless hooks want to be called each time."""
        return self._compiled.of(step, self.model, step if again is None else again)

    @property
    def compile_reports(self) -> dict[str, Report]:
        """What was compiled, by the name of the step."""
        return self._compiled.reports()

    @property
    def compile_seconds(self) -> float:
        """Time that compiling took so far."""
        return self._compiled.seconds

    @property
    def active(self) -> list[Callback]:
        """The callbacks at work, those that a trainer has by itself too."""
        return self._active

    @active.setter
    def active(self, callbacks: list[Callback]) -> None:
        self._active = callbacks
        # A compiled step depends on these alone.
        self._measuring = tuple(callback for callback in callbacks if measures(callback))

    def predict(self, x: Any, batch_size: int | None = None) -> np.ndarray:
        """What the model gives for inputs, in evaluation mode.

        Parameters
        ----------
        x : array, Tensor, Dataset or Loader
            Inputs; targets are left aside.
        batch_size : int, optional
            Samples per batch, 32 by default.

        Returns
        -------
        numpy.ndarray
            A row per sample, in the order of the samples.
        """
        with self._evaluation():
            batches = (inputs_of(batch) for batch in in_order(x, batch_size, "predict"))
            predict = self._steps(self._prediction)
            return np.concatenate([predict(lift(batch)).numpy() for batch in batches])

    @contextmanager
    def _evaluation(self) -> Iterator[None]:
        """Evaluation mode for a while; each module gets its own mode back."""
        modes = [(module, module.training) for module in self.model.modules()]
        self.model.eval()
        try:
            with no_grad():
                yield
        finally:
            for module, mode in modes:
                module.training = mode

    def save_checkpoint(self, path: str | os.PathLike[str]) -> None:
        """Save the state of the training, see `write_checkpoint`."""
        write_checkpoint(path, training_state(self))

    def load_checkpoint(self, path: str | os.PathLike[str]) -> None:
        """Put a saved state back; `fit` with ``resume`` does this."""
        restore(self, Path(path))
        self.resumed_from = Path(path)
