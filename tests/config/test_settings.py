"""The settings are documented, strict, and name the wrong variable; reading makes nothing."""

import ast
import importlib
import os
import re
import secrets
import subprocess
import sys

import pytest
from environs import EnvError

from audits.evidence.keys import SigningKey
from config import paths
from config.environment import refuse_removed
from config.settings.removed import REMOVED

SETTINGS = sorted((paths.BASE / "config" / "settings").glob("*.py"))
SOURCES = [
    *SETTINGS,
    paths.BASE / "gunicorn.conf.py",
    paths.BASE / "config" / "paths.py",
    paths.BASE / "config" / "embedded" / "database.py",
]
# What a copy with a database of its own must be given.
PRODUCTION = {
    "DATABASE_URL": "postgresql://marquee:secret@db.example/marquee",
    "AUDIT_DATABASE_URL": "postgresql://marquee_audit:secret@db.example/marquee",
    "VAULT_DATABASE_URL": "postgresql://marquee_vault:secret@db.example/marquee",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "DRAW_KEY": secrets.token_urlsafe(48),
    "SECOND_FACTOR_KEY": secrets.token_urlsafe(48),
    "EMAIL_URL": "submission://user:password@mail.example:587",
}
NO_DATABASE = ["", "sqlite:///x", "mysql://user@host/name", "postgresql://", "postgresql://host",
               "postgresql://user@host:port/name", "db.example"]  # fmt: skip
NO_KEY = ["", "short", "x" * 64, "abc" * 20]
NO_PATH = ["", "nowhere", "no such.Thing", "a..b", "a.b()", "/a/b.py"]
NO_BOOL = ["", "perhaps"]
NO_DAYS = ["", "a week", "0", "-1", "36501", "1.5"]
NO_SHARE = ["", "half", "-0.1", "1.01", "nan", "30"]
# Each variable with values that must stop the start. Every documented variable stands here.
WRONG = {
    "ALLOWED_HOSTS": ["", "*", "https://marquee.example", "a.example:8000", "a.example/x", "a b"],
    "ARTWORK_CHOOSER": NO_PATH,
    "AUDIT_DATABASE_URL": NO_DATABASE[1:],
    "AUDIT_EXPOSURE_DIFFERENCE": NO_SHARE,
    "AUDIT_LEAKAGE": [*NO_SHARE, "0.51"],
    "AUDIT_PATIENCE_HOURS": ["", "soon", "-1", "nan", "inf"],
    "AUDIT_PROMINENCE_GAP": NO_SHARE,
    "AUDIT_LIFT_DIFFERENCE": NO_SHARE,
    "BROKER_URL": ["", "zzz://", "redis://", "http://host", "redis://host;zzz://", "memory://",
                   "filesystem:///x", "amqp://host:port"],
    "CACHE_URL": ["http://foo", "redis://", "zzz", "memcached://host"],
    "CANDIDATE_AUDITOR": NO_PATH[1:],
    "CSRF_TRUSTED_ORIGINS": ["marquee.example", "ftp://a.example", "https://", "https://a.example/x"],
    "DATABASE_POOL": ["", "many", "0"],
    "DATABASE_URL": NO_DATABASE,
    "DEBUG": NO_BOOL,
    "DEMO_TOUR": NO_BOOL,
    "DECISION_TOKEN_HOURS": ["", "long", "0", "721"],
    "DEFAULT_FROM_EMAIL": ["", "marquee", "a@b\nBcc: c@d", "Marquee <marquee>"],
    "DRAW_KEY": NO_KEY,
    "EVIDENCE_KEY": ["secret", "PRIVATE+KEY+marquee+00000000+", "marquee+00000000+AAAA"],
    "EVIDENCE_FOLDER": ["log", "./log"],
    "EVIDENCE_ORIGIN": ["a b", "a+b", "é"],
    "WALL_ACCEPTED": ["a\tb", "x" * 201],
    "EVIDENCE_WITNESSES": ["x", "https://w.example", "w+00000000+AAAA https://w.example"],
    "EMAIL_URL": ["", "zzz://", "mail.example", "submission://", "smtp://host:port"],
    "EMAIL_VERIFICATION": ["", "perhaps"],
    "EVALUATION_DAYS": NO_DAYS,
    "EVALUATION_DECISIONS": ["", "some", "999"],
    "EVALUATION_FOLDS": ["", "1", "-1", "101"],
    "GATE_DECISIONS": ["", "0"],
    "GATE_DRIFT": ["", "0", "nan", "inf"],
    "RELEASE_ON_UNKNOWN": ["", "pass"],
    "GATE_ERROR": ["", "0", "0.6", "nan"],
    "GATE_MARGIN": NO_SHARE,
    "GATE_MISSING": ["", "8", "-1"],
    "GATE_RANGE": ["", "0.9", "nan", "inf"],
    "GATE_REFERENCE_DAYS": ["", "0", "366"],
    "GATE_REFUSED": NO_SHARE,
    "GATE_SAMPLE": ["", "0", "nan", "inf"],
    "GATE_UNKNOWN": NO_SHARE,
    "GATE_VIEWERS": ["", "1"],
    "HALF_LIFE_DAYS": ["", "0", "nan", "inf"],
    "HTTPS": NO_BOOL,
    "JOURNAL_RETENTION_DAYS": [*NO_DAYS, "9"],
    "LOG_JSON": NO_BOOL,
    "LOG_LEVEL": ["", "LOUD", "info "],
    "MARQUEE_FAST_DATABASE": NO_BOOL,
    "MARQUEE_PROCESS": ["", "root"],
    "MAX_UPLOAD_BYTES": ["", "20 MB", "0"],
    "MAX_UPLOAD_PIXELS": ["", "0"],
    "METRICS_TOKEN": ["two words", "schlüssel"],
    "NIGHT_HOUR": ["", "24", "-1", "three"],
    "PLAYER_MAX_SPEED": ["", "0", "10001"],
    "QUALITY_SECONDS": ["", "0", "86401"],
    "QUALITY_SHARE": NO_SHARE,
    "REDUCE_ON_WORKERS": NO_BOOL,
    "REDUCE_PATIENCE_MINUTES": ["", "soon", "0", "nan", "inf"],
    "REDUCE_THREADS": ["", "0", "1025"],
    "SECOND_FACTOR_KEY": NO_KEY,
    "SECRET_KEY": NO_KEY,
    "SIMULATION_DECLARER": NO_PATH,
    "SITE_NAME": ["", "  ", "two\nlines"],
    "STORAGE_CACHE": ["", "s3://bucket/cache"],
    "STORAGE_URL": ["", "ftp://x", "s3://", "file://host/folder", "folder", "/folder"],
    "TRUSTED_PROXIES": ["proxy.example", "10.0.0.1/8", "0.0.0.0/0", "::/0", "10.0.0.1 ::1", "*"],
    "VAULT_DATABASE_URL": NO_DATABASE[1:],
    "WINDOW_DAYS": ["", "a week", "0", "366"],
    "WINDOW_RETENTION_DAYS": [*NO_DAYS, "9"],
}  # fmt: skip
BEFORE_THE_SETTINGS = {
    "MARQUEE_DATA",
    "MARQUEE_FAST_DATABASE",
    "WEB_CONCURRENCY",
}  # tested by a start, below


