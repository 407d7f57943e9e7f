import pytest
from django.urls import reverse

from catalog.models import Viewer
from tests.factories import make_viewer

SAID = {"name": "Robin", "colour": "#4fb3a5", "personalised": "on"}
OWN = ["profile_choose", "profile_edit", "profile_remove"]


def at(name, viewer=None):
    return reverse(f"catalog:{name}", args=[viewer.public_id] if viewer else [])


@pytest.fixture
def account(client, viewer):
    client.force_login(viewer.account)
    return client


def test_it_asks_who_is_watching(account, viewer):
    page = account.get(at("profiles"))
    assert viewer.name in page.content.decode()
    assert "Add a profile" in page.content.decode()


def test_it_welcomes_an_account_without_profiles(account, viewer):
    viewer.delete()
    assert "Who will be watching?" in account.get(at("profiles")).content.decode()


def test_it_says_once_that_profiles_are_synthetic(account, viewer):
    assert "synthetic" not in account.get(at("profiles")).text
    make_viewer(account=viewer.account, name="Second")
    Viewer.objects.update(synthetic=True)
    assert account.get(at("profiles")).text.count(">synthetic<") == 1


def test_it_continues_as_the_chosen_profile(account, viewer):
    response = account.post(at("profile_choose", viewer), {"next": "/browse/"})
    assert response.url == "/browse/"
    assert account.session["viewer"] == viewer.pk


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_it_goes_nowhere_but_to_its_own_pages(account, viewer, elsewhere):
    assert account.post(at("profile_choose", viewer), {"next": elsewhere}).url == "/"


def test_it_adds_a_profile(account, viewer):
    assert (
        account.post(at("profile_add"), SAID | {"name": "Kit", "is_child": "on"}).status_code == 302
    )
    kit = Viewer.objects.get(name="Kit")
    assert (kit.account, kit.is_child, kit.personalised) == (viewer.account, True, True)


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": " "}, {"name": "x" * 41}, {"colour": "red"}, {"name": "a\x00"}]
)
def test_it_says_what_is_wrong_with_a_profile(account, viewer, wrong):
    response = account.post(at("profile_add"), SAID | {"name": "Kit"} | wrong)
    assert response.status_code == 422
    assert Viewer.objects.count() == 1


def test_it_says_that_a_name_is_taken(account, viewer):
    response = account.post(at("profile_add"), SAID)
    assert response.status_code == 422
    assert "this name" in response.content.decode()


def test_it_explains_what_personalised_artwork_uses(account, viewer):
    page = account.get(at("profile_edit", viewer)).content.decode()
    assert "what this profile watched" in page
    assert "not your ratings, name, age, gender" in page


def test_it_turns_personalised_artwork_off(account, viewer):
    account.post(at("profile_edit", viewer), {"name": "Robin", "colour": "#4fb3a5"})
    viewer.refresh_from_db()
    assert (viewer.personalised, viewer.colour) == (False, "#4fb3a5")


def test_it_asks_before_it_removes_a_profile(account, viewer):
    assert (
        "Remove profile and history" in account.get(at("profile_remove", viewer)).content.decode()
    )
    assert Viewer.objects.exists()
    account.post(at("profile_remove", viewer))
    assert not Viewer.objects.exists()


@pytest.mark.parametrize("name", OWN)
def test_it_does_not_find_a_profile_of_another_account(account, name):
    foreign = make_viewer()
    assert account.post(at(name, foreign), SAID).status_code == 404
    assert "viewer" not in account.session
    assert Viewer.objects.filter(pk=foreign.pk, name=foreign.name).exists()


@pytest.mark.parametrize("name", ["profiles", "profile_add", *OWN])
def test_it_sends_a_stranger_to_the_sign_in_page(client, viewer, name):
    address = at(name, viewer if name in OWN else None)
    for response in (client.get(address), client.post(address, SAID)):
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))
    assert Viewer.objects.count() == 1


def test_it_says_that_nothing_was_saved_after_signing_out_elsewhere(client, viewer):
    form = at("profile_add")
    asked = {"Referer": f"http://testserver{form}"}
    response = client.post(form, SAID | {"name": "Kit"}, headers=asked)
    assert response.url == f"{reverse('account_login')}?next={form}"
    assert "nothing was saved" in client.get(response.url).content.decode()
    assert not Viewer.objects.filter(name="Kit").exists()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "http://testserver.evil/", "", "javascript:alert(1)"]
)
def test_it_comes_back_only_to_its_own_pages(client, viewer, elsewhere):
    response = client.post(at("profile_add"), SAID, headers={"Referer": elsewhere})
    assert response.url == f"{reverse('account_login')}?next=/"


def test_it_refuses_wrong_methods(account, viewer):
    assert account.get(at("profile_choose", viewer)).status_code == 405
    assert account.post(at("profiles")).status_code == 405
    assert account.delete(at("profile_edit", viewer)).status_code == 405


def test_it_forgets_a_chosen_profile_that_was_removed(as_viewer, viewer):
    client = as_viewer(viewer)
    viewer.delete()
    assert client.get("/").url.startswith(reverse("catalog:profiles"))


def test_it_keeps_the_language_of_a_profile(account, viewer):
    english = SAID | {"language": "en"}
    assert account.post(at("profile_edit", viewer), english).status_code == 302
    viewer.refresh_from_db()
    assert viewer.language == "en"
    account.post(at("profile_edit", viewer), SAID)
    viewer.refresh_from_db()
    assert viewer.language == ""


@pytest.mark.parametrize("language", ["tlh", "en' OR 1=1", "x" * 5000, "../de"])
def test_it_refuses_a_language_that_does_not_exist(account, viewer, language):
    said = SAID | {"language": language}
    assert account.post(at("profile_edit", viewer), said).status_code == 422
    viewer.refresh_from_db()
    assert viewer.language == ""


@pytest.mark.parametrize(
    ("theme", "scheme"), [("dark", "dark"), ("light", "light"), ("device", "light dark")]
)
def test_it_shows_pages_as_the_profile_says(as_viewer, viewer, theme, scheme):
    client = as_viewer(viewer)
    assert client.post(at("profile_edit", viewer), SAID | {"theme": theme}).status_code == 302
    viewer.refresh_from_db()
    assert viewer.theme == theme
    page = client.get("/").content.decode()
    assert f'data-theme="{theme}"' in page
    assert f'<meta name="color-scheme" content="{scheme}">' in page
    assert f'data-theme="{theme}"' in client.get("/no-such-page/").content.decode()


def test_it_is_dark_where_nobody_chose(client, viewer):
    assert viewer.theme == "dark"
    assert 'data-theme="dark"' in client.get(reverse("account_login")).content.decode()
    client.force_login(viewer.account)
    assert 'data-theme="dark"' in client.get(at("profiles")).content.decode()


@pytest.mark.parametrize("theme", ["sepia", "light dark", "x" * 5000, '"><script>'])
def test_it_refuses_a_look_that_does_not_exist(account, viewer, theme):
    assert account.post(at("profile_edit", viewer), SAID | {"theme": theme}).status_code == 422
    viewer.refresh_from_db()
    assert viewer.theme == "dark"
