"""Instants as viewers read them: in their language and time zone, and for machines too."""

from datetime import date, datetime

from django import template
from django.contrib.humanize.templatetags.humanize import naturalday
from django.template.defaultfilters import capfirst
from django.template.defaultfilters import date as written
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def day(at: date | datetime | None) -> SafeString | str:
    """Return the day, as “24 November 2026”."""
    return _time(at, pgettext("a day, in Django's date format", "j F Y"))


@register.filter
def day_of_year(at: date | datetime | None) -> SafeString | str:
    """Return the day of a year that goes without saying, as “24 November”."""
    return _time(at, pgettext("a day without its year, in Django's date format", "j F"))


@register.filter
def named_day(at: date | datetime | None) -> SafeString | str:
    """Return “Today”, “Yesterday”, or the day as `day` does."""
    if at is None:
        return ""
    local = timezone.localtime(at) if isinstance(at, datetime) else at
    form = pgettext("a day, in Django's date format", "j F Y")
    return format_html(
        '<time datetime="{}">{}</time>',
        local.strftime("%Y-%m-%d"),
        capfirst(naturalday(local, form) or ""),
    )


@register.filter
def time_of_day(at: datetime | None) -> SafeString | str:
    """Return the time of day, as “18:30”."""
    return _time(at, pgettext("a time of day, in Django's date format", "H:i"))


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """Return the day and the time of day, as “24 November 2026, 18:30”."""
    return _time(at, pgettext("a day and a time, in Django's date format", "j F Y, H:i"))


@register.filter
def short_moment(at: datetime | None) -> SafeString | str:
    """Return the day and the time of day for a column of a table, as “2026-11-24 18:30”."""
    return _time(at, pgettext("a time in a table, in Django's date format", "Y-m-d H:i"))


@register.filter
def running_time(seconds: int) -> str:
    """Return a length of time as players show it: “0:45”, “50:00”, “1:43:20”."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _time(at: date | datetime | None, form: str) -> SafeString | str:
    if at is None:
        return ""
    if isinstance(at, datetime):
        at = timezone.localtime(at)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), written(at, form))
