from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from catalog.actions import artwork as actions
from tests.catalog.artwork.pictures import picture
from tests.factories import NOW, make_artwork, make_credit, make_mood, make_person, make_title

pytestmark = pytest.mark.django_db


@pytest.fixture
def artwork(db):
    return actions.upload(
        make_title(), picture(1280, 960), kind="scene", by=None, now=NOW, alt="A street."
    )


def address(name, artwork, *more):
    return reverse(f"catalog:{name}", args=[artwork.pk, *more])


def annotation(**changed):
    return {"kind": "scene", "alt": "A street.", "focal_x": "0.5", "focal_y": "0.4"} | changed


def test_it_keeps_an_annotation(studio, artwork):
    person, mood = make_person(), make_mood("dark")
    make_credit(artwork.title, person=person)
    data = annotation(kind="lead", depicted=[person.pk], moods=[mood.pk], focal_y="0.9")
    response = studio.post(address("studio_artwork", artwork), data)
    assert response.status_code == 302
    artwork.refresh_from_db()
    assert (artwork.kind, artwork.focal_y) == ("lead", 0.9)
    assert list(artwork.depicted.all()) == [person]
    assert list(artwork.moods.all()) == [mood]


def test_it_offers_nobody_who_is_not_credited(studio, artwork):
    stranger = make_person()
    response = studio.post(
        address("studio_artwork", artwork), annotation(depicted=[stranger.pk], alt="Typed.")
    )
    assert response.status_code == 422
    assert "Typed." in response.content.decode()
    artwork.refresh_from_db()
    assert artwork.alt == "A street."


def test_it_says_what_approved_artwork_may_not_lose(studio, artwork):
    actions.approve(artwork, by=None, now=NOW)
    response = studio.post(address("studio_artwork", artwork), annotation(alt=""))
    assert response.status_code == 422
    assert "in words" in response.content.decode()


def test_it_shows_the_whole_picture_encoded_anew(studio, artwork):
    response = studio.get(address("studio_whole", artwork))
    image = Image.open(BytesIO(response.content))
    assert (image.format, image.size) == ("WEBP", (960, 720))
    assert "private" in response["Cache-Control"]


def test_it_answers_for_an_original_that_is_gone(studio):
    assert studio.get(address("studio_whole", make_artwork(make_title()))).status_code == 404


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        ("pending", "approve", "approved"),
        ("pending", "reject", "rejected"),
        ("rejected", "approve", "approved"),
        ("approved", "withdraw", "withdrawn"),
        ("withdrawn", "approve", "approved"),
        ("approved", "default", "approved"),
    ],
)
def test_it_asks_and_then_takes_a_step(studio, before, step, after):
    artwork = make_artwork(make_title(), state=before, alt="A street.")
    assert "<form" in studio.get(address("studio_step", artwork, step)).content.decode()
    response = studio.post(address("studio_step", artwork, step), {"reason": "Because."})
    assert response.status_code == 302
    artwork.refresh_from_db()
    assert artwork.state == after
    assert (artwork.title.default_artwork_id == artwork.pk) == (step == "default")


def test_it_wants_a_reason(studio):
    artwork = make_artwork(make_title())
    response = studio.post(address("studio_step", artwork, "withdraw"), {"reason": " "})
    assert response.status_code == 422
    artwork.refresh_from_db()
    assert artwork.state == "approved"


def test_it_says_why_a_step_is_not_possible_and_keeps_the_reason(studio):
    artwork = make_artwork(make_title(), state="pending")
    response = studio.post(address("studio_step", artwork, "withdraw"), {"reason": "Typed words"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "cannot become" in page
    assert "Typed words" in page


def test_it_offers_only_the_steps_that_follow(studio):
    artwork = make_artwork(make_title(), state="approved")
    page = studio.get(address("studio_artwork", artwork)).content.decode()
    assert address("studio_step", artwork, "withdraw") in page
    assert address("studio_step", artwork, "default") in page
    assert address("studio_step", artwork, "reject") not in page
