"""The tests' own database, settings that make them fast, and the fixtures that all share."""

import pytest


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
