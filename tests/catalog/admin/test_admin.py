import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.actions.artwork import annotate
from catalog.models import Artwork, ArtworkRevision, Credit, Person, Title
from tests.factories import (
    make_account,
    make_artwork,
    make_credit,
    make_genre,
    make_mood,
    make_person,
    make_title,
    make_viewer,
)

pytestmark = pytest.mark.django_db

LISTS = ["account", "artwork", "genre", "mood", "person", "season", "title"]


@pytest.fixture
def operator(client):
    client.force_login(make_account(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def editor(client):
    account = make_account(is_staff=True)
    account.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="catalog",
            content_type__model__in=["artwork", "title", "person", "credit"],
        ).exclude(codename__startswith="delete")
    )
    client.force_login(account)
    client.account = account
    return client


def world(count=3):
    for _ in range(count):
        title = make_title()
        for billing in (1, 2):
            credit = make_credit(title, billing=billing)
            make_artwork(title, depicted=(credit.person,), alt="A street.")
        title.seasons.create(number=1)
        make_viewer()
    make_genre()
    make_mood()
    return title


@pytest.mark.parametrize("name", LISTS)
def test_its_lists_cost_the_same_for_many(operator, name, django_assert_max_num_queries):
    world(6)
    address = reverse(f"admin:catalog_{name}_changelist")
    operator.get(address)
    # One query reads the words of the text, and one for each kind of name looks for them.
    with django_assert_max_num_queries(14):
        response = operator.get(address, {"q": "e"})
    assert response.status_code == 200


@pytest.mark.parametrize("words", ["luna", "una", "lnua", "ŁUNA"])
def test_it_finds_names_as_viewers_do(operator, words):
    title, person = make_title(name="Łuna-9"), make_person(name="Ada Łuna")
    make_artwork(title)
    make_artwork(make_title(name="Something Else"), depicted=(person,))
    title.seasons.create(number=1)
    make_title(name="Other")
    for name, count in {"title": 1, "person": 1, "season": 1, "artwork": 2}.items():
        address = reverse(f"admin:catalog_{name}_changelist")
        listed = operator.get(address, {"q": words}).context["cl"].result_list
        assert len(listed) == count, name


def test_it_completes_names_as_viewers_search_them(operator):
    make_person(name="Ada Łuna")
    answer = operator.get(
        reverse("admin:autocomplete"),
        {"term": "luna", "app_label": "catalog", "model_name": "credit", "field_name": "person"},
    )
    assert [row["text"] for row in answer.json()["results"]] == ["Ada Łuna"]


@pytest.mark.parametrize("name", LISTS)
def test_its_forms_open(operator, name, django_assert_max_num_queries):
    world()
    found = apps.get_model("catalog", name).objects.first()
    address = reverse(f"admin:catalog_{name}_change", args=[found.pk])
    operator.get(address)
    with django_assert_max_num_queries(24):
        assert operator.get(address).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_it_lets_no_viewer_in(client, name):
    client.force_login(make_account())
    response = client.get(reverse(f"admin:catalog_{name}_changelist"))
    assert response.status_code == 302
    assert reverse("admin:login") in response["Location"]


def test_it_hides_accounts_from_editors(editor):
    assert editor.get(reverse("admin:catalog_account_changelist")).status_code == 403


def test_artwork_is_neither_added_nor_deleted_nor_changed_by_hand(operator):
    world(1)
    artwork = Artwork.objects.first()
    assert operator.get(reverse("admin:catalog_artwork_add")).status_code == 403
    delete = reverse("admin:catalog_artwork_delete", args=[artwork.pk])
    assert operator.post(delete, {"post": "yes"}).status_code == 403
    change = reverse("admin:catalog_artwork_change", args=[artwork.pk])
    operator.post(change, {"state": "withdrawn", "alt": "Other"})
    artwork.refresh_from_db()
    assert (artwork.state, artwork.alt) == ("approved", "A street.")


def act(client, action, artworks, **data):
    return client.post(
        reverse("admin:catalog_artwork_changelist"),
        {"action": action, "_selected_action": [artwork.pk for artwork in artworks]} | data,
        follow=True,
    )


