# `make run` starts Lianying with the demo county; `make test` runs every check and test that this machine can.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --no-strip-extras --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: run setup test lint format journeys bench screenshots messages lock vendor clean

run: .venv/base.stamp
	$(BIN)/lianying up --demo

setup: .venv/base.stamp
	@# Whoever serves need not be able to write here.
	$(BIN)/python scripts/messages.py compile

test: .venv/dev.stamp
	$(BIN)/python -m tests.run

lint: .venv/dev.stamp
	$(BIN)/python -m tests.run lint

format: .venv/dev.stamp
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

journeys: .venv/dev.stamp
	$(BIN)/python -m tests.run journeys

bench: .venv/dev.stamp
	$(BIN)/python -m bench

screenshots: .venv/dev.stamp
	$(BIN)/python -m scripts.screenshots

messages: .venv/base.stamp
	$(BIN)/python scripts/messages.py collect
	$(BIN)/python scripts/messages.py check

lock: .venv/dev.stamp
	$(LOCK) --upgrade requirements/base.in -o requirements/base.txt
	$(LOCK) --upgrade requirements/dev.in -o requirements/dev.txt

vendor: .venv/base.stamp
	$(BIN)/python scripts/vendor.py

clean:
	rm -rf .venv build .coverage .*_cache .hypothesis *.egg-info
	find lianying tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	find lianying/locale -name '*.mo' -delete

.venv/base.stamp: requirements/base.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Lianying needs Python 3.11 or newer; try: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements/base.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/base.stamp
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
