"""Findings in the admin: read here; written on a run's page; never changed."""

from django.contrib import admin

from audits.models import Finding
from catalog.admin.reading import ReadOnly


@admin.register(Finding)
class FindingAdmin(ReadOnly):
    about = (
        "What auditors make of single statistics. A finding stands beside its number on the run’s "
        "page and is never changed; who sees it otherwise records another."
    )
    empty = "No finding yet. One is recorded on a finished run’s page, beside the statistic."
    list_display = ("judgement", "statistic", "run", "note", "by", "at")
    list_filter = ("judgement", "at")
    search_fields = ("note", "by", "statistic__attribute", "statistic__group")
    list_select_related = ("statistic__run",)
    date_hierarchy = "at"

    @admin.display(description="run", ordering="statistic__run")
    def run(self, finding: Finding) -> str:
        return str(finding.statistic.run)
