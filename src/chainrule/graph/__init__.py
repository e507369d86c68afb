"""Recording functions as graphs."""

from chainrule.graph.graph import Graph, Node, StateVariable
from chainrule.graph.recorder import Recorder, record

__all__ = ["Graph", "Node", "Recorder", "StateVariable", "record"]
