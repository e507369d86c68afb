"""A package of layers that write an ONNX graph: `benchmarks.models` makes its networks of them.

Calling a model made of these layers on a `Value` adds nodes to the value's graph. Weights have the names of
our ``state_dict``. Operators are those that exporters write, and runtimes know how to fuse.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, helper, numpy_helper

OPSET = 20
EPSILON = 1e-5


class Graph:
    """Nodes and weights so far."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, np.ndarray] = {}

    def add(
        self, op: str, *inputs: str, shape: tuple[int, ...] = (), outputs: int = 1, **attributes: Any
    ) -> Value:
        """A node; its first result."""
        names = [f"v{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, **attributes))
        return Value(self, names[0], shape)

    def constant(self, array: np.ndarray, name: str = "") -> str:
        """The name of an array that is part of the graph."""
        key = name or f"c{len(self.constants)}"
        self.constants[key] = np.asarray(array, order="C")
        return key

    def weight(self, name: str) -> str:
        """The name of a weight."""
        return self.constant(self.weights[name], name)


class Value:
    """A result of a node: what networks do with tensors, besides calling layers, is written here."""

    def __init__(self, graph: Graph, name: str, shape: tuple[int, ...]) -> None:
        self.graph, self.name, self.shape = graph, name, shape

    def __add__(self, other: Value) -> Value:
        return self.graph.add("Add", self.name, other.name, shape=self.shape)

    def reshape(self, shape: tuple[int, ...]) -> Value:
        """Other axes."""
        return self.graph.add("Reshape", self.name, self.graph.constant(np.array(shape)), shape=shape)

    def transpose(self, *axes: int) -> Value:
        """Axes in another order."""
        return self.graph.add("Transpose", self.name, perm=axes, shape=tuple(self.shape[a] for a in axes))

    def swapaxes(self, first: int, second: int) -> Value:
        """Two axes exchanged."""
        axes = list(range(len(self.shape)))
        axes[first], axes[second] = axes[second], axes[first]
        return self.transpose(*axes)

    def __getitem__(self, places: tuple[slice, int]) -> Value:
        """``[:, i]``: one place of the second axis."""
        index = self.graph.constant(np.array(places[1]))
        shape = (self.shape[0], *self.shape[2:])
        return self.graph.add("Gather", self.name, index, axis=1, shape=shape)


class Module:
    """A layer: its parts are named by the attributes that hold them."""

    prefix = ""

    def __call__(self, x: Value) -> Any:
        return self.forward(x)

    def forward(self, x: Value) -> Any:
        """Add nodes; the result."""
        raise NotImplementedError

    def parts(self) -> Iterator[tuple[str, Module]]:
        """Layers in it, by name."""
        return ((name, part) for name, part in vars(self).items() if isinstance(part, Module))

    def named(self, prefix: str) -> Module:
        """Itself, with the names of its weights known."""
        self.prefix = prefix
        for name, part in self.parts():
            part.named(f"{prefix}{name}.")
        return self

    def weight(self, x: Value, name: str) -> str:
        """The name of one of its weights in the graph of a value."""
        return x.graph.weight(self.prefix + name)

    def array(self, x: Value, name: str) -> np.ndarray:
        """A weight itself."""
        return x.graph.weights[self.prefix + name]


class Sequential(Module):
    """One layer after the other."""

    def __init__(self, *layers: Module) -> None:
        self.layers = layers

    def parts(self) -> Iterator[tuple[str, Module]]:
        """By number."""
        return ((str(i), layer) for i, layer in enumerate(self.layers))

    def forward(self, x: Value) -> Any:
        """The last one's result."""
        for layer in self.layers:
            x = layer(x)
        return x


class _Pointwise(Module):
    op = ""

    def forward(self, x: Value) -> Value:
        """One node."""
        return x.graph.add(self.op, x.name, shape=x.shape)


class ReLU(_Pointwise):
    """max(x, 0)."""

    op = "Relu"


class GELU(_Pointwise):
    """By the error function."""

    op = "Gelu"


class Identity(Module):
    """Nothing."""

    def forward(self, x: Value) -> Value:
        """The value itself."""
        return x


class ReLU6(Module):
    """Between 0 and 6."""

    def forward(self, x: Value) -> Value:
        """One node."""
        low, high = (x.graph.constant(np.float32(limit), f"limit{limit}") for limit in (0, 6))
        return x.graph.add("Clip", x.name, low, high, shape=x.shape)


class Conv2d(Module):
    """Square kernels."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int, stride: int = 1, padding: int = 0, groups: int = 1,
        bias: bool = True,
    ) -> None:  # fmt: skip
        self.outputs, self.kernel, self.stride = outputs, kernel, stride
        self.padding, self.groups, self.bias = padding, groups, bias

    def forward(self, x: Value) -> Value:
        """One node."""
        size = (x.shape[2] + 2 * self.padding - self.kernel) // self.stride + 1
        names = [self.weight(x, name) for name in (["weight", "bias"] if self.bias else ["weight"])]
        return x.graph.add(
            "Conv", x.name, *names,
            kernel_shape=[self.kernel] * 2, strides=[self.stride] * 2, pads=[self.padding] * 4,
            group=self.groups, shape=(x.shape[0], self.outputs, size, size),
        )  # fmt: skip


class BatchNorm2d(Module):
    """By the running statistics."""

    def __init__(self, channels: int) -> None:
        self.channels = channels

    def forward(self, x: Value) -> Value:
        """One node."""
        names = [self.weight(x, name) for name in ("weight", "bias", "running_mean", "running_var")]
        return x.graph.add("BatchNormalization", x.name, *names, epsilon=EPSILON, shape=x.shape)


class MaxPool2d(Module):
    """Square windows."""

    def __init__(self, kernel: int, stride: int = 0, padding: int = 0) -> None:
        self.kernel, self.stride, self.padding = kernel, stride or kernel, padding

    def forward(self, x: Value) -> Value:
        """One node."""
        size = (x.shape[2] + 2 * self.padding - self.kernel) // self.stride + 1
        return x.graph.add(
            "MaxPool", x.name,
            kernel_shape=[self.kernel] * 2, strides=[self.stride] * 2, pads=[self.padding] * 4,
            shape=(*x.shape[:2], size, size),
        )  # fmt: skip


class AdaptiveAvgPool2d(Module):
    """Of all pixels."""

    def __init__(self, size: int) -> None:
        assert size == 1

    def forward(self, x: Value) -> Value:
        """One node."""
        return x.graph.add("GlobalAveragePool", x.name, shape=(*x.shape[:2], 1, 1))


class Flatten(Module):
    """All axes but the first as one."""

    def forward(self, x: Value) -> Value:
        """One node."""
        return x.graph.add("Flatten", x.name, shape=(x.shape[0], math.prod(x.shape[1:])))


class Linear(Module):
    """Weights (outputs, inputs)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        self.outputs = outputs

    def forward(self, x: Value) -> Value:
        """``Gemm`` for matrices, a product and a sum for more axes."""
        shape, bias = (*x.shape[:-1], self.outputs), self.weight(x, "bias")
        if len(x.shape) == 2:
            return x.graph.add("Gemm", x.name, self.weight(x, "weight"), bias, transB=1, shape=shape)
        product = x.graph.add("MatMul", x.name, x.graph.constant(self.array(x, "weight").T))
        return x.graph.add("Add", product.name, bias, shape=shape)


class LayerNorm(Module):
    """Along the last axis."""

    def __init__(self, width: int) -> None:
        self.width = width

    def forward(self, x: Value) -> Value:
        """One node."""
        names = [self.weight(x, name) for name in ("weight", "bias")]
        return x.graph.add("LayerNormalization", x.name, *names, axis=-1, epsilon=EPSILON, shape=x.shape)


class LSTM(Module):
    """Batch first; ONNX has the gates in the order input, output, forget, cell, and time first."""

    def __init__(self, inputs: int, width: int, num_layers: int, batch_first: bool) -> None:
        assert batch_first
        self.width, self.count = width, num_layers

    def forward(self, x: Value) -> tuple[Value, None]:
        """A node for each layer."""
        x = x.transpose(1, 0, 2)
        steps, batch, _ = x.shape
        for number in range(self.count):
            y = x.graph.add("LSTM", x.name, *self._arrays(x, number), outputs=1, hidden_size=self.width)
            squeezed = x.graph.add("Squeeze", y.name, x.graph.constant(np.array([1])))
            x = Value(x.graph, squeezed.name, (steps, batch, self.width))
        return x.transpose(1, 0, 2), None

    def _arrays(self, x: Value, number: int) -> list[str]:
        inner, again, first, second = (
            _gates(self.array(x, f"{name}_l{number}"))
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        return [x.graph.constant(w[None]) for w in (inner, again, np.concatenate([first, second]))]


def _gates(w: np.ndarray) -> np.ndarray:
    """Input, forget, cell, output as input, output, forget, cell."""
    i, f, g, o = np.split(w, 4)
    return np.concatenate([i, o, f, g])


class functional:  # noqa: N801
    """Functions that networks call."""

    @staticmethod
    def scaled_dot_product_attention(q: Value, k: Value, v: Value) -> Value:
        """Two products and a softmax, as exporters write it; runtimes know the pattern."""
        graph, keys = q.graph, k.swapaxes(2, 3)
        scores = graph.add("MatMul", q.name, keys.name)
        scaled = graph.add("Mul", scores.name, graph.constant(np.float32(1 / math.sqrt(q.shape[-1]))))
        weights = graph.add("Softmax", scaled.name, axis=-1)
        return graph.add("MatMul", weights.name, v.name, shape=q.shape)


def graph_of(model: Module, weights: dict[str, np.ndarray], x: np.ndarray) -> ModelProto:
    """A model as an ONNX graph with one input ``x`` and one output ``y``."""
    graph = Graph(weights)
    y = model.named("")(Value(graph, "x", x.shape))
    dtype = helper.np_dtype_to_tensor_dtype(x.dtype)
    inputs = [helper.make_tensor_value_info("x", dtype, x.shape)]
    graph.nodes.append(helper.make_node("Identity", [y.name], ["y"]))
    outputs = [helper.make_tensor_value_info("y", dtype, y.shape)]
    constants = [numpy_helper.from_array(array, name) for name, array in graph.constants.items()]
    made = helper.make_graph(graph.nodes, "model", inputs, outputs, constants)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
