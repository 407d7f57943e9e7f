"""A replay reads everything as of the run's instant, whatever has changed since."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from audits.actions import declare, withdraw
from audits.models import Replay, RunDocument
from audits.protected import store
from catalog.models import Artwork, Credit, Genre, Instant, Mood, Person, PlayBefore, Title, Viewer
from personalization.features.history import watched
from personalization.journal import dropping, sealing
from personalization.models import Impression
from tests.audits.record.rows import run_of
from tests.audits.worlds import ALL, make_world
from tests.factories import make_artwork, make_viewer, make_watch_event
from tests.personalization.factories import make_decision

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)


@pytest.fixture
def document(tmp_path):
    """The file of a run's document."""
    run = run_of(make_world(women=31, men=31, undeclared=12, titles=4))
    path = tmp_path / "audit.json"
    path.write_text(RunDocument.objects.get(run=run.public_id).text)
    return path


def outcome(path, capsys):
    capsys.readouterr()
    call_command("audit", replay=str(path))
    return Replay.objects.first().outcome, capsys.readouterr().out


def test_edits_of_the_catalogue_change_no_number(document, capsys):
    title, other = Title.objects.order_by("pk")[:2]
    artwork = title.artworks.order_by("pk").first()
    other.artworks.order_by("pk").first().depicted.clear()
    artwork.depicted.add(Person.objects.create(slug="new", name="New"))
    artwork.moods.add(Mood.objects.first() or Mood.objects.create(slug="dark", name="Dark"))
    Credit.objects.filter(title=title).update(billing=7)
    Credit.objects.filter(title=other).delete()
    Title.objects.filter(pk=title.pk).update(year=1931, runtime_minutes=300, kind="series")
    title.genres.set(Genre.objects.exclude(titles=title)[:1])
    Artwork.objects.filter(pk=other.artworks.last().pk).update(
        kind="type", state="withdrawn", withdrawn_at=Instant.objects.get().at + timedelta(minutes=1)
    )
    make_artwork(title, kind="scene", state="approved")
    make_artwork(other, kind="lead", state="approved")
    found, said = outcome(document, capsys)
    assert found == "same", said


def test_a_deleted_artwork_is_read_from_its_events(document, capsys):
    Title.objects.order_by("pk").last().artworks.order_by("pk").first().delete()
    found, said = outcome(document, capsys)
    assert found == "same", said


def test_later_plays_declarations_and_settings_change_no_number(document, capsys):
    at = Instant.objects.get().at
    viewers = list(Viewer.objects.order_by("pk"))
    make_watch_event(viewers[0], Title.objects.last(), started_at=at + timedelta(minutes=1))
    Viewer.objects.filter(pk=viewers[1].pk).update(personalised=False)
    Viewer.objects.filter(pk=viewers[2].pk).update(is_child=True)
    declare(viewers[3], {"gender": "non-binary"})
    declare(viewers[-1], {"gender": "man"})
    declare(make_viewer(), {"gender": "man"})
    found, said = outcome(document, capsys)
    assert found == "same", said


def test_a_play_that_goes_on_counts_as_far_as_it_had_come(document, capsys):
    at = Instant.objects.get().at
    play = Viewer.objects.first().watch_events.filter(quality_at__isnull=False).first()
    before = watched([play.viewer_id], at=at, as_of=True).weights.tolist()
    for minutes in (5, 10):
        play.watched_seconds += 1200
        play.last_at = at + timedelta(minutes=minutes)
        play.save()
    assert PlayBefore.objects.count() == 1
    assert watched([play.viewer_id], at=at, as_of=True).weights.tolist() == before
    found, said = outcome(document, capsys)
    assert found == "same", said


def test_who_withdraws_or_leaves_is_counted_and_both_results_are_shown(document, capsys):
    viewers = list(Viewer.objects.order_by("pk"))
    withdraw(viewers[0])
    store.fold()
    found, said = outcome(document, capsys)
    assert found == "without"
    assert "1 viewer withdrew what they had declared of gender" in said and "as documented" in said
    assert "cohort left" not in said
    viewers[40].delete()
    found, said = outcome(document, capsys)
    assert found == "without"
    assert "1 viewer of the run’s cohort left." in said
    assert "2 viewers who had declared gender left or withdrew it." in said
    assert "those of the viewers who left, and those that others removed" in said
    assert "only the numbers could show it" in said


def test_a_departure_of_somebody_without_an_answer_is_no_withdrawal(document, capsys):
    Viewer.objects.order_by("pk").last().delete()
    store.fold()
    found, said = outcome(document, capsys)
    assert found == "without"
    assert "As many viewers as then count as having declared gender." in said
    assert "withdrew what" not in said


@pytest.mark.parametrize(
    ("again_after", "found", "words"),
    [(2, "same", ""), (30, "without", "37 impressions fewer")],
    ids=["within the attribution window", "after it"],
)
def test_impressions_that_left_the_journal_are_read_from_sealed_days(
    tmp_path, capsys, again_after, found, words
):
    model = make_world(women=31, men=31, undeclared=12, titles=4)
    at = timezone.now() - timedelta(days=2)
    for number, viewer in enumerate(Viewer.objects.order_by("pk")):
        title = Title.objects.order_by("pk")[number % 2]
        artworks = list(title.artworks.order_by("pk"))[:: -1 if number % 3 else 1]
        decision = make_decision(
            viewer, title, artworks, first_seen_at=at, model=model, policy="contextual"
        )
        for hours in (0, again_after)[: 1 + number % 2]:
            Impression.objects.create(
                decision=decision,
                day=decision.day,
                page_view=f"{hours:032x}",
                seen_at=at + timedelta(hours=hours),
            )
    run = run_of(model)
    assert run.inputs["counts"]["impressions"] == 74 + 37
    path = tmp_path / "audit.json"
    path.write_text(RunDocument.objects.get(run=run.public_id).text)
    later = timezone.now() + timedelta(days=40)
    sealing.seal(at.date(), now=later)
    assert dropping.drop_old(later.date(), now=later + timedelta(days=2)) == {}
    assert not Impression.objects.exists()
    outcome_now, said = outcome(path, capsys)
    assert outcome_now == found, said
    assert words in said
    assert ("read from their sealed files" in said) == bool(words)


def test_what_is_removed_from_a_history_is_counted(document, capsys):
    Viewer.objects.order_by("pk").first().watch_events.first().delete()
    found, said = outcome(document, capsys)
    assert found == "without" and "1 play that the run read has been removed" in said
    assert "cannot tell apart an input that was altered besides" in said
