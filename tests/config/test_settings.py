"""The settings are documented, strict, and name the variable that is wrong."""

import importlib.util
import os
import re
import subprocess
import sys

import pytest
from environs import EnvError

from config import paths

SOURCES = [paths.BASE / "config" / name for name in ("settings.py", "learning.py", "paths.py")] + [
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
        ("REDUCE_PATIENCE_MINUTES", "soon"),
        ("EVALUATION_FOLDS", "1"),
        ("WINDOW_RETENTION_DAYS", "9"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_its_variable(name, value):
    done = start(**{name: value})
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("NIGHT_HOUR", "24"),
        ("WINDOW_DAYS", "0"),
        ("EVALUATION_DAYS", "0"),
        ("EVALUATION_DECISIONS", "999"),
        ("HALF_LIFE_DAYS", "0"),
        ("HALF_LIFE_DAYS", "nan"),
        ("REDUCE_THREADS", "0"),
        ("GATE_MARGIN", "-0.1"),
        ("GATE_REFUSED", "1.01"),
        ("GATE_MISSING", "8"),
        ("GATE_VIEWERS", "1"),
        ("QUALITY_SHARE", "30"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(monkeypatch, name, bad):
    """In this process, which has read its settings already: a second copy of them is made."""
    monkeypatch.setenv(name, bad)
    (source,) = (path for path in SOURCES if f'("{name}"' in re.sub(r"\s", "", path.read_text()))
    again = importlib.util.spec_from_file_location("settings_again", source)
    with pytest.raises(EnvError, match=name):
        again.loader.exec_module(importlib.util.module_from_spec(again))


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
