"""The tests' own database, settings that make them fast, and the fixtures that all share."""

import pytest
from django.core.management import call_command
from django.db import connections
from hypothesis import settings as hypothesis

from catalog.queries import orders
from tests.emptying import Emptier

# How long an example takes says nothing: the first calls what has to be compiled.
hypothesis.register_profile("untimed", deadline=None)
hypothesis.load_profile("untimed")


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    """Let no test write into another's media or storage."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media"), "base_url": "/media/"},
        },
        "originals": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "originals"), "base_url": None},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STORAGE_URL = (tmp_path / "storage").as_uri()


@pytest.fixture(autouse=True)
def _passwords_that_cost_nothing(settings):
    """A safe hash takes a tenth of a second for each account that a test makes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _orders_of_its_own():
    """Let no test see another's catalogue: what a test takes back leaves no event."""
    orders.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The wall stands in the tests' database too: all three roles reach the same one."""
    default = connections["default"].settings_dict
    for alias in connections:
        # pytest-django prepares only the aliases that the collected tests name; the others
        # would reach a database that is not the tests'.
        if connections[alias].settings_dict["NAME"] != default["NAME"]:
            connections[alias].creation.set_as_test_mirror(default)
    with django_db_blocker.unblock():
        call_command("prepare_wall", verbosity=0)
        emptier = Emptier()
    with pytest.MonkeyPatch.context() as monkeypatch:
        emptier.replace_flush(monkeypatch)
        yield
    emptier.close()
    for alias in connections:
        if alias != "default":
            connections[alias].close()  # or the tests' database could not be dropped
