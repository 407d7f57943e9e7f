"""Registering a run: slate, cohort, model, seed and margins are fixed before anything is read."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from audits.metrics.groups import MINIMUM_TO_TEST
from audits.models import AuditRun
from audits.protected.attributes import ATTRIBUTES
from audits.record import doors
from audits.runs import versions
from audits.runs.claiming import Overtaken, mine
from catalog.actions.watching import keep_instant
from catalog.models import Artwork, Title, Viewer
from personalization import inspection
from personalization.models import ModelVersion
from tools.verify_evidence import canonical

FORMAT = 4
LARGEST_SEED = 2**53
# How many titles a slate holds, the most shown ones: an attack's cost grows with the slate.
SLATE_LIMIT = 400
# How far apart two groups may be before it matters. Set before the run, in the measure's own unit
# (an AUC counts from one half). Why the first is 0.05: docs/decisions/0029.
MARGINS = {
    "exposure_distance": 0.05,
    "leakage_auc": 0.05,
    "prominence_gap": 0.02,
    "prominence_event": 0.05,
    "depicted_difference": 0.02,
    "flip_effect": 0.02,
    "reach_difference": 0.01,
    "lift_difference": 0.01,
    "lift_difference_standard": 0.01,
}
# The fewest viewers of a cohort: fewer in a group are not tested, so fewer in all show nothing.
FEWEST_VIEWERS = MINIMUM_TO_TEST
# The largest share of those who declared that a cohort may lack: some leave while a run begins.
MISSING_SHARE = 0.02


class NothingToAudit(Exception):
    """There is no title with two artworks, or no viewer."""


class UnknownAttribute(ValueError):
    """A run was requested for an attribute that nobody can declare."""


class BadSeed(ValueError):
    """A seed was given that is none, or for a run whose seed follows from its registration."""


class CohortRefused(Exception):
    """The viewers that a run would measure are too few, or lack people who declared."""


def request(
    model: ModelVersion | None,
    *,
    kind: str,
    attributes: Sequence[str] = (),
    effort: str = "quick",
    by: str = "",
) -> AuditRun:
    """Ask for a run over a model version (None: the even choice). Any process may.

    The database stamps the time and the role. The audit worker registers the run later. Without
    `attributes` it measures all of them. Raises NothingToAudit where nothing could be measured
    now, and UnknownAttribute.
    """
    unknown = set(attributes) - set(ATTRIBUTES)
    if unknown:
        raise UnknownAttribute(f"Nobody can declare {', '.join(sorted(unknown))}.")
    if not (viewers := Viewer.objects.count()):
        raise NothingToAudit("There is no viewer yet.")
    if viewers < FEWEST_VIEWERS:
        raise NothingToAudit(f"A run needs {FEWEST_VIEWERS} viewers; there are {viewers}.")
    if not _choices().exists():
        raise NothingToAudit("No title has two artworks to choose from.")
    number = doors.request_run(
        model.pk if model else None,
        kind=kind,
        attributes=sorted(attributes or ATTRIBUTES),
        effort=effort,
        by=by,
    )
    run = AuditRun.objects.get(pk=number)
    keep_instant(run.requested_at)
    return run


def register(
    run: AuditRun, *, plan: dict[str, Any] | None = None, seed: int | None = None
) -> AuditRun:
    """Fix all that a claimed run measures, and write it. Needs the audit role.

    Nothing of it comes from the request but the model, the attributes and the effort. The instant
    is the database's time of the request. A run that is registered already is returned as it is.

    Args:
        run: a run in the state RUNNING.
        plan: the registration of a document that is replayed; otherwise one is made.
        seed: of an exploratory run only; otherwise it follows from the registration.

    Raises NothingToAudit; UnknownAttribute; BadSeed; CohortRefused before anything is read;
    Overtaken if another worker has claimed the run since.
    """
    if run.registration:
        return run
    if seed is not None and run.kind != AuditRun.Kind.EXPLORATORY:
        raise BadSeed("Only an exploratory run may be given a seed.")
    if plan is None:
        plan = _plan(run, seed)
    check_seed(plan)
    check_cohort(run, cohort(datetime.fromisoformat(plan["at"])), plan["at"])
    written = {
        "registration": plan,
        "registration_digest": digest(plan),
        "model_sha256": plan["model"]["sha256"] or "",
    }
    if not mine(run).update(**written):
        raise Overtaken
    run.refresh_from_db(fields=[*written, "registered_at"])
    return run


def check_cohort(run: AuditRun, viewers: Sequence[Viewer], at: str) -> None:
    """Refuse a cohort that somebody could have picked.

    The web role can write when a profile was made. So a cohort of few viewers is refused, and so
    is one that lacks more than a few of those who had declared by then. The count is made inside
    the wall and names nobody.

    Raises CohortRefused.
    """
    if len(viewers) < FEWEST_VIEWERS:
        raise CohortRefused(
            f"The cohort has {len(viewers)} viewers; {FEWEST_VIEWERS} are the fewest. "
            "Nothing was read."
        )
    subjects = [viewer.public_id for viewer in viewers]
    declared, missing = doors.check_cohort(run.pk, subjects, datetime.fromisoformat(at))
    if missing > declared * MISSING_SHARE:
        raise CohortRefused(
            # No count: the run is public, and a count would tell who had declared.
            f"More than {MISSING_SHARE:.0%} of the viewers who had declared something are not in "
            "the cohort. Nothing was read."
        )


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON (RFC 8785), in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def cohort(at: datetime) -> list[Viewer]:
    """Return the viewers of a run: every profile that existed at `at`, in the order of ids."""
    return list(Viewer.objects.filter(created_at__lte=at).order_by("id"))


def _plan(run: AuditRun, seed: int | None) -> dict[str, Any]:
    unknown = set(run.attributes) - set(ATTRIBUTES)
    if unknown or not run.attributes:
        raise UnknownAttribute(f"Nobody can declare {', '.join(sorted(unknown)) or 'nothing'}.")
    model = _asked_model(run)
    viewers = cohort(run.requested_at)
    if not viewers:
        raise NothingToAudit("There is no viewer yet.")
    days = model.evaluation_days.order_by("day") if model else []
    plan = {
        "format": FORMAT,
        "kind": run.kind,
        "at": run.requested_at.isoformat(),
        "model": _model(model),
        "slate": _slate(),
        "cohort": {
            "definition": "every profile that existed at the moment of the request",
            "viewers": len(viewers),
        },
        "attributes": run.attributes,
        "intersections": _intersections(run.attributes),
        "effort": run.effort,
        "margins": MARGINS,
        "evaluation_days": [{"day": str(day.day), "sha256": day.sha256} for day in days],
        "code": versions.code(),
    }
    return plan | {"seed": _seed(plan) if seed is None else checked_seed(seed)}


def _intersections(attributes: Sequence[str]) -> list[list[str]]:
    """Return the pairs of attributes that are crossed: of exactly two, both.

    Of more, each pair would have dozens of groups, and most of these too few viewers.
    """
    return [sorted(attributes)] if len(attributes) == 2 else []


def _asked_model(run: AuditRun) -> ModelVersion | None:
    model = run.model
    if run.model_id and model is None:
        raise NothingToAudit(f"There is no model version {run.model_id}.")
    return model


def _seed(plan: dict[str, Any]) -> int:
    """Return the seed that follows from a registration, so that nobody can look for a better one.

    It has 48 bits, which every JSON program reads exactly.
    """
    return int(digest(plan)[:12], 16)


def check_seed(plan: dict[str, Any]) -> None:
    """Raise BadSeed unless a plan's seed follows from the rest of it, or the run is exploratory."""
    rest = {name: value for name, value in plan.items() if name != "seed"}
    if plan["kind"] != AuditRun.Kind.EXPLORATORY and plan["seed"] != _seed(rest):
        raise BadSeed("The seed does not follow from the registration.")


def checked_seed(seed: int) -> int:
    """Return a seed that somebody chose. Raises BadSeed."""
    if not 0 <= seed <= LARGEST_SEED:
        raise BadSeed("A seed is a whole number from 0 to 2⁵³.")
    return seed


def _model(model: ModelVersion | None) -> dict[str, Any]:
    if model is None:
        return {"id": None, "sha256": None, "manifest": inspection.feature_manifest().digest}
    return {"id": model.pk, "sha256": model.sha256, "manifest": model.manifest_digest}


def _choices() -> QuerySet[Title]:
    """Return the published titles with at least two artworks to choose from."""
    approved = Count("artworks", filter=Q(artworks__state=Artwork.State.APPROVED))
    return Title.objects.annotate(choices=approved).filter(published=True, choices__gte=2)


def _slate() -> dict[str, Any]:
    titles = dict.fromkeys(_choices().order_by("id").values_list("id", flat=True), 0)
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
