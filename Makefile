# Everything happens in .venv. `make ask` needs Python 3.11 or newer and make, nothing else.
Q ?= 祁东县提出了哪些人才政策?
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys, venv, ensurepip; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
# The compat mode is one line in a .pth file; the default one costs every start of `rag` 17 ms for an import hook.
INSTALL := $(BIN)/python -m pip install --quiet --config-settings editable_mode=compat -e
SHARED ?= ../shared
GOLD := $(SHARED)/gold
SETS ?= $(notdir $(patsubst %/corpus.jsonl,%,$(wildcard $(SHARED)/data/eval/*/corpus.jsonl)))
INPUTS := pyproject.toml constraints.txt
CODE := rag api embeddings seeds tests tools

# A constraints file in the environment holds in isolated builds too (jieba is built from its sources).
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
# Without its cached bytecode pytest compiles every test file anew in every worker: a fifth of the fast tests' time.
export PYTHONDONTWRITEBYTECODE :=
export Q

.PHONY: ask serve eval bench test fast check format readme clean

ask: $(VENV)/base  ## answer a question from the bundled articles, or from your index: make ask Q="…"
	@$(BIN)/rag ask "$$Q" $(ARGS)

serve: $(VENV)/base  ## HTTP and web page: make serve ARGS="--port 8080"
	@$(BIN)/rag serve $(ARGS)

eval: $(VENV)/base  ## measures on the bundled gold questions, and on the development data where it lies beside
	@$(BIN)/rag eval $(ARGS)
	@test ! -d $(GOLD) || $(BIN)/rag eval --gold $(GOLD)/seeds-dev.jsonl --docs $(SHARED)/seeds
	@test ! -d $(GOLD) || $(BIN)/rag eval --gold $(GOLD)/dev.jsonl --docs $(GOLD)/docs
	@test ! -d $(GOLD) || $(BIN)/rag eval --gold $(GOLD)/raw/dev.jsonl --docs $(GOLD)/raw/docs
	@$(BIN)/rag eval --ablate
	@test ! -d $(GOLD) || $(BIN)/rag eval --ablate --gold $(GOLD)/dev.jsonl --docs $(GOLD)/docs
	@for set in $(SETS); do for retriever in lexical dense hybrid; do \
		$(BIN)/rag eval --beir $(SHARED)/data/eval/$$set --retriever $$retriever || exit 1; done; done

bench: $(VENV)/dev  ## speed of start, ingest and search
	@for bench in tests/benchmarks/bench_*.py; do echo "== $$bench"; $(BIN)/python -m "$$(echo $${bench%.py} | tr / .)" || exit 1; done

test: $(VENV)/models  ## every test
	$(BIN)/python -m pytest $(ARGS)

fast: $(VENV)/dev  ## the tests that take seconds and need no model, browser or data
	$(BIN)/python -m pytest -n auto --hypothesis-profile=fast -m "not slow and not models and not browser and not shared" $(ARGS)

check: $(VENV)/dev  ## style, types, layers
	$(BIN)/ruff check $(wildcard $(CODE))
	$(BIN)/ruff format --check $(wildcard $(CODE))
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_architecture.py

format: $(VENV)/dev  ## rewrite in the house style
	$(BIN)/ruff check --fix $(wildcard $(CODE))
	$(BIN)/ruff format $(wildcard $(CODE))

readme: $(VENV)/base  ## run the examples of README.md and write their output into it
	$(BIN)/python -m tests.readme

clean:  ## remove the environment and what tools left behind
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer with venv is needed (Debian: apt install python3 python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/base: $(INPUTS) | $(BIN)/python
	$(INSTALL) .
	@# Where bytecode is not written (PYTHONDONTWRITEBYTECODE) every start would compile 70 modules: a tenth of a second.
	@$(BIN)/python -m compileall -q rag api embeddings seeds
	@touch $@

$(VENV)/dev: $(INPUTS) | $(BIN)/python
	$(INSTALL) ".[dev]"
	@touch $@ $(VENV)/base

$(VENV)/models: $(INPUTS) | $(BIN)/python
	$(INSTALL) ".[dev,models,serving]"
	@touch $@ $(VENV)/dev $(VENV)/base
