"""Findings in the admin: read here; written on a run's page; never changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from audits.models import Finding


@admin.register(Finding)
class FindingAdmin(admin.ModelAdmin):
    list_display = ("judgement", "statistic", "run", "note", "by", "at")
    list_filter = ("judgement", "at")
    search_fields = ("note", "by", "statistic__attribute", "statistic__group")
    list_select_related = ("statistic__run",)
    date_hierarchy = "at"

    @admin.display(description="run", ordering="statistic__run")
    def run(self, finding: Finding) -> str:
        return str(finding.statistic.run)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
