"""The commands and their options. What each says in ``--help`` stands in the catalogue, see `help`."""

from __future__ import annotations

from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

SourceArgument = Annotated[str, typer.Argument(metavar="DATA")]
RunArgument = Annotated[Path, typer.Argument(metavar="RUN")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chainrule {installed_version('chainrule')}")
        raise typer.Exit


@app.callback()
def chainrule(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True)] = False,
) -> None:
    """Hold the commands together."""


@app.command()
def train(
    source: SourceArgument,
    model: str | None = None,
    optimizer: str | None = None,
    epochs: int | None = None,
    lr: float | None = None,
    batch: int | None = None,
    schedule: str | None = None,
    weight_decay: float | None = None,
    augment: str | None = None,
    patience: int | None = None,
    seed: int | None = None,
    out: Path | None = None,
    resume: Annotated[bool, typer.Option("--resume")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite")] = False,
    target: str | None = None,
    ignore: list[str] | None = None,
    categorical: list[str] | None = None,
    size: int | None = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad")] = False,
    no_compile: Annotated[bool, typer.Option("--no-compile")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q")] = False,
) -> None:
    """Train, test, and write a report."""
    from chainrule.cli.train import train as start

    data = _given(target=target, ignore=ignore, categorical=categorical, size=size, skip_bad=skip_bad)
    given = _given(
        model=model,
        optimizer=optimizer,
        epochs=epochs,
        batch=batch,
        lr=lr,
        schedule=schedule,
        weight_decay=weight_decay,
        augment=augment,
        patience=patience,
        seed=seed,
        data=data,
    )
    if no_compile:
        given["compile"] = False
    start(source, given, out, resume=resume, overwrite=overwrite, quiet=quiet)


def _given(**options: Any) -> dict[str, Any]:
    """Those options that were given."""
    return {
        name: value
        for name, value in options.items()
        if value is not None and value not in ([], {}) and value is not False
    }


@app.command()
def evaluate(
    run: RunArgument,
    source: Annotated[str | None, typer.Argument(metavar="[DATA]")] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad")] = False,
) -> None:
    """Test a trained network again."""
    from chainrule.cli.evaluate import evaluate_run

    evaluate_run(run, source, skip_bad=skip_bad)


@app.command()
def predict(
    run: RunArgument,
    files: Annotated[list[str], typer.Argument(metavar="FILE...")],
    json: Annotated[bool, typer.Option("--json")] = False,
    top: Annotated[int, typer.Option(min=1)] = 1,
    skip_bad: Annotated[bool, typer.Option("--skip-bad")] = False,
) -> None:
    """Predict files."""
    from chainrule.cli.predict import predict_files

    predict_files(run, files, as_json=json, top=top, skip_bad=skip_bad)


@app.command()
def explain(
    run: RunArgument,
    sample: Annotated[int | None, typer.Option(show_default=False)] = None,
    step: Annotated[bool, typer.Option("--step")] = False,
) -> None:
    """Show a network as formulas, or its training step as machine code."""
    if step:
        from chainrule.cli.step import explain_step

        explain_step(run)
        return
    from chainrule.cli.explain import explain_run

    explain_run(run, sample)


@app.command()
def cache(action: Annotated[str | None, typer.Argument(metavar="[clear]")] = None) -> None:
    """Show or clear the cache of compiled code."""
    from chainrule.cli.cache import use_cache

    use_cache(action)
