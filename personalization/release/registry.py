"""Writes to the registry: which model serves, and why.

Each takes the registry's lock, so that two never interleave: one model serves, or none. For a
person's request, callers check `personalization.promote_model` first.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from catalog.models import Account
from catalog.models.naming import is_visible
from personalization import storage
from personalization.models import ModelVersion, StateChange, Window

State = ModelVersion.State
LOCK = 0x4D_52_51_01  # "MRQ", 1: writers of the registry, one after another


class CannotPromote(Exception):
    """The model cannot serve, or there is none to go back to."""


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The result of a roll-back: the model held, the one serving now, the windows released."""

    left: ModelVersion
    serving: ModelVersion | None
    windows: int


def promote(
    model: ModelVersion, *, reason: str, now: datetime, by: Account | None = None
) -> ModelVersion:
    """Let `model` serve and retire the model that served before.

    Windows that are open keep their model until they end. Promoting the model
    that serves changes nothing. Raises StorageAltered or StorageMissing if its
    file is not the one that was fitted, and CannotPromote without a reason.
    """
    _need(reason)
    storage.verify(model.path, model.sha256)
    with transaction.atomic():
        _lock()
        model = ModelVersion.objects.select_for_update().get(pk=model.pk)
        if model.state == State.SERVING:
            return model
        before = ModelVersion.objects.serving()
        if before is not None:
            _enter(before, State.RETIRED, f"Model {model.pk} took its place.", now, by)
        return _enter(model, State.SERVING, reason, now, by)


def hold(
    model: ModelVersion, *, reason: str, now: datetime, by: Account | None = None
) -> ModelVersion:
    """Keep a candidate from serving. Raises CannotPromote if it serves: roll it back instead."""
    _need(reason)
    with transaction.atomic():
        _lock()
        model = ModelVersion.objects.select_for_update().get(pk=model.pk)
        if model.state == State.SERVING:
            raise CannotPromote(f"Model {model.pk} serves; roll it back instead of holding it.")
        return _enter(model, State.HELD, reason, now, by)


def roll_back(
    *,
    reason: str,
    now: datetime,
    to: int | None = None,
    by: Account | None = None,
    expected: int | None = None,
) -> RolledBack:
    """Hold the serving model because of harm, let the previous one serve, release its windows.

    `to` names the model to go back to. Without it, the model that retired last serves, or none
    (choices are then even until a model is promoted). `expected` names the model that the person
    meant to roll back. Every open window of the model that leaves is released, so that its viewers'
    next page is chosen anew. Raises CannotPromote if no model serves or `to` cannot serve, and
    StorageAltered or StorageMissing if the file of the previous model is bad.
    """
    _need(reason)
    with transaction.atomic():
        _lock()
        left = ModelVersion.objects.serving()
        if left is None:
            raise CannotPromote("No model serves, so there is nothing to roll back.")
        if expected not in {None, left.pk}:
            raise CannotPromote(f"Model {expected} does not serve; model {left.pk} does.")
        back = _target(left, to)
        if back is not None:
            storage.verify(back.path, back.sha256)
        _enter(left, State.HELD, f"Rolled back: {reason}", now, by)
        if back is not None:
            _enter(back, State.SERVING, f"Back in place of model {left.pk}: {reason}", now, by)
        return RolledBack(left, back, release_windows(left, now=now))


def release_windows(model: ModelVersion, *, now: datetime) -> int:
    """End every open window of a model at once; return how many there were."""
    return Window.objects.filter(model=model, released_at=None).update(released_at=now)


def before(model: ModelVersion) -> ModelVersion | None:
    """Return the model that a roll-back of this one goes back to: the one that retired last."""
    retired = ModelVersion.objects.exclude(pk=model.pk).filter(state=State.RETIRED)
    return retired.order_by("-retired_at", "-pk").first()


def _target(left: ModelVersion, to: int | None) -> ModelVersion | None:
    others = ModelVersion.objects.exclude(pk=left.pk)
    if to is None:
        return before(left)
    found = others.filter(pk=to).first()
    if found is None:
        raise CannotPromote(f"There is no other model {to} to go back to.")
    return found


def _enter(
    model: ModelVersion, state: str, reason: str, now: datetime, by: Account | None
) -> ModelVersion:
    model.state, model.reason = state, reason
    fields = ["state", "reason"]
    if state == State.SERVING:
        model.promoted_at, model.retired_at = now, None
        fields += ["promoted_at", "retired_at"]
    elif model.promoted_at is not None and model.retired_at is None:
        model.retired_at = now
        fields.append("retired_at")
    model.save(update_fields=fields)
    StateChange.objects.create(
        model=model, state=state, reason=reason, at=now, by=by, by_name=str(by) if by else ""
    )
    return model


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _need(reason: str) -> None:
    if not is_visible(reason):
        raise CannotPromote("Say why: the reason stays beside the model.")
