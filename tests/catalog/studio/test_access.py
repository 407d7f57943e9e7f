import pytest
from django.urls import reverse

from catalog.models import Artwork
from tests.factories import make_account, make_artwork, make_title

pytestmark = pytest.mark.django_db


def addresses():
    title = make_title()
    artwork = make_artwork(title)
    return [
        reverse("catalog:studio"),
        reverse("catalog:studio_review"),
        reverse("catalog:studio_title", args=[title.slug]),
        reverse("catalog:studio_upload", args=[title.slug]),
        reverse("catalog:studio_artwork", args=[artwork.pk]),
        reverse("catalog:studio_whole", args=[artwork.pk]),
        *(
            reverse("catalog:studio_step", args=[artwork.pk, step])
            for step in ("approve", "reject", "withdraw", "default")
        ),
    ]


def test_it_sends_a_stranger_to_sign_in(client):
    for address in addresses():
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_it_refuses_a_viewer_without_the_rights(client):
    client.force_login(make_account())
    for address in addresses():
        assert client.get(address).status_code == 403
        assert client.post(address, {"reason": "no"}).status_code == 403
    assert Artwork.objects.get().state == "approved"


def test_a_step_needs_a_post_to_be_taken(studio):
    artwork = make_artwork(make_title())
    assert (
        studio.get(reverse("catalog:studio_step", args=[artwork.pk, "withdraw"])).status_code == 200
    )
    artwork.refresh_from_db()
    assert artwork.state == "approved"


def test_it_knows_no_other_step_and_no_other_artwork(studio):
    artwork = make_artwork(make_title())
    assert studio.post(reverse("catalog:studio_step", args=[artwork.pk, "sell"])).status_code == 404
    assert studio.get(reverse("catalog:studio_artwork", args=[artwork.pk + 1])).status_code == 404
    assert studio.get(reverse("catalog:studio_title", args=["nothing"])).status_code == 404


def test_it_refuses_a_step_without_the_token(editor, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(editor)
    artwork = make_artwork(make_title())
    address = reverse("catalog:studio_step", args=[artwork.pk, "withdraw"])
    assert client.post(address, {"reason": "no"}).status_code == 403
