"""Nobody on the staff sees what a named person watched or was shown, on any page."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from catalog.models import Account
from personalization.admin import pseudonyms
from personalization.admin.pseudonyms import StaffPage
from personalization.models import Decision, Window
from tests.factories import NOW, make_account, make_artwork, make_title, make_viewer
from tests.personalization.factories import make_decision

pytestmark = pytest.mark.django_db
STAFF = ["Operators", "Auditors", "superuser"]
WATCHED = "Quarantania"
HARMLESS = {
    None, "id", "day", "title", "chosen", "propensity", "standing", "policy", "key", "model",
    "history_length", "released_at",
}  # fmt: skip
CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")


@pytest.fixture
def people():
    """Two named people with one decision each, ids that appear nowhere else, and odd times."""
    account = make_account(pk=880_011, email="zenobia@example.org")
    first = make_viewer(account=account, pk=770_011, name="Zenobia")
    second = make_viewer(account=account, pk=770_022, name="Yevgenia")
    title = make_title(name=WATCHED)
    artworks = [make_artwork(title), make_artwork(title)]
    for viewer in (first, second):
        decision = make_decision(viewer, title, artworks)
        # A time of day that can be told from every other on the page.
        Decision.objects.filter(pk=decision.pk).update(first_seen_at=NOW + timedelta(seconds=1357))
        Window.objects.filter(pk=decision.window_id).update(opened_at=NOW + timedelta(seconds=1357))
    return first, second


@pytest.fixture
def as_staff(signed_in, client):
    def sign_in(who):
        if who != "superuser":
            return signed_in(who)
        client.force_login(make_account(is_staff=True, is_superuser=True))
        return client

    return sign_in


def address(name, *args):
    return reverse(f"admin:personalization_{name}", args=args)


def pages():
    yield from (address("decision_changelist"), address("window_changelist"))
    for decision in Decision.objects.all():
        yield address("decision_change", decision.pk)
        yield address("decision_history", decision.pk)
        yield address("window_change", decision.window_id)
        yield address("window_history", decision.window_id)


@pytest.mark.parametrize("who", STAFF)
def test_no_page_names_a_viewer_or_anything_that_leads_to_one(as_staff, people, who):
    client = as_staff(who)
    for page in pages():
        answer = client.get(page)
        assert answer.status_code == 200, page
        body = answer.content.decode()
        for viewer in people:
            traces = (viewer.name, str(viewer.pk), str(viewer.public_id), viewer.public_id.hex,
                      str(viewer.account_id), viewer.account.email)  # fmt: skip
            assert not [trace for trace in traces if trace in body], page
        moment = NOW + timedelta(seconds=1357)
        for shape in ("%H:%M", "%-I:%M"):
            assert moment.strftime(shape) not in body, page


@pytest.mark.parametrize("group", ["", "Editors"])
def test_editors_and_viewers_see_none_of_it(signed_in, people, group):
    client = signed_in(group)
    for page in list(pages()):
        assert client.get(page).status_code in {302, 403}, page


def test_a_code_tells_viewers_apart_and_each_kind_of_page_has_its_own(people):
    codes = {pseudonyms.code(viewer.public_id, page) for viewer in people for page in StaffPage}
    assert len(codes) == 4
    assert all(CODE.fullmatch(code) for code in codes)


def test_another_key_gives_other_codes(people, settings):
    before = pseudonyms.code(people[0].public_id, StaffPage.DECISIONS)
    assert before == pseudonyms.code(people[0].public_id, StaffPage.DECISIONS)
    settings.DRAW_KEY = "another"
    assert before != pseudonyms.code(people[0].public_id, StaffPage.DECISIONS)


@pytest.mark.parametrize(("kind", "page"), [("decision", "DECISIONS"), ("window", "WINDOWS")])
def test_a_search_takes_a_code_and_says_why_there_is_one(as_staff, people, kind, page):
    client = as_staff("Operators")
    code = pseudonyms.code(people[0].public_id, StaffPage[page])
    for spelt in (code, f" {code.lower()} "):
        body = client.get(address(f"{kind}_changelist"), {"q": spelt}).content.decode()
        assert set(CODE.findall(body.partition("result_list")[2])) == {code}
    row = Decision.objects.get(viewer=people[0])
    number = row.pk if kind == "decision" else row.window_id
    assert pseudonyms.WHY in client.get(address(f"{kind}_change", number)).content.decode()


@pytest.mark.parametrize("who", STAFF)
@pytest.mark.parametrize("kind", ["decision", "window"])
def test_no_search_finds_a_viewer_by_anything_else(as_staff, people, who, kind):
    client = as_staff(who)
    viewer = people[0]
    other = pseudonyms.code(
        viewer.public_id, StaffPage.WINDOWS if kind == "decision" else StaffPage.DECISIONS
    )
    traces = (viewer.name, viewer.pk, viewer.public_id, viewer.public_id.hex, viewer.account.email,
              viewer.account_id, other)  # fmt: skip
    for trace in traces:
        page = client.get(address(f"{kind}_changelist"), {"q": trace}).content.decode()
        assert "Nothing matches." in page, trace


@pytest.mark.parametrize("who", STAFF)
@pytest.mark.parametrize("kind", ["decision", "window"])
@pytest.mark.parametrize(
    "lookup",
    ["viewer", "viewer_id", "viewer__id__exact", "viewer__gte", "viewer__lt", "viewer__public_id",
     "viewer__name__startswith", "viewer__account", "viewer__account__email", "window__viewer",
     "viewer__in", "first_seen_at__gte", "opened_at__gte", "pk__gte", "vector__contains",
     "viewer__watch_events__title", "window__opened_at__gte"],
)  # fmt: skip
def test_no_filter_tells_viewers_apart(as_staff, people, who, kind, lookup):
    client = as_staff(who)
    answer = client.get(address(f"{kind}_changelist"), {lookup: "770011"})
    if answer.status_code == 302:  # Django sends away what it does not know
        assert answer["Location"].endswith("?e=1")
    else:
        assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["decision", "window"])
def test_no_order_follows_accounts(as_staff, people, rf, kind):
    model = {"decision": Decision, "window": Window}[kind]
    shown = admin.site._registry[model]
    for column in shown.list_display:
        method = getattr(shown, column, None)
        ordered_by = getattr(method, "admin_order_field", None) if method else column
        assert ordered_by in HARMLESS


def test_the_filters_that_a_page_offers_work(as_staff, people):
    client = as_staff("Operators")
    for query in (
        {"standing__exact": "personal"},
        {"begun__exact": 0},
        {"policy__exact": "uniform"},
        {"day__gte": "2026-03-01", "day__lt": "2026-03-30"},
    ):
        assert client.get(address("decision_changelist"), query).status_code == 200, query
    for query in ({"released_at__isempty": 1}, {"model__isnull": True}):
        assert client.get(address("window_changelist"), query).status_code == 200, query


def test_an_operator_does_not_see_when_somebody_signed_in(as_staff, people):
    client = as_staff("Operators")
    Account.objects.filter(pk=880_011).update(last_login=NOW + timedelta(seconds=1357))
    page = client.get(reverse("admin:catalog_account_change", args=[880_011])).content.decode()
    assert "last login" not in page.lower()
    assert (NOW + timedelta(seconds=1357)).strftime("%H:%M") not in page
    listed = reverse("admin:catalog_account_changelist")
    answer = client.get(listed, {"last_login__gte": "2026-03-02"})
    assert answer.status_code in {302, 400}


@pytest.mark.parametrize("who", [*STAFF, "Editors"])
def test_no_list_of_the_admin_puts_a_person_beside_a_title(as_staff, people, who):
    client = as_staff(who)
    opened = set()
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        answer = client.get(reverse(name), follow=True)
        if answer.status_code != 200:
            assert answer.status_code == 403, model
            continue
        opened.add(model._meta.model_name)
        body = answer.content.decode()
        named = [viewer for viewer in people if viewer.name in body
                 or viewer.account.email in body or str(viewer.public_id) in body]  # fmt: skip
        assert not (named and WATCHED in body), model
        assert not named or model in {Account, EmailAddress}, model
    assert opened


def test_groups_that_see_codes_are_those_of_the_table(people):
    holders = Group.objects.filter(permissions__codename="view_decision")
    assert set(holders.values_list("name", flat=True)) <= {"Operators", "Auditors"}
