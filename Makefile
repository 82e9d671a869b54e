# Two doors: `make demo` shows the application, `make test` proves it. Both do all the set-up themselves.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DJANGO_SETTINGS_MODULE := wsob.settings
PORT ?= 8000

.PHONY: help setup demo test lint test-sqlite test-postgresql test-browser bench fix requirements

help:
	@echo "make demo    set up, build the demo country and serve it"
	@echo "make test    set up and run every check and test"
	@echo "make setup   virtual environment with pinned requirements"
	@echo "make bench   the figures to reach, each beside its anchor"
	@echo "make fix     format and repair what can be repaired"

setup: $(VENV)/.ready

$(VENV)/.ready: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.txt
	touch $@

demo: setup
	DEMO=1 DATABASE_URL=$${DATABASE_URL:-sqlite:///var/demo.sqlite3} $(BIN)/python manage.py demo --port $(PORT)

test: setup lint test-sqlite test-postgresql test-browser
	@echo "Every check and test that this machine can run has passed."

lint: export DEBUG := 1
lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_questionnaires
	SECRET_KEY=$$(head -c 50 /dev/urandom | base64 | tr -d '\n') BASE_URL=https://wsob.example.org DEBUG=0 $(BIN)/python manage.py check --deploy --fail-level WARNING

test-sqlite: export DEBUG := 1
test-sqlite: setup
	$(BIN)/python -m pytest -n 2 -m "not browser" --cov --cov-report=term:skip-covered

# The same tests on PostgreSQL, in a throw-away cluster of Debian's, or on the server that TEST_DATABASE_URL names.
test-postgresql: export DEBUG := 1
test-postgresql: setup
	@if [ -n "$$TEST_DATABASE_URL" ]; then \
		DATABASE_URL="$$TEST_DATABASE_URL" $(BIN)/python -m pytest -n 2 -m "not browser"; \
	elif command -v pg_virtualenv >/dev/null && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
		pg_virtualenv sh -c 'DATABASE_URL="postgres://$$PGUSER:$$PGPASSWORD@$$PGHOST:$$PGPORT/postgres" $(BIN)/python -m pytest -n 2 -m "not browser"'; \
	elif [ "$$CI" = true ]; then \
		echo "PostgreSQL's server programs are missing and CI may leave nothing out."; exit 1; \
	else \
		echo "LEFT OUT: the tests on PostgreSQL. Install Debian's postgresql, or set TEST_DATABASE_URL."; \
	fi

test-browser: export DEBUG := 1
test-browser: setup
	@if command -v chromium >/dev/null || [ -n "$$CHROMIUM" ]; then \
		$(BIN)/python -m pytest -m browser; \
	elif [ "$$CI" = true ]; then \
		echo "Chromium is missing and CI may leave nothing out."; exit 1; \
	else \
		echo "LEFT OUT: the tests in a browser. Install Debian's chromium, or set CHROMIUM to its path."; \
	fi

bench: setup
	DEBUG=0 SECRET_KEY=bench BASE_URL=http://localhost ALLOWED_HOSTS=localhost $(BIN)/python -m bench

fix: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

requirements: setup
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml --output-file requirements-dev.txt
