import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from config.roles import grant_roles


def permissions(group):
    return set(
        Group.objects.get(name=group).permissions.values_list("content_type__app_label", "codename")
    )


def test_each_group_has_the_permissions_that_its_work_needs(db):
    grant_roles()
    assert ("catalog", "change_artwork") in permissions("Editors")
    assert ("personalization", "promote_model") in permissions("Operators")
    assert ("personalization", "view_modelversion") in permissions("Auditors")


def test_no_group_has_another_groups_permissions(db):
    grant_roles()
    others = {(app, name) for app, name in permissions("Editors") if app != "catalog"}
    assert others == {
        ("personalization", "view_picturereport"),
        ("personalization", "change_picturereport"),
    }
    assert ("personalization", "promote_model") not in permissions("Auditors")
    assert not {name for app, name in permissions("Operators") if app == "audits"}


def test_granting_again_removes_permissions_added_by_hand(db):
    grant_roles()
    before = permissions("Auditors")
    Group.objects.get(name="Auditors").permissions.add(
        *Group.objects.get(name="Editors").permissions.all()
    )
    grant_roles()
    assert permissions("Auditors") == before


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_setup_may_run_twice():
    call_command("setup", verbosity=0)
    call_command("setup", verbosity=0)
    assert Group.objects.count() == 3
