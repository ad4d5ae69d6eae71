# The verbs. Everything is made below .venv, var, static/vendor and templates/icons; `make clean` takes it away again.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo check test screens obligations bench stop lock clean
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PYTHON_IN_VENV := $(BIN)/python
MANAGE := $(PYTHON_IN_VENV) manage.py
# npm, pip and Chromium want a home; some service users have none.
ifneq ($(shell test -n "$${HOME:-}" && test -w "$${HOME:-}" && echo yes),yes)
export HOME := $(CURDIR)/var/home
endif
# Checks and tests have servers of their own, so that they never touch the demo's data.
TEST_ENV := SAMVIRKE_VAR="$${SAMVIRKE_VAR:-$(CURDIR)/var/test}" SAMVIRKE_FAST_DB=1 TZ=UTC

help:
	@echo "make setup        everything the other verbs need"
	@echo "make demo         Samvirke with demo data on http://127.0.0.1:8000/ (PORT=… for another port); Ctrl-C stops it"
	@echo "make test         the checks and all tests"
	@echo "make check        style, types, Django's checks, production settings, migrations"
	@echo "make screens      pictures of the screens"
	@echo "make obligations  which duty is proved by which test"
	@echo "make bench        measurements"
	@echo "make stop         ends the embedded database and queue, where a command left them running"
	@echo "make lock         resolves requirements/*.in again"
	@echo "make clean        removes everything that was made, the demo's data included"

setup:
	@mkdir -p "$$HOME"
	@requirements/setup.sh

demo: setup
	@exec $(MANAGE) demo

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(TEST_ENV) $(MANAGE) check
	@deploy/throwaway-env.sh $(MANAGE) check --deploy --fail-level WARNING --settings coordination.settings.production
	@$(TEST_ENV) $(MANAGE) makemigrations --check --dry-run
	@$(TEST_ENV) $(MANAGE) makewalls --check

# The last line of the output is pytest's own summary.
test: setup
	@requirements/setup.sh tests
	@$(MAKE) check
	@status=0; $(TEST_ENV) $(BIN)/pytest -n 2 $(PYTEST_ARGS) || status=$$?; \
	$(TEST_ENV) $(PYTHON_IN_VENV) -m coordination.embedded stop >/dev/null 2>&1 || true; exit $$status

screens: setup
	@requirements/setup.sh tests
	@$(MANAGE) screens

# The tests leave what they proved beside their own servers.
obligations: setup
	@$(TEST_ENV) $(MANAGE) obligations

bench: setup
	@$(MANAGE) bench

stop:
	@$(PYTHON_IN_VENV) -m coordination.embedded stop
	@$(TEST_ENV) $(PYTHON_IN_VENV) -m coordination.embedded stop

lock:
	@for name in runtime dev tools; do \
	  $(PYTHON_IN_VENV) -m uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links $(LOCK_ARGS) requirements/$$name.in --output-file requirements/$$name.txt; \
	done

clean:
	@if [ -x $(PYTHON_IN_VENV) ]; then $(MAKE) stop >/dev/null 2>&1 || true; fi
	@for data in var/postgres var/test/postgres; do link=$$(readlink $$data || true); \
	  if [[ "$$link" == /var/lib/samvirke-*/postgres ]]; then rm -rf "$${link%/postgres}"; fi; done
	@rm -rf var .venv static/vendor templates/icons staticfiles frontend/node_modules frontend/theme-build frontend/design-tokens \
	  .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
