"""A run that waits says why, and what to do."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from django_celery_results.models import TaskResult

from audits.admin import waiting
from audits.models import AuditRun
from audits.record import doors
from audits.tasks import NOT_HERE
from config.roles import grant_roles
from tests.audits.worlds import ALL
from tests.factories import make_account

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)


def requested():
    number = doors.request_run(
        None, kind="planned", attributes=["gender"], effort="quick", by="a test"
    )
    return AuditRun.objects.get(pk=number)


def begun(run, *, ago):
    AuditRun.objects.using("protected").filter(pk=run.pk).update(
        state="running", attempts=1, touched_at=timezone.now() - timedelta(minutes=ago)
    )
    run.refresh_from_db()
    return run


def ticked(*, ago, said="No run waits."):
    result = TaskResult.objects.create(
        task_id=f"tick {ago} {said}", task_name="audits.tasks.audit_tick", result=f'"{said}"'
    )
    TaskResult.objects.filter(pk=result.pk).update(
        date_done=timezone.now() - timedelta(minutes=ago)
    )


def test_it_says_that_no_worker_was_ever_heard_of_and_how_to_start_one():
    words = waiting.words(requested())
    assert "No audit worker has been heard of." in words
    assert "celery -A config worker --queues audit" in words


def test_a_worker_that_may_not_read_is_no_audit_worker():
    ticked(ago=0, said=NOT_HERE)
    assert "No audit worker has been heard of." in waiting.words(requested())


def test_it_says_when_the_last_sign_of_a_worker_was():
    ticked(ago=180)
    words = waiting.words(requested())
    assert "No audit worker is running: the last sign of one was 3\xa0hours ago." in words
    assert "--queues audit" in words


def test_it_says_that_a_worker_runs():
    ticked(ago=1)
    assert waiting.words(requested()).startswith("An audit worker is running.")


def test_it_says_which_run_comes_first():
    run, other = requested(), requested()
    begun(run, ago=0)
    assert waiting.words(other) == (
        f"The audit worker is carrying out run {run.pk}. This run follows."
    )
    assert waiting.words(run) == ""


def test_it_says_that_a_worker_fell_silent():
    words = waiting.words(begun(requested(), ago=10))
    assert "reported nothing for 10\xa0minutes" in words
    assert "The next audit worker begins it again." in words


def test_the_page_and_what_it_polls_say_it(client):
    grant_roles()
    account = make_account(is_staff=True)
    account.groups.add(Group.objects.get(name="Auditors"))
    client.force_login(account)
    run = requested()
    page = client.get(reverse("admin:audits_auditrun_change", args=[run.pk])).content.decode()
    assert '<p id="waits" role="status">No audit worker has been heard of.' in page
    polled = client.get(reverse("admin:audits_auditrun_progress", args=[run.pk])).json()
    assert polled["waits"].startswith("No audit worker")
    ticked(ago=0)
    polled = client.get(reverse("admin:audits_auditrun_progress", args=[run.pk])).json()
    assert polled["waits"].startswith("An audit worker is running.")
