# Everyday commands; tools/ does the work. Everything is safe to repeat and interrupt.
# The system's Python first: one that pyenv has compiled needs half as long again.
PYTHON ?= $(firstword $(wildcard $(foreach minor,11 12 13,/usr/bin/python3.$(minor))) python3)
TOOLS := $(PYTHON) -m tools

.DEFAULT_GOAL := help
.PHONY: help setup run test lint po bench odoo-suites story screenshots shell psql verify clean distclean

help: ## Show this help
	@echo "make <target> [NAME=value …]"
	@echo
	@awk -F ":.*## " '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Fetch and prepare everything the other targets need
	@$(TOOLS) setup

run: ## Open the demo company on http://127.0.0.1:8069 (PORT=8070 HOST=0.0.0.0 FRESH=1)
	@$(TOOLS) run $(if $(PORT),--port '$(PORT)') $(if $(HOST),--host '$(HOST)') $(if $(FRESH),--fresh)

test: ## Run all tests, on all cores (T=path K=expression RUNNER=odoo)
	@$(TOOLS) test $(if $(T),--path '$(T)') $(if $(K),--expression '$(K)') $(if $(RUNNER),--runner '$(RUNNER)')

lint: ## Check the sources: ruff, pylint-odoo, XML, translations, what tests are found
	@$(TOOLS) lint

po: ## Export the terms to translate and merge them into the translations
	@$(TOOLS) po

bench: ## Run the benchmarks (NAME=one ARGS=--explain)
	@$(TOOLS) bench $(if $(NAME),--name '$(NAME)') $(if $(ARGS),--arguments='$(ARGS)')

odoo-suites: ## Run Odoo's own tests with our addons installed (MODULES="purchase crm" WIDE=1)
	@$(TOOLS) suites $(if $(WIDE),--wide) $(if $(MODULES),--modules $(MODULES))

story: ## Tell the main job as its eight users, over the public API
	@$(TOOLS) story

screenshots: ## Take the pictures of the README from the demo company (NAME=one)
	@$(TOOLS) screenshots $(if $(NAME),--name '$(NAME)')

shell: ## Open Odoo's shell on the demo company
	@$(TOOLS) shell

psql: ## Open psql on the demo company (DB=name)
	@$(TOOLS) psql $(if $(DB),--database '$(DB)')

verify: ## Check that the records of the demo company are whole (DB=name)
	@$(TOOLS) verify $(if $(DB),--database '$(DB)')

clean: ## Remove what belongs to this checkout: its databases and .run
	@$(TOOLS) clean

distclean: ## Also remove the cache: Odoo, Python packages, the private PostgreSQL
	@$(TOOLS) distclean
