"""The figures of well-formed inputs: whoever changes one changes what audits said before."""

import numpy as np
import pytest

from audits.metrics.conditional import conditional_disparity, impact_ratio
from audits.metrics.effort import Effort
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
from tests.audits.metrics.worlds import panel, resampling, seeds

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
    told = {"contrast": who, "strata": STRATA, "seeds": seeds(200, 4), "effort": EFFORT}
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
    for one in leakage(served=shown, history=history, **told).attackers:
        made[f"served {one.attacker}"] = one.served.measurement
        made[f"history {one.attacker}"] = one.inputs.measurement
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
        0.043842503098089805,
        0.09615373315885331,
        0.044641604625338484,
        0.02,
    ],
    "logged exposure": [
        0.06412041276376491,
        0.03805746326155264,
        0.09591564716419698,
        0.06028628270358265,
        0.37,
    ],
    "depicted": [
        0.00702014510213389,
        -0.0038101642249316245,
        0.01947268657092281,
        -0.00011291090322627866,
        0.195,
    ],
    "prominence": [
        -0.005083102591478372,
        -0.013280295281680631,
        0.0030369943651064107,
        -1.043610446895447e-05,
        0.25,
    ],
    "event": [
        -0.0019061319540097932,
        -0.02278137761314641,
        0.018117764021106004,
        0.0007278358140614734,
        0.815,
    ],
    "logged leakage": [
        -0.012890624999999989,
        -0.10527710902891294,
        0.07318986617258684,
        -0.01214810416163568,
        0.46,
    ],
    "served linear": [0.5640625, 0.4358900789456183, 0.6852253857564503, 0.4969783426790011, 0.15],
    "history linear": [
        0.947265625,
        0.9080354998064412,
        0.9827792841008486,
        0.4952493790371981,
        0.01,
    ],
    "served boosted": [
        0.569140625,
        0.47912016486958936,
        0.661102465977716,
        0.5027954231662415,
        0.15,
    ],
    "history boosted": [0.91328125, 0.8667190213870287, 0.95363257468288, 0.5039747847576167, 0.05],
    "value ips": [
        0.08666666666666667,
        -0.03268713637752619,
        0.1913417210205792,
        -0.0008375209380234495,
        0.15,
    ],
    "value snips": [
        0.07074263764404609,
        -0.0541321621386276,
        0.17760922697925902,
        -0.0016507674730264676,
        0.22,
    ],
    "value dr": [
        0.07333333333333325,
        -0.035460377407172054,
        0.16964500413801878,
        -0.0012395309882747682,
        0.185,
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
        [0.006962426249318556, -0.040570295663370164, 0.05418704138777922], rel=1e-9
    )
    grouping = Grouping("age", ("a", "b", "c"), np.arange(200) % 3)
    ratio = impact_ratio(values=shown[:, 0], grouping=grouping, seeds=seeds(200, 3), draws=200)
    assert [ratio.estimate, ratio.interval.low, ratio.interval.high] == pytest.approx(
        [0.8003194796214123, 0.5651040839514817, 1.0], rel=1e-9
    )
