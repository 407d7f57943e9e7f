"""A recorded decision, computed again from the versions that it names.

The choice is a pure function of its window, its model, its title's artworks and the draw key.
What is computed equals what was recorded to the bit, or the replay names the input that differs.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import QuerySet

from personalization import storage
from personalization.features.manifest import MANIFEST
from personalization.journal.dropping import newest_dropped
from personalization.models import Decision, SealedDay, Window
from personalization.models.journal import Policy, Standing
from personalization.serving import deciding, tokens
from personalization.serving.models import ModelUnusable
from personalization.serving.replay import decide_again
from personalization.serving.windows import state_of

SEALED_COLUMNS = ["decision", "artworks", "probabilities", "chosen", "propensity", "standing"]


class CannotReplay(Exception):
    """There is no such decision, or something that it was made from is gone. The words say what."""


@dataclass(frozen=True)
class DecisionReplay:
    """A recorded decision beside the computed one.

    Attributes:
        artworks, probabilities, chosen: what was computed; `chosen` is None where no artwork of
            the decision is left in the catalogue.
        differences: what differs, in words; empty where everything is equal to the bit.
        sealed: what its sealed day says, in words.
    """

    decision: Decision
    artworks: list[int]
    probabilities: list[float]
    chosen: int | None
    differences: tuple[str, ...]
    sealed: str

    @property
    def is_equal(self) -> bool:
        return not self.differences

    def to_json(self) -> dict[str, Any]:
        recorded = self.decision
        return {
            "decision": recorded.pk,
            "day": str(recorded.day),
            "window": recorded.window_id,
            "model": recorded.model_id,
            "title": recorded.title_id,
            "standing": recorded.standing,
            "policy": recorded.policy,
            "recorded": {
                "artworks": recorded.artworks,
                "probabilities": recorded.probabilities,
                "chosen": recorded.chosen,
            },
            "computed": {
                "artworks": self.artworks,
                "probabilities": self.probabilities,
                "chosen": self.chosen,
            },
            "equal": self.is_equal,
            "differences": list(self.differences),
            "sealed": self.sealed,
        }


def find(name: str) -> list[Decision]:
    """Return the decisions that a name means: a number, a decision token, or a page view's UUID.

    Raises CannotReplay for a name that means none; the words say why.
    """
    decisions, what = _named(name.strip())
    found = list(decisions.select_related("model", "viewer").order_by("pk"))
    if found:
        return found
    last = newest_dropped()
    gone = (
        f" Decisions up to {last} have left the journal. Their sealed days hold them, but not "
        "their windows, so they cannot be computed again here."
        if last
        else ""
    )
    raise CannotReplay(f"The journal holds no {what}.{gone}")


def _named(name: str) -> tuple[QuerySet[Decision], str]:
    if name.isascii() and name.isdigit():
        number = int(name)
        if number >= 2**63:
            raise CannotReplay("A decision's number is at most 9,223,372,036,854,775,807.")
        return Decision.objects.filter(pk=number), f"decision {number}"
    try:
        page_view = UUID(name)
    except ValueError:
        pass
    else:
        return (
            Decision.objects.filter(impressions__page_view=page_view).distinct(),
            f"decision that was seen on the page view {page_view}",
        )
    try:
        token = tokens.unpack(name, any_age=True)
    except tokens.TokenRefused as error:
        raise CannotReplay(
            f"“{name[:40]}” is no decision's number, no page view's UUID, and no decision token "
            f"that this copy signed ({error})."
        ) from error
    decisions = Decision.objects.filter(window=token.window_id, title=token.decided.title_id)
    if token.decided.standing == Standing.KEEPS:
        decisions = decisions.filter(standing=Standing.KEEPS, chosen=token.decided.artwork_id)
    else:
        decisions = decisions.exclude(standing=Standing.KEEPS)
    return decisions, "decision of this token: its picture was never really seen"


def replay(decision: Decision) -> DecisionReplay:
    """Compute a decision again and compare.

    Raises CannotReplay where its window or its model's file is gone or cannot be used.
    """
    window = Window.objects.select_related("model", "viewer").filter(pk=decision.window_id).first()
    if window is None:
        raise CannotReplay(f"The window of {decision} is gone, so it cannot be computed again.")
    try:
        decided = decide_again(decision, window)
    except ModelUnusable as error:
        raise CannotReplay(f"{decision} cannot be computed again. {error}") from error
    sealed, sealed_differences = _sealed(decision)
    return DecisionReplay(
        decision=decision,
        artworks=decided.artworks.tolist() if decided else [],
        probabilities=decided.probabilities.tolist() if decided else [],
        chosen=decided.artwork_id if decided else None,
        differences=(
            *_input_differences(decision, window),
            *_choice_differences(decision, decided),
            *sealed_differences,
        ),
        sealed=sealed,
    )


def _input_differences(decision: Decision, window: Window) -> list[str]:
    differences = []
    if state_of(window).digest != window.vector_digest:
        differences.append("The window's viewer vector is not the one that its digest names.")
    if window.manifest_digest != MANIFEST.digest:
        differences.append("The window was opened under another feature manifest.")
    if decision.model_id != window.model_id:
        differences.append(
            f"The decision names model {decision.model_id}, its window model {window.model_id}."
        )
    if decision.viewer_id != window.viewer_id:
        differences.append("The decision and its window belong to two viewers.")
    is_scored = decision.policy in deciding.SCORED
    unscored = {Policy.DEFAULT, Policy.VIEWER}
    if is_scored != (decision.model_id is not None and decision.policy not in unscored):
        differences.append(f"The policy “{decision.policy}” does not fit the model.")
    return differences


def _choice_differences(decision: Decision, decided: deciding.Decided | None) -> list[str]:
    if decided is None:
        return ["None of the decision's artworks is in the catalogue any more."]
    recorded = np.array(decision.artworks)
    if not np.array_equal(recorded, decided.artworks):
        missing = sorted(set(decision.artworks) - set(decided.artworks.tolist()))
        names = f" (missing: {', '.join(map(str, missing))})" if missing else ""
        return [f"The catalogue does not hold the artworks that the decision names{names}."]
    differences = []
    probabilities = np.array(decision.probabilities)
    if not np.array_equal(probabilities, decided.probabilities):
        furthest = float(np.abs(probabilities - decided.probabilities).max())
        differences.append(
            f"The probabilities differ by up to {furthest:.3g}: the decision's row was altered, or "
            "what its artworks show or depict was annotated anew since."
        )
    if decision.chosen != decided.artwork_id:
        differences.append(
            f"The draw gives artwork {decided.artwork_id}, and artwork {decision.chosen} is "
            "recorded: the row was altered, or DRAW_KEY or the probabilities changed."
        )
    place = np.flatnonzero(recorded == decision.chosen)
    if len(place) != 1 or decision.propensity != probabilities[place[0]]:
        differences.append("The recorded propensity is not the probability of the artwork chosen.")
    return differences


def _sealed(decision: Decision) -> tuple[str, list[str]]:
    """Compare a decision with its sealed day: words of what was found, and the differences."""
    day = SealedDay.objects.filter(day=decision.day).first()
    if day is None:
        return "Its day is not sealed yet.", []
    if decision.standing == Standing.KEEPS:
        return "Sealed days hold no picture that a viewer chose.", []
    try:
        path = storage.local_path(day.path, day.sha256)
    except (storage.StorageAltered, storage.StorageMissing) as error:
        return f"Its sealed day cannot be read. {error}", [f"The sealed day {day} cannot be read."]
    table = pq.read_table(
        path,
        columns=[name for name in SEALED_COLUMNS if name in pq.read_schema(path).names],
        filters=pc.field("decision") == decision.pk,
    )
    if not table.num_rows:
        return f"Its sealed day {day} does not hold it: it was refused, or erased.", []
    row = table.to_pylist()[0]
    unequal = [name for name in row if name != "decision" and row[name] != getattr(decision, name)]
    if unequal:
        words = f"The sealed day {day} holds other values of: {', '.join(unequal)}."
        return words, [words]
    return f"Its sealed day {day} holds the same.", []
