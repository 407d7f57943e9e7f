"""Where an account is signed in. allauth lists the sessions and ends all others; this ends one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.actions.sessions import end_session
from catalog.requests import AccountRequest
from catalog.views.guards import account_required


@account_required
@require_POST
def end(request: AccountRequest, number: int) -> HttpResponse:
    """Sign one of the account's own sessions out. Sessions of other accounts are not found."""
    if not end_session(request.user, number):
        raise Http404
    messages.success(request, _("That session was signed out."))
    return redirect("usersessions_list")
