"""Audit runs in the admin: the list, a run's page, starting and judging, the access log."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from audits.actions import runs
from audits.admin import evidence, presentation, selftest, waiting
from audits.admin.forms import JudgeForm, StartForm
from audits.models import AuditRun, RunDocument, Statistic
from audits.protected import store
from audits.record import heads, places
from audits.runs import registration
from audits.tasks import run_audit
from catalog.admin.reading import ReadOnly
from personalization.models import ModelVersion

COMPARABLE = 50  # how many finished runs the page offers for comparison, the newest


@admin.register(AuditRun)
class AuditRunAdmin(ReadOnly):
    """Auditors view, start and judge runs. Nobody edits or deletes one."""

    about = (
        "Each run measures what a model’s choices do to groups of viewers. The audit worker "
        "registers it before it reads any declaration. This site can request runs and read them; "
        "the database refuses every change to a finished one, and the evidence log shows one that "
        "the database’s owner made all the same."
    )
    empty = (
        "No runs yet. Start one above. Every model that a night fits is also audited before it "
        "can serve."
    )
    list_display = (
        "run", "audited", "in_the_log", "sort", "standing", "outside", "viewers", "requested_at",
    )  # fmt: skip
    list_filter = ("state", "kind", "synthetic", "requested_at")
    search_fields = ("=id", "public_id", "requested_by")
    search_help_text = "Search by a run’s number, its id in a document, or who requested it."
    change_list_template = "admin/audits/runs.html"
    list_per_page = 25  # each run is compared with the evidence log

    # --- The list -------------------------------------------------------------

    @admin.display(description="run", ordering="id")
    def run(self, run: AuditRun) -> str:
        return f"Run {run.pk}"

    @admin.display(description="of", ordering="model_id")
    def audited(self, run: AuditRun) -> str:
        words = f"Model {run.model_id}" if run.model_id else "Even choice"
        return (
            format_html('{} <span class="mq-tag">synthetic</span>', words)
            if run.synthetic
            else words
        )

    @admin.display(description="kind", ordering="kind")
    def sort(self, run: AuditRun) -> str:
        return run.standing

    @admin.display(description="state", ordering="state")
    def standing(self, run: AuditRun) -> str:
        if run.state == AuditRun.State.RUNNING:
            return f"{run.stage} ({run.progress:.0%})"
        return str(run.get_state_display())

    @admin.display(description="outside margin")
    def outside(self, run: AuditRun) -> str:
        if run.state != AuditRun.State.FINISHED:
            return "–"
        tests = [one for one in run.statistics.all() if one.headline]
        beyond = sum(one.verdict == Statistic.Verdict.OUTSIDE for one in tests)
        return f"{beyond} of {len(tests)} tests" if tests else "no headline"

    @admin.display(description="viewers")
    def viewers(self, run: AuditRun) -> str:
        return str(run.registration["cohort"]["viewers"]) if run.registration else "–"

    @admin.display(description="evidence log")
    def in_the_log(self, run: AuditRun) -> str:
        return evidence.short(getattr(run, "places", []))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Look the page's runs up in the evidence log, all at once."""
        changelist = super().get_changelist_instance(request)
        runs = list(changelist.result_list)
        found = places.of_runs(runs, heads.newest())
        for run in runs:
            run.places = found[str(run.public_id)]
        changelist.result_list = runs
        return changelist

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("statistics")

    # --- Pages ----------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        name = "audits_auditrun"
        return [
            path("start/", wrap(self.start_view), name=f"{name}_start"),
            path("readings/", wrap(self.readings_view), name=f"{name}_readings"),
            path("<int:pk>/progress/", wrap(self.progress_view), name=f"{name}_progress"),
            path("<int:pk>/document/", wrap(self.document_view), name=f"{name}_document"),
            path("<int:pk>/proof/", wrap(self.proof_view), name=f"{name}_proof"),
            path("judge/<int:pk>/", wrap(self.judge_view), name=f"{name}_judge"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a run: its progress, and once it is finished its charts and statistics."""
        self._need(request, "audits.view_auditrun")
        run = get_object_or_404(AuditRun, pk=_number(object_id))
        finished = AuditRun.objects.filter(state=AuditRun.State.FINISHED)
        wanted = request.GET.get("with", "")
        other = finished.filter(pk=_number(wanted)).first()
        made = presentation.charts(run, other)
        standing = evidence.panel(run)
        context = {
            "title": f"Audit run {run.pk}",
            "run": run,
            "waits": waiting.words(run),
            "evidence": standing,
            "other_wrong": evidence.wrong_run(other),
            "selftest": selftest.panel(),
            "other": other,
            "comparable": finished.exclude(pk=run.pk)[:COMPARABLE],
            "charts": made,
            "drawable": presentation.drawable(made),
            "table": presentation.table(run, other, standing["findings"]),
            "verdicts": presentation.verdicts(run),
            "groups": presentation.groups(run),
            "margins": presentation.margins(run),
            "may_judge": request.user.has_perm("audits.add_finding"),
        }
        return self._page(request, "admin/audits/run.html", context)

    def start_view(self, request: HttpRequest) -> HttpResponseBase:
        """Request a run and leave it to the audit worker."""
        self._need(request, "audits.add_auditrun")
        serving = ModelVersion.objects.serving()
        form = StartForm(request.POST or None, initial={"model": serving})
        if request.method == "POST" and form.is_valid():
            try:
                run = registration.request(**form.cleaned_data, by=str(request.user))
            except registration.NothingToAudit as problem:
                form.add_error(None, str(problem))
            else:
                runs.queue(run, enqueue=run_audit.delay)
                self.message_user(
                    request,
                    "The run is requested. The audit worker registers and measures it.",
                )
                return redirect("admin:audits_auditrun_change", run.pk)
        context = {"title": "Start an audit run", "form": form}
        return self._page(request, "admin/audits/start.html", context)

    def judge_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Record an auditor's judgement of one statistic."""
        self._need(request, "audits.add_finding")
        statistic = get_object_or_404(Statistic.objects.select_related("run"), pk=pk)
        form = JudgeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            runs.judge(statistic, by=str(request.user), **form.cleaned_data)
            self.message_user(request, "The finding is recorded.")
            page = reverse("admin:audits_auditrun_change", args=[statistic.run_id])
            return redirect(f"{page}#statistic-{statistic.number}")
        row = next(
            row
            for row in presentation.rows(statistic.run, None, {})
            if row["statistic"].pk == statistic.pk
        )
        context = {
            "title": "Judge a statistic",
            "form": form,
            "row": row,
            "run": statistic.run,
            "wrong": evidence.wrong_run(statistic.run),
        }
        return self._page(request, "admin/audits/judge.html", context)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Return how far a run is, for the page that polls."""
        self._need(request, "audits.view_auditrun")
        run = get_object_or_404(AuditRun, pk=pk)
        return JsonResponse(
            {
                "state": run.state,
                "stage": run.stage,
                "progress": run.progress,
                "waits": waiting.words(run),
            }
        )

    def document_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Return the signed document as the audit worker stored it, for `audit --replay`."""
        self._need(request, "audits.view_auditrun")
        run = get_object_or_404(AuditRun, pk=pk, state=AuditRun.State.FINISHED)
        kept = get_object_or_404(RunDocument, run=run.public_id)
        response = HttpResponse(kept.text, content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="audit-{run.pk}.json"'
        return response

    def proof_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Return the proof that the run's document is in the evidence log, for the verifier."""
        self._need(request, "audits.view_auditrun")
        run = get_object_or_404(AuditRun, pk=pk, state=AuditRun.State.FINISHED)
        text = places.proof(str(run.public_id), "run.finished")
        if text is None:
            raise Http404("No signed head of the log covers this run yet.")
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="audit-{run.pk}.tlog-proof"'
        return response

    def readings_view(self, request: HttpRequest) -> HttpResponseBase:
        """Show who read protected attributes, when, and for what purpose."""
        self._need(request, "audits.view_readings")
        context = {"title": "Who read protected attributes", "readings": store.readings(500)}
        return self._page(request, "admin/audits/readings.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        common = self.admin_site.each_context(request) | {"opts": self.opts}
        return render(request, template, common | context)

    @staticmethod
    def _need(request: HttpRequest, permission: str) -> None:
        if not request.user.has_perm(permission):
            raise PermissionDenied


def _number(text: str) -> int:
    """Return the row's number that a URL names, or 0, which no row has."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0
