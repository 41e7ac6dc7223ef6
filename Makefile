.DEFAULT_GOAL := help
.PHONY: help setup dev test check fmt migrate openapi import lock

# The first Python >= 3.11 on the machine; `make PYTHON=… dev` names another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
RUN := .venv/bin/python -m
SOURCES := shared services gateway deploy tests

help: ## What can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## The environment in .venv, from the locked requirements
	@$(or $(PYTHON),$(error Vinylhound needs Python 3.11 or newer: install one and run make again)) deploy/bootstrap.py

dev: setup ## Run everything here, with demo data: one address, Ctrl-C ends it
	@exec $(RUN) vinyl_devstack

test: setup ## Every test, against real Postgres, NATS and processes (ARGS="-k name" narrows it)
	@$(RUN) pytest $(ARGS)

import: setup ## Import Discogs dump files into the running `make dev`: make import FILES="…"
	@$(RUN) vinyl_catalog import $(FILES)

lock: ## Compile requirements/*.txt again from the pyproject.toml files
	@$(or $(PYTHON),python3) deploy/lock.py
