import numpy as np
import pytest

from audits.metrics import inference, resampling
from audits.metrics.groups import Viewers
from audits.metrics.measurement import Interval, MarginVerdict, Measurement
from audits.metrics.refusals import CannotMeasure
from tests.audits.metrics.worlds import seeds


def test_holm_by_hand():
    adjusted = inference.holm([0.01, 0.04, 0.03])
    assert adjusted == pytest.approx([0.03, 0.06, 0.06])


def test_benjamini_hochberg_by_hand():
    adjusted = inference.benjamini_hochberg([0.01, 0.04, 0.03, 0.5])
    assert adjusted == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_corrections_refuse_what_is_no_p_value():
    with pytest.raises(CannotMeasure, match="p_values"):
        inference.holm([0.1, 1.2])
    with pytest.raises(CannotMeasure, match="p_values"):
        inference.benjamini_hochberg([0.1, float("nan")])


def test_a_permutation_p_is_never_zero():
    null = np.zeros(1999)
    assert inference.permutation_p(observed=1.0, null=null) == pytest.approx(1 / 2000)
    assert inference.permutation_p(observed=0.0, null=null) == 1.0


def test_a_two_sided_p_counts_both_tails():
    null = np.array([-2.0, -1.0, 1.0, 2.0])
    assert inference.permutation_p(observed=2.0, null=null, two_sided=True) == pytest.approx(3 / 5)
    assert inference.permutation_p(observed=2.0, null=null) == pytest.approx(2 / 5)


def test_labels_are_shuffled_within_strata_only():
    members = np.array([True, True, False, False, False, True, False, False])
    strata = np.array([0, 1, 0, 1, 0, 1, 1, 0])
    shuffled = resampling.permuted_members(
        members=members, strata=strata, draws=300, seeds=seeds(8)
    )
    for cell in (0, 1):
        inside = strata == cell
        assert (shuffled[:, inside].sum(axis=1) == members[inside].sum()).all()
    # Each viewer of a stratum is as likely a member as any other.
    assert shuffled[:, strata == 0].mean(axis=0) == pytest.approx([0.25] * 4, abs=0.09)


def test_randomness_comes_from_the_seeds_alone():
    arguments = {"members": np.arange(20) < 8, "strata": np.arange(20) % 2, "draws": 50}
    once = resampling.permuted_members(**arguments, seeds=seeds(20, 5))
    assert (once == resampling.permuted_members(**arguments, seeds=seeds(20, 5))).all()
    assert (once != resampling.permuted_members(**arguments, seeds=seeds(20, 6))).any()


def test_history_strata_begin_at_their_edges():
    strata = resampling.history_strata(history_length=[0, 2, 3, 9, 10, 99, 100])
    assert strata.tolist() == [0, 0, 1, 1, 2, 3, 4]
    with pytest.raises(CannotMeasure, match="history_length"):
        resampling.history_strata(history_length=[-1])


def test_bootstrap_weights_keep_each_side_apart():
    group, rest = resampling.bootstrap_weights(
        members=np.arange(10) < 4, draws=100, seeds=seeds(10)
    )
    assert group.shape == (100, 4)
    assert rest.shape == (100, 6)
    assert group.sum(axis=1) == pytest.approx(np.ones(100))


@pytest.mark.parametrize(("auc", "viewers"), [(0.55, 412), (0.60, 102), (0.65, 45)])
def test_the_minimum_detectable_auc_is_near_the_known_numbers(auc, viewers):
    found = inference.minimum_detectable_auc(group=viewers, rest=viewers)
    assert found == pytest.approx(auc, abs=0.003)


def _measured(low, high, centre=0.0):
    middle = (low + high) / 2
    limits = Interval(low, high)
    return Measurement(middle, limits, limits, None, 0.5, Viewers(50, 50, 0), centre)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.02, 0.03, MarginVerdict.WITHIN),
        (-0.02, 0.07, MarginVerdict.INSUFFICIENT),
        (-0.5, 0.5, MarginVerdict.INSUFFICIENT),
        (0.06, 0.09, MarginVerdict.OUTSIDE),
        (-0.09, -0.06, MarginVerdict.OUTSIDE),
    ],
)
def test_the_verdict_is_an_equivalence_test(low, high, verdict):
    assert _measured(low, high).verdict(margin=0.05) == verdict
    assert _measured(low + 0.5, high + 0.5, centre=0.5).verdict(margin=0.05) == verdict


def test_too_little_data_is_never_within_the_margin():
    bare = Measurement(0.0, None, None, None, None, Viewers(5, 5, 0))
    assert bare.verdict(margin=0.05) == "insufficient evidence"
