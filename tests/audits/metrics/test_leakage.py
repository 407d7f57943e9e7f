from dataclasses import replace

import numpy as np
import pytest

from audits.metrics.attack import attack
from audits.metrics.auc import concordance, placements
from audits.metrics.effort import Attacker, Effort
from audits.metrics.leakage import leakage, logged_leakage, retention, strongest
from audits.metrics.refusals import CannotMeasure
from tests.audits.metrics.worlds import contrast, halves, one_stratum, seeds

FAST = Effort(
    repeats=2,
    shuffles=99,
    boosted_repeats=1,
    boosted_shuffles=19,
    viewers=400,
    boosted_components=8,
    rounds=25,
    draws=200,
)


def linear_world(viewers=240, columns=12, strength=0.8, seed=0):
    rng = np.random.default_rng(seed)
    who = halves(viewers)
    features = rng.normal(size=(viewers, columns))
    features[:, :4] += strength * who.members[:, None]
    return features, who


def run(features, who, attacker=Attacker.LINEAR, *, seed=1, effort=FAST, strata=None):
    strata = one_stratum(len(features)) if strata is None else strata
    return attack(
        features=features,
        contrast=who,
        strata=strata,
        attacker=attacker,
        seeds=seeds(len(features), seed),
        effort=effort,
    )


def test_the_area_counts_pairs_and_half_of_ties():
    scores = np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 2.0]])
    labels = np.array([[False, True], [True, False], [True, False]])
    right, pairs = concordance(scores=scores, labels=labels)
    assert right.tolist() == [2.0, 1.0]
    assert pairs.tolist() == [2.0, 2.0]


def test_placements_average_to_the_area():
    rng = np.random.default_rng(0)
    scores, labels = rng.integers(0, 6, 50).astype(float), rng.random(50) < 0.4
    right, pairs = concordance(scores=scores[:, None], labels=labels[:, None])
    placed = placements(scores=scores, labels=labels)
    assert placed[labels].mean() == pytest.approx(right[0] / pairs[0])
    assert placed[~labels].mean() == pytest.approx(right[0] / pairs[0])


@pytest.mark.parametrize("attacker", Attacker)
def test_it_detects_what_is_planted(attacker):
    found = run(*linear_world(), attacker).measurement
    assert found.estimate > 0.65
    assert found.interval.low > 0.5
    assert found.p == pytest.approx(1 / (20 if attacker is Attacker.BOOSTED else 100))
    assert found.null.mean == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("attacker", Attacker)
def test_shuffled_labels_are_at_chance_even_with_more_columns_than_viewers(attacker):
    """In-sample they would reach an area of .99."""
    rng = np.random.default_rng(2)
    features = rng.normal(size=(160, 900))
    null = run(features, contrast(rng.permutation(160) < 80), attacker).null_draws
    assert null.mean() == pytest.approx(0.5, abs=0.04)
    assert null.max() < 0.75


def test_a_leak_through_squares_is_seen_by_the_boosted_attacker_alone():
    rng = np.random.default_rng(5)
    who = halves(400)
    features = rng.normal(size=(400, 6))
    # Same mean, other spread: no linear attacker can tell.
    features[:, 0] *= np.where(who.members, 2.5, 0.6)
    linear = run(features, who).measurement
    boosted = run(features, who, Attacker.BOOSTED).measurement
    assert linear.estimate < 0.57
    assert boosted.estimate > 0.7
    assert boosted.p == pytest.approx(1 / 20)


def test_a_true_null_is_rejected_about_five_times_in_a_hundred():
    effort = Effort(
        repeats=1, shuffles=99, boosted_repeats=1, boosted_shuffles=9, viewers=400, draws=2
    )
    rng = np.random.default_rng(6)
    rejected = 0
    for seed in range(100):
        features = rng.normal(size=(80, 5))
        rejected += run(features, halves(80), seed=seed, effort=effort).measurement.p <= 0.05
    assert rejected <= 13


def test_history_length_alone_is_part_of_the_null():
    """Members watch more, and features show length only: shuffles within strata show it as well."""
    rng = np.random.default_rng(7)
    strata = np.repeat([0, 1], 120)
    members = rng.random(240) < np.where(strata == 1, 0.75, 0.25)
    features = rng.normal(size=(240, 8))
    features[:, 0] += 3 * strata
    found = run(features, contrast(members), strata=strata)
    assert found.measurement.estimate > 0.65
    assert found.measurement.null.mean > 0.65
    assert found.measurement.p > 0.05
    assert all(one.p > 0.05 for one in found.strata)


