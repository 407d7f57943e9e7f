"""Accounts and their viewers in the admin. What they watched is not shown here.

Only superusers appoint staff, set passwords and change addresses, because anybody who can do that
has every right and can read every history. Others deactivate and activate viewers' accounts. They
do not see when somebody signed in last: it would lead to the window that opened a moment later.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.admin import UserSessionAdmin
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse

from catalog.admin.inlines import TableInline
from catalog.models import Account, Viewer
from catalog.models.naming import first_repeated


class ViewerFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse one name for two profiles that are saved together."""
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms]
        names = [form.cleaned_data.get("name") for form in kept if hasattr(form, "cleaned_data")]
        repeated = first_repeated(name for name in names if name)
        if repeated is not None:
            raise ValidationError(f"Two profiles are called “{repeated}”.")


class ViewerInline(TableInline):
    """An account's profiles, to be renamed.

    Their limits, and whether they are personalised, are the household's own decisions: it takes the
    account's PIN or password to lift a limit (catalog/parental.py), and a viewer to be followed. So
    nobody changes them here, and no profile is added, which would see everything.
    """

    model = Viewer
    formset = ViewerFormSet
    fields = ["name", "is_child", "maturity", "asks_pin", "personalised", "colour"]
    readonly_fields = ["is_child", "maturity", "asks_pin", "personalised"]
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        return False


class AccountCreationForm(AdminUserCreationForm):
    class Meta:
        model = Account
        fields = ["email"]


@admin.register(Account)
class AccountAdmin(UserAdmin):
    add_form = AccountCreationForm
    ordering = ["email"]
    list_display = ["email", "viewer_count", "is_staff", "is_active", "synthetic"]
    list_filter = ["is_staff", "is_active", "groups", "synthetic"]
    search_fields = ["email"]
    readonly_fields = ["synthetic", "last_login", "date_joined"]
    inlines = [ViewerInline]
    fieldsets = [
        (None, {"fields": ["email", "password", "synthetic"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "usable_password", "password1", "password2"]})]

    def has_change_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        above = obj is not None and (obj.is_staff or obj.is_superuser)
        return allowed and (request.user.is_superuser or not above)

    def get_fieldsets(self, request: HttpRequest, obj: Account | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        # Without the password's hash, and without the time of the last sign-in.
        return [
            (None, {"fields": ["email", "synthetic"]}),
            *fieldsets[1:-1],
            ("Dates", {"fields": ["date_joined"]}),
        ]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow the filters that the page offers. Others would tell when somebody signed in."""
        allowed = super().lookup_allowed(lookup, value, request)
        return bool(allowed) and lookup.split("__")[0] in self.list_filter

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> Any:
        if request.user.is_superuser:
            return self.readonly_fields
        return [*self.readonly_fields, "email", "is_staff", "is_superuser", "groups"]

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def save_model(self, request: HttpRequest, obj: Account, form: ModelForm, change: bool) -> None:
        """Save, and let the account sign in by a changed address alone."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return super().get_queryset(request).annotate(viewers_held=Count("viewers"))

    @admin.display(description="viewers", ordering="viewers_held")
    def viewer_count(self, account: Account) -> int:
        count: int = account.viewers_held  # type: ignore[attr-defined]
        return count


admin.site.unregister(UserSession)


@admin.register(UserSession)
class SessionAdmin(UserSessionAdmin):  # type: ignore[misc]
    """Sessions, for superusers. allauth would search by a user name, which nobody has here."""

    search_fields = ("user__email", "ip")