def read_variables():
    text = "\n".join(path.read_text() for path in SOURCES)
    names = re.findall(r"""(?:env\.\w+|environ\.get|given|_key)\(\s*["']([A-Z_]+)["']""", text)
    names += re.findall(r""""([A-Z]+_DATABASE_URL)",""", text)
    return set(names)


def documented_variables():
    table = (paths.BASE / "docs" / "settings.md").read_text().partition("## Removed")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))


@pytest.fixture
def read_again(monkeypatch):
    """Read the settings again in an environment of the test's; the process keeps its own."""

    def read(environment):
        for name in documented_variables() - {"MARQUEE_DATA"}:
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(f"{name}_FILE", raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with monkeypatch.context() as modules:
            for name in [name for name in sys.modules if name.startswith("config.settings")]:
                modules.delitem(sys.modules, name)
            modules.setattr("config.logs.structlog.configure", lambda **_: None)
            read = importlib.import_module("config.settings")
            for name in [name for name in sys.modules if name.startswith("config.settings")]:
                del sys.modules[name]
        return read

    yield read
    import config

    config.settings = sys.modules["config.settings"]


def start(code="import django; django.setup()", **variables):
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"} | variables,
        cwd=paths.BASE,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_every_variable_is_documented_and_no_other():
    assert read_variables() == documented_variables()


def test_every_setting_has_one_home_and_is_passed_on():
    """A name that a module sets reaches Django, once, unless it is the module's own."""
    exported = importlib.import_module("config.settings")
    homes = {}
    for path in SETTINGS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and path.name == "__init__.py":
                for name in node.names:
                    homes.setdefault(name.name, []).append(node.module)
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}
    text = "\n".join(path.read_text() for path in SETTINGS)
    assert "import *" not in text
    assert "globals()" not in text
    for name in homes:
        assert hasattr(exported, name), name


def test_what_production_must_be_given_is_enough(read_again):
    settings = read_again(PRODUCTION)
    assert set(settings.DATABASES) == {"default", "protected", "vault"}
    assert settings.HTTPS is True
    assert settings.EMAIL_HOST == "mail.example"


@pytest.mark.parametrize("name", ["SECRET_KEY", "DRAW_KEY", "SECOND_FACTOR_KEY", "EMAIL_URL"])
def test_production_does_not_start_without(read_again, name):
    with pytest.raises(EnvError, match=name):
        read_again({key: value for key, value in PRODUCTION.items() if key != name})


@pytest.mark.parametrize("value", NO_DATABASE[1:3])
def test_another_kind_of_database_is_named_before_what_else_is_missing(read_again, value):
    with pytest.raises(EnvError, match=r"DATABASE_URL.*PostgreSQL"):
        read_again({"DATABASE_URL": value})


