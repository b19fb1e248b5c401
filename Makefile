# What a developer or an operator types. `make run` needs Python 3.11 or newer, make and a package index.

SHELL := bash
BIN := .venv/bin
RUN := .venv/.run-stamp
DEV := .venv/.dev-stamp
PROGRAM := bot handlers conversations catalogue domain documents storage deploy
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help setup run test check rehearse format bench transcripts clean

help:
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 20

setup: $(DEV)  ## install everything, tools for developers included, into .venv

run: $(RUN)  ## start the bot; installs what it needs first
	$(BIN)/motcua run

test: $(DEV)  ## run the tests, then say loudly what was skipped
	@set -o pipefail; color=auto; [ ! -t 1 ] || color=yes; \
	status=0; $(BIN)/python -m pytest -q -rsfE -n auto --dist worksteal --color=$$color | tee .venv/last-test.txt || status=$$?; \
	skipped=$$(grep '^[^ ]*SKIPPED' .venv/last-test.txt || true); \
	if [ -n "$$skipped" ]; then \
		printf '\n%s\n' '!!!!!!!!!!!!!!!!  NOT CHECKED IN THIS RUN  !!!!!!!!!!!!!!!!' "$$skipped"; \
	else \
		echo 'Nothing was skipped.'; \
	fi; \
	exit $$status

check: $(DEV)  ## format, lint, types and import rules, without changing anything
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 $(PROGRAM)
	$(BIN)/lint-imports

rehearse: $(RUN)  ## robots walk every path of every procedure, about 20 seconds
	$(BIN)/motcua rehearse

format: $(DEV)  ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV)  ## measure
	$(BIN)/python -m benchmarks

transcripts: $(DEV)  ## rewrite the bot's lines in the transcripts, for review in the diff
	REWRITE_TRANSCRIPTS=1 $(BIN)/python -m pytest -q tests/transcripts

clean:  ## remove everything that make built
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A set-up runs again only when pyproject.toml changes. The developers' one contains the other.
$(RUN): pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(DEV): pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[dev,s3]'
	@touch $(RUN) $@

$(BIN)/python:
	@old= ; \
	for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
			echo "Making .venv with $$("$$python" --version)"; \
			"$$python" -m venv .venv && exit 0; \
			rm -rf .venv; exit 1; \
		fi; \
		old="$$old $$python"; \
	done; \
	if [ -n "$$old" ]; then \
		echo "Python was found ($${old# }), but it cannot make virtual environments: ensurepip is missing."; \
		echo 'On Debian or Ubuntu: apt-get install python3-venv'; \
		echo 'Elsewhere: install Python from https://www.python.org, or name another one: make PYTHON=/path/to/python3'; \
	else \
		echo 'Python 3.11 or newer is needed and was not found.'; \
		echo 'On Debian or Ubuntu: apt-get install python3 python3-venv'; \
		echo 'Elsewhere: install it from https://www.python.org, or name it: make PYTHON=/path/to/python3'; \
	fi >&2; \
	exit 1
