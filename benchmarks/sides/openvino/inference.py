"""A model compiled for one request at a time, in float32."""

from __future__ import annotations

import openvino
from openvino import properties

from benchmarks import onnx_graph
from benchmarks.models import make
from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """A request of a graph with the job's weights."""
    x = job.arrays["x"]
    model = make(onnx_graph, job.parameters["model"], job.parameters["settings"])
    graph = onnx_graph.graph_of(model, job.weights, x)
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(graph.SerializeToString()), "CPU", {
        properties.hint.performance_mode: properties.hint.PerformanceMode.LATENCY,
        properties.hint.inference_precision: openvino.Type.f32,
        properties.inference_num_threads: job.threads,
    })  # fmt: skip
    request = compiled.create_infer_request()

    def step() -> openvino.InferRequest:
        request.infer({"x": x}, share_inputs=True, share_outputs=True)
        return request

    return Task(step, lambda request: [request.get_output_tensor(0).data.copy()])
