"""Records what PyTorch's layers, losses and trainings give: ``python -m tests.nn.record_torch``.

Run by hand where PyTorch is installed, from the root of the repository with ``src`` on the path; the
tests compare with the file it writes. Inputs and parameters have the digits of float32, so that they
are the same in float64, in which everything is computed.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch
from tests.nn.cases import (
    FILE,
    LAYER_CASES,
    LENGTHS,
    LOSS_CASES,
    STEPS,
    TRAININGS,
    arguments,
    save,
    trained,
)

from chainrule import nn
from chainrule.core.sample import REALS, Sample

Arrays = dict[str, np.ndarray]
SEED = 20240518


def rounded(x: np.ndarray) -> np.ndarray:
    return x.astype(np.float32).astype(np.float64) if x.dtype.kind == "f" else x


def drawn(case: Sample, rng: np.random.Generator) -> list[np.ndarray]:
    return [rounded(x) for x in case.draw(rng, (REALS,))]


def leaf(x: np.ndarray) -> torch.Tensor:
    return torch.tensor(x, requires_grad=x.dtype.kind == "f")


def flat(result: Any) -> list[torch.Tensor]:
    if isinstance(result, torch.Tensor):
        return [result]
    return [leaf for part in result for leaf in flat(part)]


def named(prefix: str, tensors: Any) -> Arrays:
    pairs = tensors.items() if isinstance(tensors, dict) else enumerate(tensors)
    return {
        f"{prefix}/{key}": np.array(x.detach() if isinstance(x, torch.Tensor) else x)
        for key, x in pairs
        if x is not None
    }


def random_state(module: torch.nn.Module, rng: np.random.Generator) -> None:
    """Give parameters and statistics random elements, variances positive ones."""
    for key, tensor in module.state_dict().items():
        if tensor.is_floating_point():
            sign = 1 if key.endswith("var") else rng.choice([-1, 1], tensor.shape)
            tensor.copy_(torch.tensor(rounded(np.asarray(sign * rng.uniform(0.2, 0.9, tensor.shape)))))


def recorded_layer(key: str, rng: np.random.Generator) -> Arrays:
    name, case = LAYER_CASES[key]
    options = dict(case.params)
    if name in ("Softmax", "LogSoftmax"):
        options.setdefault("dim", -1)
    module = getattr(torch.nn, name)(**options).double()
    random_state(module, rng)
    arrays = drawn(case, rng)
    found = {**named(f"{key}/inputs", arrays), **named(f"{key}/state", module.state_dict())}
    for mode in ("train", "eval") if list(module.buffers()) else ("eval",):
        module.train(mode == "train")
        found |= called(f"{key}/{mode}", name, module, arrays, rng)
        found |= named(f"{key}/{mode}/state", dict(module.named_buffers()))
    return found


def called(prefix: str, name: str, module: Any, arrays: list[np.ndarray], rng: np.random.Generator) -> Arrays:
    """Results of a call, and the gradients by inputs and parameters for random cotangents."""
    module.zero_grad()
    inputs = [leaf(x) for x in arrays]
    if prefix.split("/")[1] == "lengths":
        outputs = packed(module, inputs[0])
    else:
        outputs = flat(module(*arguments(name, inputs)))
    cotangents = [torch.tensor(rounded(rng.standard_normal(y.shape))) for y in outputs]
    if any(y.requires_grad for y in outputs):
        torch.autograd.backward(outputs, cotangents)
    parameters = {key: p.grad for key, p in module.named_parameters()}
    return {
        **named(f"{prefix}/outputs", outputs),
        **named(f"{prefix}/cotangents", cotangents),
        **named(f"{prefix}/by_inputs", [x.grad for x in inputs]),
        **named(f"{prefix}/by_parameters", parameters),
    }


def packed(module: Any, x: torch.Tensor) -> list[torch.Tensor]:
    rnn, batch_first = torch.nn.utils.rnn, module.batch_first
    sequence = rnn.pack_padded_sequence(x, list(LENGTHS), batch_first=batch_first, enforce_sorted=False)
    output, state = module(sequence)
    padded, _ = rnn.pad_packed_sequence(output, batch_first=batch_first)
    return flat((padded, state))


def recorded_loss(key: str, rng: np.random.Generator) -> Arrays:
    name, case, reduction = LOSS_CASES[key]
    options = {k: torch.tensor(v).double() if "weight" in k else v for k, v in case.params.items()}
    module = getattr(torch.nn, nn.LOSSES[name].module.__name__)(**options | {"reduction": reduction})
    x, target = drawn(case, rng)
    input = leaf(x)
    value = module(input, torch.tensor(target))
    cotangent = torch.tensor(rounded(np.asarray(rng.standard_normal(value.shape))))
    value.backward(cotangent)
    by_input: Any = input.grad
    arrays = {"input": x, "target": target, "output": value, "cotangent": cotangent, "by_input": by_input}
    return named(key, arrays)


def recorded_training(key: str, rng: np.random.Generator) -> Arrays:
    build, shape, optimizer, options = TRAININGS[key]
    torch.manual_seed(SEED)
    model = build(torch.nn)
    state = {k: v.clone() for k, v in model.state_dict().items()}
    x, y = rounded(rng.standard_normal(shape)), rng.integers(0, 3, shape[0])
    found = {**named(f"{key}/state", state), **named(key, {"x": x, "y": y})}
    for dtype in (torch.float32, torch.float64):
        model.to(dtype).load_state_dict(state)
        data = torch.tensor(x, dtype=dtype), torch.tensor(y)
        losses = trained(
            model,
            lambda m, data=data: torch.nn.functional.cross_entropy(m(data[0]), data[1]),
            getattr(torch.optim, optimizer)(model.parameters(), **options),
        )
        assert len(losses) == STEPS
        found[f"{key}/losses/{str(dtype).removeprefix('torch.')}"] = np.array(losses)
    return found


def reference(seed: int) -> Arrays:
    """Everything that is compared, from random inputs and parameters."""
    rng = np.random.default_rng(seed)
    found: Arrays = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for key in LAYER_CASES:
            if key.split("/")[0] != "Dropout":
                found |= recorded_layer(key, rng)
        for key in LOSS_CASES:
            found |= recorded_loss(key, rng)
        for key in TRAININGS:
            found |= recorded_training(key, rng)
    return found


if __name__ == "__main__":
    save(reference(SEED))
    print(f"wrote {FILE.name}, {FILE.stat().st_size / 1000:.0f} kB, from PyTorch {torch.__version__}")
