"""Nights of which only the order of the stages is real: what they learn from, and their auditor."""

from datetime import UTC, date, datetime, timedelta

from personalization.models import Night
from personalization.night import running
from personalization.release.auditing import AuditVerdict, ConditionState, bound
from tests.factories import make_artwork, make_title, make_viewer, make_watch_event
from tests.personalization.factories import DAY, make_decision

NIGHT = date(2026, 3, 9)
LATER = datetime(2026, 3, 10, 3, tzinfo=UTC)
PASSED = AuditVerdict((bound("leakage", ConditionState.KEPT, "AUC .55 of .60 allowed."),), "1")


class Auditor:
    """An auditor whose verdict a test sets."""

    answer: AuditVerdict | None = PASSED
    asked: list[int] = []

    def request(self, model_id):
        self.asked.append(model_id)

    def verdict(self, model_id):
        return self.answer


def traffic(first=DAY, days=5):
    """Days of decisions, one in ten rewarded, on one title."""
    title = make_title()
    artworks = [make_artwork(title) for _ in range(2)]
    for number in range(days):
        noon = datetime.combine(first + timedelta(days=number), datetime.min.time(), UTC)
        for place in range(10):
            viewer = make_viewer()
            make_decision(viewer, title, artworks, first_seen_at=noon)
            if place == 0:
                make_watch_event(viewer, title, quality_at=noon)


def run(night_date=NIGHT, clock=None) -> Night:
    now = datetime.combine(night_date, datetime.min.time(), UTC) + timedelta(hours=3)
    night = running.begin(night_date, now=now)
    return running.run(night, clock=clock or (lambda: now))
