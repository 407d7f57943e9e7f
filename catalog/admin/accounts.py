"""Accounts and their viewers in the admin. What they watched is not shown here."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from catalog.models import Account, Viewer


class ViewerInline(admin.TabularInline):
    model = Viewer
    fields = ["name", "is_child", "personalised", "colour"]
    extra = 0


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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return super().get_queryset(request).annotate(viewers_held=Count("viewers"))

    @admin.display(description="viewers", ordering="viewers_held")
    def viewer_count(self, account: Account) -> int:
        count: int = account.viewers_held  # type: ignore[attr-defined]
        return count
