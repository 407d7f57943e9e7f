"""What others see: coarse shares, from which nobody can tell what one viewer sees."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.journal.shares import FEWEST, coarse_shares, keep_shares
from personalization.models import ShownShare
from tests.factories import NOW, make_artwork, make_title, make_viewer
from tests.personalization.factories import DAY, make_decision


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ({1: 60, 2: 40}, {1: 60, 2: 40}),
        ({1: 98, 2: 12}, {1: 90, 2: 10}),
        ({1: 990, 2: 10}, {1: 100, 2: 0}),
        ({1: 9}, {1: None}),
        ({1: 10}, {1: 100}),
        # One hidden share would be the rest of 100.
        ({1: 60, 2: 40, 3: 9}, {1: 60, 2: None, 3: None}),
        ({1: 60, 2: 9}, {1: None, 2: None}),
        # Two hidden ones that are together fewer than ten viewers.
        ({1: 60, 2: 40, 3: 1, 4: 2}, {1: 60, 2: None, 3: None, 4: None}),
        ({1: 60, 2: 40, 3: 9, 4: 9}, {1: 50, 2: 30, 3: None, 4: None}),
    ],
)
def test_a_share_that_would_show_a_few_viewers_is_hidden(counts, shares):
    assert coarse_shares(counts) == shares


@given(st.dictionaries(st.integers(1, 9), st.integers(1, 200), min_size=1))
def test_no_hidden_group_can_be_subtracted(counts):
    shares = coarse_shares(counts)
    hidden = [counts[picture] for picture, percent in shares.items() if percent is None]
    assert all(counts[p] >= FEWEST for p, percent in shares.items() if percent is not None)
    if hidden and len(hidden) < len(counts):
        assert len(hidden) > 1
        assert sum(hidden) >= FEWEST
    assert all(percent is None or percent % 10 == 0 for percent in shares.values())


@pytest.mark.django_db
def test_a_night_counts_what_each_viewer_saw_last():
    title = make_title()
    first, second, seldom = (make_artwork(title) for _ in range(3))
    for number in range(30):
        viewer = make_viewer()
        make_decision(viewer, title, [first, second])
        if number < 12:
            make_decision(viewer, title, [second, first], first_seen_at=NOW + timedelta(minutes=5))
        if number == 0:
            make_decision(viewer, title, [seldom], first_seen_at=NOW - timedelta(days=40))
    # A picture that a viewer chose is what that viewer sees.
    keeper = make_viewer()
    make_decision(keeper, title, [first], standing="keeps", policy="viewer")
    keep_shares(DAY)
    shares = dict(ShownShare.objects.values_list("artwork", "percent"))
    assert shares == {first.pk: 60, second.pk: 40}
    keep_shares(DAY - timedelta(days=1))
    assert dict(ShownShare.objects.values_list("artwork", "percent")) == {}


@pytest.mark.django_db
def test_a_picture_that_was_removed_has_no_share():
    title = make_title()
    gone = make_artwork(title)
    make_decision(make_viewer(), title, [gone])
    gone.delete()
    keep_shares(DAY)
    assert not ShownShare.objects.exists()