def test_every_variable_has_a_wrong_value():
    assert set(WRONG) | BEFORE_THE_SETTINGS == documented_variables()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name, values in WRONG.items()
        if name not in BEFORE_THE_SETTINGS
        for value in values
    ],
)
def test_a_wrong_value_stops_the_start_and_names_its_variable(read_again, name, value):
    with pytest.raises(EnvError, match=name):
        read_again(PRODUCTION | {name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "marquee.example,.marquee.example,10.0.0.1,[::1]"),
        ("BROKER_URL", "redis://one.example:6379/0;redis://two.example"),
        ("BROKER_URL", "amqp://user:password@host:5672//"),
        ("CACHE_URL", ""),
        ("CANDIDATE_AUDITOR", ""),
        ("CSRF_TRUSTED_ORIGINS", "https://marquee.example,https://*.marquee.example:8443"),
        ("DATABASE_URL", "postgres://user:p%40ss@/name?host=/run/postgresql"),
        ("DEFAULT_FROM_EMAIL", "Marquee <marquee@marquee.example>"),
        ("EMAIL_URL", "console:"),
        ("EMAIL_URL", "smtp://localhost"),
        ("TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8,fd00::/8,::1,unix"),
        ("STORAGE_URL", "s3://bucket/prefix?region=eu-central-1"),
        ("STORAGE_URL", "file:///srv/marquee"),
    ],
)
def test_a_right_value_is_taken(read_again, name, value):
    read_again(PRODUCTION | {name: value})


def test_a_program_is_told_in_words_and_not_by_a_trace():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=os.environ | {"WINDOW_DAYS": "a week"},
        cwd=paths.BASE,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Marquee cannot start." in done.stderr
    assert "WINDOW_DAYS" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("MARQUEE_FAST_DATABASE", "perhaps"), ("MARQUEE_DATA", "/dev/null/data")],
)
def test_what_is_read_before_the_settings_is_as_strict(name, value):
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--check"],
        env=os.environ | {name: value},
        cwd=paths.BASE,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_a_variable_that_was_removed_stops_the_start_and_says_what_to_do():
    removed = {"OLD_NAME": "was renamed to NEW_NAME.", "GONE": "was removed."}
    refuse_removed(removed, {"NEW_NAME": "1"})
    for environment in ({"OLD_NAME": "1"}, {"OLD_NAME": ""}, {"OLD_NAME_FILE": "/run/x"}):
        with pytest.raises(EnvError, match="OLD_NAME was renamed to NEW_NAME"):
            refuse_removed(removed, environment)


def test_every_removed_variable_is_documented_and_stops_the_start(read_again):
    text = (paths.BASE / "docs" / "settings.md").read_text().partition("## Removed")[2]
    assert set(REMOVED) == set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))
    for name in REMOVED:
        with pytest.raises(EnvError, match=f"{name} was "):
            read_again(PRODUCTION | {name: "true"})


def test_a_secret_may_come_from_a_file(read_again, tmp_path):
    key = secrets.token_urlsafe(48)
    (tmp_path / "key").write_text(f"{key}\n")
    environment = {name: value for name, value in PRODUCTION.items() if name != "DRAW_KEY"}
    settings = read_again(environment | {"DRAW_KEY_FILE": str(tmp_path / "key")})
    assert key == settings.DRAW_KEY


def test_a_file_that_is_missing_stops_the_start(tmp_path):
    done = start(DRAW_KEY_FILE=str(tmp_path / "none"))
    assert done.returncode != 0
    assert "DRAW_KEY_FILE" in done.stderr


def test_reading_the_settings_makes_nothing(tmp_path):
    data = tmp_path / "data"
    done = start(MARQUEE_DATA=str(data))
    assert done.returncode == 0, done.stderr
    assert not data.exists()


def test_a_checkout_that_may_not_be_written_to_can_be_checked(tmp_path):
    data = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=os.environ | {"MARQUEE_DATA": str(data)},
        cwd=paths.BASE,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert not data.exists()


def test_the_web_process_takes_no_signing_key_of_the_embedded_copy(tmp_path):
    key = SigningKey.make("marquee").dump()
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "evidence").write_text(key)
    code = "from django.conf import settings; print(settings.EVIDENCE_KEY)"
    for process, taken in {"web": "", "worker": "", "audit": key, "operator": key}.items():
        done = start(code, MARQUEE_PROCESS=process, MARQUEE_DATA=str(tmp_path))
        assert done.stdout.strip() == taken, done.stderr


def test_only_processes_in_which_people_sign_in_take_the_key_of_second_factors():
    code = "from django.conf import settings; print(bool(settings.SECOND_FACTOR_KEY))"
    for process, taken in {"web": 1, "worker": 0, "audit": 0, "operator": 1}.items():
        done = start(code, MARQUEE_PROCESS=process)
        assert done.stdout.strip() == str(bool(taken)), done.stderr


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
        done = start(code, MARQUEE_PROCESS=process)
        assert done.stdout.strip() == str(aliases), done.stderr
