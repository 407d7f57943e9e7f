"""A call of every public function of `audits.metrics`, with drawn arguments."""

import numpy as np
from hypothesis import strategies as st

from audits.metrics import (
    attack,
    auc,
    boosted_attacker,
    chances,
    conditional,
    crossing,
    depicted,
    differences,
    distance,
    exposure,
    flips,
    folds,
    groups,
    inference,
    kernel_attacker,
    leakage,
    lift,
    linear_attacker,
    matching,
    measurement,
    noise,
    paired,
    panel,
    prominence,
    reach,
    refusals,
    resampling,
    suppression,
    threads,
    value,
)
from audits.metrics.groups import Grouping
from tests.audits.metrics.drawn import COUNTS, NUMBERS, POSITIVE, SEED


def _grouping(world):
    return Grouping("gender", ("a", "b"), world.ints(world.viewers, st.integers(-1, 1)))


def _split(world):
    members, strata = world.bools(world.viewers), world.strata
    return list(
        folds.stratified_folds(
            members=members,
            strata=strata,
            folds=world.draw(st.integers(0, 4)),
            seeds=world.seeds,
            repeat=world.draw(SEED),
        )
    )


def _value(world):
    size, estimator = world.draw(st.integers(0, 90)), world.draw(st.sampled_from(value.Estimator))
    return value.policy_value(
        viewers=np.arange(size) % world.viewers,
        weights=world.numbers(size, of=POSITIVE) if size else [],
        rewards=world.numbers(size, of=st.floats(0, 1)) if size else [],
        scores=world.numbers(size) if size and estimator is value.Estimator.DR else None,
        estimator=estimator,
        contrast=world.contrast,
        resampling=world.how,
    )


def _lift(world):
    size = world.draw(st.integers(0, 90))
    return lift.policy_lift(
        viewers=np.arange(size) % world.viewers,
        weights=world.numbers(size, of=POSITIVE) if size else [],
        scores=world.numbers(size) if size else [],
        baseline=world.numbers(size) if size else [],
        contrast=world.contrast,
        resampling=world.how,
    )


def _reach(world):
    size = world.draw(st.integers(1, 90))
    return reach.reach(
        viewers=np.arange(size) % world.viewers,
        weights=world.numbers(size, of=POSITIVE),
        scores=world.numbers(size),
        baseline=world.numbers(size),
        of_such_titles=world.bools(size),
        contrast=world.contrast,
        resampling=world.how,
    )


def _flip_effect(world):
    arms = [flips.Changes(world.numbers(40), world.numbers(40)) for _ in range(2)]
    return flips.flip_effect(
        swapped=arms[0], placebo=arms[1], seeds=world.ints(40, SEED), permutations=5, draws=5
    )


def _matches(world):
    return matching.match_titles(
        traits=world.numbers(5, 2), classes=world.ints(5, st.integers(-2, 2))
    )


def _strongest(world):
    told, features = world.told, world.numbers(world.viewers, 2)
    each = [attack.attack(features=features, attacker=one, **told) for one in attack.Attacker]
    return attack.strongest(attacks=each, **(world.told if world.draw(st.booleans()) else told))


def _retention(world):
    told = world.told
    served, history = (
        attack.attack(
            features=world.numbers(world.viewers, 2), attacker=attack.Attacker.LINEAR, **told
        )
        for _ in range(2)
    )
    return leakage.retention(
        served=served, inputs=history, contrast=told["contrast"], seeds=told["seeds"], draws=5
    )


def _components(world):
    rows = folds.compact(world.numbers(6, 2))
    train = world.ints(world.draw(st.integers(0, 4)), st.integers(0, 5))
    return folds.components(rows=rows, train=train, test=np.array([5]), limit=3)


def _measured(world):
    interval = measurement.Interval(*world.numbers(2, of=st.floats(-1, 1)))
    found = measurement.Measurement(0.0, interval, interval, None, 0.5, groups.Viewers(1, 1, 0))
    return found.verdict(margin=world.draw(NUMBERS))


