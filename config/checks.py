"""System checks: the dotted paths that settings name must lead somewhere."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

SEAMS = ("ARTWORK_CHOOSER", "CANDIDATE_AUDITOR", "SIMULATION_DECLARER")


@register()
def seams_can_be_imported(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """marquee.E001: a dotted path in the settings leads nowhere."""
    errors: list[CheckMessage] = []
    for name in SEAMS:
        path = getattr(settings, name)
        if not path and name == "CANDIDATE_AUDITOR":
            continue  # no audit is configured: the night holds every candidate and says so
        try:
            import_string(path)
        except ImportError as error:
            errors.append(
                Error(
                    f"{name} names {path!r}, which cannot be imported: {error}",
                    hint=f"Unset {name} for its default, or name a class or function that exists.",
                    id="marquee.E001",
                )
            )
    return errors


def require_seams() -> None:
    """Stop a server, which runs no system checks, over a path that leads nowhere.

    Raises:
        ImproperlyConfigured: names each setting.
    """
    if errors := seams_can_be_imported(None):
        raise ImproperlyConfigured(" ".join(f"{error.msg}. {error.hint}" for error in errors))
