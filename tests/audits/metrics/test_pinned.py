"""The figures of well-formed inputs: whoever changes one changes what audits said before."""

import numpy as np
import pytest

from audits.metrics.attack import Effort
from audits.metrics.conditional import conditional_disparity, impact_ratio
from audits.metrics.exposure import (
    depicted_difference,
    exposure_difference,
    logged_exposure_difference,
)
from audits.metrics.groups import Grouping
from audits.metrics.leakage import leakage, logged_leakage
from audits.metrics.prominence import artwork_prominence, marginal_event, prominence_gap
from audits.metrics.value import Estimator, policy_value
from tests.audits.metrics.test_value import logged
from tests.audits.metrics.worlds import panel, resampling

STRATA = np.arange(200) % 7 // 3
EFFORT = Effort(
    repeats=2,
    shuffles=99,
    boosted_repeats=1,
    boosted_shuffles=19,
    viewers=160,
    boosted_components=8,
    rounds=10,
    draws=200,
)


@pytest.fixture(scope="module")
def figures():
    shown, titles, who = panel(viewers=200, planted=0.4, seed=5)
    same = {"titles": titles, "contrast": who, "resampling": resampling(STRATA)}
    told = {"contrast": who, "strata": STRATA, "seed": 4, "effort": EFFORT}
    rng = np.random.default_rng(6)
    seen = rng.poisson(shown * 3 + 0.2).astype(float)
    seen[:, 0] += 1
    depicted = rng.random(20)
    people = artwork_prominence(
        artworks=20,
        artwork=np.arange(0, 20, 2),
        share=rng.random(10) * 0.5,
        billing=rng.integers(1, 8, 10),
    )
    history = (rng.random((200, 30)) < 0.2 + 0.2 * who.members[:, None]).astype(float)
    made = {
        "exposure": exposure_difference(exposure=shown, weights=[1, 2, 3, 4], **same).overall,
        "logged exposure": logged_exposure_difference(impressions=seen, **same).overall,
        "depicted": depicted_difference(exposure=shown, depicted_share=depicted, **same),
        "prominence": prominence_gap(exposure=shown, prominence=people, **same).gap,
        "event": marginal_event(exposure=shown, prominence=people, **same).difference,
        "logged leakage": logged_leakage(
            artworks=seen, titles=np.add.reduceat(seen, [0, 5, 10, 15], axis=1), **told
        ),
    }
    for one in leakage(served=shown, history=history, **told):
        made[f"served {one.attacker}"] = one.served.measurement
        made[f"history {one.attacker}"] = one.history.measurement
    for estimator in Estimator:
        log = logged(viewers=120, lift=0.1) | {"resampling": resampling(STRATA[:120])}
        scores = log["weights"] * (log["rewards"] - 0.2) + 0.2
        made[f"value {estimator}"] = policy_value(
            **log, estimator=estimator, scores=scores if estimator is Estimator.DR else None
        ).difference
    return made


# Estimate, interval, the null's mean, p.
PINNED = {
    "exposure": [
        0.06661824946337405,
        0.045199694141519045,
        0.08827988487310517,
        0.046056588920484955,
        0.02,
    ],
    "logged exposure": [
        0.06412041276376491,
        0.04059494555159998,
        0.09552786783636494,
        0.06201493719590707,
        0.425,
    ],
    "depicted": [
        0.00702014510213389,
        -0.0030774470018640797,
        0.016888483296877612,
        0.0005240707687832818,
        0.23,
    ],
    "prominence": [
        -0.005083102591478372,
        -0.012314113305479577,
        0.003906786520719013,
        0.00010107832849153588,
        0.255,
    ],
    "event": [
        -0.0019061319540097932,
        -0.023101217596992872,
        0.02235958972214786,
        0.0017207631875302254,
        0.74,
    ],
    "logged leakage": [
        -0.014453125000000011,
        -0.06993164062500003,
        0.03879882812500002,
        -0.002725309767730836,
        0.6,
    ],
    "served linear": [0.55703125, 0.4671191406250001, 0.639111328125, 0.5017798174836618, 0.19],
    "history linear": [0.95, 0.9222558593750001, 0.9734570312500002, 0.4998456320808896, 0.01],
    "served boosted": [
        0.58671875,
        0.4980371093750001,
        0.6730664062500002,
        0.5006476527710191,
        0.1,
    ],
    "history boosted": [
        0.92265625,
        0.8839550781250003,
        0.9625195312500002,
        0.485675506935246,
        0.05,
    ],
    "value ips": [
        0.08666666666666667,
        -0.02683333333333331,
        0.2133333333333333,
        -0.0013735343383584574,
        0.13,
    ],
    "value snips": [
        0.07074263764404609,
        -0.05041723296632959,
        0.18472266174402252,
        -0.00025114372706050675,
        0.245,
    ],
    "value dr": [
        0.07333333333333325,
        -0.035066666666666614,
        0.18143333333333342,
        -0.0006901172529313859,
        0.2,
    ],
}


@pytest.mark.parametrize("name", PINNED)
def test_the_figures_stay(figures, name):
    found = figures[name]
    here = [found.estimate, found.interval.low, found.interval.high, found.null.mean, found.p]
    assert here == pytest.approx(PINNED[name], rel=1e-9, abs=1e-12)


def test_the_figures_without_a_test_stay():
    shown, _, who = panel(viewers=200, planted=0.4, seed=5)
    like = conditional_disparity(values=shown[:, 0], contrast=who, resampling=resampling(STRATA))
    assert [like.conditional, like.interval.low, like.interval.high] == pytest.approx(
        [0.006962426249318575, -0.03431860799678219, 0.061081561612078374], rel=1e-9
    )
    grouping = Grouping("age", ("a", "b", "c"), np.arange(200) % 3)
    ratio = impact_ratio(values=shown[:, 0], grouping=grouping, seed=3, draws=200)
    assert [ratio.estimate, ratio.interval.low, ratio.interval.high] == pytest.approx(
        [0.8003194796214123, 0.622148773443235, 0.9518966794016063], rel=1e-9
    )
