"""Model versions: their evaluation, why they serve, and the forms to promote or roll back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import Truncator

from catalog.admin.reading import HEADLINE_WORDS, ReadOnly
from catalog.counting import counted
from catalog.models import Account
from catalog.models.naming import validate_words
from personalization.admin import drawing, looked
from personalization.evaluation.report import Evaluation, EvaluationMalformed
from personalization.journal import erasing
from personalization.models import ModelVersion
from personalization.release import registry
from personalization.release.conditions import Condition, ConditionMalformed
from personalization.release.policy import release_policy
from personalization.serving.models import why_unusable
from personalization.storage import StorageAltered, StorageMissing

PERMISSION = "personalization.promote_model"


class ReleaseReasonForm(forms.Form):
    """The reason for which a person overrules the night."""

    reason = forms.CharField(
        max_length=1000,
        validators=[validate_words],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It is shown with your name to everyone who may read the model's page.",
    )


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly):
    about = (
        "The models that the nights fitted: what each would earn, and why it serves or is held. "
        "Its file’s digest names a model, so nobody edits one. A model’s page has the forms to "
        "promote it or roll it back, with a reason."
    )
    empty = (
        "No model yet, so choices are even. A night fits the first model when there are more "
        "sealed days than are kept to judge it."
    )
    list_display = ("id", "state", "created_at", "value", "learnt_from", "why")
    list_display_links = ("id", "state")
    list_filter = ("state", "manifest_name", "created_at")
    search_fields = ("=id", "reason", "sha256")
    search_help_text = "A model's number, words of its reason, or the digest of its file."
    change_form_template = "admin/personalization/modelversion/change_form.html"
    fields = (
        "state",
        "reason",
        "usable",
        "conditions",
        "references",
        "policies",
        "differences",
        "history",
        "learnt_from",
        "judged_on",
        "night",
        "created_at",
        "promoted_at",
        "retired_at",
        "manifest_name",
        "manifest_digest",
        "path",
        "sha256",
    )
    readonly_fields = (
        "usable",
        "conditions",
        "references",
        "policies",
        "differences",
        "history",
        "learnt_from",
        "judged_on",
    )

    @admin.display(description="quality plays per decision (95 %)")
    def value(self, model: ModelVersion) -> str:
        evaluation, _ = _evaluation(model)
        value = evaluation.policies["candidate"].dr if evaluation else None
        if value is None or value.value is None:
            return "–"
        return f"{value.value:.4f} ({value.low:.4f} to {value.high:.4f})"

    @admin.display(description="file")
    def usable(self, model: ModelVersion) -> str:
        return why_unusable(model) or "The file is unchanged, and this version can read it."

    @admin.display(description="why")
    def why(self, model: ModelVersion) -> str:
        return Truncator(model.reason).words(HEADLINE_WORDS)

    @admin.display(description="conditions of the release")
    def conditions(self, model: ModelVersion) -> str:
        return conditions_of(model)

    @admin.display(description="the best of the last days")
    def references(self, model: ModelVersion) -> str:
        evaluation, malformed = _evaluation(model)
        return render_to_string(
            "admin/personalization/_references.html",
            {"shown": looked.shown(model, evaluation), "malformed": malformed},
        )

    @admin.display(description="quality plays per decision")
    def policies(self, model: ModelVersion) -> str:
        evaluation, malformed = _evaluation(model)
        return render_to_string(
            "admin/personalization/_policies.html",
            {
                "evaluation": evaluation,
                "picture": drawing.policies(evaluation),
                "malformed": malformed,
            },
        )

    @admin.display(description="compared with")
    def differences(self, model: ModelVersion) -> str:
        evaluation, malformed = _evaluation(model)
        return render_to_string(
            "admin/personalization/_differences.html",
            {"picture": drawing.differences(evaluation), "malformed": malformed},
        )

    @admin.display(description="history")
    def history(self, model: ModelVersion) -> str:
        return render_to_string(
            "admin/personalization/_history.html", {"changes": model.changes.order_by("id")}
        )

    @admin.display(description="learnt from")
    def learnt_from(self, model: ModelVersion) -> str:
        days = sorted(day.day for day in model.days.all())
        span = f", {days[0]} to {days[-1]}" if len(days) > 1 else f", {days[0]}" if days else ""
        erased = erasing.rows_erased_since(model)
        since = (
            f"; {erased:,} were erased since, and the next fit leaves them out" if erased else ""
        )
        return f"{counted(model.decisions, 'decision')} of {counted(len(days), 'day')}{span}{since}"

    @admin.display(description="judged on")
    def judged_on(self, model: ModelVersion) -> str:
        return ", ".join(str(day.day) for day in model.evaluation_days.order_by("day")) or "–"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("days")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        name = "personalization_modelversion"
        return [
            path("<int:pk>/promote/", wrap(self.promote_view), name=f"{name}_promote"),
            path("<int:pk>/roll-back/", wrap(self.roll_back_view), name=f"{name}_roll_back"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        may = {"may_decide": request.user.has_perm(PERMISSION)}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | may)

    def promote_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Let a model serve by a person's decision, whatever its conditions."""
        model = get_object_or_404(ModelVersion, pk=pk)

        def act(reason: str, by: Account) -> str:
            registry.promote(model, reason=f"By hand: {reason}", now=timezone.now(), by=by)
            return f"{str(model).capitalize()} serves."

        return self._decide(request, model, "promote", act)

    def roll_back_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Hold the serving model because of harm, and release its windows."""
        model = get_object_or_404(ModelVersion, pk=pk)

        def act(reason: str, by: Account) -> str:
            done = registry.roll_back(reason=reason, now=timezone.now(), by=by, expected=model.pk)
            serves = str(done.serving).capitalize() if done.serving else "No model"
            return f"{serves} serves now; {done.windows:,} windows were released."

        return self._decide(request, model, "roll back", act)

    def _decide(
        self,
        request: HttpRequest,
        model: ModelVersion,
        verb: str,
        act: Callable[[str, Account], str],
    ) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        form = ReleaseReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                assert isinstance(request.user, Account)
                done = act(form.cleaned_data["reason"], request.user)
                self.message_user(request, done)
                return redirect("admin:personalization_modelversion_change", model.pk)
            except (registry.CannotPromote, StorageAltered, StorageMissing) as error:
                self.message_user(request, str(error), messages.ERROR)
        serving = ModelVersion.objects.serving()
        context = self.admin_site.each_context(request) | {
            "title": f"{verb.capitalize()} {model}",
            "opts": self.opts,
            "model": model,
            "verb": verb,
            "form": form,
            "serving": serving,
            "before": registry.before(model),
            "nothing": _nothing_to(verb, model, serving),
            "holding": conditions_of(model, only_holding=True),
            "unusable": why_unusable(model) if verb == "promote" else "",
            "media": self.media,
        }
        return render(request, "admin/personalization/modelversion/decide.html", context)


def conditions_of(model: ModelVersion, *, only_holding: bool = False) -> str:
    """Show a model's conditions with their state in words and marks, and what an unknown does.

    Args:
        only_holding: leave out the conditions that do not hold the candidate; "" if none does.
    """
    policy = release_policy()
    try:
        conditions = [Condition.from_json(stored) for stored in model.gate]
    except ConditionMalformed as error:
        return f"The stored conditions cannot be read. {error}"
    if only_holding:
        conditions = [condition for condition in conditions if policy.holds(condition)]
        if not conditions:
            return ""
    return render_to_string(
        "admin/personalization/_conditions.html",
        {"conditions": conditions, "policy": policy.words},
    )


def _evaluation(model: ModelVersion) -> tuple[Evaluation | None, str]:
    """Return a model's evaluation, or None and why it cannot be read ("" where it has none)."""
    if not model.evaluation:
        return None, ""
    try:
        return Evaluation.from_json(model.evaluation), ""
    except EvaluationMalformed as error:
        return None, f"The stored evaluation cannot be read. {error}."


def _nothing_to(verb: str, model: ModelVersion, serving: ModelVersion | None) -> str:
    """Say why there is nothing to decide about a model, or return an empty string."""
    if verb == "promote" and model == serving:
        return f"{str(model).capitalize()} already serves."
    if verb == "roll back" and model != serving:
        return f"{str(model).capitalize()} does not serve, so there is nothing to roll back."
    return ""
