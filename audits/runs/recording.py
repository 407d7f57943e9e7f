"""One contrast's statistics, as they are attempted: every test is recorded, made or not."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from audits.metrics.groups import Contrast
from audits.metrics.measurement import Interval, Measurement
from audits.models import Statistic
from audits.runs.panel import Panel

Verdict = Statistic.Verdict
# What credited people declared of the attribute: each class's people; None where suppressed.
Classes = Mapping[str, set[UUID] | None]


@dataclass
class Tests:
    """The statistics of one contrast, as they are attempted."""

    panel: Panel
    plan: dict[str, Any]
    contrast: Contrast
    headline: bool
    # Beside a suppressed cell, the size of the rest would give it away by subtraction.
    rest_shown: bool
    classes: Classes
    made: list[Statistic] = field(default_factory=list)

    @property
    def common(self) -> dict[str, Any]:
        return {
            "contrast": self.contrast,
            "strata": self.panel.strata,
            "seed": int(self.plan["seed"]),
        }

    def add(
        self,
        name: str,
        found: Measurement,
        *,
        margin: str = "",
        headline: bool = False,
        **detail: Any,
    ) -> None:
        """Record a measurement; without a margin it describes and is not judged."""
        bound = self.plan["margins"].get(margin)
        viewers = found.viewers
        self.made.append(
            Statistic(
                name=name,
                attribute=self.contrast.attribute,
                group=self.contrast.group,
                headline=headline and self.headline,
                estimate=found.estimate,
                low=found.interval.low if found.interval else None,
                high=found.interval.high if found.interval else None,
                null=asdict(found.null) if found.null else None,
                p=found.p,
                margin=bound,
                detectable=found.detectable,
                viewers=viewers.group,
                verdict=found.verdict(margin=bound).value if bound else Verdict.DESCRIPTIVE,
                detail={"rest": viewers.rest if self.rest_shown else None, "excess": found.excess}
                | detail,
            )
        )

    def describe(
        self, name: str, estimate: float | None, interval: Interval | None, **detail: Any
    ) -> None:
        """Record a number that stands beside the tests."""
        self.made.append(
            Statistic(
                name=name,
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

    def skip(self, name: str, why: str) -> None:
        """Record a test that could not be made."""
        self._without_numbers(name, Verdict.INSUFFICIENT, why)

    def suppress(self, name: str, *, depicted: str) -> None:
        """Record, without numbers, a depicted class whose people are too few to be shown."""
        why = "Too few credited people declared it, or their number could be had by subtraction."
        self._without_numbers(name, Verdict.SUPPRESSED, why, depicted=depicted)

    def _without_numbers(self, name: str, verdict: str, why: str, **detail: Any) -> None:
        self.made.append(
            Statistic(
                name=name,
                attribute=self.contrast.attribute,
                group=self.contrast.group,
                viewers=self.contrast.viewers.group,
                verdict=verdict,
                detail={"why": why} | detail,
            )
        )
