import pytest
from django.urls import reverse

from audits.protected import store
from tests.audits.worlds import ALL
from tests.factories import make_account, make_viewer

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)


@pytest.fixture
def viewer(client):
    viewer = make_viewer()
    client.force_login(viewer.account)
    return viewer


def url(viewer, name="declaration"):
    return reverse(f"audits:{name}", args=[viewer.public_id])


def declared(attribute="gender"):
    return [(row.subject, row.value) for row in store.read("viewer", attribute, purpose="a test")]


def test_it_takes_an_answer_and_never_shows_it_again(client, viewer):
    done = client.post(url(viewer), {"gender": "non-binary"}, follow=True)
    assert "Your answers are saved" in done.content.decode()
    assert declared() == [(viewer.public_id, "non-binary")]
    assert "selected" not in client.get(url(viewer)).content.decode().replace(
        '<option value="" selected>', ""
    )


def test_it_keeps_earlier_answers_that_are_left_blank(client, viewer):
    client.post(url(viewer), {"gender": "woman"})
    client.post(url(viewer), {"age_band": "25-34"})
    assert declared() == [(viewer.public_id, "woman")]


def test_it_withdraws(client, viewer):
    client.post(url(viewer), {"gender": "woman"})
    assert client.get(url(viewer, "withdraw")).status_code == 405
    client.post(url(viewer, "withdraw"))
    assert declared() == []


@pytest.mark.parametrize("answers", [{}, {"gender": "robot"}, {"gender": "woman'; --"}])
def test_it_refuses_anything_off_the_list(client, viewer, answers):
    assert client.post(url(viewer), answers).status_code == 422
    assert declared() == []


@pytest.mark.parametrize("name", ["declaration", "withdraw"])
def test_it_is_not_found_for_anybody_else(client, viewer, name):
    client.post(url(viewer), {"gender": "woman"})
    client.force_login(make_account())
    assert client.post(url(viewer, name), {"gender": "man"}).status_code == 404
    client.force_login(make_account(is_staff=True, is_superuser=True))
    assert client.post(url(viewer, name), {"gender": "man"}).status_code == 404
    client.logout()
    assert client.post(url(viewer, name)).status_code == 302
    assert declared() == [(viewer.public_id, "woman")]


def test_it_does_not_ask_a_child(client, viewer):
    child = make_viewer(account=viewer.account, is_child=True)
    assert client.get(url(child)).status_code == 404