CALLS = {
    "attack.attack": lambda w: attack.attack(
        features=w.numbers(w.viewers, w.draw(st.integers(0, 3))),
        attacker=w.draw(st.sampled_from(attack.Attacker)),
        **w.told,
    ),
    "attack.attack_by": lambda w: attack.attack_by(
        attackers=w.draw(st.lists(st.sampled_from(attack.Attacker), unique=True)),
        features=w.numbers(w.viewers, w.draw(st.integers(0, 3))),
        **w.told,
    ),
    "attack.strongest": _strongest,
    "attack.resampled_auc": lambda w: attack.resampled_auc(
        auc=w.draw(NUMBERS),
        placements=w.numbers(6),
        members=w.bools(6),
        draws=w.draw(SEED),
        seeds=w.ints(6, SEED),
    ),
    "auc.concordance": lambda w: auc.concordance(scores=w.numbers(5, 2), labels=w.bools(5, 2)),
    "auc.placements": lambda w: auc.placements(scores=w.numbers(5), labels=w.bools(5)),
    "boosted_attacker.boosted_scores": lambda w: boosted_attacker.boosted_scores(
        **w.matrices(), rounds=w.draw(SEED)
    ),
    "chances.seeds_of_pairs": lambda w: chances.seeds_of_pairs(
        seeds=w.ints(3, SEED), places=w.ints(3)
    ),
    "chances.checked_seeds": lambda w: chances.checked_seeds(w.ints(3, SEED), viewers=w.viewers),
    "chances.uniforms": lambda w: chances.uniforms(
        seeds=w.ints(3, SEED),
        use=chances.Use.FOLDS,
        count=w.draw(SEED),
        first=w.draw(st.sampled_from([-1, 0, 2**62])),
    ),
    "conditional.conditional_disparity": lambda w: conditional.conditional_disparity(
        values=w.numbers(w.viewers), contrast=w.contrast, resampling=w.how
    ),
    "conditional.impact_ratio": lambda w: conditional.impact_ratio(
        values=w.numbers(w.viewers, of=POSITIVE),
        grouping=_grouping(w),
        seeds=w.seeds,
        draws=w.draw(SEED),
    ),
    "depicted.artwork_places": lambda w: depicted.artwork_places(w.draw(COUNTS), w.ints(3)),
    "depicted.depicted_share": lambda w: depicted.depicted_share(
        artworks=w.draw(st.integers(-1, 4)), artwork=w.ints(3), of_class=w.bools(3)
    ),
    "depicted.led_by_class": lambda w: depicted.led_by_class(
        artworks=w.draw(st.integers(-1, 4)),
        artwork=w.ints(3),
        billing=w.ints(3),
        of_class=w.bools(3),
    ),
    "differences.mean_difference": lambda w: differences.mean_difference(
        values=w.numbers(w.viewers),
        exposures=w.draw(st.none()) or w.numbers(w.viewers, of=POSITIVE),
        evidence=w.bools(w.viewers),
        contrast=w.contrast,
        resampling=w.how,
    ),
    "distance.exposure_distance": lambda w: (
        distance.exposure_distance(
            exposure=w.probabilities(), weights=w.numbers(2, of=POSITIVE), **w.slate
        ).overall
    ),
    "exposure.exposure_difference": lambda w: exposure.exposure_difference(
        exposure=w.probabilities(), weights=w.numbers(2, of=POSITIVE), **w.slate
    ),
    "exposure.logged_exposure_difference": lambda w: exposure.logged_exposure_difference(
        impressions=w.numbers(w.viewers, w.artworks, of=POSITIVE), **w.slate
    ),
    "exposure.depicted_difference": lambda w: exposure.depicted_difference(
        exposure=w.probabilities(), depicted_share=w.numbers(w.artworks, of=POSITIVE), **w.slate
    ),
    "flips.changes": lambda w: flips.changes(
        before=w.probabilities(),
        after=w.probabilities(),
        titles=w.titles,
        weights=w.numbers(2, of=POSITIVE),
    ),
    "flips.flip_effect": _flip_effect,
    "folds.components": _components,
    "folds.compact": lambda w: folds.compact(w.numbers(4, 2)),
    "folds.stratified_folds": _split,
    "groups.group_viewers": lambda w: groups.group_viewers(
        attribute="gender",
        labels=w.draw(st.lists(st.one_of(st.none(), st.text(), NUMBERS, st.integers()))),
    ).counts(),
    "inference.auc_standard_error": lambda w: inference.auc_standard_error(
        auc=w.draw(NUMBERS), group=w.draw(COUNTS), rest=w.draw(COUNTS)
    ),
    "inference.benjamini_hochberg": lambda w: inference.benjamini_hochberg(w.numbers(3)),
    "inference.detectable_effect": lambda w: inference.detectable_effect(w.numbers(1)[0]),
    "inference.detectable_from_null": lambda w: inference.detectable_from_null(w.numbers(3)),
    "inference.holm": lambda w: inference.holm(w.numbers(3)),
    "inference.minimum_detectable_auc": lambda w: inference.minimum_detectable_auc(
        group=w.draw(COUNTS), rest=w.draw(COUNTS)
    ),
    "inference.null_of": lambda w: inference.null_of(w.numbers(3)),
    "inference.percentile_interval": lambda w: inference.percentile_interval(
        w.numbers(3), confidence=w.draw(NUMBERS)
    ),
    "inference.permutation_p": lambda w: inference.permutation_p(
        observed=w.draw(NUMBERS), null=w.numbers(3), two_sided=w.draw(st.booleans())
    ),
    "leakage.leakage": lambda w: leakage.leakage(
        served=w.numbers(w.viewers, 2),
        history=w.numbers(w.viewers, 2),
        inputs=[w.numbers(w.viewers, 1)],
        **w.told,
    ),
    "leakage.logged_leakage": lambda w: leakage.logged_leakage(
        artworks=w.numbers(w.viewers, 2, of=POSITIVE),
        titles=w.numbers(w.viewers, 1, of=POSITIVE),
        **w.told,
    ),
    "leakage.retention": _retention,
    "lift.policy_lift": _lift,
    "kernel_attacker.kernel_scores": lambda w: kernel_attacker.kernel_scores(**w.matrices()),
    "linear_attacker.linear_scores": lambda w: linear_attacker.linear_scores(**w.matrices()),
    "matching.choose_swaps": lambda w: matching.choose_swaps(
        viewers=w.ints(6, st.integers(-1, 3)),
        titles=w.ints(6, st.integers(-2, 5)),
        matches=_matches(w),
        seeds=w.ints(6, SEED),
        count=w.draw(SEED),
    ),
    "matching.match_titles": _matches,
    "measurement.Measurement.verdict": _measured,
    "noise.signed_root": lambda w: noise.signed_root(w.numbers(3)),
    "paired.paired_effect": lambda w: paired.paired_effect(
        differences=w.numbers(40),
        seeds=w.ints(40, SEED),
        permutations=w.draw(SEED),
        draws=w.draw(SEED),
    ),
    "panel.compare": lambda w: panel.compare(
        contrast=w.contrast, viewers=w.viewers, strata=w.strata, evidence=w.bools(w.viewers)
    ),
    "panel.why_untested": lambda w: panel.why_untested(members=w.bools(4), strata=w.ints(4)),
    "prominence.artwork_prominence": lambda w: w.prominence,
    "prominence.billing_shares": lambda w: prominence.billing_shares(
        titles=w.ints(3), billing=w.ints(3), screen_time=w.numbers(3, of=POSITIVE)
    ),
    "prominence.marginal_event": lambda w: prominence.marginal_event(
        exposure=w.probabilities(), prominence=w.prominence, of_class=w.bools(w.artworks), **w.slate
    ),
    "prominence.misrepresentation": lambda w: prominence.misrepresentation(
        exposure=w.probabilities(), titles=w.titles, prominence=w.prominence
    ),
    "prominence.prominence_gap": lambda w: prominence.prominence_gap(
        exposure=w.probabilities(), prominence=w.prominence, **w.slate
    ),
    "reach.reach": _reach,
    "reach.under_represented": lambda w: sorted(
        reach.under_represented(leads=dict(zip("abc", w.ints(3).tolist(), strict=True)))
    ),
    "refusals.booleans": lambda w: refusals.booleans("x", w.bools(3), shape=(3,)),
    "refusals.floats": lambda w: refusals.floats("x", w.numbers(3), shape=(3,)),
    "refusals.integers": lambda w: refusals.integers("x", w.ints(3), shape=(3,)),
    "refusals.probabilities": lambda w: refusals.probabilities(
        "x", w.numbers(2, 3), titles=np.array([1, 1, 2])
    ),
    "refusals.rectangular": lambda w: refusals.rectangular("x", [1, 2]),
    "refusals.title_starts": lambda w: refusals.title_starts("x", w.ints(3)),
    "refusals.title_varies": lambda w: refusals.title_varies(
        w.titles, w.numbers(w.artworks, of=POSITIVE), w.bools(w.artworks)
    ),
    "refusals.whole": lambda w: refusals.whole("x", w.draw(st.one_of(NUMBERS, COUNTS)), least=0),
    "resampling.bootstrap_counts": lambda w: resampling.bootstrap_counts(
        seeds=w.ints(w.draw(st.integers(0, 3)), SEED), draws=w.draw(SEED)
    ),
    "resampling.bootstrap_weights": lambda w: resampling.bootstrap_weights(
        members=w.bools(3), draws=w.draw(SEED), seeds=w.ints(3, SEED)
    ),
    "resampling.can_be_shuffled": lambda w: resampling.can_be_shuffled(
        members=w.bools(4), strata=w.ints(4)
    ),
    "resampling.history_strata": lambda w: resampling.history_strata(history_length=w.ints(3)),
    "resampling.permuted_members": lambda w: resampling.permuted_members(
        members=w.bools(4), strata=w.ints(4), draws=w.draw(SEED), seeds=w.ints(4, SEED)
    ),
    "crossing.cross": lambda w: vars(
        crossing.cross(
            first=groups.Grouping("a", ("b", "c"), w.ints(9, st.integers(-1, 1))),
            second=groups.Grouping("d", ("e", "f"), w.ints(9, st.integers(-1, 1))),
        )
    )["shown"],
    "crossing.crossed_name": lambda w: crossing.crossed_name("a", "b"),
    "crossing.crossed_parts": lambda w: crossing.crossed_parts("a"),
    "crossing.is_crossed": lambda w: crossing.is_crossed("a"),
    "suppression.suppress": lambda w: suppression.suppress(
        counts=dict(enumerate(w.ints(w.draw(st.integers(0, 4))).tolist()))
    ),
    "suppression.suppress_table": lambda w: suppression.suppress_table(
        counts=w.ints(6).reshape(2, 3), minimum=w.draw(SEED)
    ),
    "threads.side_by_side": lambda w: threads.side_by_side(
        lambda number: 1.0 / (1 + number), range(w.draw(st.integers(0, 3)))
    ),
    "value.policy_value": _value,
}
