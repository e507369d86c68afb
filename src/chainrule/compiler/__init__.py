"""The compiler: from a recorded graph to machine code."""
