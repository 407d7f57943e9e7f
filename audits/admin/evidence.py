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
    for place in found:
        if place.wrong:
            return format_html('<strong class="mq-alarm">✗ {}</strong>', place.wrong)
    if not found or any(place.waits for place in found):
        return "waits for its leaf"
    last = max(place.index or 0 for place in found)
    signed = "" if all(place.signed for place in found) else ", not signed yet"
    return format_html("✓ leaf {}{}", last, signed)


def panel(run: AuditRun) -> dict[str, Any]:
    """Return what a run's page says of the log: each leaf, the findings' too, and the head."""
    head = heads.newest()
    found = list(places.of_runs([run], head, prove=True)[str(run.public_id)])
    numbers = Finding.objects.filter(statistic__run=run).values_list("pk", flat=True)
    for subject, of_finding in places.of_findings(numbers, head).items():
        found += of_finding if of_finding else [LogPlace(subject, None)]
    return {
        "places": [(WORDS.get(place.kind, place.kind), place) for place in found],
        "wrong": [place for place in found if place.wrong],
        "waits": any(place.waits for place in found),
        "signed": bool(found) and all(place.signed for place in found),
        "head": head,
    }
