"""A training script for images in IDX files, as users of PyTorch write it.

Its form is how batches are made: ``loader``, by a `DataLoader` of samples that are moved one by one, or
``tensors``, by indexing tensors that hold everything, and moving the images of a batch together.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from benchmarks.models.command import command_cnn

VALIDATION = 6000
Batches = Iterator[tuple[Any, Any]]


def idx(path: Path) -> Any:
    """An array of an IDX file: two zeros, a type, the number of axes, the extents, the elements."""
    content = gzip.decompress(path.read_bytes())
    axes = content[3]
    shape = np.frombuffer(content, ">i4", axes, 4)
    return torch.from_numpy(np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape).copy())


def samples(folder: Path, part: str) -> tuple[Any, Any]:
    """Images (N, 1, H, W) between 0 and 1, and labels."""
    images, labels = (
        idx(folder / f"{part}-{name}.gz") for name in ("images-idx3-ubyte", "labels-idx1-ubyte")
    )
    return images[:, None].float() / 255, labels.long()


class Shifted(Dataset):
    """Samples whose image is moved by some pixels when it is taken."""

    def __init__(self, x: Any, y: Any, shift: int) -> None:
        self.x, self.y, self.shift = x, y, shift

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, place: int) -> tuple[Any, Any]:
        image, shift = self.x[place], self.shift
        _, height, width = image.shape
        padded = nn.functional.pad(image, (shift, shift, shift, shift))
        top, left = torch.randint(0, 2 * shift + 1, (2,)).tolist()
        return padded[:, top : top + height, left : left + width], self.y[place]


def from_loader(x: Any, y: Any, batch: int, shift: int) -> Callable[[], Batches]:
    """Batches of a pass, by PyTorch's loader."""
    loader = DataLoader(Shifted(x, y, shift), batch, shuffle=True)
    return lambda: iter(loader)


def from_tensors(x: Any, y: Any, batch: int, shift: int) -> Callable[[], Batches]:
    """Batches of a pass, by indexing."""
    padded = nn.functional.pad(x, (shift, shift, shift, shift))
    rows, columns = (torch.arange(size) for size in x.shape[2:])

    def batches() -> Batches:
        for chosen in torch.randperm(len(x)).split(batch):
            top, left = torch.randint(0, 2 * shift + 1, (2, len(chosen), 1))
            of = chosen[:, None, None], (top + rows)[:, :, None], (left + columns)[:, None, :]
            yield padded[of[0], 0, of[1], of[2]][:, None], y[chosen]

    return batches


def accuracy(model: Any, x: Any, y: Any) -> float:
    """The part of images that are right."""
    model.eval()
    with torch.inference_mode():
        right = sum((model(a).argmax(1) == b).sum() for a, b in zip(x.split(500), y.split(500), strict=True))
    return float(right) / len(y)


def trained(
    model: Any, batches: Callable[[], Batches], held: tuple[Any, Any], settings: dict[str, Any]
) -> Any:
    """The weights that did best on the samples that were held back."""
    steps = settings["epochs"] * -(-settings["samples"] // settings["batch"])
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings["lr"], total_steps=steps)
    loss_of, best = nn.CrossEntropyLoss(), (-1.0, model.state_dict())
    for _ in range(settings["epochs"]):
        model.train()
        for x, y in batches():
            optimizer.zero_grad()
            loss_of(model(x.to(memory_format=torch.channels_last)), y).backward()
            optimizer.step()
            schedule.step()
        found = accuracy(model, *held)
        if found > best[0]:
            best = found, {name: value.clone() for name, value in model.state_dict().items()}
    return best[1]


def main(settings: dict[str, Any]) -> None:
    """Train, test, and print the accuracy."""
    torch.set_num_threads(settings["threads"])
    torch.manual_seed(0)
    folder = Path(settings["folder"])
    x, y = samples(folder, "train")
    order = torch.randperm(len(x))
    held, kept = order[:VALIDATION], order[VALIDATION:]
    mean, deviation = x[kept].mean(), x[kept].std()
    x = (x - mean) / deviation
    make = {"loader": from_loader, "tensors": from_tensors}[settings["form"]]
    batches = make(x[kept], y[kept], settings["batch"], settings["shift"])
    model = command_cnn(nn).to(memory_format=torch.channels_last)
    model.load_state_dict(trained(model, batches, (x[held], y[held]), {**settings, "samples": len(kept)}))
    tests, labels = samples(folder, "t10k")
    print(accuracy(model, (tests - mean) / deviation, labels))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
