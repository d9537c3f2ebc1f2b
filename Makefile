# What a newcomer types:  make demo · make app · make test · make check
# The same steps for Windows are in README.md.

# The first Python of this machine that will do; another: make demo PYTHON=/path/to/python3.13
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	$$python .ci/python_fits.py 2>/dev/null && { command -v $$python; break; }; done)
BIN := .venv/bin
# Modules are compiled when they are first loaded: most of what is installed never is.
PIP := PYTHONDONTWRITEBYTECODE=1 $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --no-compile

.PHONY: help demo app extras test check format bench docs pins outline clean

help:
	@echo "make demo    เตรียมข้อมูลจำลอง เลือกหมู่บ้านเป้าหมาย และเขียนผลลงใน outputs/"
	@echo "             (prepare the made-up data, choose target villages, write outputs/)"
	@echo "make app     เปิดแอป (serve the app on this machine)"
	@echo "make extras  ติดตั้งส่วนเสริมทั้งหมด: รูปแผนที่และ PDF ตัวแก้โจทย์ ถนน จุดร้อน"
	@echo "             (install every extra: pictures and PDF, the solver, roads, hot spots)"
	@echo "make test    ทดสอบทั้งหมด (run every test)"
	@echo "make check   ตรวจรูปแบบและชนิดข้อมูลของโค้ด (ruff, mypy, import-linter)"
	@echo "make bench   วัดความเร็วและหน่วยความจำทั้งประเทศ เขียนลง benchmarks/README.md"
	@echo "             (measure the whole country against plain scripts, under 30 minutes)"
	@echo "make docs    สร้างเว็บคู่มือลงใน site/ (build the documentation site)"

demo: .venv/installed
	$(BIN)/phaenthi demo

app: .venv/installed
	$(BIN)/phaenthi app

extras: .venv/installed-extras

test: .venv/installed-dev
	$(BIN)/python -m pytest -n auto --dist loadfile

check: .venv/installed-dev build/named/phaenthi
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/installed-dev
	$(BIN)/python -m benchmarks.run

docs: .venv/installed-docs
	$(BIN)/python -m docs.site.build
	@echo "$(BIN)/python -m http.server --bind 127.0.0.1 --directory site  →  http://127.0.0.1:8000"

# mypy knows the folders by the name that they are installed under: geo/ is phaenthi.geo.
build/named/phaenthi:
	mkdir -p build/named
	ln -s ../.. $@

# After changing a dependency in pyproject.toml and installing it.
pins: .venv/installed-dev
	$(BIN)/python .ci/pins.py

# After changing what a command takes.
outline: .venv/installed-dev
	$(BIN)/python .ci/outline.py

clean:
	rm -rf .venv build outputs site workspaces/demo

.venv/bin/python:
	@if [ -n "$(PYTHON)" ]; then "$(PYTHON)" .ci/python_fits.py; \
	else python3 .ci/python_fits.py || python .ci/python_fits.py || { \
		echo "ไม่พบ Python โปรดติดตั้งก่อน · No Python was found; install it first" >&2; false; }; fi
	PYTHONDONTWRITEBYTECODE=1 "$(PYTHON)" -m venv .venv
	@$(PIP) uninstall --yes setuptools 2>/dev/null

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	@echo "กำลังติดตั้ง (ครั้งแรกใช้เวลาสองสามนาที) · installing (a few minutes the first time)"
	$(INSTALL) -r requirements.txt
	$(INSTALL) --no-deps -e .
	$(BIN)/python .ci/slim.py
	@touch $@

.venv/installed-extras: requirements-extras.txt .venv/installed
	$(INSTALL) -r requirements-extras.txt
	$(BIN)/python .ci/slim.py
	@touch $@

.venv/installed-docs: requirements-docs.txt .venv/installed
	$(INSTALL) -r requirements-docs.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt requirements-docs.txt requirements-extras.txt .venv/installed
	$(INSTALL) -r requirements-dev.txt
	$(BIN)/python .ci/slim.py
	@touch $@
