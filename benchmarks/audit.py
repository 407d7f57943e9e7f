"""A planned run's measuring at full effort: how long it takes, how much memory, and its null.

Measured is what a run computes after it has gathered its panel: every test of one attribute with
two groups, over simulated viewers.  The linear null's peer is a loop over scikit-learn that does
the same for a few label vectors: components, ridge regression with its penalty chosen by
generalised cross-validation, out of fold.
"""

import time
from typing import Any

import numpy as np

from benchmarks.own import measured, peak_memory
from benchmarks.results import BenchmarkReport, Figure

VIEWERS, TITLES, ARTWORKS, WATCHABLE, GENRES = 6_000, 300, 6, 1_500, 20
SHARE, WATCHED, DECISIONS = 0.4, 40, 8
SLICE = 3  # label vectors that the loop over scikit-learn takes
SECONDS, GIBIBYTES, TIMES = 90.0, 2.0, 50.0


def run() -> BenchmarkReport:
    return report(measured(__name__))


def report(found: dict[str, Any]) -> BenchmarkReport:
    """Return what `measure` found as figures, with their targets."""
    return BenchmarkReport(
        "audit",
        [
            Figure("a planned run at full effort", found["seconds"], "s", target=SECONDS),
            Figure("its processor time", found["processor"], "s"),
            Figure("peak memory", found["peak"] / 2**30, "GiB", target=GIBIBYTES),
            Figure("statistics", found["statistics"], "rows"),
            *(
                Figure(name, seconds, "s")
                for name, seconds in sorted(found["stages"].items(), key=lambda one: -one[1])
            ),
            *_null(found),
        ],
    )


def _null(found: dict[str, Any]) -> list[Figure]:
    if not found["loop"]:
        return []
    ours, loop = found["shuffles"] / found["null"], found["slice"] / found["loop"]
    return [
        Figure(
            "the linear null, against a loop over scikit-learn",
            ours,
            "shuffles/s",
            peer=loop,
            of_peer=TIMES,
        )
    ]


def measure() -> dict[str, Any]:
    """Measure one attribute of a simulated panel as a planned run does."""
    from audits.metrics.attack import attack
    from audits.metrics.effort import FULL, Attacker
    from audits.metrics.groups import Grouping
    from audits.metrics.resampling import history_strata
    from audits.runs import measuring
    from audits.runs.panel import Panel
    from audits.runs.registration import MARGINS

    drawn = _draw()
    cast = drawn.pop("declared")
    members = drawn.pop("members")
    panel = Panel(
        **drawn,
        strata=history_strata(history_length=drawn["history"].sum(axis=1).astype(np.int64)),
    )
    grouping = Grouping("gender", ("man", "woman"), np.where(members, 0, 1))
    plan = {"seed": 1, "effort": "full", "margins": MARGINS}
    stages: dict[str, float] = {}
    marks: list[tuple[str, float]] = []

    def progress(words: str, done: float) -> None:
        marks.append((words.partition(":")[0], time.perf_counter()))

    begun, processor = time.perf_counter(), time.process_time()
    statistics = list(measuring.measure(panel, plan, grouping, cast, progress))
    ended = time.perf_counter()
    for (words, start), (_, end) in zip(marks, [*marks[1:], ("", ended)], strict=True):
        stages[f"of it: {words.lower()}"] = end - start
    result: dict[str, Any] = {
        "seconds": ended - begun,
        "processor": time.process_time() - processor,
        "peak": peak_memory(),
        "statistics": len(statistics),
        "stages": stages,
    }
    one = time.perf_counter()
    attack(
        features=panel.exposure,
        contrast=grouping.contrasts()[0],
        strata=panel.strata,
        seeds=panel.seeds,
        attacker=Attacker.LINEAR,
        effort=FULL,
    )
    result |= {"null": time.perf_counter() - one, "shuffles": FULL.shuffles + 1}
    sampled = np.random.default_rng(2).permutation(len(members))[: FULL.viewers]
    result |= {
        "slice": SLICE,
        "loop": _loop(panel.exposure[sampled], members[sampled], FULL.repeats, FULL.folds),
    }
    return result


