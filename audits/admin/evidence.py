"""Where runs and findings stand in the evidence log, in words for pages."""

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html

from audits.models import AuditRun, Finding
from audits.record import heads, places
from audits.record.places import LogPlace

WORDS = {
    "run.requested": "Requested",
    "run.registered": "Registered",
    "run.finished": "Finished",
    "run.failed": "Failed",
    "finding.recorded": "Finding",
}


def short(found: Sequence[LogPlace]) -> str:
    """Return a row's standing for a list: what is wrong first, then what waits, then its leaf."""
    if words := wrong(found):
        return format_html('<strong class="mq-alarm">✗ {}</strong>', words)
    if not found or any(place.waits for place in found):
        return "waits for its leaf"
    last = max(place.index or 0 for place in found)
    signed = "" if all(place.signed for place in found) else ", not signed yet"
    return format_html("✓ leaf {}{}", last, signed)


def wrong(found: Sequence[LogPlace]) -> str:
    """Return in words how a row differs from what was logged; "" if it does not."""
    return next((place.wrong for place in found if place.wrong), "")


def wrong_run(run: AuditRun | None) -> str:
    """Return in words how a run, with its statistics, differs from what was logged."""
    if run is None:
        return ""
    return wrong(places.of_runs([run], heads.newest())[str(run.public_id)])


def alarm(words: str, about: str) -> str:
    """Return what a list shows of a row, in red if it is not what was logged."""
    return (
        format_html('{} <strong class="mq-alarm">✗ {}</strong>', words, about) if about else words
    )


def panel(run: AuditRun) -> dict[str, Any]:
    """Return what a run's page says of the log: each leaf, the findings' too, and the head."""
    head = heads.newest()
    found = list(places.of_runs([run], head, prove=True)[str(run.public_id)])
    of_run = wrong(found)
    numbers = list(Finding.objects.filter(statistic__run=run).values_list("pk", flat=True))
    of_findings = places.of_findings(numbers, head)
    for subject, of_finding in of_findings.items():
        found += of_finding if of_finding else [LogPlace(subject, None)]
    return {
        "places": [(WORDS.get(place.kind, place.kind), place) for place in found],
        "wrong": [place for place in found if place.wrong],
        "run": of_run,
        "findings": {number: wrong(of_findings[f"finding {number}"]) for number in numbers},
        "waits": any(place.waits for place in found),
        "signed": bool(found) and all(place.signed for place in found),
        "head": head,
    }
