# People and CI call the same targets. Needs GNU make and Python 3.11 or newer, nothing else.
# Variables: PYTHON= (which interpreter), PORT= HOST= DATA_DIR= (for run), ARGS= (more words for pytest).

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

# The locks are whole, so nothing is resolved again: old versions of pip stumble over a newer release of what a
# dependency asks for with an extra.
# What is installed is named by the content of both locks, so a second call costs nothing
# and a changed lock (a pull, another branch) is installed without anyone thinking of it.
LOCKS := $(firstword $(shell cat requirements/run.txt requirements/dev.txt | cksum))
RUN := $(VENV)/installed-run-$(LOCKS)
DEV := $(VENV)/installed-dev-$(LOCKS)
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps --only-binary :all:
ifeq ($(strip $(HOME)),)
PIP += --no-cache-dir
endif

CATALOGUE := locale/zh_Hans/LC_MESSAGES/django.po
COMPILED := $(CATALOGUE:.po=.mo)
BABEL := $(PY) -m babel.messages.frontend --quiet
EXTRACT := $(BABEL) extract --mapping-file babel.cfg --no-location --omit-header --sort-output \
	--keywords 'gettext_lazy gettext_noop ngettext_lazy:1,2 pgettext_lazy:1c,2 npgettext_lazy:1c,2,3' \
	--output-file $(VENV)/django.pot .
UPDATE := $(BABEL) update --locale zh_Hans --input-file $(VENV)/django.pot --no-fuzzy-matching --ignore-obsolete \
	--ignore-pot-creation-date
LOCK := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-header --no-emit-index-url --no-emit-find-links --only-binary :all: pyproject.toml

# The suite never touches a developer's own data, whatever .env says.
TEST := DATA_DIR=var/test SECRET_KEY=of-tests-only $(PY) -m pytest
EMBEDDED := DATABASE_URL=sqlite:///var/test/db.sqlite3 REDIS_URL=memory://localhost
DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/settle_gov
REDIS_URL ?= redis://127.0.0.1:6379/0
SERVICES := DATABASE_URL="$(DATABASE_URL)" REDIS_URL="$(REDIS_URL)"
PRODUCTION := $(SERVICES) HTTPS=true ALLOWED_HOSTS=settle.example \
	SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')"

.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test test-services test-oracle e2e bench check fix lock messages compile-messages clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' Makefile

run: $(RUN) $(COMPILED)  ## start everything: database, broker, worker, beat and web (PORT= HOST= DATA_DIR=)
	@$(PY) manage.py up

test: $(DEV) $(COMPILED)  ## the suite on the embedded default; needs no server and no browser (ARGS=)
	$(EMBEDDED) $(TEST) --numprocesses 2 $(ARGS)

test-services: $(DEV) $(COMPILED)  ## the suite, a real worker and a browser on PostgreSQL and Redis (ARGS=)
	@$(SERVICES) $(PY) -m tests.services.reachable
	$(SERVICES) $(TEST) --numprocesses 2 $(ARGS)
	$(SERVICES) $(TEST) $(wildcard tests/services tests/e2e) $(ARGS)

test-oracle: $(DEV) $(COMPILED)  ## the sweep over all time against asking cell by cell, 10,000 random ledgers (ARGS=)
	$(EMBEDDED) $(TEST) --numprocesses 2 --timeout 600 --hypothesis-profile long tests/stakeholders/test_segments.py \
		-k test_history_equals_asking_every_cell_at_every_instant $(ARGS)

e2e: $(DEV) $(COMPILED)  ## only the journeys in a browser, on the embedded default (ARGS=)
	$(EMBEDDED) $(TEST) tests/e2e $(ARGS)

bench: $(DEV) $(COMPILED)  ## what the work costs against its raw cost (DATABASE_URL= ARGS= names of measures)
	@$(PY) -m benchmarks $(ARGS)

check: $(DEV) $(COMPILED)  ## format, lint, templates, types, imports, texts, migrations, deployment settings
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	find templates -name '*.html' -print0 | xargs -0 -r $(VENV)/bin/djade --check --target-version 5.2
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	@echo "Looking for texts that are not in the catalogue (make messages adds them)…"
	@$(EXTRACT) && cp $(CATALOGUE) $(VENV)/django.po && $(UPDATE) --output-file $(VENV)/django.po
	diff -u $(CATALOGUE) $(VENV)/django.po
	$(EMBEDDED) DATA_DIR=var/test $(PY) manage.py makemigrations --check --dry-run
	@$(PRODUCTION) DATA_DIR=var/test $(PY) manage.py check --deploy --fail-level WARNING

fix: $(DEV)  ## repair what ruff and djade can repair
	$(PY) -m ruff check --fix
	$(PY) -m ruff format
	find templates -name '*.html' -print0 | xargs -0 -r $(VENV)/bin/djade --target-version 5.2

lock: $(DEV)  ## resolve pyproject.toml again into requirements/*.txt (ARGS=--upgrade)
	$(LOCK) $(ARGS) --output-file requirements/run.txt
	$(LOCK) $(ARGS) --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt

messages: $(DEV)  ## collect texts to translate into the Chinese catalogue
	@$(EXTRACT)
	@$(UPDATE) --output-file $(CATALOGUE)

compile-messages: $(RUN) $(COMPILED)  ## compile changed translations (run and test do it by themselves)

clean:  ## remove what make made; your data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov var/test
	rm -f $(COMPILED)

$(COMPILED): $(CATALOGUE) | $(RUN)
	@$(BABEL) compile --locale zh_Hans --input-file $< --output-file $@

$(RUN): $(PY)
	@echo "Installing what settle_gov runs on (once)…"
	@$(PIP) -r requirements/run.txt
	@rm -f $(VENV)/installed-* && touch $@

# The development lock holds everything of the other one, in the same versions.
$(DEV): $(PY)
	@echo "Installing what tests and checks need (once)…"
	@$(PIP) -r requirements/dev.txt
	@rm -f $(VENV)/installed-* && touch $(RUN) $@

$(PY):
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "There is no '$(PYTHON)' here. Install Python 3.11 or newer (Debian: apt install python3-venv)," \
			"or name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$$("$(PYTHON)" -V) is too old: settle_gov needs Python 3.11 or newer." \
			"Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make environments: its venv module is not complete." \
			"On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear $(VENV)
