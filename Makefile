# make run: the app.  make test: every check.  make setup-browser: a browser for the browser tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CODE := app.py lib pages tests scripts

.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: run test setup-browser bench screenshot docs check unit pages browser clean

run: $(VENV)/requirements.txt.stamp
	$(BIN)/streamlit run app.py

# Unit and page tests share the work out over two processes, each with caches of its own; a browser wants the machine.
# Coverage is judged once, over unit and page tests together.
test: check unit pages browser
	$(BIN)/coverage report

check: $(VENV)/requirements-dev.txt.stamp
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports

unit: $(VENV)/requirements-dev.txt.stamp
	$(BIN)/pytest tests/unit -n 2 --cov --cov-fail-under=0 --cov-report=

pages: $(VENV)/requirements-dev.txt.stamp
	$(BIN)/pytest tests/pages -n 2 --dist loadfile --cov --cov-append --cov-fail-under=0 --cov-report=

browser: $(VENV)/requirements-dev.txt.stamp
	$(BIN)/pytest tests/browser

bench: $(VENV)/requirements-dev.txt.stamp
	PYTHONPATH=.:tests/browser $(BIN)/python tests/bench/bench.py
	PYTHONPATH=.:tests $(BIN)/python tests/bench/bench_providers.py
	PYTHONPATH=.:tests $(BIN)/python tests/bench/bench_load.py

screenshot: $(VENV)/requirements-dev.txt.stamp
	PYTHONPATH=.:tests/browser $(BIN)/python scripts/screenshot.py

# docs/levers.md and the like say what the code says: write them again after a change.
docs: $(VENV)/requirements-dev.txt.stamp
	PYTHONPATH=. $(BIN)/python scripts/write_docs.py

setup-browser:
	@if command -v chromium || command -v chromium-browser || command -v google-chrome; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi; \
	$$as_root apt-get update && DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y --no-install-recommends chromium

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# A stamp is newer than the requirements that it stands for: the second run of anything starts at once.
$(VENV)/%.stamp: % requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

clean:
	rm -rf $(VENV) .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
