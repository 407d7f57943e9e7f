"""System checks: what the settings name must exist."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

SEAMS = ("ARTWORK_CHOOSER", "CANDIDATE_AUDITOR", "SIMULATION_DECLARER")


@register()
def seams_can_be_imported(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """marquee.E001: a dotted path in the settings leads nowhere."""
    found: list[CheckMessage] = []
    for name in SEAMS:
        path = getattr(settings, name)
        if not path and name == "CANDIDATE_AUDITOR":
            continue  # no audit is configured: the night holds every candidate and says so
        try:
            import_string(path)
        except ImportError as error:
            found.append(
                Error(
                    f"{name} names {path!r}, which cannot be imported: {error}",
                    hint=f"Unset {name} for its default, or name a class or function that exists.",
                    id="marquee.E001",
                )
            )
    return found
