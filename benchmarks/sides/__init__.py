"""Who takes part: a row for each framework, with the forms in which it does each kind of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.work import Work

OURS = "chainrule"


@dataclass(frozen=True)
class Form:
    """A way to use a framework: ``eager``, ``compiled``, …; some are for images, or for some models alone."""

    name: str
    is_for_images: bool = False
    models: tuple[str, ...] = ()

    def does(self, work: Work) -> bool:
        """Whether it applies to a work."""
        is_shown = not self.models or work.parameters.get("model") in self.models
        return is_shown and (work.is_image or not self.is_for_images)


@dataclass(frozen=True, eq=False)
class Side:
    """A framework.

    Parameters
    ----------
    name, title
        Of its folder in ``benchmarks/sides``, and as printed.
    forms
        By kind of work; each is measured.
    requirements
        Packages of ``requirements-peers.txt`` that it needs; without any it runs in our own environment.
    environment
        Variables of its processes; ``{threads}`` and ``{cache}`` (a folder) are filled in.
    """

    name: str
    title: str
    forms: Mapping[str, tuple[Form, ...]]
    requirements: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contender:
    """A side in one of its forms."""

    side: Side
    form: Form

    @property
    def title(self) -> str:
        """As printed."""
        return f"{self.side.title} {self.form.name}".strip()

    @property
    def key(self) -> str:
        """As files are named."""
        return f"{self.side.name}-{self.form.name}".replace(" ", "-")

    @property
    def is_ours(self) -> bool:
        """Whether this is Chainrule."""
        return self.side.name == OURS


# Kinds of work that are one operation.
KERNELS = ("matmul", "convolution", "bandwidth")

_EAGER, _COMPILED = Form("eager"), Form("compiled")
_CHANNELS_LAST = Form("channels-last", is_for_images=True)
_COMPILED_CHANNELS_LAST = Form("compiled channels-last", is_for_images=True)

SIDES = {
    side.name: side
    for side in (
        Side(
            OURS,
            "Chainrule",
            {kind: (Form(""),) for kind in ("training", "growth", "inference", *KERNELS, "bf16", "command")},
            environment={"CHAINRULE_THREADS": "{threads}", "CHAINRULE_CACHE": "{cache}"},
        ),
        Side(
            "pytorch",
            "PyTorch",
            {
                "training": (_EAGER, _CHANNELS_LAST, _COMPILED, _COMPILED_CHANNELS_LAST),
                "inference": (_EAGER, _CHANNELS_LAST, _COMPILED),
                "growth": (_EAGER,),
                "command": (Form("loader"), Form("tensors")),
                "matmul": (_EAGER,),
                "convolution": (_EAGER, _CHANNELS_LAST),
                "bandwidth": (_EAGER, _COMPILED),
            },
            ("torch",),
            {"TORCHINDUCTOR_CACHE_DIR": "{cache}", "TORCHINDUCTOR_FX_GRAPH_CACHE": "1"},
        ),
        Side(
            "jax",
            "JAX",
            {kind: (Form("jit"),) for kind in ("training", *KERNELS)},
            ("jax", "jaxlib"),
            {
                "JAX_PLATFORMS": "cpu",
                "JAX_COMPILATION_CACHE_DIR": "{cache}",
                "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
                "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
            },
        ),
        Side(
            "keras",
            "Keras",
            {"training": (Form("tf.function"), Form("jit_compile"))},
            ("tensorflow", "keras"),
            {
                "KERAS_BACKEND": "tensorflow",
                "TF_CPP_MIN_LOG_LEVEL": "2",
                "CUDA_VISIBLE_DEVICES": "",
                "TF_NUM_INTRAOP_THREADS": "{threads}",
                "TF_NUM_INTEROP_THREADS": "{threads}",
            },
        ),
        Side("onnxruntime", "ONNX Runtime", {"inference": (Form(""),)}, ("onnxruntime", "onnx")),
        Side("openvino", "OpenVINO", {"inference": (Form(""),)}, ("openvino", "onnx")),
        Side(
            "chainrule_float32",
            "Chainrule in float32",
            {"bf16": (Form(""),)},
            environment={"CHAINRULE_THREADS": "{threads}", "CHAINRULE_CACHE": "{cache}"},
        ),
        Side("numpy", "NumPy", {"training": (Form("", models=("mlp",)),), "matmul": (Form(""),)}),
    )
}


def contenders(work: Work, sides: list[Side]) -> list[Contender]:
    """All forms of these sides that do this work."""
    return [
        Contender(side, form) for side in sides for form in side.forms.get(work.kind, ()) if form.does(work)
    ]
