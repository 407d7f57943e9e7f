"""Runs a simulation day by day, with or without the nights in between."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from django.conf import settings

from catalog.models import ArtworkRevision, Viewer
from personalization.actions.journal_in_bulk import DayIsSealed
from personalization.features.artworks import read_index
from personalization.features.history import title_facts
from personalization.models import Decision, Night
from personalization.night import running as nights
from personalization.simulation import crowds, planting, proxy
from personalization.simulation.crowds import CannotSimulate, Crowd
from personalization.simulation.traffic import EVENING, SimulatedWorld, simulate_day
from personalization.simulation.truth import make_truth
from personalization.simulation.worth import Worth

Progress = Callable[[str, int, int], None]
DEMO_VIEWERS = 400
NIGHT = time(3)
USUAL_DAYS = 14
SEALED_LATER = timedelta(days=2)  # the day before yesterday is the newest that tonight can seal


@dataclass(frozen=True)
class SimulationPlan:
    """What to simulate: `days` days up to and with `last`, of viewers as `--viewers` names them."""

    days: int
    last: date
    seed: int
    viewers: str = ""
    slate: int = 20
    proxy_strength: float | None = None
    nightly: bool = False

    @property
    def dates(self) -> list[date]:
        return [self.last - timedelta(days=back) for back in reversed(range(self.days))]


def usual_last(today: date) -> date:
    """Return the last day of a simulation that names none: the newest that tonight can seal."""
    return today - SEALED_LATER


def usual_start(today: date) -> datetime:
    """Return when the first day of a simulation begins that names neither days nor their end."""
    first = usual_last(today) - timedelta(days=USUAL_DAYS - 1)
    return datetime.combine(first, time.min, UTC)


@dataclass
class SimulationResult:
    """The result: the days simulated now, the days simulated before, and the policies' worth."""

    days: list[tuple[date, Worth]] = field(default_factory=list)
    skipped: list[date] = field(default_factory=list)

    @property
    def total(self) -> Worth:
        total = Worth()
        for _, worth in self.days:
            total.merge(worth)
        return total


def run(plan: SimulationPlan, progress: Progress) -> SimulationResult:
    """Simulate the plan's days.

    A day on which these viewers have decisions is left unchanged, so that an interrupted run
    continues where it stopped.

    Raises:
        CannotSimulate: the words say why.
    """
    progress("Gathering the viewers", 0, plan.days)
    crowd = _crowd(plan)
    if plan.proxy_strength is not None:
        proxy.declare(proxy.members(crowd, strength=plan.proxy_strength, seed=plan.seed))
    world = _world(plan, crowd)
    done = set(
        Decision.objects.filter(
            viewer__in=[viewer.pk for viewer in crowd.viewers], day__in=plan.dates
        )
        .order_by()
        .values_list("day", flat=True)
        .distinct()
    )
    result = SimulationResult()
    for number, day in enumerate(plan.dates):
        progress(f"Simulating {day}", number, plan.days)
        if day in done:
            result.skipped.append(day)
        else:
            try:
                result.days.append((day, simulate_day(world, day)))
            except DayIsSealed as error:
                raise CannotSimulate(str(error)) from error
        if plan.nightly:
            _night(day + timedelta(days=1), progress)
    progress("Simulated", plan.days, plan.days)
    return result


def _crowd(plan: SimulationPlan) -> Crowd:
    named = plan.viewers or _usual()
    if named.partition(":")[0] != planting.SOURCE:
        return crowds.imported(named)
    number = named.partition(":")[2] or str(DEMO_VIEWERS)
    if not number.isdecimal() or not int(number):
        raise CannotSimulate(f"“{named}” names no viewers: write demo:400 or an import's source.")
    start = datetime.combine(plan.dates[0], EVENING, UTC)
    return planting.planted(int(number), seed=plan.seed, start=start)


def _usual() -> str:
    """Return the source of the imported viewers if there are any, else the demo's."""
    others = Viewer.objects.exclude(source__in=["", planting.SOURCE]).order_by("source")
    return others.values_list("source", flat=True).first() or planting.SOURCE


def _world(plan: SimulationPlan, crowd: Crowd) -> SimulatedWorld:
    index = read_index(ArtworkRevision.objects.values_list("number", flat=True).first() or 0)
    truth = make_truth(
        crowd.tastes,
        crowd.affinity,
        crowd.persons,
        index,
        title_facts(np.asarray(index.title_ids)),
        seed=plan.seed,
    )
    return SimulatedWorld(crowd, truth, index, plan.seed, plan.slate)


def _night(day: date, progress: Progress) -> None:
    """Run the night of `day` as the schedule would, by the simulated clock."""
    now = datetime.combine(day, NIGHT, UTC)

    def quietly(words: str, done: int, of: int) -> None:
        del words, done, of

    try:
        night = nights.run(nights.begin(day, now=now), clock=lambda: now, progress=quietly)
        if night.stage == Night.Stage.REDUCE:
            nights.take_over(night)  # workers do not follow the simulated clock
            night = nights.run(night, clock=lambda: now, progress=quietly)
        if night.stage == Night.Stage.AUDIT:
            # Only this process's clock is simulated, so an audit without an immediate verdict is
            # late.
            late = now + timedelta(hours=settings.AUDIT_PATIENCE_HOURS)
            nights.run(night, clock=lambda: late, progress=quietly)
    except nights.CannotRun as error:
        raise CannotSimulate(str(error)) from error