def test_it_approves_what_may_be_and_says_why_not_of_the_rest(editor):
    title = make_title()
    good = make_artwork(title, state="pending", alt="A street.")
    undescribed = make_artwork(title, state="pending", alt="")
    page = act(editor, "approve", [good, undescribed]).content.decode()
    good.refresh_from_db()
    undescribed.refresh_from_db()
    assert (good.state, undescribed.state) == ("approved", "pending")
    assert "Approved 1 artwork" in page
    assert "in words" in page


def test_it_asks_why_before_it_withdraws(editor):
    artworks = [make_artwork(make_title()) for _ in range(2)]
    for artwork in artworks:
        make_artwork(artwork.title)
    assert 'name="reason"' in act(editor, "withdraw", artworks).content.decode()
    assert not Artwork.objects.filter(state="withdrawn").exists()
    act(editor, "withdraw", artworks, confirmed="1", reason="")
    assert not Artwork.objects.filter(state="withdrawn").exists()
    act(editor, "withdraw", artworks, confirmed="1", reason="Rights ended")
    assert Artwork.objects.filter(state="withdrawn", state_reason="Rights ended").count() == 2
    assert ArtworkRevision.objects.get().number == 2


def test_it_withdraws_the_last_approved_artwork_only_after_it_has_said_so(editor):
    bare, other = make_title(name="Harbour Lights"), make_title(name="Night Ferry")
    last = [make_artwork(bare), make_artwork(bare)]
    make_artwork(other)
    artworks = [*last, make_artwork(other)]
    page = act(editor, "withdraw", artworks).content.decode()
    assert f'name="left_without" value="{bare.pk}"' in page
    assert f'name="left_without" value="{other.pk}"' not in page
    assert "only the name in letters" in page
    confirmed = {"confirmed": "1", "reason": "Rights ended"}
    page = act(editor, "withdraw", artworks, **confirmed).content.decode()
    assert "only the name in letters" in page
    assert 'value="Rights ended"' in page
    assert not Artwork.objects.filter(state="withdrawn").exists()
    act(editor, "withdraw", artworks, left_without=[bare.pk], **confirmed)
    assert Artwork.objects.filter(state="withdrawn").count() == 3


def test_it_refuses_steps_to_who_may_only_look(client):
    account = make_account(is_staff=True)
    account.user_permissions.set(Permission.objects.filter(codename="view_artwork"))
    client.force_login(account)
    artwork = make_artwork(make_title(), state="pending", alt="A street.")
    act(client, "approve", [artwork])
    artwork.refresh_from_db()
    assert artwork.state == "pending"


def title_form(title, credit, **changed):
    """What the title's page sends, with one credit."""
    return {
        "name": title.name,
        "slug": title.slug,
        "kind": title.kind,
        "year": title.year,
        "runtime_minutes": 100,
        "maturity": 0,
        "genres": [genre.pk for genre in title.genres.all()],
        "added_at_0": "2026-03-02",
        "added_at_1": "12:00:00",
        "published": "on",
        "seasons-TOTAL_FORMS": 0,
        "seasons-INITIAL_FORMS": 0,
        "artworks-TOTAL_FORMS": 0,
        "artworks-INITIAL_FORMS": 0,
        "credits-TOTAL_FORMS": 1,
        "credits-INITIAL_FORMS": 1,
        "credits-0-id": credit.pk,
        "credits-0-title": title.pk,
        "credits-0-person": credit.person.pk,
        "credits-0-role": "cast",
        "credits-0-character": "",
        "credits-0-billing": 1,
    } | changed


def test_it_keeps_the_credit_of_who_can_be_seen(operator):
    title = make_title()
    credit = make_credit(title, person=make_person(name="Ada Quill"))
    make_artwork(title, depicted=(credit.person,))
    address = reverse("admin:catalog_title_change", args=[title.pk])
    form = title_form(title, credit, **{"credits-0-DELETE": "on"})
    page = operator.post(address, form).content.decode()
    assert "Ada Quill can be seen in artwork" in page
    assert Credit.objects.exists()
    Artwork.objects.get().depicted.clear()
    assert operator.post(address, form).status_code == 302
    assert not Credit.objects.exists()