def test_a_stratum_with_few_viewers_is_not_tested():
    features, who = linear_world()
    strata = np.where(np.arange(240) < 40, 1, 0)
    small = next(one for one in run(features, who, strata=strata).strata if one.stratum == 1)
    assert (small.auc, small.p, small.group) == (None, None, 20)


def test_it_reports_served_history_and_what_is_retained():
    history, who = linear_world(strength=1.0)
    rng = np.random.default_rng(8)
    served = history + rng.normal(scale=2.0, size=history.shape)
    found = leakage(
        served=served,
        history=history,
        contrast=who,
        strata=one_stratum(240),
        seeds=seeds(240),
        effort=FAST,
    )
    assert [one.attacker for one in found.attackers] == list(Attacker)
    areas = found.served.measurement.estimate, found.ceiling.measurement.estimate
    assert areas[0] < areas[1]
    kept = found.retention
    assert kept.estimate == pytest.approx((areas[0] - 0.5) / (areas[1] - 0.5))
    assert kept.interval.low < kept.estimate < kept.interval.high <= 1


def ceiling_world(seed, *, hidden):
    """The choice is computed from a vector that tells the group; the plays tell it or do not."""
    vector, who = linear_world(strength=0.9, seed=seed)
    plays = np.random.default_rng(seed + 100).normal(size=(240, 30))
    if not hidden:
        plays[:, :12] += vector
    return leakage(
        served=vector @ np.random.default_rng(1).normal(size=(12, 20)),
        history=plays,
        inputs=[vector],
        contrast=who,
        strata=one_stratum(240),
        seeds=seeds(240, seed),
        effort=FAST,
    )


@pytest.mark.parametrize("hidden", [True, False])
def test_the_ceiling_lies_above_what_is_served_whatever_the_plays_show(hidden):
    """With the raw plays alone as the ceiling, shares above 1 were reported."""
    for seed in range(4):
        found = ceiling_world(seed, hidden=hidden)
        assert found.retention.estimate <= 1 and found.retention.interval.high <= 1
        served, ceiling = found.served.measurement, found.ceiling.measurement
        assert ceiling.estimate >= served.estimate
        assert found.retention.estimate > 0.8  # a linear map keeps everything


def test_a_share_of_everything_is_not_certain():
    """What is served tells a little more here than the inputs do, by chance alone."""
    vector, who = linear_world(strength=0.9, seed=3)
    again = vector + np.random.default_rng(9).normal(scale=0.3, size=vector.shape)
    told = {"contrast": who, "strata": one_stratum(240), "seeds": seeds(240), "effort": FAST}
    attacks = [attack(features=each, attacker=Attacker.LINEAR, **told) for each in (vector, again)]
    inputs, served = sorted(attacks, key=lambda one: one.measurement.estimate)
    kept = retention(served=served, inputs=inputs, contrast=who, seeds=seeds(240), draws=200)
    assert kept.estimate == 1
    assert 0.5 < kept.interval.low < 0.99 and kept.interval.high == 1


class TestStrongest:
    def of(self, features, who, *, seed=1, effort=FAST):
        same = {"contrast": who, "strata": one_stratum(len(features)), "effort": effort}
        same["seeds"] = seeds(len(features), seed)
        each = [attack(features=features, attacker=one, **same) for one in Attacker]
        return strongest(attacks=each, **same), each

    def test_it_is_the_attacker_that_reads_most(self):
        rng = np.random.default_rng(5)
        who = halves(400)
        features = rng.normal(size=(400, 6))
        features[:, 0] *= np.where(who.members, 2.5, 0.6)
        best, each = self.of(features, who)
        assert best.measurement.estimate > each[0].measurement.estimate + 0.1
        assert best.attacker is not Attacker.LINEAR
        assert best.measurement.p == pytest.approx(1 / 20)  # the shuffles that all of them have

    def test_choosing_it_adds_no_optimism(self):
        """Without a difference, the largest of three areas lies above one half on average."""
        effort = replace(FAST, repeats=1, shuffles=9, boosted_shuffles=9, draws=2, rounds=10)
        rng = np.random.default_rng(3)
        chosen, largest = [], []
        for seed in range(60):
            best, each = self.of(rng.normal(size=(100, 6)), halves(100), seed=seed, effort=effort)
            chosen.append(best.measurement.estimate)
            largest.append(max(one.measurement.estimate for one in each))
        assert np.mean(largest) > 0.515
        assert np.mean(chosen) < 0.51

    def test_a_true_null_is_rejected_about_five_times_in_a_hundred(self):
        effort = replace(FAST, repeats=1, shuffles=19, boosted_shuffles=19, draws=2, rounds=5)
        rng = np.random.default_rng(4)
        rejected = 0
        for seed in range(100):
            features = rng.normal(size=(80, 5))
            best, _ = self.of(features, halves(80), seed=seed, effort=effort)
            rejected += best.measurement.p <= 0.05
        assert rejected <= 13

    def test_it_refuses_attacks_of_other_viewers(self):
        features, who = linear_world()
        best = run(features, who)
        with pytest.raises(CannotMeasure, match="same viewers"):
            strongest(
                attacks=[best],
                contrast=contrast(np.arange(120) % 2 == 0),
                strata=one_stratum(120),
                seeds=seeds(120),
                effort=FAST,
            )


