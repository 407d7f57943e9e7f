"""The tests of measure 4: other leads in the histories, and what that changes.

The measure is about all viewers together: it needs what the cast declared, and no viewer's answer.
Beside it stand the groups of viewers, which are described and not judged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from audits.metrics.chances import Use, uniforms
from audits.metrics.flips import Changes, FlipEffect, changes, flip_effect
from audits.metrics.groups import Grouping
from audits.metrics.matching import Swaps, choose_swaps, match_titles
from audits.metrics.paired import Shared
from audits.metrics.refusals import Bools, CannotMeasure, Ints, NotMeasurable
from audits.metrics.suppression import MINIMUM_CELL
from audits.models import Statistic
from audits.runs.leads import LeadClasses
from audits.runs.panel import Panel
from audits.runs.recording import Verdict, countable, verdict_of
from audits.runs.steps import EFFORTS
from personalization.inspection import Replaced

NAME = "flip_effect"
EVERY_GROUP = "all"  # the group of a statistic about all groups together


def flips(
    panel: Panel,
    plan: dict[str, Any],
    grouping: Grouping,
    shown: Mapping[str, int | None],
    leads: LeadClasses,
) -> Iterator[Statistic]:
    """Yield the effect on all viewers, which is judged, and then on each group that is shown."""
    try:
        rows, ours, placebo, replaced, beside = _counterfactual(panel, plan, leads)
    except CannotMeasure as refusal:
        never = isinstance(refusal, NotMeasurable)
        verdict = Verdict.NOT_MEASURABLE if never else Verdict.INSUFFICIENT
        yield _row(grouping.attribute, EVERY_GROUP, verdict=verdict, detail={"why": str(refusal)})
        return
    seeds = panel.seeds[rows]
    everybody = np.ones(len(rows), dtype=np.bool_)
    found = _effect(ours, placebo, everybody, seeds, replaced)
    yield _measured(
        grouping.attribute, EVERY_GROUP, found, len(rows), beside, plan["margins"].get(NAME)
    )
    for code, name in enumerate(grouping.names):
        inside = grouping.codes[rows] == code
        if shown[name] is None or inside.sum() < MINIMUM_CELL:
            continue
        found = _effect(ours, placebo, inside, seeds, replaced)
        count = countable(int(inside.sum()), int((grouping.codes == code).sum()))
        yield _measured(grouping.attribute, name, found, count, beside, None)


def _counterfactual(
    panel: Panel, plan: dict[str, Any], leads: LeadClasses
) -> tuple[Ints, Changes, Changes, Shared, dict[str, Any]]:
    """Replay the policy on both changed histories.

    Returns the viewers' rows, what each change did to them, which titles were replaced in whose
    history, and what describes the swaps.
    """
    if len(leads.names) < 2:
        raise NotMeasurable("leads", "of two classes are needed; too few have declared any")
    matches = match_titles(traits=panel.traits, classes=leads.codes)
    row, column = np.nonzero(panel.history)
    swaps = choose_swaps(
        viewers=row, titles=leads.places(panel.watched)[column], matches=matches,
        seeds=panel.seeds[row],
    )  # fmt: skip
    if not len(swaps.viewers):
        raise NotMeasurable("history", "no viewer has watched a title that has a match")
    rows = _sampled(panel, swaps, EFFORTS[plan["effort"]].viewers)
    kept = np.isin(swaps.viewers, rows)
    made = [
        changes(
            # The swapped histories are of now, and so is what they are compared with.
            before=(panel.exposure if panel.now is None else panel.now)[rows],
            after=panel.replay_swapped(rows, _replaced(panel, leads, swaps, kept, by)),
            titles=panel.titles,
            weights=panel.weights,
        )
        for by in (matches.other, matches.same)
    ]
    titles = swaps.titles[kept]
    beside = {
        "titles_replaced": round(int(kept.sum()) / len(rows), 2),
        "distance": float(matches.other_distance[titles].mean()),
        "placebo_distance": float(matches.same_distance[titles].mean()),
        "apart": float(matches.apart[titles].mean()),
    }
    replaced = Shared(np.searchsorted(rows, swaps.viewers[kept]), leads.titles[titles])
    return rows, made[0], made[1], replaced, beside


def _sampled(panel: Panel, swaps: Swaps, limit: int) -> Ints:
    """Return the rows of the viewers who are measured: all with a swap, or a sample of them."""
    rows = np.unique(swaps.viewers)
    drawn = uniforms(seeds=panel.seeds[rows], use=Use.SAMPLE, count=1)[0]
    return np.sort(rows[np.argsort(drawn)[:limit]]).astype(np.int64)


def _replaced(panel: Panel, leads: LeadClasses, swaps: Swaps, kept: Bools, by: Ints) -> Replaced:
    ids = np.array([viewer.pk for viewer in panel.viewers], dtype=np.int64)
    titles = swaps.titles[kept]
    return Replaced(ids[swaps.viewers[kept]], leads.titles[titles], leads.titles[by[titles]])


def _effect(
    ours: Changes, placebo: Changes, inside: Bools, seeds: Ints, replaced: Shared
) -> FlipEffect:
    theirs = inside[replaced.rows]
    own = Shared((np.cumsum(inside) - 1)[replaced.rows[theirs]], replaced.titles[theirs])
    swapped, same = (
        Changes(each.flips[inside], each.variation[inside]) for each in (ours, placebo)
    )
    return flip_effect(swapped=swapped, placebo=same, seeds=seeds[inside], replaced=own)


def _measured(
    attribute: str,
    group: str,
    found: FlipEffect,
    viewers: int | None,
    beside: dict[str, Any],
    margin: float | None,
) -> Statistic:
    effect, variation = found.effect, found.variation
    detail = beside | {
        "rates": list(found.rates),
        "variation": variation.estimate,
        "variation_interval": asdict(variation.interval) if variation.interval else None,
        "variations": list(found.variations),
    }
    if effect.untested:
        detail["why"] = effect.untested
    return _row(
        attribute,
        group,
        headline=margin is not None,
        estimate=effect.estimate,
        low=effect.interval.low if effect.interval else None,
        high=effect.interval.high if effect.interval else None,
        null=asdict(effect.null) if effect.null else None,
        p=effect.p,
        margin=margin,
        detectable=effect.detectable,
        viewers=viewers,
        verdict=verdict_of(effect, margin),
        detail=detail,
    )


def _row(attribute: str, group: str, **fields: Any) -> Statistic:
    return Statistic(name=NAME, attribute=attribute, group=group, **fields)
