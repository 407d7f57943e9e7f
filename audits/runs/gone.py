"""What a run read and a replay cannot read any more: whoever had the right to has deleted it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audits.metrics.crossing import crossed_parts
from audits.metrics.groups import UNDECLARED
from audits.runs.comparing import Difference
from catalog.counting import counted
from personalization.models import SealedDay

# The inputs that differ once plays were removed from histories, and once profiles have left.
OF_WINDOWS = {"exposure", "exposure_now", "vectors", "standings"}
OF_HISTORIES = {"exposure", "exposure_now", "history", "vectors"}
OF_VIEWERS = OF_HISTORIES | {"cohort", "standings", "impressions", "logged"}
# What is measured from impressions. Sealed days do not hold all of what the journal held.
OF_IMPRESSIONS = {"exposure_difference_logged", "leakage_beyond_titles"}
NUMBERS_ONLY = (
    "The key of the commitments to the cohort, its histories and what it was shown is destroyed, "
    "as it is whenever somebody leaves or withdraws everything. Had one of these inputs been "
    "altered since, only the numbers could show it."
)
HIDES_ALTERATIONS = (
    "Each number may differ for this reason, so a replay cannot tell apart an input that was "
    "altered besides."
)


@dataclass
class Gone:
    """How much of what the run read is gone since.

    Attributes:
        viewers: profiles of the cohort that have left.
        watch_events: plays, those of the viewers who left among them.
        declared: the attributes whose key was destroyed, each with how many viewers fewer have
            declared it; None where the document hides the counts.
        windows: windows that had pinned a vector.
        impressions: how many fewer there are (below 0: more) since their days left the journal.
        cast: the attributes whose key of credited people's answers was destroyed.
        inputs: whether the key of the other personal inputs was destroyed.
    """

    viewers: int = 0
    watch_events: int = 0
    declared: dict[str, int | None] = field(default_factory=dict)
    impressions: int = 0
    windows: int = 0
    cast: list[str] = field(default_factory=list)
    inputs: bool = False

    def __bool__(self) -> bool:
        counts = self.viewers or self.watch_events or self.impressions or self.windows
        return bool(counts or self.declared or self.cast or self.inputs)

    def words(self) -> list[str]:
        """Say what is gone, and what cannot be told, one sentence or two each."""
        said = []
        if self.viewers:
            said.append(f"{counted(self.viewers, 'viewer')} of the run’s cohort left.")
        if self.watch_events:
            said.append(self._of_plays())
        said += [self._of_attribute(name, count) for name, count in self.declared.items()]
        if self.impressions:
            said.append(self._of_impressions())
        if self.windows:
            windows = counted(self.windows, "window")
            said.append(f"{windows} with pinned vectors {_has(self.windows)} been deleted since.")
        said += [f"A credited person has withdrawn {name}, or everything." for name in self.cast]
        if self.inputs:
            said.append(NUMBERS_ONLY)
        if self.viewers or self.watch_events:
            said.append(HIDES_ALTERATIONS)
        return said

    def _of_plays(self) -> str:
        plays = counted(self.watch_events, "play")
        if not self.viewers:
            return f"{plays} that the run read {_has(self.watch_events)} been removed."
        return (
            f"{plays} that the run read {_are(self.watch_events)} gone: those of the viewers who "
            "left, and those that others removed. How many of each is not kept."
        )

    def _of_impressions(self) -> str:
        count = abs(self.impressions)
        return (
            "Days that have left the journal were read from their sealed files. These count what "
            "was seen within a day of the first time: "
            f"{counted(count, 'impression')} {'fewer' if self.impressions > 0 else 'more'}."
        )

    def _of_attribute(self, name: str, count: int | None) -> str:
        if count is None:
            how_many = f"The document hides how many fewer have declared {name}."
        elif not count:
            how_many = f"As many viewers as then count as having declared {name}."
        elif self.viewers:
            return (
                f"{counted(count, 'viewer')} who had declared {name} left or withdrew it. "
                "How many of each is not kept."
            )
        else:
            return f"{counted(count, 'viewer')} withdrew what they had declared of {name}."
        return (
            f"{how_many} The key of its commitment is destroyed, because somebody left or withdrew "
            "it, in the cohort or not. The answers can be compared by the numbers only."
        )

    def explains(self, change: Difference, document: dict[str, Any]) -> bool:
        """Say whether a field may differ for this reason."""
        area, _, name = change.path.partition(".")
        if area == "inputs":
            return self._explains_input(name, change.now)
        if self.viewers or self.watch_events or self.windows or area == "synthetic":
            return True
        if area == "groups":
            return self._concerns(name.partition(".")[0], self.declared)
        number = area.removeprefix("measures[").removesuffix("]")
        if not number.isdecimal():
            return False
        if int(number) >= len(document["measures"]):
            return bool(self.declared or self.cast)
        measure = document["measures"][int(number)]
        if self._concerns(measure["attribute"], [*self.declared, *self.cast]):
            return True
        return bool(self.impressions) and measure["name"] in OF_IMPRESSIONS

    @staticmethod
    def _concerns(attribute: str, names: Iterable[str]) -> bool:
        """Say whether an attribute, or one of two that are crossed, is among these."""
        return not set(crossed_parts(attribute)).isdisjoint(names)

    def _explains_input(self, name: str, now: Any) -> bool:
        is_personal = name.startswith("declared") or name in OF_VIEWERS
        if name.startswith("counts.") or (is_personal and now == ""):
            return True  # a key is destroyed when somebody withdraws or leaves
        if name == "impressions" and self.impressions:
            return True
        if name in OF_WINDOWS and self.windows:
            return True
        return name in (OF_VIEWERS if self.viewers else OF_HISTORIES if self.watch_events else ())


def gone(document: dict[str, Any], now: dict[str, Any]) -> Gone:
    """Find what is gone of a document's inputs, by what was computed again."""
    then, left = document["inputs"]["counts"], now["inputs"]["counts"]
    found = Gone(
        viewers=max(0, document["cohort"]["viewers"] - left["viewers"]),
        watch_events=max(0, then.get("watch_events", 0) - left["watch_events"]),
        windows=max(0, then.get("windows", 0) - left["windows"]),
        inputs=_is_destroyed("cohort", document, now),
    )
    if _has_dropped(document):
        found.impressions = then.get("impressions", 0) - left["impressions"]
    for name in document["registration"]["attributes"]:
        if _is_destroyed(f"declared:{name}", document, now):
            old, new = (_declared(each, name) for each in (document, now))
            found.declared[name] = None if old is None or new is None else max(0, old - new)
        if _is_destroyed(f"declared by the cast:{name}", document, now):
            found.cast.append(name)
    return found


def _has_dropped(document: dict[str, Any]) -> bool:
    """Say whether days have left the journal since the run."""
    at = datetime.fromisoformat(document["registration"]["at"])
    return SealedDay.objects.filter(dropped_at__gt=at).exists()


def _is_destroyed(name: str, document: dict[str, Any], now: dict[str, Any]) -> bool:
    """Say whether the key of an input's commitment is gone: somebody withdrew, or left."""
    return bool(document["inputs"].get(name)) and not now["inputs"].get(name)


def _declared(document: dict[str, Any], attribute: str) -> int | None:
    """Return how many viewers had declared an attribute, or None where the document hides it."""
    undeclared = document["groups"].get(attribute, {}).get(UNDECLARED)
    if undeclared is None:
        return None
    return int(document["inputs"]["counts"]["viewers"]) - int(undeclared)


def _has(count: int) -> str:
    return "has" if count == 1 else "have"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
