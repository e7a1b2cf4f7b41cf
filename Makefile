# Two commands are enough: `make demo` runs the platform here, `make test` runs every test.
# They need Python 3.11 or newer and make; everything else is installed into .venv from the hashed locks.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
PACKAGES := shared services/intake services/statistics services/plan-tracker services/notifier embedded
SOURCES := shared/src services/intake/src services/statistics/src services/plan-tracker/src services/notifier/src embedded/src
LAYERS := unit contracts integration faults e2e
DEMO_ARGS ?=
PYTEST_ARGS ?=

# The machine's own settings of pip (addresses, certificates) hold for both installers; uv is the quick one.
INSTALL = $(UV) pip install -q -p $(BIN)/python
FALLBACK = $(BIN)/pip install -q --disable-pip-version-check

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check format lock schemas clean $(addprefix test-,$(LAYERS)) chromium

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

demo: $(VENV)/.runtime ## the whole platform on this machine (DEMO_ARGS="--port N --state DIR --fresh")
	@$(BIN)/nrem demo $(DEMO_ARGS)

test: $(addprefix test-,$(LAYERS)) ## every test, layer by layer: unit contracts integration faults e2e
	@echo "all layers passed: $(LAYERS)"

$(addprefix test-,$(LAYERS)): test-%: $(VENV)/.test
	@echo "== $*"
	@NREM_TEST_NO_SKIP=1 $(BIN)/python -m pytest tests/$* -q -p no:cacheprovider $(SIDE_BY_SIDE) $(PYTEST_ARGS)

# Two processes each; what uses the same servers or the same platform stays together, as the layer's conftest.py says.
test-integration test-faults test-e2e: SIDE_BY_SIDE = -n 2
test-e2e: chromium

chromium: ## a Chromium for the browser tests: the installed one, else installed where that is possible
	@sh tests/e2e/ensure_chromium.sh

check: $(VENV)/.test ## format, lint, types, import directions, schemas
	@$(BIN)/ruff check -q . && $(BIN)/ruff format -q --check .
	@$(BIN)/mypy $(SOURCES)
	@said=$$($(BIN)/lint-imports) || { echo "$$said"; exit 1; }
	@$(BIN)/python -m nrem_shared.schemas --check
	@$(BIN)/python -m nrem_embedded.settings_page --check

format: $(VENV)/.test ## format, and mend what can be mended
	@$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .

schemas: $(VENV)/.test ## write the JSON Schemas, the AsyncAPI document and docs/settings.md anew
	@$(BIN)/python -m nrem_shared.schemas
	@$(BIN)/python -m nrem_embedded.settings_page

lock: $(VENV)/.uv ## resolve the requirements anew, with hashes and without addresses
	@for name in requirements-uv requirements requirements-test requirements-bench; do \
	  $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate $$name.in -o $$name.lock || exit 1; done

clean: ## remove the virtual environment and the demonstration's state
	rm -rf $(VENV) $(PEERS) $(LIGHTHOUSE)/node_modules .state .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.uv: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@$(FALLBACK) --require-hashes -r requirements-uv.lock
	@touch $@

$(VENV)/.runtime: $(VENV)/.uv requirements.lock $(addsuffix /pyproject.toml,$(PACKAGES))
	@echo "installing what the platform runs on …"
	@$(INSTALL) --require-hashes -r requirements.lock || $(FALLBACK) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation $(addprefix -e ,$(PACKAGES)) \
	  || $(FALLBACK) --no-deps --no-build-isolation $(addprefix -e ,$(PACKAGES))
	@touch $@

$(VENV)/.test: $(VENV)/.runtime requirements-test.lock
	@echo "installing what the tests need …"
	@$(INSTALL) --require-hashes -r requirements-test.lock || $(FALLBACK) --require-hashes -r requirements-test.lock
	@touch $@

# ── proof (tests/faults/README.md, docs/benchmarks.md) ──
PEERS := .venv-bench
BENCH_ARGS ?=
SEEDS ?=
.PHONY: chaos bench lighthouse

chaos: $(VENV)/.test ## misfortunes at random, by seed, under load (SEEDS="7" repeats one)
	@PYTHONPATH=tests $(BIN)/python -m faults.chaos $(SEEDS)

bench: $(VENV)/.runtime $(PEERS)/.installed ## ours, peers and limits in one run; writes docs/benchmarks.md (BENCH_ARGS="--rows intake")
	@$(BIN)/python -m bench $(BENCH_ARGS)

$(PEERS)/.installed: $(VENV)/.uv requirements-bench.lock
	@$(PYTHON) -m venv $(PEERS)
	@$(UV) pip install -q -p $(PEERS)/bin/python --require-hashes -r requirements-bench.lock \
	  || $(PEERS)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

LIGHTHOUSE := tests/lighthouse

lighthouse: $(VENV)/.test $(LIGHTHOUSE)/node_modules/.installed chromium ## every page in Lighthouse, and how fast it is served (needs Node 18 or newer)
	@NREM_TEST_NO_SKIP=1 $(BIN)/python -m pytest $(LIGHTHOUSE) -v --tb=short -p no:cacheprovider $(PYTEST_ARGS)

$(LIGHTHOUSE)/node_modules/.installed: $(LIGHTHOUSE)/package-lock.json
	@command -v npm > /dev/null || { echo "Node 18 or newer with npm is needed for Lighthouse"; exit 1; }
	@cd $(LIGHTHOUSE) && npm ci --loglevel=error > /dev/null
	@touch $@

# ── containers (deploy/README.md) ──
COMPOSE := docker compose --env-file deploy/demonstration.env
.PHONY: compose-up test-compose test-testcontainers

compose-up: ## the demonstration in containers, one per service and role (needs a Docker engine)
	@deploy/make-secrets
	@$(COMPOSE) up --build --wait

test-compose: $(VENV)/.test ## the platform in containers: a quarter is played, every container stopped and started
	@NREM_TEST_COMPOSE=1 NREM_TEST_NO_SKIP=1 $(BIN)/python -m pytest tests/compose -q -p no:cacheprovider $(PYTEST_ARGS)

test-testcontainers: $(VENV)/.test ## the integration layer, its servers in containers
	@NREM_TEST_BACKEND=testcontainers NREM_TEST_NO_SKIP=1 $(BIN)/python -m pytest tests/integration -q -p no:cacheprovider $(PYTEST_ARGS)
