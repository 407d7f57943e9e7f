"""A household that has done everything once, so that pages have something to show.

Built in the demo's own process (`manage.py shell`), since the walks of other tests look at the
demo's people and expect of them what these pages would change.
"""

import json
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from catalog.actions.opinions import hide, put_on_list, rate
from catalog.models import Account, Artwork, Person, Title, Viewer
from config.demo.steps import PASSWORD
from personalization.actions.keeping import keep_picture
from personalization.actions.reporting import send_report
from personalization.models import ModelVersion, PictureReport
from tests.factories import make_account, make_viewer, make_watch_event

EMAIL = "nell@household.example"
SECURED_EMAIL = "vera@household.example"  # gets a second factor
GONE = UUID("8d7e2f6c-91a4-4b0c-a3d5-1f0e9c5b7a21")  # a profile that was removed
CHILDREN = 7  # the highest rating that a child's profile shows


def build() -> None:
    """Make the household, unless it is there; print what fills in the addresses of pages."""
    if not Viewer.objects.filter(account__email=EMAIL).exists():
        _build()
    viewer = Viewer.objects.get(account__email=EMAIL, name="Nell")
    film = _titles().filter(kind=Title.Kind.FILM).latest("pk")
    known = {
        "viewer": viewer.public_id,
        "locked": viewer.account.viewers.get(name="Otto").public_id,
        "film": film.slug,
        "series": _titles().filter(kind=Title.Kind.SERIES, seasons__isnull=False)[0].slug,
        "for_children": _titles().filter(kind=Title.Kind.FILM, maturity__lte=CHILDREN)[0].slug,
        "person": Person.objects.filter(credits__title=film)[0].slug,
        "artwork": Artwork.objects.filter(title=film)[0].pk,
        "erasure": GONE,
        "model": ModelVersion.objects.get(state=ModelVersion.State.SERVING).pk,
    }
    print(json.dumps({name: str(value) for name, value in known.items()}))


def _build() -> None:
    now = timezone.now()
    account, _secured = (_account(email) for email in (EMAIL, SECURED_EMAIL))
    viewer = make_viewer(account=account, name="Nell")
    make_viewer(account=account, name="Mia", is_child=True)
    make_viewer(account=account, name="Otto", asks_pin=True)
    make_viewer(account=account, name="Ida", public_id=GONE).delete()
    films = list(_titles().filter(kind=Title.Kind.FILM).order_by("-pk"))
    for days, film in enumerate(films[2:8]):
        make_watch_event(viewer, film, started_at=now - timedelta(days=days))
    begun = make_watch_event(viewer, films[8], position_seconds=900, watched_seconds=900)
    begun.last_at = now
    begun.save()
    for film in films[:6]:
        put_on_list(viewer, film, now=now)
    rate(viewer, films[0], "like", now=now)
    hide(viewer, films[9], now=now)
    picture = films[0].artworks.filter(approved_at__isnull=False)[0].pk
    keep_picture(viewer, films[0], picture, now=now)
    reason = PictureReport.Reason.values[0]
    send_report(viewer, films[0], picture, reason=reason, words="It is another film.", now=now)


def _account(email: str) -> Account:
    account = make_account(email=email, password=PASSWORD)
    account.emailaddress_set.create(email=email, verified=True, primary=True)
    return account


def _titles() -> QuerySet[Title]:
    """Return the titles that have pictures to choose from."""
    shown = Title.objects.annotate(pictures=Count("artworks")).filter(pictures__gt=1)
    return shown.order_by("pk")
