"""Sign one session out, and note when a session was last used."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.db import transaction

from catalog.models import Account

SEEN_EVERY = 15 * 60  # seconds: as exactly as anybody needs to know it


@transaction.atomic
def end_session(account: Account, number: int) -> bool:
    """Sign out one session of this account; say whether there was one.

    Locks the session's row, so that two orders at once end it once.
    """
    found = UserSession.objects.select_for_update().filter(pk=number, user=account).first()
    if found is None:
        return False
    found.end()
    return True


def note_seen(session_key: str, *, now: datetime) -> None:
    """Note that a session was used.

    Each server process notes it at most once in `SEEN_EVERY` seconds, and never in the session
    itself: a page that writes the session may undo what another has just written there.
    """
    if caches["process"].add(f"seen:{session_key}", True, SEEN_EVERY):
        UserSession.objects.filter(session_key=session_key, last_seen_at__lt=now).update(
            last_seen_at=now
        )
