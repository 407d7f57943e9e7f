# Everything from nothing: `make demo`, `make test`. Nothing else has to be installed or running.
PORT ?= 8000
# In a folder that may not be written to, the environment lies with the data, as MARQUEE_DATA says.
VENV ?= $(if $(shell test -w . && echo yes),.venv,$(if $(MARQUEE_DATA),$(MARQUEE_DATA)/venv,.venv))
BIN := $(VENV)/bin
# A part of the tests, and more options: make test TESTS=tests/catalog
TESTS ?=
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test test-services test-browser check bench format lock runtime development

help: ## Say what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: runtime ## Build the demo once, then serve it: make demo [PORT=8123]
	@"$(BIN)/python" manage.py demo --port $(PORT)

demo-reset: runtime ## Throw the demo's data away and start over
	@"$(BIN)/python" -m config.embedded.reset
	@"$(BIN)/python" manage.py demo --port $(PORT)

test: development ## Run the tests that need nothing but this folder
	@"$(BIN)/python" -m pytest $(TESTS)

test-services: development ## Run the tests that need PostgreSQL, Redis and RabbitMQ on their usual ports
	@"$(BIN)/python" -m pytest -n 0 -m services $(TESTS)

test-browser: development ## Run the tests that need the system's Chromium
	@"$(BIN)/python" -m pytest -n 0 -m browser $(TESTS)

check: development ## Lint, types, direction of imports, deployment checks, migrations
	@"$(BIN)/python" -m ruff check .
	@"$(BIN)/python" -m ruff format --check .
	@"$(BIN)/python" -m mypy .
	@"$(BIN)/lint-imports"
	@HTTPS=true "$(BIN)/python" manage.py check --deploy --fail-level WARNING
	@"$(BIN)/python" manage.py makemigrations --check --dry-run

bench: development ## Run the benchmarks
	@"$(BIN)/python" -m benchmarks all

format: development ## Format the code
	@"$(BIN)/python" -m ruff check --fix .
	@"$(BIN)/python" -m ruff format .

lock: development ## Resolve the requirements anew and lock them with hashes
	@for part in "" -dev -bench; do \
		"$(BIN)/uv" pip compile --quiet --universal --upgrade --generate-hashes --python-version 3.11 \
			--no-emit-index-url --custom-compile-command "make lock" \
			$$(test -z "$$part" || echo "--constraint requirements.txt") \
			"requirements$$part.in" --output-file "requirements$$part.txt" || exit 1; \
	done

runtime:
	@sh tools/environment.sh "$(VENV)" requirements.txt

development:
	@sh tools/environment.sh "$(VENV)" requirements.txt requirements-dev.txt
