"""Sessions as their owner recognises them: the browser, the system and the place in words."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django import template
from django.utils.translation import gettext as _

register = template.Library()
# Marks of a User-Agent and what they stand for. The first that is found counts, because most
# browsers name others too: Edge names Chrome and Safari, Chrome names Safari, Android names Linux.
BROWSERS = [
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
]  # fmt: skip
SYSTEMS = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownSession:
    number: int
    browser: str
    user_agent: str
    place: str
    address: str
    since: datetime
    last_seen: datetime
    is_current: bool


@register.filter
def in_words(sessions: Iterable[UserSession]) -> list[ShownSession]:
    """Return the sessions as they are shown: the current one, then the others, last used first."""
    listed = [(session, session.is_current()) for session in sessions]
    here = next((session.ip for session, current in listed if current), None)
    shown = [
        ShownSession(
            number=session.pk,
            browser=browser(session.user_agent),
            user_agent=session.user_agent,
            place=_("Here") if current else place(session.ip, here=here),
            address=session.ip,
            since=session.created_at,
            last_seen=session.last_seen_at,
            is_current=current,
        )
        for session, current in listed
    ]
    return sorted(shown, key=lambda each: (each.is_current, each.last_seen), reverse=True)


@register.filter
def browser(user_agent: str) -> str:
    """Return the words for a User-Agent, such as “Firefox on Windows”."""
    name = _named(user_agent, BROWSERS)
    system = _named(user_agent, SYSTEMS)
    if name and system:
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or _("Another program")


def _named(user_agent: str, marks: list[tuple[str, str]]) -> str:
    return next((name for mark, name in marks if mark in user_agent), "")


def place(ip: str, *, here: str | None) -> str:
    """Return where an address is, as far as an address tells: nobody is asked about it."""
    address = ipaddress.ip_address(ip)
    if address.is_unspecified:
        return _("Not known")
    if ip == here:
        return _("The same place as this one")
    if address.is_loopback:
        return _("This site’s own machine")
    if address.is_private:
        return _("This site’s own network")
    return _("Another place")
