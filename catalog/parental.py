"""Parental controls: what a limited profile does by itself, and what needs a grown-up.

A profile is limited if it is a child's, or if it may not see everything. While a limited profile is
chosen, the catalogue's pages and whatever is marked `open_to_limited` work as always. Everything
else (other profiles, limits, the account, its data, staff's pages) needs a grown-up's proof: the
account's PIN or password, entered in this session a few minutes ago. `ParentalMiddleware` is the
one place that refuses; a page that is added later is refused until its view is marked.

A session remembers the limits of its profile, so that removing the profile opens nothing.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.request import Request

from catalog.models import Account, Viewer
from catalog.models.maturity import ANY_MATURITY
from catalog.requests import viewer_in

SESSION_KEY = "viewer"
LIMITS_KEY = "limits"
PROOF_KEY = "grown_up_until"
PROOF_SECONDS = 5 * 60

View = TypeVar("View", bound=Callable[..., Any])
# Pages of allauth that a limited profile may use: they need no right, or a mailbox proves it.
OPEN_BY_NAME = {
    "account_login",
    "account_logout",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "schema",
}


@dataclass(frozen=True, slots=True)
class ProfileLimits:
    """What a profile may see at most: titles up to `maturity`; `child` for a child's profile."""

    maturity: int = ANY_MATURITY
    child: bool = False

    @classmethod
    def of(cls, viewer: Viewer) -> "ProfileLimits":
        return cls(int(viewer.maturity_limit), viewer.is_child)

    @property
    def limited(self) -> bool:
        return self.child or self.maturity < ANY_MATURITY

    def include(self, other: "ProfileLimits") -> bool:
        """Say whether going from these limits to `other` lifts nothing."""
        return other.maturity <= self.maturity and (other.child or not self.child)


def open_to_limited(view: View) -> View:
    """Mark a view, or a class of the API, that a limited profile may use as it is."""
    view.open_to_limited = True  # type: ignore[attr-defined]
    return view


def own_open_to_limited(view: View) -> View:
    """Mark a view about the profile `public_id` that a limited profile may use for itself."""
    view.own_open_to_limited = True  # type: ignore[attr-defined]
    return view


def ends_proof(view: View) -> View:
    """Mark a page of the catalogue. Opening one means that the grown-up has handed over again."""
    view.ends_proof = True  # type: ignore[attr-defined]
    return open_to_limited(view)


def limits_in(request: HttpRequest | Request) -> ProfileLimits:
    """Return the limits of the chosen profile; of the last one, where that was removed."""
    viewer = viewer_in(request)
    if viewer is not None:
        return ProfileLimits.of(viewer)
    return _remembered(request) or ProfileLimits()


def needs_grown_up(request: HttpRequest | Request) -> bool:
    """Say whether the profile or account settings of this session need a grown-up's proof.

    Where no profile has been chosen yet, an account with a PIN needs it too: else a child would
    lift its limit before choosing its profile.
    """
    if has_proof(request):
        return False
    if viewer_in(request) is None and _remembered(request) is None:
        account = request.user
        return isinstance(account, Account) and bool(account.pin)
    return limits_in(request).limited


def may_enter(request: HttpRequest | Request, profile: Viewer) -> bool:
    """Say whether this session may choose a profile without a grown-up."""
    if has_proof(request):
        return True
    if profile.asks_pin and viewer_in(request) != profile:
        return False
    return limits_in(request).include(ProfileLimits.of(profile))


def may_act_on(request: HttpRequest | Request, profile: Viewer) -> bool:
    """Say whether this session may change a profile, or see its data, without a grown-up."""
    protected = profile.asks_pin and viewer_in(request) != profile
    return has_proof(request) or not (protected or needs_grown_up(request))


def enter(request: HttpRequest | Request, profile: Viewer) -> None:
    """Choose a profile for this session. The caller has asked `may_enter`."""
    request.session[SESSION_KEY] = profile.pk
    remember(request, profile)
    end_proof(request)


def remember(request: HttpRequest | Request, profile: Viewer) -> None:
    """Note the limits of the session's profile, for when that is removed."""
    limits = ProfileLimits.of(profile)
    noted = asdict(limits) if limits.limited else None
    if request.session.get(LIMITS_KEY) == noted:
        return  # so that an ordinary page does not write the session
    if noted is None:
        request.session.pop(LIMITS_KEY)
    else:
        request.session[LIMITS_KEY] = noted


def has_proof(request: HttpRequest | Request) -> bool:
    until = request.session.get(PROOF_KEY)
    return isinstance(until, int | float) and timezone.now().timestamp() < until


def give_proof(request: HttpRequest | Request) -> None:
    """Note that a grown-up has just proved who they are. The caller has checked PIN or password."""
    request.session[PROOF_KEY] = int(timezone.now().timestamp()) + PROOF_SECONDS


def end_proof(request: HttpRequest | Request) -> None:
    request.session.pop(PROOF_KEY, None)


def refuses(request: HttpRequest, view: Any, kwargs: dict[str, Any]) -> bool:
    """Say whether a request needs a grown-up first. Ends the proof on the catalogue's pages.

    What is open to everybody is answered without a look at the session, so that it can be cached.
    """
    match = request.resolver_match
    if _marked(view, "open_to_limited") or (match and match.view_name in OPEN_BY_NAME):
        if _marked(view, "ends_proof") and _hands_over(request):
            end_proof(request)
        return False
    if not request.user.is_authenticated:
        return False
    named = kwargs.get("public_id")
    if not isinstance(named, UUID):
        return needs_grown_up(request)
    viewer = viewer_in(request)
    if viewer is not None and viewer.public_id == named and _marked(view, "own_open_to_limited"):
        return False
    if needs_grown_up(request):
        return True
    profile = Viewer.objects.filter(public_id=named, account=request.user.pk).first()
    return profile is not None and not may_act_on(request, profile)


def _hands_over(request: HttpRequest) -> bool:
    """Say whether a profile opens a whole page. Whoever has just signed in chooses one first."""
    whole = request.method == "GET" and not getattr(request, "htmx", False)
    return whole and has_proof(request) and viewer_in(request) is not None


def _marked(view: Any, mark: str) -> bool:
    cls = getattr(view, "cls", None)  # of a view of the API
    marked = [view, cls, *getattr(cls, "permission_classes", [])]
    return any(getattr(each, mark, False) for each in marked)


def _remembered(request: HttpRequest | Request) -> ProfileLimits | None:
    noted = request.session.get(LIMITS_KEY)
    try:
        return ProfileLimits(**noted) if isinstance(noted, dict) else None
    except TypeError:  # of another version of this code
        return ProfileLimits(maturity=0, child=True)
