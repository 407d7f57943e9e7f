import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import Artwork
from tests.catalog.artwork.pictures import animation, picture, png_that_claims
from tests.factories import make_account, make_credit, make_person, make_title

pytestmark = pytest.mark.django_db


def sent(studio, title, *files, accept="text/html", **fields):
    fields = {"kind": "scene", "focal_x": "0.5", "focal_y": "0.4"} | fields
    return studio.post(
        reverse("catalog:studio_upload", args=[title.slug]),
        fields | {"pictures": list(files)},
        headers={"accept": accept},
    )


def named(name, data, content_type="image/png"):
    return SimpleUploadedFile(name, data, content_type)


def test_it_shows_the_cast_in_billing_order(studio):
    title = make_title()
    for billing, name in ((2, "Second Lead"), (1, "First Lead")):
        make_credit(title, person=make_person(name=name), billing=billing, character="A Cook")
    page = studio.get(reverse("catalog:studio_upload", args=[title.slug])).content.decode()
    assert 0 < page.index("First Lead as A Cook") < page.index("Second Lead")


def test_it_takes_several_files_at_once(studio, editor):
    title, person = make_title(), make_person()
    make_credit(title, person=person)
    files = [named(f"{seed}.png", picture(seed=seed)) for seed in range(3)]
    response = sent(studio, title, *files, kind="lead", depicted=[person.pk], alt="A cook.")
    assert response.status_code == 302
    assert title.artworks.filter(state="pending", uploaded_by=editor, alt="A cook.").count() == 3
    assert all(list(artwork.depicted.all()) == [person] for artwork in title.artworks.all())


BAD = [
    ("empty.png", b"", "empty (0 bytes)"),
    ("folder", b"", "If this is a folder"),
    ("cut.png", picture()[:2000], "damaged"),
    ("bomb.png", png_that_claims(30_000, 30_000), "million pixels"),
    ("moving.png", animation("PNG"), "stands still"),
    ("really.jpg", picture(), "calls itself JPEG"),
    ("letter.png", b"Dear editor", "not a picture but a text file"),
    ("short.jpg", picture(kind="JPEG")[:5000], "damaged or was cut off"),
]


@pytest.mark.parametrize(("name", "data", "words"), BAD)
def test_it_says_what_is_wrong_with_a_file_and_keeps_what_was_typed(studio, name, data, words):
    title = make_title()
    kind = "image/jpeg" if name.endswith("jpg") else "image/png"
    response = sent(studio, title, named(name, data, kind), kind="moment", alt="Typed words.")
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "Typed words." in page
    assert '<option value="moment" selected>' in page
    assert not Artwork.objects.exists()


@pytest.mark.parametrize(("name", "data", "words"), BAD)
def test_it_says_the_same_to_the_script(studio, name, data, words):
    kind = "image/jpeg" if name.endswith("jpg") else "image/png"
    response = sent(studio, make_title(), named(name, data, kind), accept="application/json")
    answer = response.json()
    said = answer["results"][0]["refusal"] if "results" in answer else str(answer["errors"])
    assert response.status_code == 422
    assert words in said


def test_a_bad_file_does_not_hold_back_the_good_ones(studio):
    title = make_title()
    response = sent(studio, title, named("good.png", picture()), named("bad.png", b"Dear editor"))
    page = response.content.decode()
    assert response.status_code == 422
    assert title.artworks.count() == 1
    assert "bad.png" in page
    assert reverse("catalog:studio_artwork", args=[title.artworks.get().pk]) in page


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "Choose at least one picture."),
        ([("a.png", b"")] * 41, "These are 41 files. Send at most 40 at once."),
    ],
)
def test_it_says_how_many_files_it_takes(studio, files, words):
    response = sent(studio, make_title(), *(named(*file) for file in files))
    assert response.status_code == 422
    assert words in response.content.decode()


def test_an_empty_file_does_not_hold_back_the_good_ones(studio):
    title = make_title()
    response = sent(studio, title, named("empty.png", b""), named("good.png", picture()))
    assert "empty.png" in response.content.decode()
    assert title.artworks.count() == 1


def test_it_refuses_the_same_picture_twice_and_links_to_it(studio):
    title = make_title()
    sent(studio, title, named("one.png", picture()))
    link = reverse("catalog:studio_artwork", args=[title.artworks.get().pk])
    page = sent(studio, title, named("again.png", picture())).content.decode()
    assert "this very picture already" in page
    assert link in page
    again = named("again.png", picture())
    answer = sent(studio, title, again, accept="application/json").json()["results"][0]
    assert (answer["address"], bool(answer["refusal"])) == (link, True)
    assert title.artworks.count() == 1


def test_it_says_where_another_title_has_the_same_file(studio):
    first, title = make_title(name="Night Ferry"), make_title()
    sent(studio, first, named("one.png", picture()))
    link = reverse("catalog:studio_artwork", args=[first.artworks.get().pk])
    response = sent(studio, title, named("one.png", picture()), accept="application/json")
    answer = response.json()["results"][0]
    assert (response.status_code, answer["refusal"]) == (201, "")
    assert answer["elsewhere"] == [{"title": "Night Ferry", "address": link}]
    other = make_title()
    files = [named("one.png", picture()), named("bad.png", b"Dear editor")]
    page = sent(studio, other, *files).content.decode()
    assert "The same file is used for" in page
    assert link in page
    assert other.artworks.count() == 1


def test_it_warns_the_script_of_a_look_alike(studio):
    title = make_title()
    sent(studio, title, named("one.png", picture(seed=3)))
    first = title.artworks.get()
    lighter = named("two.jpg", picture(seed=3, kind="JPEG"), "image/jpeg")
    response = sent(studio, title, lighter, accept="application/json")
    assert response.status_code == 201
    assert response.json()["results"][0]["alike"] == [first.pk]


def test_it_reads_no_more_of_a_file_than_it_takes(studio, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    response = sent(studio, make_title(), named("big.png", picture() + bytes(100_000)))
    assert "larger than" in response.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "poster"},
        {"focal_x": "7"},
        {"focal_y": "nan"},
        {"alt": "x" * 301},
        {"depicted": ["9"]},
    ],
)
def test_it_refuses_what_the_form_does_not_offer(studio, fields):
    response = sent(studio, make_title(), named("a.png", picture()), **fields)
    assert response.status_code == 422
    assert not Artwork.objects.exists()


def test_it_refuses_who_may_change_but_not_add(client, editor):
    editor.user_permissions.remove(*editor.user_permissions.filter(codename="add_artwork"))
    client.force_login(editor)
    assert sent(client, make_title(), named("a.png", picture())).status_code == 403


def test_a_script_of_who_was_signed_out_meanwhile_is_told_what_to_do(client):
    title = make_title()
    response = sent(client, title, named("a.png", picture()), accept="application/json")
    assert response.status_code == 401
    assert "another tab" in response.json()["errors"]["account"][0]
    assert sent(client, title, named("a.png", picture())).status_code == 302
    assert not Artwork.objects.exists()


def test_it_refuses_a_viewer(client):
    client.force_login(make_account())
    assert sent(client, make_title(), named("a.png", picture())).status_code == 403
    assert not Artwork.objects.exists()
