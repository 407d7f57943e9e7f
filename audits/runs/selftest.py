"""The whole audit on one world of the self-test: the functions and the numbers of a run.

Nothing is read from the database, and nothing is written.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from time import process_time
from typing import Any
from uuid import UUID

import numpy as np
from threadpoolctl import threadpool_limits

from audits.metrics.groups import Grouping
from audits.metrics.refusals import Floats, Ints
from audits.metrics.resampling import history_strata
from audits.metrics.tally import CHANCE
from audits.models import Statistic
from audits.runs import measuring
from audits.runs.computing import adjust
from audits.runs.depiction import Cast
from audits.runs.leads import Leads
from audits.runs.panel import Logged, Panel
from audits.runs.recording import DeclaredByCast, Tests
from audits.runs.registration import MARGINS
from audits.runs.steps import STEPS
from audits.selftest import design, worlds
from audits.selftest.slate import CAST, TITLES, WATCHABLE, slate
from audits.selftest.worlds import TRAITS, Planted, PlantedWorld
from catalog.models import Viewer
from personalization.inspection import Replaced

ATTRIBUTE, GROUP, REST = "gender", "man", "woman"
REST_SIDE = "rest"  # the group of a statistic that describes the other side
CLASSES = ("man", "woman")  # what depicted people declare
FAR = 1e3  # from what titles in histories are matched on
POPULATION = 20_000  # viewers of the world that the true values come from
# Numbers that depend on how many viewers an attacker learns from, so that no one value is true.
# And how much leads matter depends on which titles they lead, and these are each world's own.
LEARNT = ("leakage", "retention", "flip_effect")
# Levels of one side, and ratios: there is no value that means "no difference".
LEVELS = {"value", "lift", "lift_standard", "reach", "impact_ratio"}
NO_CHANCE = {"permutations": 1, "draws": 2}  # a population needs neither a test nor an interval


@dataclass(frozen=True)
class WorldResult:
    """What the audit said about one world (see `row`), and for how many seconds a core was busy."""

    number: int
    spec: dict[str, Any]
    measures: dict[str, dict[str, Any]]
    seconds: float


def measure_world(number: int, *, seed: int, effort: str) -> WorldResult:
    """Run the audit on one world of the series, and put the true values beside what it says."""
    begun = process_time()
    spec = design.world(number, seed=seed)
    # Several worlds are audited side by side, so threads inside one would only wait.
    with threadpool_limits(1):
        said = statistics(worlds.make(spec), spec.planted, seed=seed + number, effort=effort)
        truths, nothing = true_values(spec.planted), true_values(Planted(spec.planted.proxy))
    measures = {}
    for name, one in said.items():
        centre = CHANCE if "auc" in name else 0.0
        truth = truths.get(name)
        null = _is_null(name, spec.planted, truth == nothing.get(name))
        if null or name.startswith(LEARNT):
            truth = centre if null else None
        measures[name] = row(one) | {"centre": centre, "truth": truth, "null": null}
    return WorldResult(
        number,
        asdict(spec.planted) | {"viewers": spec.viewers, "share": spec.share},
        measures,
        process_time() - begun,
    )


def _is_null(name: str, planted: Planted, same: bool) -> bool:
    """Say whether a measure's true value is that of no difference.

    Nothing differs between groups if no taste does, and nothing else that was planted shows (the
    truth is the `same` as without it). What leads in histories do concerns everybody.
    """
    if name == "flip_effect":
        return planted.leads == 0
    return planted.proxy == 0 and same and not _is_level(name)


def _is_level(name: str) -> bool:
    return name in LEVELS or name.startswith("retention")


def statistics(
    world: PlantedWorld, planted: Planted, *, seed: int, effort: str
) -> dict[str, Statistic]:
    """Return every statistic of the group, by name and depicted class, as a run has them."""
    plan: dict[str, Any] = {"seed": seed, "effort": effort, "margins": MARGINS}
    made = list(
        measuring.measure(
            panel_of(world, planted, seed), plan, _grouping(world), _declared(world), _silent
        )
    )
    adjust(made, headline=True)
    return _named(made)


@lru_cache(maxsize=2 * len(design.ALL))
def true_values(planted: Planted) -> dict[str, float | None]:
    """Return the true value of each measure: the audit's own estimate in a very large world.

    What an attacker learns depends on how many viewers it learns from, so attacks are left out.
    """
    world = worlds.population(planted, viewers=POPULATION, seed=1)
    plan: dict[str, Any] = {"seed": 1, "margins": MARGINS, "resampling": NO_CHANCE}
    contrast = _grouping(world).contrast(GROUP)
    panel = panel_of(world, planted, 1)
    tests = Tests(panel, plan, contrast, True, rest_shown=True, cast=_declared(world))
    for name, step in STEPS:
        if not name.startswith(LEARNT):
            measuring.attempt(tests, name, step)
    ratio = measuring.impact_ratio_of(panel, _grouping(world), [GROUP, REST])
    return {name: one.estimate for name, one in _named([*tests.made, ratio]).items()}


def row(one: Statistic) -> dict[str, Any]:
    """Return what the self-test keeps of a statistic."""
    return {
        "headline": one.headline,
        "estimate": one.estimate,
        "low": one.low,
        "high": one.high,
        "p": one.p,
        "p_adjusted": one.p_adjusted,
        "margin": one.margin,
        "verdict": str(one.verdict),
    }


def panel_of(world: PlantedWorld, planted: Planted, seed: int) -> Panel:
    """Return a world as a run with this seed would have gathered it."""
    shown = slate()
    rng = np.random.default_rng(seed)
    people = [_person(int(number)) for number in shown.person]

    def replay_swapped(rows: Ints, instead: Replaced) -> Floats:
        history = world.history.copy()
        history[instead.viewers, instead.titles] = 0.0
        history[instead.viewers, instead.by] = 1.0
        return worlds.replay(history[rows], planted)

    return Panel(
        viewers=[Viewer(pk=number) for number in range(len(world.members))],
        seeds=rng.integers(2**53, size=len(world.members)),
        titles=shown.titles,
        artworks=np.arange(len(shown.titles), dtype=np.int64),
        weights=shown.weights,
        exposure=world.exposure,
        history=world.history,
        watched=np.arange(world.history.shape[1], dtype=np.int64),
        strata=history_strata(history_length=world.history.sum(axis=1).astype(np.int64)),
        tastes=world.vectors.argmax(axis=1),
        impressions=world.impressions,
        computed_from=(world.vectors,),
        cast=Cast(len(shown.titles), shown.artwork, people, shown.share, shown.billing),
        leads=_leads(),
        # Titles of the slate are in nobody's history here, and far from all that are.
        traits=np.vstack([world.traits, np.full((TITLES, TRAITS), FAR)]),
        logged=Logged(
            viewers=world.owners,
            titles=WATCHABLE + world.met,
            weights=world.weights,
            rewards=world.rewards,
            scores=world.scores,
            even=world.even,
            standard=world.standard,
        ),
        plays=int(world.history.sum()),
        replayed={},
        replay_swapped=replay_swapped,
    )


def _grouping(world: PlantedWorld) -> Grouping:
    return Grouping(ATTRIBUTE, (GROUP, REST), np.where(world.members, 0, 1))


def _named(made: Iterable[Statistic]) -> dict[str, Statistic]:
    """Name the statistics of the group. What is about all viewers together comes before it."""
    found: dict[str, Statistic] = {}
    for one in made:
        name = "/".join(filter(None, (one.name, str(one.detail.get("depicted", "")))))
        if one.group not in {REST_SIDE, REST}:
            found.setdefault(name, one)
    return found


def _leads() -> Leads:
    """Return who leads each title: first those that can be watched, then those of the slate."""
    of_slate = [_person(title * CAST) for title in range(TITLES)]
    others = [_person(TITLES * CAST + number) for number in range(WATCHABLE)]
    return Leads(np.arange(WATCHABLE + TITLES, dtype=np.int64), [*others, *of_slate])


def _declared(world: PlantedWorld) -> DeclaredByCast:
    """Return the classes of depicted people and of leads."""
    of_class = slate().of_class
    people = range(TITLES * CAST)
    classes = {_person(number): CLASSES[int(not of_class[number])] for number in people}
    depicted = {
        name: {person for person, one in classes.items() if one == name} for name in CLASSES
    }
    for number, rare in enumerate(world.rare):
        classes[_person(TITLES * CAST + number)] = CLASSES[int(rare)]
    return DeclaredByCast(depicted, _leads().classes(classes))


def _person(number: int) -> UUID:
    return UUID(int=number)


def _silent(words: str, done: float) -> None:
    """Report no progress."""
