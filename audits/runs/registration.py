"""Registering a run: slate, cohort, model, seed and margins are fixed before anything is read."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from audits.models import AuditRun
from audits.protected.attributes import ATTRIBUTES
from audits.runs import versions
from catalog.models import Artwork, Title, Viewer
from personalization import inspection
from personalization.models import ModelVersion

FORMAT = 4
LARGEST_SEED = 2**53
# How many titles a slate holds, the most shown ones: an attack's cost grows with the slate.
SLATE_LIMIT = 400
# How far apart two groups may be before it matters. Set before the run, in the measure's own unit
# (an AUC counts from one half).
MARGINS = {
    "exposure_difference": 0.05,
    "leakage_auc": 0.05,
    "prominence_gap": 0.02,
    "prominence_event": 0.05,
    "depicted_difference": 0.02,
    "value_difference": 0.01,
}


class NothingToAudit(Exception):
    """There is no title with two artworks, or no viewer."""


class UnknownAttribute(ValueError):
    """A run was requested for an attribute that nobody can declare."""


class BadSeed(ValueError):
    """A run was requested with a seed that no random numbers can start from."""


def register(
    model: ModelVersion | None,
    *,
    kind: str,
    now: datetime,
    attributes: Sequence[str] = (),
    seed: int = 2018,
    effort: str = "quick",
    by: str = "",
) -> AuditRun:
    """Register a run over a model version (None: the even choice). No declaration is read yet.

    Without `attributes` the run measures all of them. Raises NothingToAudit, UnknownAttribute, and
    BadSeed for a seed below 0 or beyond 2**53, which not every JSON program reads exactly.
    """
    if not 0 <= seed <= LARGEST_SEED:
        raise BadSeed("A seed is a whole number from 0 to 2⁵³.")
    unknown = set(attributes) - set(ATTRIBUTES)
    if unknown:
        raise UnknownAttribute(f"Nobody can declare {', '.join(sorted(unknown))}.")
    plan = _plan(model, kind, sorted(attributes or ATTRIBUTES), seed, effort, now)
    return save(plan, model=model, kind=kind, by=by, now=now)


def save(
    plan: dict[str, Any], *, model: ModelVersion | None, kind: str, by: str, now: datetime
) -> AuditRun:
    """Store a plan as a run that waits for its execution."""
    return AuditRun.objects.create(
        model=model,
        kind=kind,
        registration=plan,
        registration_digest=digest(plan),
        requested_by=by,
        registered_at=now,
        touched_at=now,
    )


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def cohort(at: datetime) -> list[Viewer]:
    """Return the viewers of a run: every profile that existed at `at`, in the order of ids."""
    return list(Viewer.objects.filter(created_at__lte=at).order_by("id"))


def _plan(
    model: ModelVersion | None,
    kind: str,
    attributes: list[str],
    seed: int,
    effort: str,
    at: datetime,
) -> dict[str, Any]:
    viewers = cohort(at)
    if not viewers:
        raise NothingToAudit("There is no viewer yet.")
    days = model.evaluation_days.order_by("day") if model else []
    return {
        "format": FORMAT,
        "kind": kind,
        "at": at.isoformat(),
        "model": _model(model),
        "slate": _slate(),
        "cohort": {
            "definition": "every profile that existed at the moment of registration",
            "viewers": len(viewers),
        },
        "attributes": attributes,
        "seed": seed,
        "effort": effort,
        "margins": MARGINS,
        "evaluation_days": [{"day": str(day.day), "sha256": day.sha256} for day in days],
        "code": versions.code(),
    }


def _model(model: ModelVersion | None) -> dict[str, Any]:
    if model is None:
        return {"id": None, "sha256": None, "manifest": inspection.feature_manifest().digest}
    return {"id": model.pk, "sha256": model.sha256, "manifest": model.manifest_digest}


def _slate() -> dict[str, Any]:
    approved = Count("artworks", filter=Q(artworks__state=Artwork.State.APPROVED))
    titles = dict.fromkeys(
        Title.objects.annotate(choices=approved)
        .filter(published=True, choices__gte=2)
        .order_by("id")
        .values_list("id", flat=True),
        0,
    )
    if not titles:
        raise NothingToAudit("No title has two artworks to choose from.")
    shown = inspection.impressions_of_titles(list(titles))
    kept = sorted(titles, key=lambda title: (-shown.get(title, 0), title))[:SLATE_LIMIT]
    kept.sort()
    total = sum(shown.get(title, 0) for title in kept)
    return {
        "rule": f"the {SLATE_LIMIT} most shown published titles with two or more approved artworks",
        "titles": kept,
        "weighted_by": "impressions" if total else "evenly",
        "weights": [shown.get(title, 0) / total if total else 1 / len(kept) for title in kept],
    }
