"""System checks: the dotted paths that settings name must lead somewhere."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
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


@register()
def the_tour_stays_in_the_demo(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """marquee.E002: DEMO_TOUR is set where others than this machine's own people come."""
    if not settings.DEMO_TOUR or is_for_this_machine_alone():
        return []
    return [
        Error(
            "DEMO_TOUR is set, which lets visitors sign in without a password.",
            hint="Unset DEMO_TOUR. Only `make demo` sets it, for its own server on this machine.",
            id="marquee.E002",
        )
    ]


def is_for_this_machine_alone() -> bool:
    """Say whether this copy is embedded, and has no name or proxy by which others reach it."""
    local = set(settings.ALLOWED_HOSTS) <= LOCAL_HOSTS
    return bool(settings.EMBEDDED and local and not settings.TRUSTED_PROXIES)


def require_seams() -> None:
    """Stop a server, which runs no system checks, over a path that leads nowhere.

    Raises:
        ImproperlyConfigured: names each setting.
    """
    if errors := [*seams_can_be_imported(None), *the_tour_stays_in_the_demo(None)]:
        raise ImproperlyConfigured(" ".join(f"{error.msg}. {error.hint}" for error in errors))
