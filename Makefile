# Everything from nothing: `make demo`, `make test`. Nothing else has to be installed or running.
PYTHON ?= python3.11
PORT ?= 8000
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test test-services test-browser check bench format

help: ## Say what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/.runtime ## Build the demo once, then serve it: make demo [PORT=8123]
	@$(BIN)/python manage.py demo --port $(PORT)

demo-reset: $(VENV)/.runtime ## Throw the demo's data away and start over
	@$(BIN)/python -m config.embedded.reset
	@$(BIN)/python manage.py demo --port $(PORT)

test: $(VENV)/.development ## Run the tests that need nothing but this folder
	@$(BIN)/python -m pytest

test-services: $(VENV)/.development ## Run the tests that need PostgreSQL, Redis and RabbitMQ on their usual ports
	@$(BIN)/python -m pytest -n 0 -m services

test-browser: $(VENV)/.development ## Run the tests that need the system's Chromium
	@$(BIN)/python -m pytest -n 0 -m browser

check: $(VENV)/.development ## Lint, types, direction of imports, deployment checks, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports
	@HTTPS=true $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(BIN)/python manage.py makemigrations --check --dry-run

bench: $(VENV)/.development ## Run the benchmarks
	@$(BIN)/python -m benchmarks all

format: $(VENV)/.development ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

$(VENV)/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "Marquee needs Python 3.11; name it with make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/pip requirements.txt
	@echo "Installing what Marquee runs on (about a minute) …"
	@$(BIN)/pip install --disable-pip-version-check --quiet --requirement requirements.txt
	@touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.txt
	@echo "Installing what the tests need …"
	@$(BIN)/pip install --disable-pip-version-check --quiet --requirement requirements-dev.txt
	@touch $@
