"""The style guide shows staff what the site is made of, and is not there for anybody else."""

import re

import pytest
from django.urls import reverse

from catalog.models import Account, Artwork, Title, Viewer
from catalog.parental import SESSION_KEY
from config import paths
from config.styleguide import verdicts, views
from config.styleguide.tokens import SHEET, tokens_by_kind
from tests.factories import make_account, make_artwork, make_title, make_viewer

PAGES = ["/styleguide/", "/styleguide/admin/"]
ADDRESSES = [*PAGES, "/styleguide/tokens.css"]
SITE = paths.BASE / "templates" / "styleguide" / "site"


@pytest.fixture
def staff(client, db):
    client.force_login(make_account(is_staff=True))
    return client


@pytest.mark.parametrize("page", ADDRESSES)
def test_a_visitor_signs_in_first(client, db, page):
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={page}"


@pytest.mark.parametrize("page", ADDRESSES)
def test_it_is_not_there_for_an_account_that_is_not_staff(client, db, page):
    viewer = make_viewer()
    client.force_login(viewer.account)
    client.post(reverse("catalog:profile_choose", args=[viewer.public_id]))
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", ADDRESSES)
def test_a_childs_profile_of_staff_needs_a_grown_up(client, db, page):
    child = make_viewer(account=make_account(is_staff=True), is_child=True)
    client.force_login(child.account)
    session = client.session
    session[SESSION_KEY] = child.pk
    session.save()
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("catalog:grown_up"))


@pytest.mark.parametrize("page", ADDRESSES)
def test_staff_only_look_at_it(staff, page):
    assert staff.get(page).status_code == 200
    assert staff.post(page).status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_it_is_in_english_for_everybody(staff, page):
    answer = staff.get(page, headers={"accept-language": "de"})
    assert '<html lang="en' in answer.content.decode()


def test_every_part_is_listed_and_has_a_template():
    assert {path.stem for path in SITE.glob("*.html")} == set(views.SITE_PARTS)


def test_it_shows_every_token_of_its_kinds(staff):
    page = staff.get("/styleguide/").content.decode()
    rules = staff.get("/styleguide/tokens.css").content.decode()
    kinds = tokens_by_kind()
    assert all(kinds.values())
    names = [token.name for tokens in kinds.values() for token in tokens]
    assert len(names) == len(set(names))
    for kind in ("colours", "sizes", "spaces", "radii"):
        for token in kinds[kind]:
            assert f'guide-{token.name}"' in page or f"guide-{token.name} " in page
            assert f".guide-{token.name} {{" in rules


def test_it_reads_the_colours_of_day_and_night():
    ground = next(token for token in tokens_by_kind()["colours"] if token.name == "ground")
    assert f"--ground: light-dark({ground.by_day}, {ground.by_night});" in SHEET.read_text()


def test_it_shows_the_titles_of_the_catalogue_under_an_address_without_a_page(staff):
    title = make_title(name="Glass Corridor", synthetic=True)
    make_artwork(title, alt="A corridor of glass")
    page = staff.get("/styleguide/").content.decode()
    assert "Glass Corridor" in page
    assert "about-synthetic" in page
    assert f"/titles/{title.slug}/" not in page


def test_it_writes_nothing(staff):
    make_artwork(make_title())
    before = [model.objects.count() for model in (Title, Artwork, Viewer, Account)]
    for page in PAGES:
        staff.get(page)
    assert [model.objects.count() for model in (Title, Artwork, Viewer, Account)] == before
    assert set(Artwork.objects.values_list("state", flat=True)) == {Artwork.State.APPROVED}


def test_it_shows_every_verdict_and_every_state_of_a_condition(staff):
    page = staff.get("/styleguide/admin/").content.decode()
    for verdict in verdicts.Verdict:
        assert re.search(rf'class="mq-verdict [^"]*">{verdict.label}', page)
    for state in verdicts.ConditionState:
        assert f"mq-condition mq-{state.value}" in page
    assert 'data-chart="exposure"' in page


def test_the_samples_cover_what_the_guide_promises(staff):
    page = staff.get("/styleguide/").content.decode()
    for shape in ("resume", "large", "ranked", "tall", "usual"):
        assert f'class="is-{shape}"' in page
    for level in ("success", "info", "warning", "error"):
        assert f"note-{level}" in page
    assert page.count('class="errorlist') > 5


def test_staff_find_it_from_the_admin_and_from_the_studio(client, db):
    client.force_login(make_account(is_staff=True, is_superuser=True))
    for page in (reverse("admin:index"), reverse("catalog:studio")):
        assert 'href="/styleguide/' in client.get(page).content.decode()
