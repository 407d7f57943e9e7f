"""The heads of Django's tables of inlines, of which two are empty."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

register = template.Library()

ENTRY, NOTHING = '<th class="original"></th>', "<th></th>"


@register.filter
def with_heads(table: SafeString) -> SafeString:
    """Name the column of the entries, and let the one with nothing in it be no head.

    Its markup comes from Django's own template, which has escaped what it shows.
    """
    name = f'<th class="original"><span class="visually-hidden">{gettext("Entry")}</span></th>'
    named = table.replace(ENTRY, name).replace(NOTHING, "<td></td>")
    return mark_safe(named)  # noqa: S308 - Django has escaped it