def test_the_ceilings_null_has_the_larger_attack_of_each_shuffle():
    """With the null of the attack that was larger, 9.6 of 100 such ceilings were false alarms."""
    found = ceiling_world(0, hidden=False)
    joint = np.maximum(found.inputs.null_draws, found.served.null_draws)
    ceiling = found.ceiling.measurement
    assert ceiling.null.mean == pytest.approx(joint.mean())
    assert ceiling.null.mean > found.inputs.measurement.null.mean
    assert ceiling.p >= min(found.inputs.measurement.p, found.served.measurement.p)


def test_a_leak_through_a_ring_is_seen_by_the_kernel_where_no_linear_attacker_can():
    rng = np.random.default_rng(6)
    who = halves(600)
    angle = rng.uniform(0, 2 * np.pi, 600)
    radius = np.where(who.members, 1.0, 2.0) + rng.normal(scale=0.2, size=600)
    features = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    effort = replace(FAST, viewers=600)
    linear, kernel = (
        run(features, who, one, effort=effort).measurement.estimate
        for one in (Attacker.LINEAR, Attacker.KERNEL)
    )
    assert linear < 0.57
    assert kernel > 0.95


def test_nothing_is_retained_of_a_history_that_tells_nothing():
    rng = np.random.default_rng(9)
    features = rng.normal(size=(200, 10))
    found = leakage(
        served=features,
        history=rng.normal(size=(200, 10)),
        contrast=halves(200),
        strata=one_stratum(200),
        seeds=seeds(200),
        effort=FAST,
    )
    assert found.retention.estimate is None


def test_logged_artworks_say_more_than_titles_only_if_they_do():
    rng = np.random.default_rng(10)
    who = halves(300)
    titles = rng.poisson(2.0, size=(300, 6)).astype(float)
    plain = titles @ np.kron(np.eye(6), [[0.5, 0.5]])
    telling = plain.copy()
    telling[who.members, ::2] += 0.8
    arguments = {"titles": titles, "contrast": who, "strata": one_stratum(300)}
    arguments["seeds"] = seeds(300)
    nothing = logged_leakage(artworks=plain, **arguments, effort=FAST)
    something = logged_leakage(artworks=telling, **arguments, effort=FAST)
    assert nothing.p > 0.05
    assert something.p == pytest.approx(0.01)
    assert something.estimate > 0.1


def test_a_large_panel_is_sampled_and_says_so():
    features, who = linear_world(viewers=1000)
    viewers = run(features, who).measurement.viewers
    assert (viewers.group, viewers.rest) == (200, 200)


def test_the_same_seed_gives_the_same_numbers():
    features, who = linear_world()
    for attacker in Attacker:
        once, again = (run(features, who, attacker).measurement for _ in range(2))
        assert once == again
    assert run(features, who, seed=2).measurement != run(features, who).measurement


def test_it_measures_without_testing_under_thirty_a_group():
    features, who = linear_world(viewers=40)
    found = run(features, who).measurement
    assert found.p is None
    assert found.verdict(margin=0.5) == "insufficient evidence"


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("features", {"features": np.full((40, 2), np.nan)}),
        ("features", {"features": np.zeros((40, 0))}),
        ("features", {"features": np.zeros(40)}),
        ("contrast", {"contrast": contrast(np.arange(40) < 3)}),
        ("strata", {"strata": np.zeros(3, dtype=int)}),
        ("seeds", {"seeds": np.zeros(3, dtype=int)}),
        ("seeds", {"seeds": np.arange(40) - 1}),
        ("seeds", {"seeds": np.arange(40) / 2}),
    ],
)
def test_it_refuses_by_the_arguments_name(field, change):
    good = {"features": np.ones((40, 2)), "contrast": halves(40), "strata": one_stratum(40)}
    good["seeds"] = seeds(40)
    with pytest.raises(CannotMeasure) as caught:
        attack(**(good | change), attacker=Attacker.LINEAR, effort=FAST)
    assert caught.value.field == field


def test_features_that_never_vary_are_at_chance():
    for attacker in Attacker:
        assert run(np.ones((80, 3)), halves(80), attacker).measurement.estimate == 0.5
