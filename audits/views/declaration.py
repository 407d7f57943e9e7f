"""The page on which a viewer declares or withdraws protected attributes. It cannot show them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from audits import actions
from audits.protected.attributes import ATTRIBUTES
from catalog.models import Viewer
from catalog.requests import AccountRequest
from catalog.views.guards import account_required

NO_ANSWER = ("", _("No change"))


class DeclarationForm(forms.Form):
    """One optional question for each attribute on the allow-list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for attribute in ATTRIBUTES.values():
            self.fields[attribute.name] = forms.ChoiceField(
                label=attribute.label,
                help_text=attribute.question,
                choices=[NO_ANSWER, *attribute.values.items()],
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        answers = {name: value for name, value in (super().clean() or {}).items() if value}
        if not answers and not self.errors:
            raise forms.ValidationError(_("You chose no answer, so nothing was saved."))
        return answers


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def declaration(request: AccountRequest, public_id: UUID) -> HttpResponse:
    """Show the questions and what the answers are used for; save what is answered."""
    viewer = _own(request, public_id)
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.declare(viewer, form.cleaned_data)
        said = _("Thank you. Your answers are saved. Only auditors’ statistics can use them.")
        messages.success(request, said)
        return redirect("audits:declaration", viewer.public_id)
    status = 422 if form.errors else 200
    context = {"form": form, "profile": viewer}
    return render(request, "audits/declaration.html", context, status=status)


@account_required
@require_POST
def withdraw(request: AccountRequest, public_id: UUID) -> HttpResponse:
    """Delete everything that this profile declared."""
    viewer = _own(request, public_id)
    actions.withdraw(viewer)
    messages.success(request, _("All answers of this profile are deleted."))
    return redirect("audits:declaration", viewer.public_id)


def _own(request: AccountRequest, public_id: UUID) -> Viewer:
    """Return the account's own profile; another account's, or a child's, is not found."""
    return get_object_or_404(Viewer, public_id=public_id, account=request.user, is_child=False)
