"""The demo's accounts, one for each kind of user. All are synthetic."""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from catalog.models import Account, Viewer

VIEWER = "viewer@marquee.example"
PROFILES = {"Ada": "#5f9bd6", "Kit": "#e2725b"}
# The draw depends on a viewer's public id: a fixed id gives the same pictures in every demo.
PUBLIC_IDS = {
    "Ada": UUID("5f6b3a52-6a0c-4c0e-9d6b-0a61f0c1ada0"),
    "Kit": UUID("0c9d2c1e-41f7-4b53-8f0e-7d2a58e0b170"),
}
# Staff: address and group.
STAFF = {
    "editor@marquee.example": "Editors",
    "auditor@marquee.example": "Auditors",
    "operator@marquee.example": "Operators",
}


@transaction.atomic
def build_accounts(password: str) -> list[Account]:
    """Make the viewer's account with its profiles, and one account for each kind of staff.

    Safe to run again: an existing account keeps its password and its profiles.
    """
    viewer = _account(VIEWER, password)
    for name, colour in PROFILES.items():
        Viewer.objects.get_or_create(
            account=viewer,
            name=name,
            defaults={"colour": colour, "synthetic": True, "public_id": PUBLIC_IDS[name]},
        )
    staff = []
    for email, group in STAFF.items():
        account = _account(email, password, is_staff=True)
        account.groups.add(Group.objects.get_or_create(name=group)[0])
        staff.append(account)
    return [viewer, *staff]


def _account(email: str, password: str, *, is_staff: bool = False) -> Account:
    account = Account.objects.filter(email=email).first()
    if account is None:
        account = Account.objects.create_user(email, password, is_staff=is_staff, synthetic=True)
    # The address is invented, so nobody can confirm it by mail.
    EmailAddress.objects.get_or_create(
        user=account, email=email, defaults={"verified": True, "primary": True}
    )
    return account
