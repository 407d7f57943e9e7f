"""Send a report of a picture, and decide about it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from catalog.models import Account, Artwork, Title, Viewer
from personalization.models import PictureReport

LONGEST_WORDS = 500
MOST_WAITING = 20  # reports of one profile that wait at a time


class ReportRefused(ValueError):
    """The report cannot be taken. The message is for the person."""


@transaction.atomic
def send_report(
    viewer: Viewer, title: Title, artwork_id: int, *, reason: str, words: str, now: datetime
) -> PictureReport:
    """Put a report in the queue. A second one of the same picture replaces one that waits.

    The caller has checked that the viewer may see the title. Locks the viewer's row, so that two
    tabs leave one report.

    Raises:
        ReportRefused: no picture of this title, no known reason, too long, or too many wait.
    """
    if reason not in PictureReport.Reason.values:
        raise ReportRefused(gettext("Choose one of the reasons."))
    if len(words) > LONGEST_WORDS:
        raise ReportRefused(gettext("Write at most %(most)s characters.") % {"most": LONGEST_WORDS})
    if not Viewer.objects.select_for_update(no_key=True).filter(pk=viewer.pk).exists():
        raise ReportRefused(gettext("This profile was removed."))
    pictures = Artwork.objects.filter(title=title, approved_at__isnull=False)
    if not pictures.filter(pk=artwork_id).exists():
        raise ReportRefused(gettext("This is not a picture of this title."))
    waiting = PictureReport.objects.filter(viewer=viewer, state=PictureReport.State.WAITING)
    if waiting.exclude(artwork=artwork_id).count() >= MOST_WAITING:
        text = gettext("%(most)s of your reports wait for an answer. Send more when some have one.")
        raise ReportRefused(text % {"most": MOST_WAITING})
    report, _ = waiting.update_or_create(
        viewer=viewer,
        artwork_id=artwork_id,
        state=PictureReport.State.WAITING,
        defaults={"title": title, "reason": reason, "words": words.strip(), "sent_at": now},
    )
    return report


def decide_report(
    report: PictureReport, *, state: str, answer: str, by: Account, now: datetime
) -> None:
    """Record a decision about a report. The caller has checked that `by` may decide."""
    report.state = state
    report.answer = answer
    waits = state == PictureReport.State.WAITING
    report.decided_at = None if waits else now
    report.decided_by = None if waits else by
    report.decided_by_name = "" if waits else by.email
    report.save()
