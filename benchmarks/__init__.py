"""Chainrule side by side with other frameworks: ``python -m benchmarks``, described in README.md."""
