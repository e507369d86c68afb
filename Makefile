# Every target sets up its own virtual environment in .venv the first time it is needed.
PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin/python
# Further options for pytest or the benchmarks, for example: make test ARGS="-k conv -x"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow bench lint format docs import-time clean base dev

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

demo: base ## Train a network on handwritten digits and write runs/digits/report.html
	$(VENV)/bin/chainrule train digits --model cnn --out runs/digits --overwrite

test: dev ## Run the tests, docstrings and code blocks of the documentation
	$(RUN) -m pytest -n auto $(ARGS)

test-slow: dev ## Run the tests that take longer
	$(RUN) -m pytest -n auto -m slow $(ARGS)

bench: base ## Measure Chainrule beside other frameworks; see benchmarks/README.md
	$(RUN) -m benchmarks $(ARGS)

lint: dev ## Check style and types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

format: dev ## Put the code into the house style
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

docs: base ## Write the reference tables of the documentation from the registries
	$(RUN) docs/generate.py

import-time: base ## Measure how long `import chainrule` takes
	$(RUN) tools/import_time.py

clean: ## Remove the environment, caches and build products; runs/ stays
	rm -rf $(VENV) .bench build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests docs tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

base:
	@$(PYTHON) tools/environment.py $(VENV)

dev:
	@$(PYTHON) tools/environment.py $(VENV) dev