def _loop(exposure: Any, members: Any, repeats: int, folds: int) -> float:
    """Return the seconds that scikit-learn takes for SLICE label vectors; 0 if it is not there.

    The components are not counted: in the loop they would be the same for every label vector.
    """
    try:
        from sklearn.linear_model import RidgeCV
        from sklearn.metrics import roc_auc_score
    except ImportError:
        return 0.0
    from audits.metrics.effort import FULL
    from audits.metrics.folds import compact, components, stratified_folds
    from audits.metrics.linear_attacker import PENALTIES

    rng = np.random.default_rng(3)
    strata, seeds = np.zeros(len(members), dtype=np.int64), np.arange(len(members))
    rows = compact(exposure)
    train, test = next(stratified_folds(members=members, strata=strata, folds=folds, seeds=seeds))
    seen, unseen = components(rows=rows, train=train, test=test, limit=FULL.components)
    penalties = PENALTIES * (seen**2).sum() / len(train)
    begun = time.perf_counter()
    for _ in range(SLICE):
        shuffled = rng.permutation(members)
        model = RidgeCV(alphas=penalties).fit(seen, shuffled[train].astype(float))
        roc_auc_score(shuffled[test], model.predict(unseen))
    # One fold of one repeat was timed; a label vector takes all of them.
    return (time.perf_counter() - begun) * repeats * folds


def _draw() -> dict[str, Any]:
    """Draw a panel whose groups differ a little: what a run gathers, before its strata."""
    from uuid import UUID

    from audits.metrics.prominence import billing_shares
    from audits.runs.depiction import Cast
    from audits.runs.leads import Leads
    from audits.runs.panel import Logged
    from audits.runs.recording import DeclaredByCast
    from catalog.models import Viewer

    rng = np.random.default_rng(1)
    count = TITLES * ARTWORKS
    members = rng.random(VIEWERS) < SHARE
    tastes = rng.normal(size=(VIEWERS, GENRES)) + 0.3 * members[:, None] * (np.arange(GENRES) < 3)
    keys = tastes[:, np.arange(WATCHABLE) % GENRES] + rng.gumbel(size=(VIEWERS, WATCHABLE))
    lengths = rng.poisson(WATCHED, size=VIEWERS) + 1
    history = np.zeros((VIEWERS, WATCHABLE))
    for row, order in enumerate(np.argsort(-keys, axis=1)):
        history[row, order[: lengths[row]]] = 1.0
    scores = tastes @ rng.normal(size=(GENRES, count)) / GENRES + rng.normal(size=count)
    by_title = np.exp(scores.reshape(VIEWERS, TITLES, ARTWORKS))
    exposure = (by_title / by_title.sum(axis=2, keepdims=True)).reshape(VIEWERS, count)
    owners = np.repeat(np.arange(VIEWERS), DECISIONS)
    shown = rng.integers(count, size=len(owners))
    weights = exposure[owners, shown] * ARTWORKS
    rewarded = (rng.random(len(owners)) < 0.1).astype(np.float64)
    people = np.arange(4 * TITLES)
    leads = Leads(np.arange(WATCHABLE), [UUID(int=number) for number in range(WATCHABLE)])
    artwork = np.arange(count)
    person = 4 * (artwork // ARTWORKS) + artwork % 4
    shares = billing_shares(titles=people // 4, billing=people % 4 + 1)
    return {
        "viewers": [Viewer(pk=number) for number in range(VIEWERS)],
        "members": members,
        "seeds": rng.integers(2**53, size=VIEWERS),
        "titles": np.repeat(np.arange(TITLES), ARTWORKS),
        "artworks": artwork,
        "weights": np.ones(TITLES),
        "exposure": exposure,
        "history": history,
        "tastes": tastes.argmax(axis=1),
        "impressions": rng.poisson(exposure * 0.2).astype(np.float64),
        "cast": Cast(
            count, artwork, [UUID(int=int(one)) for one in person], shares[person], person % 4 + 1
        ),
        "logged": Logged(
            viewers=owners,
            titles=shown // ARTWORKS,
            weights=weights,
            rewards=rewarded,
            scores=0.1 + weights * (rewarded - 0.1),
            even=rewarded,
            standard=0.1 + ARTWORKS * (shown % ARTWORKS == 0) * (rewarded - 0.1),
        ),
        "plays": int(history.sum()),
        "replayed": {},
        "watched": np.arange(WATCHABLE),
        "leads": leads,
        "traits": rng.normal(size=(WATCHABLE, GENRES + 3)),
        # A stand-in for two replays of the policy: what they take is measured by `choose`.
        "replay_swapped": lambda rows, instead: exposure[np.roll(rows, 1)],
        "declared": DeclaredByCast(
            {
                "man": {UUID(int=int(one)) for one in people if one % 3},
                "woman": {UUID(int=int(one)) for one in people if not one % 3},
            },
            leads.classes({one: ("man", "woman")[one.int % 3 == 0] for one in leads.people}),
        ),
    }
