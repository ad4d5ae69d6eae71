#!/usr/bin/env bash
# Makes everything `make` needs: system libraries, .venv, front-end files. Called by `make setup` and `make test`.
#   setup.sh            the program
#   setup.sh tests      Chromium for the browser tests, and docker-compose, which reads the compose file (no engine is needed for that)
# Does nothing, quickly, when nothing changed. Installs system packages only as root or with password-free sudo; else it says
# which command to run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 022

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

apt_install() { # packages...
  local as_root=()
  if ! command -v apt-get >/dev/null; then
    say "Not a Debian system: install what corresponds to: $*"
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as_root=(sudo -n)
    else
      say "Missing system packages. Run this, then try again:"
      say "    sudo apt-get update && sudo apt-get install --yes --no-install-recommends $*"
      return 1
    fi
  fi
  say "Installing system packages: $*"
  local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -qq "$@")
  if ! "${install[@]}" >/dev/null 2>&1; then
    "${as_root[@]}" apt-get update -qq >&2 && "${install[@]}" >/dev/null
  fi
}

# To the end of the list: a grep that stops at the first hit breaks the pipe, and the library would count as missing.
has_library() { { /sbin/ldconfig -p 2>/dev/null || ldconfig -p; } | grep "$1" >/dev/null; }

libraries() {
  [ "$(uname -s)" = Linux ] || { say "WeasyPrint needs Pango; on macOS: brew install pango"; return 0; }
  local missing=()
  has_library 'libpango-1.0.so.0' || missing+=(libpango-1.0-0)
  has_library 'libpangoft2-1.0.so.0' || missing+=(libpangoft2-1.0-0)
  has_library 'libharfbuzz-subset.so.0' || missing+=(libharfbuzz-subset0)
  [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}" || exit 1
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
    if command -v "$name" >/dev/null && new_enough "$name"; then
      command -v "$name"
      return
    fi
  done
  fail "Python 3.11 or newer is needed; found: $(python3 --version 2>&1 || echo none). Set PYTHON=/path/to/python3.11."
}

virtual_environment() {
  if ! { new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
      apt_install python3-venv || exit 1
    fi
    say "Making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv || fail "Could not make .venv. On Debian: apt-get install python3-venv"
  fi
  say "Installing the locked Python packages"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements/dev.txt
}

front_end() {
  local version
  version=$(node --version 2>/dev/null || true)
  version=${version#v}
  if ! npm --version >/dev/null 2>&1 || [ "${version%%.*}" -lt 20 ] 2>/dev/null || [ -z "$version" ]; then
    say "No npm with Node.js 20 or newer here: installing one into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements/tools.txt
    PATH="$PWD/.venv/bin:$PATH"
  fi
  say "Building the front-end files"
  .venv/bin/python frontend/build.py
}

browser() {
  local name
  for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then return; fi
  done
  if apt_install chromium; then return; fi
  [ "${CI:-}" != true ] || fail "Chromium is missing, and under CI the browser tests must run."
  say "######################################################################"
  say "# Chromium is missing: the browser tests will be SKIPPED."
  say "######################################################################"
}

compose() {
  if docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null; then return; fi
  apt_install docker-compose || say "docker-compose is missing: the compose file is read by our own tests only."
}

stamp() { # name, then the files that it depends on
  local name=$1 sum
  shift
  sum=$(cat -- "$@" | sha256sum | cut -d' ' -f1)
  if [ "$(cat "var/setup/$name" 2>/dev/null || true)" = "$sum" ]; then return 1; fi
  pending=$sum
}
done_with() { mkdir -p var/setup && printf '%s\n' "$pending" >"var/setup/$1"; }

if [ "${1:-}" = tests ]; then
  browser
  compose
  exit
fi

mkdir -p var
if stamp python requirements/setup.sh requirements/dev.txt || [ ! -x .venv/bin/pytest ]; then
  rm -f var/setup/python
  libraries
  stamp python requirements/setup.sh requirements/dev.txt || true
  virtual_environment
  done_with python
fi
inputs=(requirements/setup.sh requirements/tools.txt frontend/build.py frontend/*.json frontend/*.txt)
if stamp frontend "${inputs[@]}" || [ ! -d static/vendor ] || [ ! -d templates/icons ]; then
  rm -f var/setup/frontend
  stamp frontend "${inputs[@]}" || true
  front_end
  done_with frontend
fi
