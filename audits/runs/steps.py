"""The tests of one contrast, one function each. What cannot be measured raises CannotMeasure."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from audits.metrics import conditional, distance, exposure, leakage, prominence
from audits.metrics.depicting import PerViewer
from audits.metrics.refusals import CannotMeasure, Floats, NotMeasurable, title_starts
from audits.metrics.resampling import Resampling
from audits.metrics.suppression import MINIMUM_CELL
from audits.runs.depiction import Cast
from audits.runs.panel import Panel
from audits.runs.recording import Tests
from audits.runs.worth import lift, reach, value

EFFORTS = {"quick": leakage.QUICK, "full": leakage.FULL}


def _distance(tests: Tests) -> None:
    """Measure what the margin on exposure is set on, and how many viewers its verdict needs."""
    found = distance.exposure_distance(
        exposure=tests.panel.exposure,
        titles=tests.panel.titles,
        weights=tests.panel.weights,
        **tests.common,
    )
    margin = tests.plan["margins"]["exposure_distance"]
    needed = found.noise and found.noise.viewers_needed(margin=margin)
    tests.add(
        "exposure_distance",
        found.overall,
        margin="exposure_distance",
        headline=True,
        needed=needed and {"group": needed.group, "rest": tests.if_rest_shown(needed.rest)},
    )


def _exposure(tests: Tests) -> None:
    found = exposure.exposure_difference(
        exposure=tests.panel.exposure,
        titles=tests.panel.titles,
        weights=tests.panel.weights,
        **tests.common,
    )
    # All titles, because the p-values are corrected over all of them; those that differ most first.
    ordered = sorted(found.titles, key=lambda title: -title.estimate)
    tests.add(
        "exposure_difference",
        found.overall,
        titles=[asdict(title) for title in ordered],
    )


def _leakage(tests: Tests) -> None:
    if not tests.panel.history.shape[1]:
        raise NotMeasurable("history", "no viewer has watched anything")
    told = tests.attacked
    found = leakage.leakage(
        served=tests.panel.exposure,
        history=tests.panel.history,
        inputs=tests.panel.computed_from,
        effort=EFFORTS[tests.plan["effort"]],
        **told,
    )
    _served(tests, found.served)
    tests.add(
        "leakage_auc_history", found.ceiling.measurement, attacker=found.ceiling.attacker.value
    )
    _retained(tests, found.served, found.retention)
    for one in found.attackers:
        name = one.attacker.value
        tests.add(f"leakage_auc_{name}", one.served.measurement, attacker=name)
        tests.add(f"leakage_auc_history_{name}", one.inputs.measurement, attacker=name)
    if now := tests.now():
        _leakage_now(now, found.inputs)


def _leakage_now(tests: Tests, inputs: leakage.Attack) -> None:
    """Attack what the vectors of now would serve, under the same attack on the inputs."""
    effort = EFFORTS[tests.plan["effort"]]
    told = tests.attacked | {"effort": effort}
    each = leakage.attack_by(attackers=leakage.Attacker, features=tests.panel.exposure, **told)
    served = leakage.strongest(attacks=each, **told)
    kept = leakage.retention(
        served=served,
        inputs=inputs,
        contrast=tests.contrast,
        seeds=tests.panel.seeds,
        draws=effort.draws,
    )
    _served(tests, served)
    _retained(tests, served, kept)


def _served(tests: Tests, served: leakage.Attack) -> None:
    tests.add(
        "leakage_auc",
        served.measurement,
        margin="leakage_auc",
        headline=True,
        attacker=served.attacker.value,
        strata=[_without_counts(asdict(each)) for each in served.strata],
    )


def _retained(tests: Tests, served: leakage.Attack, kept: leakage.Retention) -> None:
    """Record the share retained, about the viewers who were really attacked."""
    viewers = tests.viewers_of(served.measurement.viewers.group)
    tests.describe("retention", kept.estimate, kept.interval, viewers=viewers)


def _without_counts(stratum: dict[str, Any]) -> dict[str, Any]:
    """Leave out how many viewers a stratum has, because such counts are often small."""
    return {name: value for name, value in stratum.items() if name not in {"group", "rest"}}


def _prominence(tests: Tests) -> None:
    shown = _depiction(tests.panel)
    found = prominence.prominence_gap(**shown, **tests.common)
    tests.add(
        "prominence_gap",
        found.gap,
        margin="prominence_gap",
        headline=True,
        levels=found.levels,
        left_out=found.left_out,
        left_out_exposure=found.left_out_exposure,
    )
    tests.add("prominence_gap_plain", found.plain.difference, levels=found.plain.levels)
    event = prominence.marginal_event(**shown, **tests.common)
    tests.add("prominence_event", event.difference, margin="prominence_event", levels=event.levels)
    tests.add("prominence_event_plain", event.plain.difference, levels=event.plain.levels)


def _logged_exposure(tests: Tests) -> None:
    found = exposure.logged_exposure_difference(
        impressions=_seen(tests),
        titles=tests.panel.titles,
        weights=tests.panel.weights,
        **tests.common,
    )
    tests.add("exposure_difference_logged", found.overall)


def _logged_leakage(tests: Tests) -> None:
    seen = _seen(tests)
    starts = title_starts("titles", tests.panel.titles)
    found = leakage.logged_leakage(
        artworks=seen,
        titles=np.add.reduceat(seen, starts, axis=1),
        contrast=tests.contrast,
        strata=tests.panel.strata,
        seeds=tests.panel.seeds,
        effort=EFFORTS[tests.plan["effort"]],
    )
    tests.add("leakage_beyond_titles", found)


def _seen(tests: Tests) -> Floats:
    if tests.panel.impressions is None:
        raise NotMeasurable(
            "impressions",
            "the journal holds none that this model chose: it has not shown these titles",
        )
    return tests.panel.impressions


def _depicted(tests: Tests) -> None:
    """Measure the signed difference and the marginal-actor rate for each depicted class."""
    shown, cast = _depiction(tests.panel), _cast(tests.panel)
    if not tests.cast.depicted:
        raise NotMeasurable("depicted", "no depicted person has declared this attribute")
    for name, members in tests.cast.depicted.items():
        if members is None:
            tests.suppress("depicted_difference", depicted=name)
            continue
        more = exposure.depicted_difference(
            exposure=tests.panel.exposure,
            titles=tests.panel.titles,
            weights=tests.panel.weights,
            depicted_share=cast.share_of(members),
            **tests.common,
        )
        tests.add("depicted_difference", more, margin="depicted_difference", depicted=name)
        event = prominence.marginal_event(**shown, of_class=cast.led_by(members), **tests.common)
        tests.add(
            "prominence_event_crossed",
            event.difference,
            margin="prominence_event",
            depicted=name,
            levels=event.levels,
        )


def _cast(panel: Panel) -> Cast:
    if panel.cast is None:
        raise NotMeasurable("prominence", "no artwork of the slate depicts anybody")
    return panel.cast


def _depiction(panel: Panel) -> dict[str, Any]:
    """Return the arguments of the measures of prominence, or raise CannotMeasure."""
    return {
        "exposure": panel.exposure,
        "titles": panel.titles,
        "prominence": _cast(panel).prominence(),
    }


def _conditional(tests: Tests) -> None:
    """Measure the prominence gap within history length and taste.

    Every viewer meets every title of the slate, so the title needs no stratum.
    """
    panel = tests.panel
    strata = panel.strata * (int(panel.tastes.max()) + 1) + panel.tastes
    per_viewer = misrepresentation(panel)
    found = conditional.conditional_disparity(
        values=per_viewer.values,
        contrast=tests.contrast.among(per_viewer.counted),
        resampling=Resampling(strata, panel.seeds),
    )
    if 0 < min(found.viewers.group, found.viewers.rest) < MINIMUM_CELL:
        raise CannotMeasure("strata", "too few viewers have a counterpart in their stratum")
    tests.describe(
        "conditional_disparity",
        found.conditional,
        found.interval,
        unconditional=found.unconditional,
        strata_compared=len(found.by_stratum),
        # Rounded, because the exact share would tell how few viewers have no counterpart.
        dropped_share=round(found.dropped_share, 2),
    )


def misrepresentation(panel: Panel) -> PerViewer:
    """Return each viewer's mean misrepresentation. Raises CannotMeasure if nobody is depicted."""
    return prominence.misrepresentation(**_depiction(panel))


STEPS: tuple[tuple[str, Callable[[Tests], None]], ...] = (
    ("exposure_distance", _distance),
    ("exposure_difference", _exposure),
    ("exposure_difference_logged", _logged_exposure),
    ("leakage_auc", _leakage),
    ("leakage_beyond_titles", _logged_leakage),
    ("prominence_gap", _prominence),
    ("depicted_difference", _depicted),
    ("conditional_disparity", _conditional),
    ("value_difference", value),
    ("lift_difference", lift),
    ("reach_difference", reach),
)
# The steps that are made again, as descriptions, on what the vectors of now would serve.
ON_EXPOSURE = {_distance, _exposure, _prominence, _depicted, _conditional}
# Viewers who declared nothing are described; no attacker tries to tell them.
STEPS_OF_UNDECLARED = tuple(step for step in STEPS if step[1] not in {_leakage, _logged_leakage})
