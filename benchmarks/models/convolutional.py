"""Networks of convolutions for small images."""

from __future__ import annotations

from typing import Any

CLASSES = 10


def cnn(nn: Any, dropout: float) -> Any:
    """Two convolutions of 28×28 images, each with batch norm, ReLU and pooling, and two linear layers."""
    first = nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)
    second = nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2)
    head = nn.Flatten(), nn.Dropout(dropout), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, CLASSES)
    return nn.Sequential(*first, *second, *head)


def convolution(nn: Any, inputs: int, outputs: int, kernel: int, **settings: Any) -> list[Any]:
    """A convolution that keeps the size if its stride is 1, without bias, and batch norm."""
    padding = kernel // 2
    return [
        nn.Conv2d(inputs, outputs, kernel, padding=padding, bias=False, **settings),
        nn.BatchNorm2d(outputs),
    ]


def resnet_small(nn: Any, depth: int) -> Any:
    """ResNet for 32×32 images, of 6n+2 layers (He et al. 2015, section 4.2), with 1×1 convolutions around."""

    class Block(nn.Module):
        def __init__(self, inputs: int, outputs: int, stride: int) -> None:
            super().__init__()
            first = convolution(nn, inputs, outputs, 3, stride=stride)
            self.body = nn.Sequential(*first, nn.ReLU(), *convolution(nn, outputs, outputs, 3))
            same = stride == 1 and inputs == outputs
            around = [nn.Identity()] if same else convolution(nn, inputs, outputs, 1, stride=stride)
            self.around, self.relu = nn.Sequential(*around), nn.ReLU()

        def forward(self, x: Any) -> Any:
            return self.relu(self.body(x) + self.around(x))

    layers = [*convolution(nn, 3, 16, 3), nn.ReLU()]
    inputs = 16
    for outputs in (16, 32, 64):
        for place in range((depth - 2) // 6):
            layers.append(Block(inputs, outputs, 2 if place == 0 and outputs > 16 else 1))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES))


# Expansion, channels, repeats and first stride of MobileNetV2's stages (Sandler et al. 2018, table 2), with
# the strides that are usual for 32×32 images.
MOBILENET_STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 1),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def mobilenet_v2(nn: Any, first: int, strides: tuple[int, ...], classes: int) -> Any:
    """MobileNetV2: inverted residuals, depthwise convolutions, ReLU6."""

    class Inverted(nn.Module):
        def __init__(self, inputs: int, outputs: int, expansion: int, stride: int) -> None:
            super().__init__()
            inner = inputs * expansion
            expand = [*convolution(nn, inputs, inner, 1), nn.ReLU6()] if expansion > 1 else []
            depthwise = [*convolution(nn, inner, inner, 3, stride=stride, groups=inner), nn.ReLU6()]
            self.body = nn.Sequential(*expand, *depthwise, *convolution(nn, inner, outputs, 1))
            self.is_residual = stride == 1 and inputs == outputs

        def forward(self, x: Any) -> Any:
            return x + self.body(x) if self.is_residual else self.body(x)

    layers = [*convolution(nn, 3, 32, 3, stride=first), nn.ReLU6()]
    inputs = 32
    for (expansion, outputs, repeats, _), stride in zip(MOBILENET_STAGES, strides, strict=True):
        for place in range(repeats):
            layers.append(Inverted(inputs, outputs, expansion, stride if place == 0 else 1))
            inputs = outputs
    layers += [*convolution(nn, inputs, 1280, 1), nn.ReLU6()]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, classes))


def mobilenet_v2_small(nn: Any) -> Any:
    """MobileNetV2 for 32×32 images."""
    return mobilenet_v2(nn, 1, tuple(stride for *_, stride in MOBILENET_STAGES), CLASSES)
