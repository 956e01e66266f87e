# Everything a newcomer needs: `make run` and `make test`. Needs Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
ARGS ?=
SEED ?= 1
COUNT ?= 100
REACHED ?=

BIN := .venv/bin
SERVERS := var/postgres var/test/var/postgres
INSTALLED := .venv/.installed
export PORT
export PYTHONUNBUFFERED := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help run test lint format lock messages bench-prices bench-orders bench-search bench-pages bench-recommendations bench-templates faults shell clean

help: ## List these commands.
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf '  make %-22s %s\n' "$$name" "$$text"; done

run: $(INSTALLED) ## Start everything with the demo, on port 8000 (or PORT=…); Ctrl-C stops it.
	@exec $(BIN)/python manage.py run

test: $(INSTALLED) ## Run the tests, all or ARGS="tests/config -k roles"; what they reach is written to REACHED=file.json.
	@exec $(BIN)/python $(if $(REACHED),-m slipcover --out $(REACHED)) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(INSTALLED) ## Check style and types.
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy site shop cms_pages

format: $(INSTALLED) ## Put the code into its style.
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock: $(INSTALLED) ## Pin in constraints.txt what the requirements bring (with the oldest Python that Stoa supports).
	@rm -rf var/lock && $(BIN)/python -m venv var/lock
	@var/lock/bin/pip install --quiet -r requirements-dev.txt
	@var/lock/bin/pip freeze | tr '[:upper:]_' '[:lower:]-' | LC_ALL=C sort > constraints.txt
	@rm -rf var/lock

messages: $(INSTALLED) ## Collect the texts to translate into the languages' files.
	@$(BIN)/python manage.py messages

bench-prices: $(INSTALLED) ## Measure prices of 100,000 products for 1,000 companies; fails where a figure is missed.
	@$(BIN)/python bench/prices.py

bench-orders: $(INSTALLED) ## Measure what an order costs, and how fast many are placed; fails where a figure is missed.
	@$(BIN)/python bench/orders.py

bench-search: $(INSTALLED) ## Measure searches and proposals at 100,000 products; fails where a figure is missed.
	@$(BIN)/python bench/search.py

bench-recommendations: $(INSTALLED) ## Measure recommendations on real invoices and at scale; fails where popularity is not beaten.
	@$(BIN)/python bench/recommendations.py

bench-pages: $(INSTALLED) ## Measure pages at 100,000 products over the production server, or ARGS="--products 10000 …"; fails where a figure is missed.
	@$(BIN)/python bench/pages.py $(ARGS)

faults: $(INSTALLED) ## Kill a shop full of buyers a hundred times (SEED=…, COUNT=…); fails where anything was lost or done twice.
	@PYTHONPATH=.:site $(BIN)/python -m tests.faults --seed $(SEED) --count $(COUNT)

bench-templates: $(INSTALLED) ## Compare the two template engines on a product list.
	@$(BIN)/python bench/templates.py

shell: $(INSTALLED) ## Open Django's shell.
	@exec $(BIN)/python manage.py shell

clean: ## Remove what these commands made: the environment, the database, collected and uploaded files.
	@for server in $(SERVERS); do pid=$$(head -n 1 $$server/data/postmaster.pid 2>/dev/null); \
	    if [ -n "$$pid" ] && kill -0 "$$pid" 2>/dev/null; then \
	        echo "Something still uses the database: end it first (make run, make test)." >&2; exit 1; fi; done
	@for server in $(SERVERS); do if [ -L $$server ]; then rm -rf "$$(readlink $$server)"; fi; done
	@rm -rf .venv var

$(INSTALLED): requirements.txt requirements-dev.txt constraints.txt
	@$(PYTHON) site/config/installing.py $(if $(filter file,$(origin PYTHON)),,--from-this)
	@touch $@
