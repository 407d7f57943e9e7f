"""The list of findings in the admin. They are written on a run's page, and never changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from audits.admin import evidence
from audits.models import Finding
from audits.record import heads, places
from catalog.admin.reading import ReadOnly


@admin.register(Finding)
class FindingAdmin(ReadOnly):
    class Media:
        css = {"all": ["admin/audit.css"]}

    about = (
        "Auditors’ judgements of single statistics. A finding is shown beside its number on the "
        "run’s page. The database refuses changes. To disagree, record a second finding."
    )
    empty = "No findings yet. Open a finished run and choose Judge beside a statistic."
    list_display = ("judgement", "in_the_log", "judged", "run", "note", "by", "at")
    list_filter = ("judgement", "at")
    search_fields = ("note", "by", "statistic__attribute", "statistic__group")
    list_per_page = 25
    list_select_related = ("statistic__run",)
    date_hierarchy = "at"

    @admin.display(description="evidence log")
    def in_the_log(self, finding: Finding) -> str:
        return evidence.short(getattr(finding, "places", []))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Look the page's findings up in the evidence log, all at once."""
        changelist = super().get_changelist_instance(request)
        findings = list(changelist.result_list)
        found = places.of_findings((finding.pk for finding in findings), heads.newest())
        for finding in findings:
            finding.places = found[f"finding {finding.pk}"]
        runs = {finding.statistic.run_id: finding.statistic.run for finding in findings}
        of_runs = places.of_runs(list(runs.values()), heads.newest())
        for finding in findings:
            finding.of_run = evidence.wrong(of_runs[str(finding.statistic.run.public_id)])
        changelist.result_list = findings
        return changelist

    @admin.display(description="statistic", ordering="statistic")
    def judged(self, finding: Finding) -> str:
        return evidence.alarm(str(finding.statistic), getattr(finding, "of_run", ""))

    @admin.display(description="run", ordering="statistic__run")
    def run(self, finding: Finding) -> str:
        return evidence.alarm(str(finding.statistic.run), getattr(finding, "of_run", ""))
