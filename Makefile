# Every target sets up what it needs. PYTHON names the interpreter the environment is made from (3.11 to 3.13).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SOTTO_SHARED ?= ../shared
export SOTTO_SHARED

.PHONY: setup demo test lint proto bench peers capture lock clean

setup: $(READY)

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Sotto needs Python 3.11 to 3.13; name one with: make PYTHON=python3.12 setup")'
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "This Python cannot make environments. On Debian or Raspberry Pi OS: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY)
	$(BIN)/sotto demo --pace fast

test: $(READY)
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/architecture

# A spoken file through the virtual microphone; needs PulseAudio, PortAudio (see .ci/run).
capture: $(READY)
	$(BIN)/pytest tests/e2e -m capture

proto: $(READY)
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m tests.architecture.generate proto

bench: $(READY)
	$(BIN)/python -m tests.bench.device
	$(BIN)/python -m tests.bench.hearing_days
	$(BIN)/python -m tests.bench.understanding
	$(BIN)/python -m tests.bench.examination demo dev-1

# Other memories, in an environment of their own: `python -m tests.bench.memory` measures them beside ours.
peers: .venv-peers/.ready

.venv-peers/.ready: tests/bench/peers/requirements.lock
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/bench/peers/requirements.lock
	@touch $@

# Pins every dependency by version and hash; uv is needed only here.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra dev pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra device pyproject.toml -o requirements-device.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate tests/bench/peers/requirements.in -o tests/bench/peers/requirements.lock

clean:
	rm -rf $(VENV) .venv-peers .mypy_cache .ruff_cache .hypothesis .import_linter_cache
