"""A compiled step, stage by stage: graph, loops, machine code, memory, and the time of each kernel."""

from chainrule.explain.stages.explanation import StagesExplanation, explain_stages

__all__ = ["StagesExplanation", "explain_stages"]
