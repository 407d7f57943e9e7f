"""Factories for the rows that a night works on."""

import hashlib
import itertools
from datetime import date

import numpy as np

from personalization import storage
from personalization.features import manifest
from personalization.journal import partitions
from personalization.models import Decision, ModelVersion, Window
from personalization.release.bounds import Bounds
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
    vector = fields.pop("vector", np.zeros(manifest.WIDTH)).astype("<f8").tobytes()
    people = np.array(fields.pop("people", []), "<i8").tobytes()
    weights = np.array(fields.pop("weights", []), "<f8").tobytes()
    return Window.objects.create(
        **{
            "viewer": viewer,
            "key": f"{next(_numbers)}.0",
            "manifest_digest": manifest.DIGEST,
            "vector": vector,
            "affinity_people": people,
            "affinity_weights": weights,
            "vector_digest": digest(vector, people, weights),
            "history_length": 0,
            "opened_at": NOW,
        }
        | fields
    )


DAY = date(2026, 3, 2)


def digest(vector, people=b"", weights=b""):
    return hashlib.sha256(vector + people + weights).hexdigest()


def make_decision(viewer, title, artworks, **fields):
    """Make a decision on the first of `artworks`, seen at noon of DAY, even among them."""
    even = [1 / len(artworks)] * len(artworks)
    fields.setdefault("window", None)
    fields["window"] = fields["window"] or make_window(viewer)
    fields.setdefault("first_seen_at", NOW)
    fields.setdefault("day", fields["first_seen_at"].date())
    partitions.ensure([fields["day"]])
    return Decision.objects.create(
        **{
            "viewer": viewer,
            "title": title,
            "policy": "uniform",
            "standing": "personal",
            "artworks": [artwork.pk for artwork in artworks],
            "probabilities": even,
            "chosen": artworks[0].pk,
            "propensity": even[0],
            "surface": "home",
            "position": 0,
        }
        | fields
    )


def _estimate(value, low, high):
    return {"value": value, "low": low, "high": high}


def _policy(value, low, high):
    same = _estimate(value, low, high)
    names = ("dr", "ips", "snips", "sndr", "switch_dr", "dm")
    return dict.fromkeys(names, same) | {"ess": 5_000.0, "max_weight": 6.0, "refused": None}


def _difference(value, low, high):
    same = _estimate(value, low, high)
    return {"dr": same, "ips": same, "ess": 4_000.0, "refused": None}


def reference(model, value=0.002, error=0.001, freedom=399.0, **fields):
    """Return a comparison with a model that served lately, as the evaluation writes it."""
    numbers = {"value": value, "error": error, "freedom": freedom}
    return {"model": model, "ess": 4_000.0, "refused": None, "counts": True} | numbers | fields


# As the evaluation writes it.
EVALUATION = {
    "decisions": 16_000,
    "viewers": 400,
    "share": 1.0,
    "level": 0.95,
    "logged": _estimate(0.1, 0.095, 0.105),
    "days": ["2026-03-01", "2026-03-02"],
    "serving": None,
    "rival": "uniform",
    "reward_model": "candidate",
    "unknown": 0,
    "drift": {"feature": "genre:war", "shift": 0.1},
    "policies": {
        "candidate": _policy(0.131, 0.125, 0.137),
        "uniform": _policy(0.1, 0.095, 0.105),
        "context_free": _policy(0.125, 0.12, 0.13),
    },
    "differences": {
        "uniform": _difference(0.031, 0.026, 0.036),
        "context_free": _difference(0.006, 0.001, 0.011),
    },
}

BOUNDS = Bounds(
    margin=0.005,
    sample=500,
    viewers=30,
    decisions=1_000,
    refused=0.01,
    unknown=0.05,
    missing=2,
    range=2.0,
    drift=0.5,
    reference_days=90,
    error=0.05,
)