@pytest.mark.parametrize("change", ["person", "role"])
def test_it_keeps_a_credit_from_becoming_anothers(operator, change):
    title = make_title()
    credit = make_credit(title, person=make_person(name="Ada Quill"))
    make_artwork(title, depicted=(credit.person,))
    value = {"person": make_person().pk, "role": "writer"}[change]
    form = title_form(title, credit, **{f"credits-0-{change}": value})
    address = reverse("admin:catalog_title_change", args=[title.pk])
    assert "Ada Quill can be seen in artwork" in operator.post(address, form).content.decode()
    credit.refresh_from_db()
    assert (credit.person.name, credit.role) == ("Ada Quill", "cast")


def test_it_deletes_nobody_who_can_be_seen_in_artwork(operator):
    seen, unseen = make_person(name="Ada Quill"), make_person()
    artwork = make_artwork(make_title(), depicted=(seen,))
    page = operator.post(
        reverse("admin:catalog_person_delete", args=[seen.pk]), {"post": "yes"}
    ).content.decode()
    assert "Ada Quill can be seen in" in page
    assert reverse("catalog:studio_artwork", args=[artwork.pk]) in page
    chosen = {"action": "delete_selected", "_selected_action": [seen.pk, unseen.pk], "post": "yes"}
    operator.post(reverse("admin:catalog_person_changelist"), chosen)
    assert list(artwork.depicted.all()) == [seen]
    operator.post(reverse("admin:catalog_person_delete", args=[unseen.pk]), {"post": "yes"})
    assert not Person.objects.filter(pk=unseen.pk).exists()


def test_a_changed_credit_reaches_who_keeps_artwork_in_memory(operator):
    title = make_title()
    credit = make_credit(title)
    address = reverse("admin:catalog_title_change", args=[title.pk])
    data = title_form(title, credit)
    assert operator.post(address, data).status_code == 302
    assert not ArtworkRevision.objects.exists()
    assert operator.post(address, data | {"credits-0-billing": 4}).status_code == 302
    assert Credit.objects.get().billing == 4
    assert ArtworkRevision.objects.get().number == 1


class TestHistory:
    def test_it_shows_who_changed_what_of_an_artwork(self, editor):
        title, person = make_title(), make_person(name="Ada Quill")
        make_credit(title, person=person)
        artwork = make_artwork(title, alt="A street.", state="pending")
        editor.post(
            reverse("catalog:studio_artwork", args=[artwork.pk]),
            {
                "kind": "lead",
                "alt": "A cook.",
                "depicted": [person.pk],
                "focal_x": "0.5",
                "focal_y": "0.4",
            },
        )
        page = editor.get(
            reverse("admin:catalog_artwork_history", args=[artwork.pk])
        ).content.decode()
        assert "A street. → A cook." in page
        assert "Depicted: Ada Quill added" in page
        assert editor.account.email in page

    def test_it_shows_a_title_with_its_credits_and_artwork(self, operator):
        title = world(1)
        Title.objects.update(year=1999)
        annotate(
            title.artworks.first(),
            kind="scene",
            alt="Another street.",
            moods=[],
            depicted=[],
            focal=(0.5, 0.4),
            by=None,
        )
        page = operator.get(
            reverse("admin:catalog_title_history", args=[title.pk])
        ).content.decode()
        for words in ("2020 → 1999", "Credit: ", "Another street.", "a command", "removed"):
            assert words in page

    def test_it_hides_it_from_who_may_not_look(self, client):
        client.force_login(make_account(is_staff=True))
        title = make_title()
        address = reverse("admin:catalog_title_history", args=[title.pk])
        assert client.get(address).status_code == 403

    def test_it_knows_no_history_of_nothing(self, operator):
        assert operator.get(reverse("admin:catalog_title_history", args=[99])).status_code == 404
