"""The read-only lists say what they hold and what will fill them, and lead back from no match."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from audits.models import AuditRun, Finding
from catalog.admin.reading import ReadOnly
from personalization.actions.schedule import BEGIN, make_schedule
from personalization.models import Night
from tests.factories import NOW, make_account
from tests.personalization.factories import DAY

pytestmark = pytest.mark.django_db
READ_ONLY = [model for model, found in admin.site._registry.items() if isinstance(found, ReadOnly)]


def address(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def read(client, model, **query):
    return client.get(address(model), query).content.decode()


def reader(signed_in, model):
    return signed_in("Auditors" if model in {AuditRun, Finding} else "Operators")


def test_all_that_code_writes_is_read_only():
    assert len(READ_ONLY) == 9


@pytest.mark.parametrize("model", READ_ONLY)
def test_a_new_installations_list_says_what_will_fill_it(signed_in, model):
    page = read(reader(signed_in, model), model)
    words = admin.site._registry[model]
    assert words.about in page
    assert words.empty in page
    assert f"<h1>{model._meta.verbose_name_plural.capitalize()}</h1>" in page


def test_a_list_with_rows_does_not_say_that_it_has_none(signed_in):
    Night.objects.create(date=DAY, started_at=NOW)
    page = read(signed_in("Operators"), Night)
    words = admin.site._registry[Night]
    assert words.about in page
    assert words.empty not in page


@pytest.mark.parametrize("query", [{"q": "zebra"}, {"outcome__exact": "held"}])
def test_what_matches_nothing_leads_back_to_all(signed_in, query):
    Night.objects.create(date=DAY, started_at=NOW)
    page = read(signed_in("Operators"), Night, **query)
    assert "Nothing matches." in page
    assert f'<a href="{address(Night)}">' in page
    assert admin.site._registry[Night].empty not in page


def test_days_are_written_in_numbers_as_they_are_searched_for(signed_in):
    Night.objects.create(date=DAY, started_at=NOW, finished_at=NOW)
    page = read(signed_in("Operators"), Night)
    assert f"{DAY:%Y-%m-%d}" in page
    assert f"{NOW:%Y-%m-%d %H:%M}" in page
    assert "a.m." not in page
    assert "p.m." not in page


def test_the_schedule_offers_only_what_is_used(signed_in):
    make_schedule()
    client = signed_in("Operators")
    listed = client.get(reverse("admin:index")).content.decode()
    assert "Periodic tasks" in listed
    assert "Solar" not in listed and "Clocked" not in listed
    night = PeriodicTask.objects.get(task=BEGIN.task)
    form = client.get(reverse("admin:django_celery_beat_periodictask_change", args=[night.pk]))
    assert {"solar", "clocked"} & set(form.context["adminform"].form.fields) == set()
    assert form.content.decode().count("<script>") == 1  # which all pages have (test_fade.py)


def test_an_operator_moves_the_night_to_another_hour(signed_in):
    make_schedule()
    client = signed_in("Operators")
    night = PeriodicTask.objects.get(task=BEGIN.task)
    where = reverse("admin:django_celery_beat_periodictask_change", args=[night.pk])
    said = client.get(where).context["adminform"].form.initial
    hourly = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    kept = {name: value for name, value in said.items() if value not in (None, False, "")}
    changed = kept | {"crontab": "", "interval": hourly.pk}
    client.post(where, changed)
    night.refresh_from_db()
    assert (night.interval, night.crontab) == (hourly, None)


def test_nobody_adds_a_result_by_hand(client):
    client.force_login(make_account(is_staff=True, is_superuser=True))
    assert client.get("/admin/django_celery_results/taskresult/").status_code == 200
    assert client.post("/admin/django_celery_results/taskresult/add/").status_code == 403
