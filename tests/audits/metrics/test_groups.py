import numpy as np
import pytest

from audits.metrics.groups import Viewers, group_viewers
from audits.metrics.refusals import CannotMeasure

LABELS = ["f", "m", None, "x", "f", "undeclared", ""]


def test_it_always_counts_the_undeclared():
    assert group_viewers(attribute="gender", labels=LABELS).counts() == {
        "f": 2,
        "m": 1,
        "x": 1,
        "undeclared": 3,
    }
    assert group_viewers(attribute="gender", labels=["f"]).counts()["undeclared"] == 0


def test_the_rest_is_everybody_else_who_declared():
    contrast = group_viewers(attribute="gender", labels=LABELS).contrast("f")
    assert contrast.members.tolist() == [True, False, False, False, True, False, False]
    assert contrast.declared.sum() == 4
    assert (contrast.viewers.group, contrast.viewers.rest, contrast.viewers.undeclared) == (2, 2, 3)


def test_two_groups_make_one_contrast_and_three_make_three():
    assert len(group_viewers(attribute="gender", labels=["a", "b"]).contrasts()) == 1
    assert len(group_viewers(attribute="gender", labels=["a", "b", "c"]).contrasts()) == 3


def test_it_refuses_a_single_group_and_an_unknown_one():
    with pytest.raises(CannotMeasure, match="labels: gender has a single group"):
        group_viewers(attribute="gender", labels=["a", "a", None]).contrast("a")
    with pytest.raises(CannotMeasure, match="group: nobody declared"):
        group_viewers(attribute="gender", labels=["a", "b"]).contrast("c")


@pytest.mark.parametrize(
    "missing",
    [None, "", " ", "\t\n", "\u00a0", "\u200b", float("nan"), np.float64("nan"), "Undeclared",
     " UNDECLARED ", "ｕndeclared", "undeclared\u200b", "undeclared\u3164", "\u2800", "\u3164",
     "\uffa0", "\u034f", "\u0301", "\ufe0f"],
)  # fmt: skip
def test_a_label_that_says_nothing_is_not_declared(missing):
    counts = group_viewers(attribute="gender", labels=[missing, "a"]).counts()
    assert counts == {"a": 1, "undeclared": 1}


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        (["a ", "a"], "begins or ends with a space"),
        (["\u2003a", "b"], "begins or ends with a space"),
        (["a\u200bb", "b"], "cannot be seen"),
        (["a\x00", "b"], "cannot be seen"),
        (["A", "a"], "differ in spelling only"),
        (["a  b", "a b"], "differ in spelling only"),
        (["non-binary", "non\u2010binary"], "differ in spelling only"),
        (["non-binary", "non\u2011binary"], "differ in spelling only"),
        (["a\u3164", "a"], "cannot be seen"),
        (["a\u2800", "a"], "cannot be seen"),
        (["a\ufe0f", "a"], "cannot be seen"),
        (["a\u034f", "a"], "cannot be seen"),
        (["a\ud800", "a"], "cannot be seen"),
        (["N/A", "a"], "missing value"),
        (["NA", "a"], "missing value"),
        (["#N/A", "a"], "missing value"),
        (["NULL", "a"], "missing value"),
        (["caf\u00e9", "cafe\u0301"], "differ in spelling only"),
        (["nan", "a"], "missing value"),
        (["-", "a"], "missing value"),
        (["?", "a"], "missing value"),
        (["\u2014 \u2026", "a"], "missing value"),
        (["None", "a"], "missing value"),
        ([1, "a"], "is not text"),
        ([1.5, "a"], "is not text"),
        ([True, "a"], "is not text"),
        ([b"a", "b"], "is not text"),
    ],
)
def test_a_label_that_is_no_groups_name_is_refused(labels, why):
    with pytest.raises(CannotMeasure, match=f"labels: .*{why}"):
        group_viewers(attribute="gender", labels=labels)


def test_viewers_without_data_are_neither_compared_nor_undeclared():
    contrast = group_viewers(attribute="gender", labels=LABELS).contrast("f")
    narrowed = contrast.among(np.array([True, True, True, True, False, False, False]))
    assert narrowed.members.tolist() == [True, False, False, False, False, False, False]
    assert narrowed.viewers == Viewers(group=1, rest=2, undeclared=3)
    with pytest.raises(CannotMeasure, match="counted"):
        contrast.among(np.ones(3, dtype=bool))
