"""Makers of what a night works on."""

import itertools

import numpy as np

from personalization import storage
from personalization.models import ModelVersion, Window
from tests.factories import NOW

_numbers = itertools.count(1)


def make_model(**fields):
    stored = storage.put(f"model {next(_numbers)}".encode(), folder="models", suffix=".bin")
    return ModelVersion.objects.create(
        **{
            "path": stored.path,
            "sha256": stored.sha256,
            "manifest_name": "test",
            "manifest_digest": "0" * 64,
            "created_at": NOW,
        }
        | fields
    )


def make_window(viewer, **fields):
    vector = np.zeros(31).tobytes()
    return Window.objects.create(
        **{
            "viewer": viewer,
            "key": f"{next(_numbers)}.0",
            "manifest_digest": "0" * 64,
            "vector": vector,
            "affinity_people": b"",
            "affinity_weights": b"",
            "vector_digest": "0" * 64,
            "history_length": 0,
            "opened_at": NOW,
        }
        | fields
    )
