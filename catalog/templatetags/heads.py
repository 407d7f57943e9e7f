"""The heads of Django's tables of inlines, of which two are empty."""

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

NAMED = '<th class="original"><span class="visually-hidden">Entry</span></th>'
ENTRY, NOTHING = '<th class="original"></th>', "<th></th>"


@register.filter
def with_heads(table: SafeString) -> SafeString:
    """Name the column of the entries, and let the one with nothing in it be no head.

    Its markup comes from Django's own template, which has escaped what it shows.
    """
    named = table.replace(ENTRY, NAMED).replace(NOTHING, "<td></td>")
    return mark_safe(named)  # noqa: S308 - Django has escaped it
