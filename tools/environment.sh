#!/bin/sh
# Makes the virtual environment VENV and installs the named requirements files into it.
#
#   tools/environment.sh VENV FILE [FILE …]
#
# Takes the Python that PYTHON names, or else the first one from 3.11 to 3.14 that works.
# Does nothing where everything is installed already.
set -eu

venv=$1
shift

fail() {
    echo "$*" >&2
    exit 1
}

suits() { # Whether the program $1 is a Python that Marquee runs on, with what a venv needs.
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' \
        >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        suits "$PYTHON" || fail "PYTHON=$PYTHON does not work here: Marquee needs Python 3.11 to 3.14 with the module venv."
        echo "$PYTHON"
        return
    fi
    for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
        if suits "$name"; then
            echo "$name"
            return
        fi
    done
    fail "Marquee needs Python 3.11 to 3.14 with the module venv, and found none.
Install one (Debian: python3 and python3-venv), or name it: make PYTHON=/path/to/python3"
}

make_venv() {
    python=$(find_python)
    echo "Using $("$python" -c 'import platform, sys; print("Python", platform.python_version(), "from", sys.executable)')."
    mkdir -p "$(dirname "$venv")" 2>/dev/null && [ -w "$(dirname "$venv")" ] ||
        fail "The virtual environment cannot be made at $venv. Name a place for it: make VENV=/path/to/venv"
    "$python" -m venv "$venv" || fail "$python could not make a virtual environment at $venv."
}

# An interrupted `venv` leaves a Python without pip; a removed Python leaves one that does not run.
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || make_venv

for file in "$@"; do
    stamp=$venv/.installed-$(basename "$file" .txt)
    wanted=$(cksum <"$file")
    [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ] && continue
    echo "Installing $file (about a minute) …"
    "$venv/bin/python" -m pip install --disable-pip-version-check --quiet --requirement "$file" ||
        fail "Installing $file failed; what pip says stands above. Run the same command to go on."
    echo "$wanted" >"$stamp"
done
