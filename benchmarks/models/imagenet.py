"""Networks of convolutions for images of 224×224 pixels and 1000 classes."""

from __future__ import annotations

from typing import Any

from benchmarks.models.convolutional import convolution, mobilenet_v2

CLASSES = 1000

# Channels inside, repeats and first stride of ResNet-50's stages (He et al. 2015, table 1).
RESNET50_STAGES = ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2))
EXPANSION = 4


def resnet50(nn: Any) -> Any:
    """ResNet of 50 layers, whose strides are in the 3×3 convolutions."""

    class Bottleneck(nn.Module):
        def __init__(self, inputs: int, inner: int, stride: int) -> None:
            super().__init__()
            outputs = EXPANSION * inner
            narrow = [*convolution(nn, inputs, inner, 1), nn.ReLU()]
            middle = [*convolution(nn, inner, inner, 3, stride=stride), nn.ReLU()]
            self.body = nn.Sequential(*narrow, *middle, *convolution(nn, inner, outputs, 1))
            around = (
                [nn.Identity()] if inputs == outputs else convolution(nn, inputs, outputs, 1, stride=stride)
            )
            self.around, self.relu = nn.Sequential(*around), nn.ReLU()

        def forward(self, x: Any) -> Any:
            return self.relu(self.body(x) + self.around(x))

    layers = [*convolution(nn, 3, 64, 7, stride=2), nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1)]
    inputs = 64
    for inner, repeats, first in RESNET50_STAGES:
        for place in range(repeats):
            layers.append(Bottleneck(inputs, inner, first if place == 0 else 1))
            inputs = EXPANSION * inner
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, CLASSES))


def mobilenet_v2_image(nn: Any) -> Any:
    """MobileNetV2, with the strides of the paper."""
    return mobilenet_v2(nn, first=2, strides=(1, 2, 2, 2, 1, 2, 1), classes=CLASSES)
