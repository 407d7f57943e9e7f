"""The policy without traffic, and recorded decisions computed again."""

import uuid
from datetime import timedelta

import numpy as np
import pytest

from catalog.models import Artwork
from personalization.actions.journal import record_seen
from personalization.models import Decision
from personalization.models.journal import Policy, Standing
from personalization.serving import tokens
from personalization.serving.chooser import PersonalChooser
from personalization.serving.replay import decide_again, replay
from tests.factories import NOW, make_artwork, make_title, make_viewer
from tests.personalization.serving.worlds import bump, make_catalogue, make_model, make_watcher


def probabilities_again(decision):
    return decide_again(decision, decision.window).probabilities.tolist()


@pytest.fixture
def world(db):
    titles = make_catalogue(titles=4)
    return titles, make_watcher(*titles), make_model()


def see(viewer, titles, *, now=NOW):
    choices = PersonalChooser().choose(viewer, titles, surface="home", now=now)
    sent = [choice.token for choice in choices.values()]
    record_seen(viewer, sent, page_view=uuid.uuid4(), now=now)
    return {title: tokens.unpack(c.token).decided for title, c in choices.items()}


def test_a_panel_gets_what_each_page_gets_to_the_bit(world):
    titles, viewer, model = world
    newcomer, quiet = make_viewer(), make_watcher(*titles, personalised=False)
    panel = [viewer, newcomer, quiet]
    found = replay(model, [who.pk for who in panel], [t.pk for t in titles], at=NOW)
    assert found.standings == [Standing.PERSONAL, Standing.TOO_NEW, Standing.OPTED_OUT]
    assert found.policies == [Policy.CONTEXTUAL, Policy.CONTEXT_FREE, Policy.CONTEXT_FREE]
    for row, who in enumerate(panel):
        for title, decided in see(who, titles).items():
            mine = found.title_ids[found.artwork_title] == title
            np.testing.assert_array_equal(found.artwork_ids[mine], decided.artworks)
            np.testing.assert_array_equal(found.probabilities[row, mine], decided.probabilities)


def test_without_a_model_the_policy_is_even(world):
    titles, viewer, _ = world
    found = replay(None, [viewer.pk], [titles[0].pk], at=NOW)
    np.testing.assert_allclose(found.probabilities, 0.25)


def test_withdrawn_artworks_are_not_in_the_policy(world):
    titles, viewer, model = world
    gone = titles[0].artworks.first()
    Artwork.objects.filter(pk=gone.pk).update(state=Artwork.State.WITHDRAWN, withdrawn_at=NOW)
    bump()
    found = replay(model, [viewer.pk], [t.pk for t in titles], at=NOW)
    assert gone.pk not in found.artwork_ids
    sums = np.bincount(found.artwork_title, found.probabilities[0])
    np.testing.assert_allclose(sums, 1)


def test_titles_without_artwork_and_empty_panels_are_no_trouble(world):
    titles, _, model = world
    assert replay(model, [], [titles[0].pk], at=NOW).probabilities.shape == (0, 4)
    assert replay(model, [], [10**9], at=NOW).probabilities.shape == (0, 0)


def test_a_past_decision_is_computed_again_to_the_bit(world):
    titles, viewer, _ = world
    see(viewer, titles)
    for decision in Decision.objects.all():
        assert probabilities_again(decision) == decision.probabilities


def test_it_is_so_after_the_viewer_the_catalogue_and_the_model_moved_on(world):
    titles, viewer, model = world
    see(viewer, titles)
    make_watcher(*titles)
    viewer.watch_events.all().delete()
    model.state = model.State.RETIRED
    model.save()
    make_model(seed=5)
    gone = Decision.objects.first().artworks[0]
    Artwork.objects.filter(pk=gone).update(
        state=Artwork.State.WITHDRAWN, withdrawn_at=NOW + timedelta(days=1)
    )
    bump()
    for decision in Decision.objects.all():
        assert probabilities_again(decision) == decision.probabilities


def test_it_is_so_for_a_title_that_arrived_within_the_window(world):
    titles, viewer, _ = world
    see(viewer, titles)
    arrived = make_title()
    for hours in (1, 2):
        make_artwork(arrived, approved_at=NOW + timedelta(hours=hours))
    bump()
    see(viewer, [arrived], now=NOW + timedelta(hours=3))
    make_artwork(arrived, approved_at=NOW + timedelta(hours=4))
    bump()
    decision = Decision.objects.get(title=arrived)
    assert len(decision.artworks) == 2
    assert probabilities_again(decision) == decision.probabilities


def test_it_is_so_where_all_that_the_window_began_with_was_withdrawn(world):
    titles, viewer, _ = world
    see(viewer, titles[1:])
    Artwork.objects.filter(title=titles[0]).update(
        state=Artwork.State.WITHDRAWN, withdrawn_at=NOW + timedelta(hours=1)
    )
    late = make_artwork(titles[0], approved_at=NOW + timedelta(hours=2))
    bump()
    see(viewer, titles[:1], now=NOW + timedelta(hours=3))
    decision = Decision.objects.get(title=titles[0])
    assert decision.artworks == [late.pk]
    assert probabilities_again(decision) == decision.probabilities


def test_a_decision_whose_artworks_are_not_there_any_more_replays_to_nothing(world):
    titles, viewer, _ = world
    see(viewer, titles[:1])
    Artwork.objects.filter(pk__in=Decision.objects.get().artworks).delete()
    make_artwork(titles[0], approved_at=NOW - timedelta(days=1))
    bump()
    decision = Decision.objects.get()
    assert decide_again(decision, decision.window) is None


def test_an_altered_decision_does_not_replay(world):
    titles, viewer, _ = world
    see(viewer, titles)
    decision = Decision.objects.first()
    decision.probabilities[0] += 1e-9
    assert probabilities_again(decision) != decision.probabilities
