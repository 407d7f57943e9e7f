import pytest

from audits.metrics.groups import group_viewers
from audits.metrics.refusals import Refused

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
    with pytest.raises(Refused, match="labels: gender has a single group"):
        group_viewers(attribute="gender", labels=["a", "a", None]).contrast("a")
    with pytest.raises(Refused, match="group: nobody declared"):
        group_viewers(attribute="gender", labels=["a", "b"]).contrast("c")
