"""Matches of titles, and which titles of a history are replaced."""

import numpy as np
import pytest

from audits.metrics.matching import choose_swaps, match_titles
from audits.metrics.refusals import CannotMeasure
from tests.audits.metrics.worlds import seeds


def test_the_matches_are_near_the_title_and_nearer_each_other():
    # On a line: the title at 0 of class 0, class 1 at 2, class 0 at 1, 2.1 and 9.
    found = match_titles(traits=[[0.0], [2.0], [1.0], [2.1], [9.0]], classes=[0, 1, 0, 0, 0])
    assert (found.other[0], found.same[0]) == (1, 3)
    assert found.other_distance[0] == pytest.approx(2.0)
    assert found.same_distance[0] == pytest.approx(2.1) and found.apart[0] == pytest.approx(0.1)
    # The only title of its class has no placebo, so it is not replaced.
    assert (found.other[1], found.same[1]) == (-1, -1)


def test_titles_of_unknown_class_are_no_match_and_have_none():
    found = match_titles(traits=[[0.0], [0.1], [0.5], [0.6]], classes=[0, -1, 1, 0])
    assert found.other.tolist() == [2, -1, -1, 2]
    assert found.same.tolist() == [3, -1, -1, 0]


def test_two_titles_that_are_far_from_each_other_are_no_matches():
    """As where each class has a genre of its own: no two matches differ in the class alone."""
    one, other = [1.0, 0.0], [0.0, 1.0]
    found = match_titles(traits=[one, one, one, other, other], classes=[0, 0, 0, 1, 1])
    assert (found.other == -1).all() and (found.same == -1).all()
    found = match_titles(traits=[one, one, one, one, other], classes=[0, 0, 0, 1, 1])
    assert found.other[:4].tolist() == [3, 3, 3, -1]
    assert found.same[4] == 3  # far from the title, like the other match


def test_the_rarer_class_is_matched_as_well_as_the_other():
    """A class that tells nothing: in both arms as many matches keep the title's genre."""
    rng = np.random.default_rng(0)
    kept = {"other": [], "same": []}
    for _ in range(10):
        genres = rng.integers(6, size=84)
        traits = np.column_stack([np.eye(6)[genres], rng.normal(size=(84, 3))])
        found = match_titles(traits=traits, classes=(rng.random(84) < 0.25).astype(int))
        matched = np.flatnonzero(found.other >= 0)
        assert len(matched) > 70
        for arm, shares in kept.items():
            shares.append((genres[getattr(found, arm)[matched]] == genres[matched]).mean())
    # With matches that are only as far from the title as each other, it was .67 and .56.
    assert np.mean(kept["other"]) == pytest.approx(np.mean(kept["same"]), abs=0.005)


def test_many_titles_are_matched_as_few_are():
    """More titles than are held at once, against a loop."""
    rng = np.random.default_rng(0)
    traits, classes = rng.normal(size=(600, 3)), rng.integers(-1, 3, 600)
    found = match_titles(traits=traits, classes=classes)
    for title in rng.choice(600, 40, replace=False):
        apart = np.sqrt(((traits - traits[title]) ** 2).sum(axis=1))
        if classes[title] < 0:
            assert found.other[title] == -1
            continue
        others = np.flatnonzero((classes >= 0) & (classes != classes[title]))
        own = np.array([i for i in np.flatnonzero(classes == classes[title]) if i != title])
        others, own = (side[apart[side].argsort()[:20]] for side in (others, own))
        between = np.sqrt(((traits[others, None] - traits[None, own]) ** 2).sum(axis=2))
        cost = apart[others, None] + apart[None, own] + 4 * between
        first, second = np.unravel_index(cost.argmin(), cost.shape)
        if between[first, second] <= 1:
            assert (found.other[title], found.same[title]) == (others[first], own[second])
            assert found.apart[title] == pytest.approx(between[first, second])
        else:
            assert found.other[title] == found.same[title] == -1


def test_each_history_loses_as_many_titles_as_it_can_up_to_the_count():
    matches = match_titles(traits=np.arange(6.0)[:, None] / 10, classes=[0, 0, 1, 1, -1, 0])
    row = np.repeat([0, 1, 2], [6, 2, 1])
    place = np.r_[np.arange(6), [0, 4], [-1]]
    own = seeds(3)[row]
    found = choose_swaps(viewers=row, titles=place, matches=matches, seeds=own, count=3)
    assert np.bincount(found.viewers, minlength=3).tolist() == [3, 1, 0]
    assert len(set(found.titles[found.viewers == 0])) == 3 and 4 not in found.titles
    again = choose_swaps(viewers=row, titles=place, matches=matches, seeds=own, count=3)
    assert again.titles.tolist() == found.titles.tolist()
    others = {
        tuple(
            choose_swaps(
                viewers=row, titles=place, matches=matches, seeds=seeds(3, seed)[row], count=2
            ).titles
        )
        for seed in range(20)
    }
    assert len(others) > 1


def test_a_viewer_who_leaves_changes_nobody_elses_swaps():
    matches = match_titles(traits=np.arange(6.0)[:, None] / 10, classes=[0, 0, 1, 1, 0, 1])
    row, place = np.repeat([0, 1], 6), np.tile(np.arange(6), 2)
    own = seeds(2)[row]
    both = choose_swaps(viewers=row, titles=place, matches=matches, seeds=own)
    alone = choose_swaps(viewers=row[6:], titles=place[6:], matches=matches, seeds=own[6:])
    assert both.titles[both.viewers == 1].tolist() == alone.titles.tolist()


def test_one_class_leaves_nothing_to_replace():
    matches = match_titles(traits=np.zeros((4, 1)), classes=[0, 0, 0, -1])
    found = choose_swaps(viewers=[0, 0], titles=[0, 1], matches=matches, seeds=[1, 1])
    assert len(found.viewers) == 0


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("classes", lambda: match_titles(traits=[[0.0]], classes=[-2])),
        ("classes", lambda: match_titles(traits=[[0.0]], classes=[0, 1])),
        ("traits", lambda: match_titles(traits=[[float("nan")]], classes=[0])),
        ("titles", lambda: swaps(titles=[5])),
        ("viewers", lambda: swaps(viewers=[-1])),
        ("count", lambda: swaps(count=0)),
        ("seeds", lambda: swaps(seeds=[-1])),
    ],
)
def test_it_refuses_by_name(field, call):
    with pytest.raises(CannotMeasure) as caught:
        call()
    assert caught.value.field == field


def swaps(**change):
    matches = match_titles(traits=[[0.0], [1.0]], classes=[0, 1])
    good = {"viewers": [0], "titles": [0], "matches": matches, "seeds": [1]}
    return choose_swaps(**good | change)
