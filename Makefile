# make run: the app; with POSTGRESQL=1, what saved scenarios in PostgreSQL need as well.
# make test: every check, with all that it needs set up.  make quick: linters, types and the fast unit tests.
# make lock: the exact packages that are installed, from requirements*.txt.  make setup-browser, setup-postgresql: for the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CODE := app.py overview.py market lib pages tests scripts
COULD_NOT_RUN := $(VENV)/could-not-run

.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: run test quick lock browser-if-possible postgresql-if-possible report setup-browser setup-postgresql bench fire screenshot docs vega check unit pages browser clean

run: $(VENV)/requirements.stamp $(if $(POSTGRESQL),$(VENV)/requirements-postgresql.stamp)
	$(BIN)/streamlit run app.py

# Unit and page tests share the work out over two processes by file, as what a file sets up it sets up once; a browser
# wants the machine.
# Coverage is judged once, over unit and page tests together.
test: PYTEST_OPTIONS := --could-not-run=$(COULD_NOT_RUN)
test: browser-if-possible postgresql-if-possible check unit pages browser report

# A test that is marked slow is left out.
quick: check
	$(BIN)/pytest tests/unit -n 2 --dist loadfile -m "not slow"

check: $(VENV)/requirements-dev.stamp
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports

unit: $(VENV)/requirements-dev.stamp
	$(BIN)/pytest tests/unit -n 2 --dist loadfile $(PYTEST_OPTIONS) --cov --cov-fail-under=0 --cov-report=

pages: $(VENV)/requirements-dev.stamp
	$(BIN)/pytest tests/pages -n 2 --dist loadfile $(PYTEST_OPTIONS) --cov --cov-append --cov-fail-under=0 --cov-report=

# A wait that ran out may be the machine's fault: it is tried once more, and the summary says so. A wrong value is not.
browser: $(VENV)/requirements-dev.stamp
	$(BIN)/pytest tests/browser --reruns 1 --only-rerun "Timeout|Locator expected" $(PYTEST_OPTIONS)

bench: $(VENV)/requirements-dev.stamp
	PYTHONPATH=.:tests/browser $(BIN)/python tests/bench/bench.py
	PYTHONPATH=.:tests/browser $(BIN)/python tests/bench/bench_live.py
	PYTHONPATH=.:tests:tests/pages $(BIN)/python tests/bench/bench_providers.py
	PYTHONPATH=.:tests $(BIN)/python tests/bench/bench_load.py
	PYTHONPATH=. $(BIN)/python tests/bench/bench_publish.py
	PYTHONPATH=.:tests/bench $(BIN)/python tests/bench/bench_slides.py
	PYTHONPATH=.:tests $(BIN)/python tests/bench/bench_briefs.py

# Damaged packs, packs replaced under open pages, a server that is killed, and publications that are attacked, at full
# size: more than an hour on two cores.
fire: $(VENV)/requirements-dev.stamp
	PYTHONPATH=.:tests:tests/unit:tests/pages:tests/browser $(BIN)/python tests/fire/fire.py $(FIRE)

screenshot: $(VENV)/requirements-dev.stamp
	PYTHONPATH=.:tests/browser $(BIN)/python scripts/screenshot.py

# docs/levers.md and the like say what the code says: write them again after a change.
docs: $(VENV)/requirements-dev.stamp
	PYTHONPATH=. $(BIN)/python scripts/write_docs.py

# What draws the live charts in the browser, again after a new release of vl-convert.
vega: $(VENV)/requirements-dev.stamp
	$(BIN)/python scripts/vega_bundle.py

browser-if-possible: $(VENV)/requirements-dev.stamp
	@rm -f $(COULD_NOT_RUN)
	@$(MAKE) --no-print-directory setup-browser SUDO="sudo -n" || echo "No browser could be installed here."

postgresql-if-possible:
	@$(MAKE) --no-print-directory setup-postgresql SUDO="sudo -n" || echo "No PostgreSQL could be installed here."

report:
	$(BIN)/coverage report
	@if [ -s $(COULD_NOT_RUN) ]; then echo "These tests could not run:"; cat $(COULD_NOT_RUN); else echo "Every test could run."; fi

SUDO ?= sudo
# Chromium for every browser test, Firefox for the smoke part.
setup-browser:
	@missing=; \
	command -v chromium || command -v chromium-browser || command -v google-chrome || missing="$$missing chromium"; \
	command -v firefox-esr || command -v firefox || missing="$$missing firefox-esr"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then as_root=; else as_root="$(SUDO)"; fi; \
	$$as_root apt-get update && DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y --no-install-recommends $$missing

# For its programs: the tests start a server of their own, and leave Debian's alone.
setup-postgresql:
	@if command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then as_root=; else as_root="$(SUDO)"; fi; \
	$$as_root apt-get update && DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y --no-install-recommends postgresql

lock: $(VENV)/requirements-dev.stamp
	$(BIN)/uv pip compile $(LOCKING) requirements.txt --output-file requirements.lock
	$(BIN)/uv pip compile $(LOCKING) requirements-postgresql.txt --constraints requirements.lock --output-file requirements-postgresql.lock
	$(BIN)/uv pip compile $(LOCKING) requirements-dev.txt --constraints requirements.lock --constraints requirements-postgresql.lock \
		--output-file requirements-dev.lock

# For every system and every Python that the project runs on, and nothing in it of the machine that it was made on.
LOCKING := --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# A stamp is newer than the lock that it stands for: the second run of anything starts at once.
$(VENV)/%.stamp: %.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	touch $@

clean:
	rm -rf $(VENV) .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
