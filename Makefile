# What can be done here; each target makes what it needs. Nothing has to be installed but Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
LOCK := requirements.lock
DEV_LOCK := requirements-dev.lock
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test cover check bench bench-extract bench-poll bench-build bench-search soak lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runs ## crawl a small blog on this machine and publish its feeds into ./demo
	@$(PY) -m crawler demo

test: $(VENV)/.develops ## run all tests
	@$(PY) -m pytest -n auto --dist worksteal $(PYTEST_ARGS)

cover: PYTEST_ARGS += --cov --cov-report=term:skip-covered --cov-fail-under=95
cover: test ## run all tests and measure what they reach, at half the speed

check: $(VENV)/.develops ## lint, types, import contracts
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports

bench: $(VENV)/.develops ## print every figure
	@$(PY) -m bench

bench-extract: $(VENV)/.develops ## compare our extraction with trafilatura, readability, goose3, newspaper4k and defuddle
	@$(PY) -m bench.extract

bench-poll: $(VENV)/.develops ## count and time a poll of quiet blogs beside bare Scrapy, reader and newsboat
	@$(PY) -m bench.poll

bench-build: $(VENV)/.develops ## time documents, archives and builds beside other writers of feeds
	@$(PY) -m bench.build

bench-search: $(VENV)/.develops ## time searches among 100,000 Korean posts
	@$(PY) -m bench.search

soak: $(VENV)/.develops ## run the property tests with thousands of examples each
	@$(PY) -m pytest -n auto --dist worksteal -m hypothesis --hypothesis-profile=soak $(PYTEST_ARGS)

# One lock for people who use it (and what installs it), one for those who work on it; no address is in either.
COMPILE := uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
  --no-strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links
lock: $(VENV)/.develops ## choose the newest versions again (the one target that needs uv, which it installs)
	@$(PIP) install uv
	@printf 'hatchling\neditables\n' | $(VENV)/bin/$(COMPILE) --upgrade pyproject.toml - --output-file $(LOCK)
	@$(VENV)/bin/$(COMPILE) --upgrade pyproject.toml --extra postgresql --extra markdown --extra browser --group dev --constraint $(LOCK) --output-file $(DEV_LOCK)
	@! grep -nE '://|^-|^ *#' $(LOCK) $(DEV_LOCK) || { echo "A lock holds more than versions and hashes."; exit 1; }

clean: ## remove everything that is made here
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* dist build
	find crawler feeds pipelines tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "moafeed needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python lacks its venv module; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)

# Stamps: a second run installs nothing. The project itself is installed editable, so its code is never stale.
$(VENV)/.runs: $(LOCK) pyproject.toml | $(VENV)/bin/python
	@echo "Installing what moafeed needs ..."
	@$(PIP) install --require-hashes -r $(LOCK)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.develops: $(DEV_LOCK) $(LOCK) pyproject.toml | $(VENV)/bin/python
	@echo "Installing what its developers need ..."
	@$(PIP) install --require-hashes -r $(DEV_LOCK)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.runs $@
