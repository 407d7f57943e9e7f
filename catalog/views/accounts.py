"""Owners remove their accounts here."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from catalog.actions.accounts import StaffStays, remove_account
from catalog.requests import AccountRequest
from catalog.views.guards import account_required


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def remove(request: AccountRequest) -> HttpResponse:
    """Ask for the password, then for confirmation, and remove the account."""
    if request.method != "POST":
        going = {"viewers": request.user.viewers.all()}
        return render(request, "catalog/account_remove.html", going)
    try:
        remove_account(request.user)
    except StaffStays as refusal:
        raise PermissionDenied from refusal
    logout(request)
    said = gettext("The account, its profiles and their histories were deleted.")
    messages.success(request, said)
    return redirect("account_login")
