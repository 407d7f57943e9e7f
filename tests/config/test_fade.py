"""The one script within pages: each kind of page has it, and the policy allows it and no other."""

import hashlib
import re
from base64 import b64encode

import pytest
from django.test import Client
from django.urls import reverse

from config.views import bad_request, server_error
from tests.factories import make_account, make_viewer

pytestmark = pytest.mark.django_db
WITHIN = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def digest(script):
    return f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def scripts(page):
    return WITHIN.findall(page)


def test_each_kind_of_page_has_it_and_the_policy_allows_it():
    viewer = make_viewer()
    person, staff = Client(), Client()
    person.force_login(viewer.account)
    person.post(reverse("catalog:profile_choose", args=[viewer.public_id]))
    staff.force_login(make_account(is_staff=True, is_superuser=True))
    answers = [
        person.get("/"),
        person.get("/nothing/"),
        person.get(reverse("account_email")),
        person.get(reverse("catalog:offline")),
        Client().get(reverse("catalog:welcome")),
        staff.get(reverse("admin:index")),
        staff.get(reverse("styleguide")),
    ]
    for answer in answers:
        (script,) = scripts(answer.text)
        assert "pageswap" in script and "pagereveal" in script
        assert "prefers-reduced-motion: no-preference" in script
        assert digest(script) in answer.headers["Content-Security-Policy"]


def test_pages_that_read_nothing_have_it_too(rf):
    for answer in (bad_request(rf.get("/"), Exception()), server_error(rf.get("/"))):
        assert len(scripts(answer.text)) == 1


def test_the_policy_allows_one_script_within_pages_and_no_other():
    policy = Client().get(reverse("account_login")).headers["Content-Security-Policy"]
    assert len(re.findall(r"'sha256-", policy)) == 1
    assert "unsafe" not in policy
