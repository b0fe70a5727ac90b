# What this repository can do. `make help` lists it; the work is in tools/.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint lock size bench bench-peers adapter clean

# These change which packages are taken, or which Python (tools/uv.sh says how).
unexport PYENV_VERSION UV_INDEX UV_EXTRA_INDEX_URL UV_FIND_LINKS UV_DEFAULT_INDEX
export UV_NO_CONFIG := 1

BIN := .venv/bin

help:   ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile

setup:  ## installs everything into .venv/, tests and linters too
	@sh tools/setup.sh dev
	@echo "Set up. Next: make run, or make test."

run:    ## starts the advisor, which publishes what is saved; it prints its address
	@sh tools/setup.sh run
	@$(BIN)/advisor serve --watch

test:   ## runs all tests; make test ARGS=tests/store runs some, ARGS=--cov with branch coverage
	@sh tools/setup.sh dev
	@$(BIN)/python -m pytest $(or $(ARGS),-n 2 --dist loadfile --no-loadscope-reorder)

lint:   ## looks for faults of format, style, types and YAML
	@sh tools/setup.sh dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/yamllint --strict .

lock:   ## renews the locks; make lock KEEP=1 keeps the pins that still fit
	@sh tools/lock.sh $(if $(KEEP),keep)

size:   ## weighs a fresh run-time environment and what the development tools add
	@sh tools/size.sh

bench:  ## measures a turn over HTTP, turns per second, memory, start-up
	@sh tools/setup.sh dev
	@$(BIN)/python bench/turn.py $(ARGS)

bench-peers:  ## measures what is understood, beside stock Rasa and two plain methods
	@sh tools/setup.sh dev
	@sh tools/peers.sh || echo "Without that environment stock Rasa is not measured."
	@$(BIN)/python bench/understanding.py $(ARGS)

adapter: ## fits anew what the sentence encoder is taught about the entries
	@sh tools/setup.sh dev
	@sh tools/adapter.sh $(ARGS)

clean:  ## removes environments and caches; var/ (database, models) stays
	rm -rf .venv .uv var/peers var/adapter .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
