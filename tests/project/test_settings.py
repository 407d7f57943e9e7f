"""The settings are documented, strict, and name the variable that is wrong."""

import os
import re
import subprocess
import sys

import pytest

from config import paths

SOURCES = [paths.BASE / "config" / name for name in ("settings.py", "paths.py")] + [
    paths.BASE / "config" / "embedded" / "database.py"
]
ELSEWHERE = {
    "DJANGO_SETTINGS_MODULE",  # Django's own
    "DATABASE_URL_FILE",  # the file form, which the text explains for all
}


def read_variables():
    text = "\n".join(path.read_text() for path in SOURCES)
    names = re.findall(r"""(?:env\.\w+|environ\.get|_own_secret)\(\s*["']([A-Z_]+)["']""", text)
    return set(names) - ELSEWHERE


def documented_variables():
    table = (paths.BASE / "docs" / "settings.md").read_text()
    return set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))


def start(**variables):
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"} | variables,
        cwd=paths.BASE,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_every_variable_is_documented_and_no_other():
    assert read_variables() == documented_variables()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WINDOW_DAYS", "a week"),
        ("HTTPS", "perhaps"),
        ("MARQUEE_PROCESS", "root"),
        ("JOURNAL_RETENTION_DAYS", "9"),
        ("REDUCE_THREADS", "0"),
        ("REDUCE_PATIENCE_MINUTES", "soon"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_its_variable(name, value):
    done = start(**{name: value})
    assert done.returncode != 0
    assert name in done.stderr


def test_a_database_of_ones_own_wants_secrets_of_its_own():
    done = start(DATABASE_URL="postgresql://marquee@localhost/marquee")
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


def test_another_engine_is_refused():
    done = start(DATABASE_URL="sqlite:///x", SECRET_KEY="x" * 60, DRAW_KEY="y" * 60)
    assert done.returncode != 0
    assert "PostgreSQL" in done.stderr


def test_a_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    code = "import django; django.setup(); from django.conf import settings as s; print(s.DRAW_KEY)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "config.settings", "DRAW_KEY_FILE": str(tmp_path / "key")},
        cwd=paths.BASE,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "from a file", done.stderr


def test_the_web_process_holds_no_secret_of_the_wall():
    code = (
        "import django; django.setup(); from django.db import connections;"
        " print(sorted(connections.databases))"
    )
    for process, aliases in {
        "web": ["default"],
        "worker": ["default"],
        "audit": ["default", "protected"],
        "operator": ["default", "protected", "vault"],
    }.items():
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ
            | {"DJANGO_SETTINGS_MODULE": "config.settings", "MARQUEE_PROCESS": process},
            cwd=paths.BASE,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout.strip() == str(aliases), done.stderr
