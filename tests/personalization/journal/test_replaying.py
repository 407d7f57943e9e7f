"""A recorded decision is computed again to the bit, or what differs is named."""

import json
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Artwork
from personalization import storage
from personalization.actions.journal import record_seen
from personalization.journal import dropping, partitions, replaying, sealing
from personalization.management.commands.replay import Command
from personalization.models import Decision, ModelVersion, SealedDay, Window
from personalization.serving import models, tokens
from personalization.serving.chooser import PersonalChooser
from tests.factories import NOW
from tests.personalization.serving.worlds import bump, make_catalogue, make_model, make_watcher

LATER = NOW + timedelta(days=3)


@pytest.fixture
def world(db):
    models.forget()
    titles = make_catalogue()
    return titles, make_watcher(*titles), make_model()


@pytest.fixture
def seen(world):
    """The decisions of one page, their page view and their tokens."""
    titles, viewer, _ = world
    choices = PersonalChooser().choose(viewer, titles, surface="home", now=NOW)
    sent = [choice.token for choice in choices.values()]
    page_view = uuid.uuid4()
    record_seen(viewer, sent, page_view=page_view, now=NOW)
    return list(Decision.objects.order_by("pk")), page_view, sent


def run(name, **options):
    out = StringIO()
    call_command("replay", "--", str(name), stdout=out, **options)
    return out.getvalue()


def refused(name):
    with pytest.raises(CommandError) as caught:
        run(name)
    return caught.value.returncode, str(caught.value)


def test_a_decision_is_equal_to_the_bit_and_says_so(seen):
    decision = seen[0][0]
    text = run(decision.pk)
    assert "Equal to the bit." in text
    assert text.count(f"artwork {decision.chosen} of {{") == 2
    assert "standing personal, policy contextual" in text
    assert "Its day is not sealed yet." in text


def test_a_page_view_names_all_its_decisions_and_a_token_its_own(seen):
    decisions, page_view, sent = seen
    assert run(page_view).count("Equal to the bit.") == len(decisions) == 3
    assert f"Decision {decisions[0].pk}," in "".join(run(token) for token in sent)
    assert run(sent[0]).count("Decision ") == 1


def test_a_token_of_any_age_is_looked_up(seen, settings):
    token = seen[2][0]
    settings.DECISION_TOKEN_HOURS = -1
    with pytest.raises(tokens.TokenRefused):
        tokens.unpack(token)
    assert "Equal to the bit." in run(token)


def test_json_says_the_same(seen):
    decision = seen[0][0]
    (replayed,) = json.loads(run(decision.pk, json=True))
    assert replayed["equal"] is True and replayed["differences"] == []
    assert replayed["computed"] == replayed["recorded"]
    assert replayed["recorded"]["probabilities"] == decision.probabilities


def test_the_sealed_day_is_compared_too(seen):
    decision = seen[0][0]
    sealing.seal(decision.day, now=LATER)
    assert f"Its sealed day {decision.day} holds the same." in run(decision.pk)
    Decision.objects.filter(pk=decision.pk).update(standing="child")
    code, words = refused(decision.pk)
    assert (code, words) == (1, f"1 of 1 decisions differ: {decision.pk}.")
    replayed = replaying.replay(Decision.objects.get(pk=decision.pk))
    assert replayed.differences == (
        f"The sealed day {decision.day} holds other values of: standing.",
    )
    sealed = SealedDay.objects.get()
    storage.local_path(sealed.path, sealed.sha256).write_bytes(b"altered")
    replayed = replaying.replay(Decision.objects.get(pk=decision.pk))
    assert "was altered" in replayed.sealed and not replayed.is_equal


def alter_probability(decision):
    decision.probabilities[0] += 1e-9


def alter_choice(decision):
    decision.chosen = next(each for each in decision.artworks if each != decision.chosen)


def alter_artworks(decision):
    decision.artworks[0] = 10**9


def alter_model(decision):
    decision.model = make_model(seed=5, state=ModelVersion.State.HELD)


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (alter_probability, "The probabilities differ by up to 1e-09"),
        (alter_choice, "The draw gives artwork"),
        (alter_artworks, "The catalogue does not hold the artworks"),
        (alter_model, "its window model"),
    ],
)
def test_what_was_altered_is_named(seen, alter, words):
    decision = seen[0][0]
    alter(decision)
    decision.save()
    assert any(words in each for each in replaying.replay(decision).differences)
    assert refused(decision.pk)[0] == 1


def test_an_altered_vector_and_another_draw_key_are_named(seen, settings):
    decision = seen[0][0]
    settings.DRAW_KEY = "another key, by which other numbers are drawn"
    replays = [replaying.replay(each) for each in seen[0]]
    assert any("DRAW_KEY" in words for each in replays for words in each.differences)
    window = decision.window
    window.vector = bytes(reversed(window.vector))
    window.save()
    replayed = replaying.replay(Decision.objects.get(pk=decision.pk))
    assert "viewer vector is not the one that its digest names" in replayed.differences[0]


def test_a_withdrawn_artwork_is_still_replayed_and_a_deleted_one_is_named(seen):
    decision = seen[0][0]
    gone = next(each for each in decision.artworks if each != decision.chosen)
    Artwork.objects.filter(pk=gone).update(state=Artwork.State.WITHDRAWN, withdrawn_at=LATER)
    bump()
    assert replaying.replay(decision).is_equal
    Artwork.objects.filter(pk=gone).delete()
    bump()
    assert replaying.replay(decision).differences == (
        f"The catalogue does not hold the artworks that the decision names (missing: {gone}).",
    )
    Artwork.objects.filter(pk__in=decision.artworks).delete()
    bump()
    assert replaying.replay(decision).chosen is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("999999", "The journal holds no decision 999999."),
        ("99999999999999999999", "A decision's number is at most"),
        (uuid.UUID(int=7), "The journal holds no decision that was seen on the page view"),
        ("abc:def:ghi", "no decision token that this copy signed"),
        ("", "is no decision's number"),
    ],
)
def test_an_unknown_name_is_refused_in_words(db, name, words):
    code, said = refused(name)
    assert code == 2 and words in said


def test_what_is_gone_is_named(seen, world):
    decision, model = seen[0][0], world[2]
    storage.local_path(model.path, model.sha256).unlink()
    models.forget()
    code, words = refused(decision.pk)
    assert code == 2 and f"Model {model.pk} cannot be used" in words
    Window.objects.filter(pk=decision.window_id)._raw_delete("default")
    code, words = refused(decision.pk)
    assert code == 2 and f"The window of decision {decision.pk} is gone" in words


def test_a_decision_that_left_the_journal_says_so(seen):
    decision = seen[0][0]
    sealing.seal(decision.day, now=LATER)
    dropping.drop_old(decision.day + timedelta(days=60), now=LATER + timedelta(days=1))
    assert partitions.holding([decision.day]) == []
    code, words = refused(decision.pk)
    assert code == 2 and f"Decisions up to {decision.day} have left the journal." in words


def test_a_token_that_begins_with_a_dash_is_no_option(monkeypatch):
    """One token in 64 begins so."""
    taken = {}
    monkeypatch.setattr(Command, "execute", lambda self, **options: taken.update(options))
    token = "-" + "a" * 60
    Command().run_from_argv(["manage.py", "replay", token, "--json"])
    assert (taken["decision"], taken["json"]) == (token, True)
