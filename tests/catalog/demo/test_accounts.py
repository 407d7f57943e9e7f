"""The demo's accounts: the same in every demo."""

import pytest

from catalog.demo.accounts import PROFILES, PUBLIC_IDS, build_accounts
from catalog.models import Viewer

pytestmark = pytest.mark.django_db


def test_each_profile_has_its_own_id_in_every_demo():
    build_accounts("a-password")
    build_accounts("a-password")  # safe to run again
    assert dict(Viewer.objects.values_list("name", "public_id")) == PUBLIC_IDS
    assert PROFILES.keys() == PUBLIC_IDS.keys()
