# The commands of this repository. `make install` needs Python 3.11+, git and make; nothing else.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TREE := schema resolvers adapters modal_app tests benchmarks
.DEFAULT_GOAL := help

.PHONY: help install install-agent install-dev demo run check test bench lock schema playground clean

help:  ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.runtime: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# Only the CLI inside the wheel is used, never the SDK around it, so its dependencies stay out.
$(VENV)/.agent: requirements-agent.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-agent.lock
	@touch $@

install: $(VENV)/.runtime  ## create .venv with the `dreamcore` command
install-agent: $(VENV)/.agent  ## add the Claude CLI (a large wheel)
install-dev: $(VENV)/.dev  ## add what check, test and bench need; they call it themselves

demo: install  ## make a game and tell where to play it
	$(BIN)/dreamcore demo

run: install  ## serve the gateway with embedded defaults
	$(BIN)/dreamcore serve

check: $(VENV)/.dev  ## lint, types, import arrows, exported schema, budgets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/dreamcore schema | diff -u schema/schema.graphql -
	$(BIN)/python -m tests.budgets

test: $(VENV)/.dev $(VENV)/.agent  ## the whole test suite
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

bench: $(VENV)/.dev  ## latency, throughput, memory and start-up (see docs/performance.md)
	$(BIN)/python -m benchmarks

schema: install  ## write the GraphQL schema to schema/schema.graphql
	$(BIN)/dreamcore schema > schema/schema.graphql.tmp && mv schema/schema.graphql.tmp schema/schema.graphql

playground:  ## build the playground's committed files again (needs Node 20.19+; running it does not)
	cd clients/playground && npm ci --ignore-scripts --no-audit --no-fund && npm run check && npm run build

lock:  ## resolve the pinned, hashed requirements again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group build --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock
	uv pip compile -q --no-deps --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --only-binary :all: requirements-agent.in -o requirements-agent.lock

clean:  ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
