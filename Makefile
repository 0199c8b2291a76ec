# Everything runs from a fresh checkout: Python 3.11 or later, make, and the package index are enough.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test check bench openapi clauses golden lock clean

run: $(READY) ## start everything on embedded servers, load the demo, print where to look, serve until Ctrl-C
	$(BIN)/kaohe up --demo

test: $(READY) ## all tests, on embedded servers of their own
	$(BIN)/python -m pytest -n 2 --dist worksteal -q

check: $(READY) ## style, types, layers, and that the committed OpenAPI document is today's
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m services.api.golden --check

bench: $(READY) ## print speed as ratios against the eventsourcing library in the same run
	$(BIN)/python -m tests.benchmarks

openapi: $(READY) ## write the OpenAPI document that is committed
	$(BIN)/python -m services.api.golden

clauses: $(READY) ## which clauses of the regulations have passing tests
	$(BIN)/python -m pytest -q -n 2 -p tests.plugins.clauses

lock: $(READY) ## resolve the dependencies anew and pin them with hashes
	$(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-annotate -q -U \
		pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-annotate -q -U \
		--extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt

$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

clean: ## remove what was installed and what was stored
	rm -rf .venv var
