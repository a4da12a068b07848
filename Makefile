# Everything a person or a robot does with this project. Needs Python 3.11 or newer and make, nothing else.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:

VENV     := .venv
BIN      := $(VENV)/bin
PYTHON   ?= $(shell for each in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$each -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v $$each && break; done)
BOOTSTRAP = $(or $(PYTHON),$(error No Python 3.11 or newer is on the PATH: install python3 (Debian 12: \
	apt-get install python3) or name one with make PYTHON=/path/to/python3.11)) deploy/bootstrap/install.py $(VENV)

# An environment whose Python has gone (upgraded, moved) counts for nothing.
GONE      := $(shell test -x $(BIN)/python || rm -f $(VENV)/.runtime $(VENV)/.dev $(VENV)/.project)

# Trying out needs the runtime lock; checking needs the development lock, which holds the former too.
CHECKS    := lint format deploy-check unit contract integration e2e faults faults-short check test bench release-contracts
INSTALLED := $(VENV)/$(if $(or $(filter $(CHECKS),$(MAKECMDGOALS)),$(wildcard $(VENV)/.dev)),.dev,.runtime)
EDITABLE  := $(VENV)/.project
GENERATED := lib/kpi/.generated
READY     := $(INSTALLED) $(EDITABLE) $(GENERATED)

PROTOS    := $(shell find protos -name '*.proto' 2>/dev/null | sort)
RELEASED  := tests/contract/released.binpb
CODE      := services lib/chassis cli tests deploy examples

.PHONY: help setup protos demo run $(CHECKS) test-servers clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## /{printf "  %-18s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

## -- Set up ---------------------------------------------------------------------------------------------

setup: $(READY) ## Make .venv with what running needs, and the generated code

# These files in .venv date what stands in it: a changed lock is installed, an unchanged one costs nothing.
$(VENV)/.runtime: requirements.lock
$(VENV)/.dev: requirements-dev.lock
$(VENV)/.runtime $(VENV)/.dev: deploy/bootstrap/SHA256SUMS
	@echo "Installing $(filter %.lock,$^) into $(VENV)"
	@$(BOOTSTRAP) $(patsubst .%,%,$(notdir $@))
	@touch $@

$(EDITABLE): pyproject.toml $(INSTALLED)
	@$(BOOTSTRAP) project
	@touch $@

protos: $(GENERATED) ## Generate lib/kpi from protos/

# Into a new folder first: a process that imports lib/kpi meanwhile finds the old one or the new one whole.
# The folders' dates tell of a file that is gone.
$(GENERATED): $(PROTOS) $(shell find protos -mindepth 1 -type d 2>/dev/null) $(INSTALLED)
	@mkdir -p .cache && new=$$(mktemp -d .cache/kpi.XXXXXX) && trap 'rm -rf "$$new"' EXIT && mkdir "$$new/kpi" && \
	$(if $(PROTOS),$(BIN)/python -m grpc_tools.protoc -I protos \
		--python_out="$$new" --pyi_out="$$new" --grpc_python_out="$$new" \
		$$(test -x $(BIN)/protoc-gen-mypy_grpc && \
			echo --plugin=protoc-gen-mypy_grpc=$(BIN)/protoc-gen-mypy_grpc --mypy_grpc_out=quiet:"$$new") \
		$(PROTOS),echo "No protos yet: lib/kpi stays empty") && \
	touch "$$new/kpi/py.typed" "$$new/kpi/.generated" && \
	{ test ! -e lib/kpi || mv lib/kpi "$$new/old"; } && mv -T "$$new/kpi" lib/kpi

## -- Try ------------------------------------------------------------------------------------------------

demo: setup ## Play one month of a made-up ward, from plan to payment, without any server
	@$(BIN)/kpi demo $(ARGS)

run: setup ## Start all services until Ctrl-C: embedded, or on what AMQP_URL and DATABASE_URL_<SERVICE> say
	@$(BIN)/python -m kpi_cli.stack $(ARGS)

## -- Check ----------------------------------------------------------------------------------------------

lint: $(READY) deploy-check ## Style, format, types, layers, contracts, deployment files
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/buf lint protos
	@$(if $(wildcard $(RELEASED)),$(BIN)/buf breaking protos --against $(RELEASED),echo "No contract is released yet: nothing to break")

format: $(INSTALLED) ## Put the code into the project's format
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

deploy-check: $(INSTALLED) ## Dockerfile and compose file against their rules
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
	@for each in deploy/bootstrap/*.sh deploy/postgres/*.sh deploy/rabbitmq/*.sh; do sh -n $$each || exit; done

unit: $(READY) ## The rules alone: no network, no disk
	$(BIN)/pytest tests/unit $(ARGS)

contract: $(READY) ## What other programs rely on: messages, names, exit codes
	$(BIN)/pytest tests/contract $(ARGS)

integration: $(READY) test-servers ## Services on a real PostgreSQL and a real RabbitMQ of the tests' own
	$(BIN)/pytest tests/integration $(ARGS)

e2e: $(READY) test-servers ## Whole months through all processes
	$(BIN)/pytest tests/e2e $(ARGS)

faults: $(READY) test-servers ## Kill, freeze and cut off everything under load; report in out/faults
	@PYTHONPATH=tests $(BIN)/python -W ignore -m faults $(ARGS)

faults-short: $(READY) test-servers ## A selection of the faults, in under four minutes
	$(BIN)/pytest tests/faults/test_short.py $(ARGS)

check: lint unit contract integration ## What must be green before a push

# Every part runs whatever the others say. Whole months and killed processes want the machine for themselves;
# the rest runs side by side, each half with servers of its own.
test: $(READY) test-servers ## Everything: installs what is missing, then lint and every test
	@status=0; $(MAKE) lint || status=$$?; \
	$(BIN)/pytest -n 2 --dist loadfile tests/unit tests/contract tests/integration $(ARGS) || status=$$?; \
	$(BIN)/pytest tests/e2e $(ARGS) || status=$$?; \
	$(BIN)/pytest tests/faults/test_short.py $(ARGS) || status=$$?; exit $$status

# Not a test: it tells ratios and fails on none. ONLY="relay hop", PEOPLE="1500 15000 150000" choose parts.
bench: $(READY) test-servers ## Measure everything beside its bare parts into out/bench (QUICK=1: less of it)
	PYTHONPATH=tests $(BIN)/python -W ignore -m bench $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY)) \
		$(if $(PEOPLE),--people $(PEOPLE)) $(ARGS)

test-servers: ## Install PostgreSQL and RabbitMQ for the tests where they are missing (root)
	@deploy/bootstrap/test-servers.sh

release-contracts: $(READY) ## Record protos/ as released: from then on they may only grow
	$(BIN)/buf build protos --exclude-source-info -o $(RELEASED)

clean: ## Delete what was generated or left behind, except .venv
	rm -rf lib/kpi out var .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache
	find services lib cli tests deploy examples -name __pycache__ -type d -prune -exec rm -rf {} +
