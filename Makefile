# make run     a working contact centre here, with a small switch of its own; Ctrl-C ends it
# make demo    virtual callers and agents, and a live board
# make test    all tests, those with real SIP programs too (sipp, baresip: `apt install sip-tester baresip-core espeak-ng`)
# make check   the configuration, the flows, style and types
# make bench   what we claim about speed
# make e2e     only the tests with real SIP programs, with all their variants

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
HOME_DIR ?= var
# so many calls at a time in the end-to-end tests: they mostly wait for each other
E2E_WORKERS ?= 4
# real programs on a busy machine miss a deadline now and then: once more, and each that needed it is named
AGAIN := --reruns 1 -r aR

.PHONY: run demo test check bench e2e clean hints

run: $(VENV)/.runs hints
	@exec $(BIN)/acd run --embedded --home $(HOME_DIR)

demo: $(VENV)/.runs hints
	@exec $(BIN)/acd demo

check: $(VENV)/.tests
	$(BIN)/acd check
	$(BIN)/ruff check .
	$(BIN)/mypy

test: $(VENV)/.tests
	$(BIN)/python -m pytest -q -n auto --ignore=tests/e2e
	$(BIN)/python -m pytest -q tests/e2e -n $(E2E_WORKERS) $(AGAIN)

e2e: $(VENV)/.tests
	ACD_E2E=all $(BIN)/python -m pytest -q tests/e2e -n $(E2E_WORKERS)

bench: $(VENV)/.tests
	@for file in bench/*.py; do \
		name=$$(basename $$file .py); \
		case $$name in _*) continue;; esac; \
		echo "== bench.$$name"; $(BIN)/python -m bench.$$name || exit 1; \
	done

hints:
	@command -v espeak-ng >/dev/null || echo "espeak-ng is not installed: callers hear two notes in place of every text (apt install espeak-ng)"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || (echo "python3 cannot make a virtual environment here: apt install python3-venv"; exit 1)

$(VENV)/.runs: $(BIN)/python pyproject.toml
	@echo "installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.tests: $(BIN)/python pyproject.toml
	@echo "installing into $(VENV), with what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ $(VENV)/.runs

clean:
	rm -rf $(VENV) build *.egg-info
