from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from catalog.actions import artwork as actions
from catalog.models import Artwork, ArtworkEvent, ArtworkRevision
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


class Fields(HTMLParser):
    """What a browser would send of a page's form if nobody touched it."""

    def __init__(self, page):
        super().__init__()
        self.data, self.area, self.select = {}, None, None
        self.feed(page[page.index("data-keep") :])

    def handle_starttag(self, tag, attrs):
        field = dict(attrs)
        if tag == "textarea":
            self.area = field["name"]
            self.data[self.area] = ""
        elif tag == "select":
            self.select = field["name"]
        elif tag == "option" and "selected" in field:
            self.data[self.select] = field["value"]
        elif tag == "input" and field["name"] != "csrfmiddlewaretoken":
            if field["type"] != "checkbox":
                self.data[field["name"]] = field["value"]
            elif "checked" in field:
                self.data.setdefault(field["name"], []).append(field["value"])

    def handle_data(self, data):
        if self.area:
            # A browser leaves the first line's end out, and sends each other as two characters.
            self.data[self.area] += data.removeprefix("\n").replace("\n", "\r\n")

    def handle_endtag(self, tag):
        self.area = None if tag == "textarea" else self.area


@pytest.mark.parametrize(
    ("focal", "alt"),
    [
        ((1 / 3, 0.1 + 0.2), "A street."),
        ((1e-05, 0.999999), "Two lines\nof <b>words</b> & more"),
        ((0.125, 0.005), "\n After an end of line, and before one.\n"),
        ((0.0, 1.0), "x\n" * 149),
    ],
)
def test_saving_it_untouched_changes_nothing(studio, focal, alt):
    title, credited, left = make_title(), make_person(), make_person()
    make_credit(title, person=credited)
    artwork = actions.upload(
        title, picture(1280, 960), kind="lead", by=None, now=NOW, focal=focal, depicted=[credited]
    )
    artwork.depicted.add(left)
    artwork.moods.add(make_mood("dark"))
    Artwork.objects.update(alt=alt, state="approved", approved_at=NOW)
    before = Artwork.objects.values().get()
    events, files = ArtworkEvent.objects.count(), stored()
    page = studio.get(address("studio_artwork", artwork)).content.decode()
    response = studio.post(address("studio_artwork", artwork), Fields(page).data)
    assert response.status_code == 302
    assert Artwork.objects.values().get() == before
    assert (ArtworkEvent.objects.count(), stored()) == (events, files)
    assert not ArtworkRevision.objects.exists()
    assert set(artwork.depicted.all()) == {credited, left}


def stored():
    return {name for folder in default_storage.listdir("")[0] for name in files_in(folder)}


def files_in(folder):
    return default_storage.listdir(folder)[1]


def test_a_value_rounded_by_a_browser_was_not_moved(studio, artwork):
    Artwork.objects.update(focal_x=1 / 3)
    studio.post(address("studio_artwork", artwork), annotation(focal_x="0.33", focal_y="0.41"))
    artwork.refresh_from_db()
    assert (artwork.focal_x, artwork.focal_y) == (1 / 3, 0.41)


def test_another_depicted_cast_sends_approved_artwork_to_review_and_says_so(studio):
    title, person = make_title(name="Harbour Lights"), make_person()
    make_credit(title, person=person)
    artwork = make_artwork(title, alt="A street.")
    page = studio.get(address("studio_artwork", artwork)).content.decode()
    assert "waits for review again" in page
    assert "the only approved artwork of Harbour Lights" in page
    response = studio.post(
        address("studio_artwork", artwork), annotation(depicted=[person.pk]), follow=True
    )
    page = response.content.decode()
    assert "waits for review again, because who can be seen was changed" in page
    assert "title&#x27;s name in letters" in page
    artwork.refresh_from_db()
    assert artwork.state == "pending"
    queue = studio.get(reverse("catalog:studio_review")).content.decode()
    assert "Who can be seen was changed after approval" in queue


def test_the_last_approved_artwork_is_not_withdrawn_without_a_word(studio):
    artwork = make_artwork(make_title(name="Harbour Lights"))
    step = address("studio_step", artwork, "withdraw")
    response = studio.post(step, {"reason": "Rights ended"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Pages show the title&#x27;s name in letters until another" in page
    assert "Rights ended" in page
    artwork.refresh_from_db()
    assert artwork.state == "approved"
    data = Fields(studio.get(step).content.decode()).data
    assert studio.post(step, data | {"reason": "Rights ended"}).status_code == 302
    artwork.refresh_from_db()
    assert artwork.state == "withdrawn"


def test_it_says_what_viewers_see_after_a_withdrawal(studio):
    title = make_title()
    artwork, other = make_artwork(title), make_artwork(title)
    title.default_artwork = artwork
    title.save()
    step = address("studio_step", artwork, "withdraw")
    page = studio.get(step).content.decode()
    assert f"Every viewer sees № {other.pk}" in page
    assert "may_be_last" not in Fields(page).data
    make_artwork(title)
    page = studio.get(step).content.decode()
    assert "one of the 2 others" in page
    assert f"№ {other.pk} is shown where no choice is made" in page


def test_it_says_where_the_same_file_is_used(studio, artwork):
    other = make_artwork(make_title(name="Night Ferry"), sha256=artwork.sha256)
    make_artwork(make_title(name="Desert Road"))
    for page in (
        studio.get(address("studio_artwork", artwork)),
        studio.get(reverse("catalog:studio_title", args=[artwork.title.slug])),
        studio.get(reverse("catalog:studio_review")),
    ):
        words = page.content.decode()
        assert "The same file is used for" in words
        assert "Night Ferry" in words
        assert address("studio_artwork", other) in words
        assert "Desert Road" not in words


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
    make_artwork(artwork.title)
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
