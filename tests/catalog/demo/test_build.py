"""Building the catalogue: whole, by the upload path, and harmless to repeat."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from catalog.canon import GENRES, MOODS
from catalog.demo import build as building
from catalog.demo.accounts import PROFILES, build_accounts
from catalog.demo.audience import audience
from catalog.demo.pictures import plans
from catalog.demo.story import stories
from catalog.models import Account, Artwork, ArtworkRevision, Credit, Genre, Mood, Person, Title

ONE = "hedgewitch"


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media")},
        },
        "originals": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "originals")},
        },
    }


def build():
    seen = []
    building.build(lambda *step: seen.append(step), only=[ONE])
    return seen


def rows():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Title, Person, Credit, Artwork, ArtworkRevision)
    ]


@pytest.mark.django_db
def test_it_makes_a_title_whole_and_a_second_time_changes_nothing(media):
    steps = build()
    story = next(story for story in stories() if story.slug == ONE)
    assert set(Genre.objects.values_list("slug", flat=True)) == set(GENRES)
    assert set(Mood.objects.values_list("slug", flat=True)) == set(MOODS)

    title = Title.objects.get()
    assert title.synthetic and title.seasons.count() == len(story.seasons)
    artworks = list(title.artworks.all())
    assert len(artworks) == len(plans(story))
    assert title.default_artwork.kind == "ensemble"
    credited = set(title.credits.filter(role="cast").values_list("person", flat=True))
    for artwork in artworks:
        assert artwork.state == Artwork.State.APPROVED and artwork.synthetic and artwork.alt
        assert set(artwork.depicted.values_list("pk", flat=True)) <= credited
    assert steps[-1] == ("pictures", len(artworks), len(artworks))

    before = rows()
    build()
    assert rows() == before


@pytest.mark.django_db
def test_an_interrupted_build_is_completed(media, monkeypatch):
    take_in, taken = building._take_in, []

    def stop_after_two(*args):
        if len(taken) == 2:
            raise KeyboardInterrupt
        taken.append(take_in(*args))

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(building, "_take_in", stop_after_two)
        build()
    assert Artwork.objects.count() == 2
    build()
    story = next(story for story in stories() if story.slug == ONE)
    assert Artwork.objects.filter(state="approved").count() == len(plans(story))


@pytest.mark.django_db
def test_the_command_builds_with_its_progress(monkeypatch, capsys):
    called = []
    monkeypatch.setattr(
        "catalog.management.commands.demo_catalogue.build",
        lambda progress: (progress("titles", 1, 2), called.append(progress)),
    )
    call_command("demo_catalogue")
    assert called


@pytest.mark.django_db
def test_the_accounts_are_made_once_and_are_synthetic():
    build_accounts("first-password")
    build_accounts("second-password")
    assert Account.objects.count() == 4
    assert all(Account.objects.values_list("synthetic", flat=True))
    viewer = Account.objects.get(email="viewer@marquee.example")
    assert viewer.check_password("first-password") and not viewer.is_staff
    assert {profile.name for profile in viewer.viewers.all()} == set(PROFILES)
    for name in ("editor", "auditor", "operator"):
        staff = Account.objects.get(email=f"{name}@marquee.example")
        assert staff.is_staff and not staff.is_superuser
        assert staff.groups.get() == Group.objects.get(name=f"{name.title()}s")


def test_the_audience_is_planted_alike_each_time():
    some = audience(200, 7)
    assert some == audience(200, 7) and some[:50] == audience(50, 7) and some != audience(200, 8)
    assert all(set(taste.genres) == set(GENRES) for taste in some)
    assert all(sum(taste.genres.values()) == pytest.approx(1) for taste in some)
    hearts = [taste.genres["romance"] for taste in some if taste.circle == "hearts"]
    others = [taste.genres["romance"] for taste in some if taste.circle == "lamplight"]
    assert sum(hearts) / len(hearts) > 3 * sum(others) / len(others)
    with pytest.raises(ValueError, match="negative"):
        audience(-1, 7)
