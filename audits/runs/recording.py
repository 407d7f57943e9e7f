"""One contrast's statistics in the order of the tests: each is recorded, made or not."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from audits.metrics.groups import Contrast
from audits.metrics.measurement import Interval, Measurement
from audits.metrics.refusals import CannotMeasure, NotMeasurable
from audits.metrics.resampling import Resampling
from audits.metrics.suppression import MINIMUM_CELL
from audits.models import Statistic
from audits.runs.leads import LeadClasses
from audits.runs.panel import Panel

Verdict = Statistic.Verdict
# Each class's depicted people; None where suppressed.
Classes = Mapping[str, set[UUID] | None]
NOW = "_now"  # ends the names of what the vectors of now give


@dataclass(frozen=True)
class DeclaredByCast:
    """What credited people declared of one attribute.

    Attributes:
        depicted: the depicted people of each class; None where suppressed.
        leads: the class of each title's lead.
    """

    depicted: Classes
    leads: LeadClasses


FEW_WITH_DATA = "Too few viewers have data for this measure to show a number."


@dataclass
class Tests:
    """The statistics of one contrast, collected as its tests are made.

    Attributes:
        panel, plan: what is measured, and how.
        contrast: the group against the rest.
        headline: whether its tests may be headlines.
        rest_shown: whether the size of the rest may be shown; beside a suppressed group it may
            not, because subtraction would give that group's size away.
        cast: what credited people declared.
        made: the statistics so far.
        beside: the ending of their names, where they only stand beside the judged ones.
    """

    panel: Panel
    plan: dict[str, Any]
    contrast: Contrast
    headline: bool
    rest_shown: bool
    cast: DeclaredByCast
    made: list[Statistic] = field(default_factory=list)
    beside: str = ""

    def now(self) -> "Tests | None":
        """Return the same tests on the vectors of now, as descriptions; None where none differs."""
        if self.panel.now is None:
            return None
        panel = replace(self.panel, exposure=self.panel.now, now=None)
        return replace(self, panel=panel, headline=False, beside=NOW)

    @property
    def common(self) -> dict[str, Any]:
        """Return the arguments that most measures share.

        Only the self-test sets other numbers of shuffles and draws than the measures' own.
        """
        resampling = Resampling(
            self.panel.strata, self.panel.seeds, **self.plan.get("resampling", {})
        )
        return {"contrast": self.contrast, "resampling": resampling}

    @property
    def attacked(self) -> dict[str, Any]:
        """Return the arguments that most attacks share."""
        panel = self.panel
        return {"contrast": self.contrast, "strata": panel.strata, "seeds": panel.seeds}

    def add(
        self,
        name: str,
        measured: Measurement,
        *,
        margin: str = "",
        headline: bool = False,
        **detail: Any,
    ) -> None:
        """Record a measurement; without a margin it describes and is not judged.

        A number about fewer viewers than a cell may show is not recorded.
        """
        viewers = measured.viewers
        if min(viewers.group, viewers.rest) < MINIMUM_CELL:
            of_whom = {"depicted": detail["depicted"]} if "depicted" in detail else {}
            return self._without_numbers(name, Verdict.SUPPRESSED, FEW_WITH_DATA, **of_whom)
        bound = None if self.beside else self.plan["margins"].get(margin)
        beside: dict[str, Any] = {"rest": self.rest_of(viewers.rest), "excess": measured.excess}
        if measured.untested:
            beside["why"] = measured.untested
        self.made.append(
            Statistic(
                name=name + self.beside,
                attribute=self.contrast.attribute,
                group=self.contrast.group,
                headline=headline and self.headline,
                estimate=measured.estimate,
                low=measured.interval.low if measured.interval else None,
                high=measured.interval.high if measured.interval else None,
                null=asdict(measured.null) if measured.null else None,
                p=measured.p,
                margin=bound,
                detectable=measured.detectable,
                viewers=self.viewers_of(viewers.group),
                verdict=verdict_of(measured, bound),
                detail=beside | detail,
            )
        )
        return None

    def describe(
        self, name: str, estimate: float | None, interval: Interval | None, **detail: Any
    ) -> None:
        """Record a number that stands beside the tests."""
        self.made.append(
            Statistic(
                name=name + self.beside,
                attribute=self.contrast.attribute,
                group=detail.pop("group", self.contrast.group),
                estimate=estimate,
                low=interval.low if interval else None,
                high=interval.high if interval else None,
                viewers=detail.pop("viewers", self.contrast.viewers.group),
                verdict=Verdict.DESCRIPTIVE,
                detail=detail,
            )
        )

    def skip(self, name: str, refusal: CannotMeasure) -> None:
        """Record a test that could not be made."""
        never = isinstance(refusal, NotMeasurable)
        verdict = Verdict.NOT_MEASURABLE if never else Verdict.INSUFFICIENT
        self._without_numbers(name, verdict, str(refusal))

    def suppress(self, name: str, *, depicted: str) -> None:
        """Record, without numbers, a depicted class whose people are too few to be shown."""
        why = "Too few credited people declared it, or subtraction would give their number away."
        self._without_numbers(name, Verdict.SUPPRESSED, why, depicted=depicted)

    def viewers_of(self, counted: int) -> int | None:
        """Return how many viewers of the group have data, or None where that must not be shown."""
        return countable(counted, self.contrast.viewers.group)

    def rest_of(self, counted: int) -> int | None:
        """Return how many viewers of the rest have data, or None where that must not be shown."""
        return self.if_rest_shown(countable(counted, self.contrast.viewers.rest))

    def if_rest_shown(self, number: int | None) -> int | None:
        """Hide a number that tells the size of the rest, where that must not be shown."""
        return number if self.rest_shown else None

    def _without_numbers(self, name: str, verdict: str, why: str, **detail: Any) -> None:
        self.made.append(
            Statistic(
                name=name + self.beside,
                attribute=self.contrast.attribute,
                group=self.contrast.group,
                viewers=self.contrast.viewers.group,
                verdict=verdict,
                detail={"why": why} | detail,
            )
        )


def verdict_of(measured: Measurement, margin: float | None) -> str:
    """Return the verdict on a measurement; without a margin it is described and not judged."""
    if margin:
        return measured.verdict(margin=margin).value
    return Verdict.NOT_MEASURABLE if measured.settled else Verdict.DESCRIPTIVE


def countable(counted: int, of: int) -> int | None:
    """Hide a count that, subtracted from its group's, leaves a small cell."""
    return None if 0 < of - counted < MINIMUM_CELL else counted
