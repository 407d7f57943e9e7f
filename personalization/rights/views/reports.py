"""Report a picture that misrepresents its title, and see what became of the report."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from catalog.models import Title
from catalog.requests import ViewerRequest
from catalog.views.guards import viewer_required
from catalog.views.limits import limited
from catalog.views.pictures import pictures
from catalog.views.rendering import show
from personalization.actions.reporting import LONGEST_WORDS, ReportRefused, send_report
from personalization.models import PictureReport
from personalization.serving.picture_state import picture_state

REPORTS_SHOWN = 100  # the newest


class ReportForm(forms.Form):
    artwork = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    reason = forms.ChoiceField(choices=PictureReport.Reason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_WORDS}),
    )


@viewer_required
@require_safe
def report_page(request: ViewerRequest, slug: str) -> HttpResponse:
    """Show the form for the picture that the viewer sees."""
    title = _title(request, slug)
    state = picture_state(request.viewer, title, now=timezone.now())
    if state.artwork_id is None:
        raise Http404
    return _page(request, title, ReportForm(initial={"artwork": state.artwork_id}))


@viewer_required
@limited("reports")
@require_http_methods(["POST"])
def send(request: ViewerRequest, slug: str) -> HttpResponse:
    title = _title(request, slug)
    form = ReportForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            send_report(
                request.viewer,
                title,
                said["artwork"],
                reason=said["reason"],
                words=said["words"],
                now=timezone.now(),
            )
        except ReportRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            said_so = gettext("Your report of the picture of “%(title)s” was sent.")
            messages.success(request, said_so % {"title": title.name})
            return redirect("personalization:reports")
    return _page(request, title, form, status=422)


@viewer_required
@require_safe
def reports(request: ViewerRequest) -> HttpResponse:
    """List the viewer's own reports with their states."""
    sent = list(
        PictureReport.objects.filter(viewer=request.viewer)
        .select_related("title")
        .order_by("-sent_at")[:REPORTS_SHOWN]
    )
    shown = pictures(report.artwork_id for report in sent if report.artwork_id)
    context = {"reports": [(report, shown.get(report.artwork_id or 0)) for report in sent]}
    titles = [report.title for report in sent]
    return show(request, "personalization/rights/reports.html", context, titles=titles)


def _title(request: ViewerRequest, slug: str) -> Title:
    return get_object_or_404(Title.objects.visible_to(request.viewer), slug=slug)


def _page(
    request: ViewerRequest, title: Title, form: ReportForm, *, status: int = 200
) -> HttpResponse:
    named = form["artwork"].value()
    number = int(named) if str(named).isascii() and str(named).isdigit() else 0
    own = set(title.artworks.values_list("pk", flat=True))
    shown = pictures([number]) if number in own else {}
    context = {"title": title, "form": form, "picture": shown.get(number)}
    response = show(request, "personalization/rights/report.html", context, titles=[title])
    response.status_code = status
    return response
