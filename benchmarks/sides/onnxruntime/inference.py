"""A session with all optimisations."""

from __future__ import annotations

import onnxruntime

from benchmarks import onnx_graph
from benchmarks.models import make
from benchmarks.task import Job, Task


def build(job: Job, form: str) -> Task:
    """A session of a graph with the job's weights."""
    x = job.arrays["x"]
    model = make(onnx_graph, job.parameters["model"], job.parameters["settings"])
    graph = onnx_graph.graph_of(model, job.weights, x)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.intra_op_num_threads, options.inter_op_num_threads = job.threads, 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    session = onnxruntime.InferenceSession(graph.SerializeToString(), options, ["CPUExecutionProvider"])
    return Task(lambda: session.run(["y"], {"x": x}), list)
