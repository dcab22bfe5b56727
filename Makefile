# Everything that a developer does, by name: `make` lists it. Needs git, make and Python 3.11 or later, nothing else.

PYTHON ?= $(shell for each in python3.11 python3.12 python3.13 python3 python; do \
  $$each -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
BIN := .venv/bin
GAZETTEER := services/extractor/data/gazetteer.sqlite
TABLES := $(addprefix services/extractor/data/,regions.tsv areas.tsv spellings.tsv)
ARGS ?=
PAGES ?= $(wildcard ../shared/data/clean/*.jsonl.xz)

# uv, told what pip's settings (files or PIP_ variables) say about where packages come from.
UV = eval "$$($(BIN)/pip config list | sort -r | sed -nE \
  -e 's/^[^=]*\.index-url=/export UV_DEFAULT_INDEX=/p' -e 's/^[^=]*\.extra-index-url=/export UV_INDEX=/p' \
  -e 's/^[^=]*\.find-links=/export UV_FIND_LINKS=/p' -e 's/^[^=]*\.cert=/export SSL_CERT_FILE=/p')" && $(BIN)/uv

# What the output file already pins stays, unless pyproject.toml no longer allows it or UPGRADE says --upgrade.
RESOLVE = $(UV) pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --custom-compile-command 'make lock' pyproject.toml
RUNTIME = $(RESOLVE) --output-file
DEVELOPMENT = $(RESOLVE) --extra local --extra dev --constraint requirements.lock --output-file

.PHONY: help setup demo up test fuzz bench-clean bench-extract bench-fetch check lock upgrade lock-is-fresh peers-lock clean

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | awk -F '\t' '{ printf "make %-14s %s\n", $$1, $$2 }'

setup: .venv/.stamp $(GAZETTEER) ## make .venv from requirements-dev.lock; every other target does that by itself

demo: .venv/.stamp $(GAZETTEER) ## the whole pipeline on this machine, over a small site: no Docker and no Java needed
	@$(BIN)/dateline demo $(ARGS)

up: .venv/.stamp $(GAZETTEER) ## the same, left running until Ctrl-C
	@$(BIN)/dateline up

test: .venv/.stamp $(GAZETTEER) ## every test; some: make test ARGS="-k robots"
	@$(BIN)/pytest $(ARGS)

bench-fetch: .venv/.stamp .venv/scrapy/bin/scrapy ## our fetcher and Scrapy on the same hosts of loopback: pages for a second of CPU
	@$(BIN)/python -m tests.benchmarks.fetch --scrapy .venv/scrapy/bin/python $(ARGS)

.venv/scrapy/bin/scrapy:
	@$(PYTHON) -m venv .venv/scrapy && .venv/scrapy/bin/pip install --quiet --disable-pip-version-check scrapy

bench-clean: .venv/.stamp .venv/peers/.stamp ## the cleaner beside its peers on labelled pages; writes the README's table
	@$(BIN)/python -m tests.benchmarks.cleaners $(PAGES) --peers .venv/peers --readme README.md $(ARGS)

fuzz: .venv/.stamp .venv/fuzz/atheris ## feed the cleaner what a fuzzer makes up (atheris, Linux), half an hour: ARGS=-max_total_time=60
	@PYTHONPATH=.venv/fuzz $(BIN)/python -m tests.fuzz.clean .venv/fuzz/corpus -artifact_prefix=.venv/fuzz/ \
	  -max_total_time=1800 $(ARGS)

.venv/fuzz/atheris: | .venv/.stamp
	@$(BIN)/pip install --quiet --disable-pip-version-check --target .venv/fuzz atheris

check: .venv/.stamp ## format, lint, types, import borders, lock files
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory lock-is-fresh

bench-extract: .venv/.stamp $(GAZETTEER) ## the extractor on annotated articles; writes the table in README.md
	$(BIN)/python -m tests.benchmarks.extract ../shared --readme README.md

lock: .venv/.stamp ## bring the lock files in line with pyproject.toml
	@$(RUNTIME) requirements.lock
	@$(DEVELOPMENT) requirements-dev.lock

upgrade: .venv/.stamp ## the same, with the newest version of everything
	@$(MAKE) --no-print-directory lock UPGRADE=--upgrade

lock-is-fresh: .venv/.stamp ## fail if the lock files do not say what pyproject.toml asks for
	@mkdir -p .venv/fresh && cp requirements.lock requirements-dev.lock .venv/fresh
	@$(RUNTIME) .venv/fresh/requirements.lock
	@$(DEVELOPMENT) .venv/fresh/requirements-dev.lock
	@for lock in requirements.lock requirements-dev.lock; do \
	  diff -u $$lock .venv/fresh/$$lock || { echo "$$lock is stale: make lock"; exit 1; }; done
	@echo "The lock files say what pyproject.toml asks for."

peers-lock: .venv/.stamp ## bring the lock of the benchmark's peers in line with tests/benchmarks/peers.in
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command 'make peers-lock' tests/benchmarks/peers.in \
	  --output-file tests/benchmarks/peers.lock

clean: ## remove .venv and whatever the tools left
	rm -rf .venv .*_cache .hypothesis build dist
	find services tests deploy -name __pycache__ -type d -prune -exec rm -rf {} +

$(GAZETTEER): services/extractor/world/compact.py services/extractor/world/atlas.py $(TABLES) | .venv/.stamp
	@$(BIN)/python -m services.extractor.world.compact

.venv/.stamp: requirements-dev.lock pyproject.toml
	$(if $(PYTHON),,$(error Python 3.11 or later with its venv module is needed: make PYTHON=/path/to/python3.11))
	@echo "Setting up .venv with $$($(PYTHON) --version): half a minute, once." >&2
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@awk '/^[a-z]/ { uv = /^uv==/ } uv' requirements-dev.lock > .venv/uv.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement .venv/uv.txt
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-dev.lock \
	  || { echo "uv could not; pip takes a minute."; \
	       $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The peers lie beside the packages of .venv, not among them: neither lock file knows them.
.venv/peers/.stamp: tests/benchmarks/peers.lock .venv/.stamp
	@$(UV) pip install --quiet --python $(BIN)/python --target .venv/peers --require-hashes --requirement $<
	@touch $@
