"""The list of findings in the admin. They are written on a run's page, and never changed."""

from django.contrib import admin

from audits.models import Finding
from catalog.admin.reading import ReadOnly


@admin.register(Finding)
class FindingAdmin(ReadOnly):
    about = (
        "Auditors’ judgements of single statistics. A finding is shown beside its number on the "
        "run’s page. It cannot be changed. To disagree, record a second finding."
    )
    empty = "No findings yet. Open a finished run and choose Judge beside a statistic."
    list_display = ("judgement", "statistic", "run", "note", "by", "at")
    list_filter = ("judgement", "at")
    search_fields = ("note", "by", "statistic__attribute", "statistic__group")
    list_select_related = ("statistic__run",)
    date_hierarchy = "at"

    @admin.display(description="run", ordering="statistic__run")
    def run(self, finding: Finding) -> str:
        return str(finding.statistic.run)
