.DEFAULT_GOAL := help
.PHONY: help bench drills setup dev test check fmt migrate openapi import web lock

# The first Python >= 3.11 on the machine; `make PYTHON=… dev` names another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
RUN := .venv/bin/python -m
SOURCES := shared services gateway deploy tests bench
PACKAGES := contracts chassis user catalog rating search gateway devstack

help: ## What can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## The environment in .venv, from the locked requirements
	@$(or $(PYTHON),$(error Vinylhound needs Python 3.11 or newer: install one and run make again)) deploy/bootstrap.py

dev: setup ## Run everything here, with demo data: one address, Ctrl-C ends it
	@exec $(RUN) vinyl_devstack

test: setup ## Every test, against real Postgres, NATS and processes (ARGS="-k name" narrows it)
	@$(RUN) pytest $(ARGS)

check: setup ## Format, lint, types, import contracts, the public documents, the web app
	@$(RUN) ruff format --check $(SOURCES)
	@$(RUN) ruff check $(SOURCES)
	@$(RUN) mypy $(addprefix -p vinyl_,$(PACKAGES))
	@.venv/bin/lint-imports --no-cache
	@$(RUN) vinyl_devstack.openapi --check
	@$(RUN) vinyl_devstack.web_scripts lint check test

fmt: setup ## Format everything, and mend what can be mended
	@$(RUN) ruff check --fix-only --quiet $(SOURCES)
	@$(RUN) ruff format --quiet $(SOURCES)
	@$(RUN) vinyl_devstack.web_scripts format

migrate: setup ## Bring the schemas of the running `make dev` to the newest revisions
	@for service in user catalog rating search; do $(RUN) vinyl_$$service migrate || exit 1; done

openapi: setup ## Write docs/openapi.json and the web app's client from the services' routes
	@$(RUN) vinyl_devstack.openapi
	@$(RUN) vinyl_devstack.web_scripts client

import: setup ## Import Discogs dump files into the running `make dev`: make import FILES="…"
	@$(RUN) vinyl_catalog import $(FILES)

web: setup ## Build the web app into web/dist
	@$(RUN) vinyl_devstack.web_scripts build

bench: setup ## Measure the import, the search, the reading of albums, the gateway and both together (many minutes)
	@.venv/bin/python bench/imports.py
	@.venv/bin/python bench/search.py
	@.venv/bin/python bench/albums_by_id.py
	@.venv/bin/python bench/gateway.py
	@.venv/bin/python bench/whole_path.py

drills: setup ## Kill, hang and starve the parts of a whole stack and count what is lost (several minutes)
	@$(RUN) pytest tests/drills $(ARGS)

lock: ## Compile requirements/*.txt again from the pyproject.toml files
	@$(or $(PYTHON),python3) deploy/lock.py
