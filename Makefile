# Podpora: `make demo` to try it, `make test` to test it, `make help` for the rest.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo serve test check fmt bench translations lock clean

help: ## Show this list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# One stamp per lock file: a virtual environment is made once and refreshed when its lock changes.
$(VENV)/runtime.stamp: requirements/runtime.txt pyproject.toml
	@$(PYTHON) tools/bootstrap.py runtime
$(VENV)/dev.stamp: requirements/dev.txt pyproject.toml
	@$(PYTHON) tools/bootstrap.py dev

demo: $(VENV)/runtime.stamp ## Try it: sample vendor, demo people, http://127.0.0.1:8000.
	@PODPORA_DEMO=1 podpora demo --host $(HOST) --port $(PORT)

serve: $(VENV)/runtime.stamp ## Serve without demo data.
	@podpora serve --host $(HOST) --port $(PORT)

test: $(VENV)/dev.stamp ## Run the whole test suite, on SQLite and PostgreSQL.
	@python tools/run_tests.py

check: $(VENV)/dev.stamp ## Format, types, contracts, sizes, writes, translations, migrations.
	@python tools/run_checks.py

fmt: $(VENV)/dev.stamp ## Format Python and templates.
	@ruff format . && ruff check --fix-only --quiet .

bench: $(VENV)/dev.stamp ## Measure (docs/explanation/speed.md).
	@python -m bench

translations: $(VENV)/dev.stamp ## Collect strings into src/podpora/locale/*.po and compile them.
	@python tools/translations.py collect

lock: $(VENV)/dev.stamp ## Renew requirements/*.txt from *.in (needs uv).
	@for set in runtime dev; do uv pip compile -q --universal --generate-hashes --python-version 3.11 \
		--no-annotate --no-header requirements/$$set.in -o requirements/$$set.txt; done

clean: ## Remove the virtual environment and caches (never var/).
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
