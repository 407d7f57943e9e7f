"""Where mails go. Only the embedded copy may leave that open: there they go to the log."""

from config.environment import email_address, env, given, wrong
from config.settings.site import EMBEDDED

SCHEMES = ("smtp", "submission", "console")


def _mail() -> dict[str, object]:
    """Return Django's EMAIL_… settings.

    Raises:
        EnvError: if the URL is of no kind that is supported, or missing where it is needed.
    """
    if not EMBEDDED and not given("EMAIL_URL"):
        raise wrong(
            "EMAIL_URL",
            "Must be set, so that links to reset a password reach people and not the log: "
            "submission://user:password@host:587, or console: to print mails all the same.",
        )
    address = env.str("EMAIL_URL", "console:")
    if address.partition(":")[0] not in SCHEMES:
        raise wrong("EMAIL_URL", f"Must begin with {', '.join(SCHEMES)}.")
    try:
        parsed: dict[str, object] = env.dj_email_url("EMAIL_URL", "console:")
    except ValueError as error:
        raise wrong("EMAIL_URL", f"Is no URL of a mail server: {error}.") from error
    if not address.startswith("console:") and not parsed["EMAIL_HOST"]:
        raise wrong("EMAIL_URL", "Must name a host: submission://user:password@host:587.")
    return parsed


_parsed = _mail()
EMAIL_BACKEND = _parsed["EMAIL_BACKEND"]
EMAIL_HOST = _parsed["EMAIL_HOST"]
EMAIL_PORT = _parsed["EMAIL_PORT"]
EMAIL_HOST_USER = _parsed["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _parsed["EMAIL_HOST_PASSWORD"]
EMAIL_USE_SSL = _parsed["EMAIL_USE_SSL"]
EMAIL_USE_TLS = _parsed["EMAIL_USE_TLS"]
EMAIL_TIMEOUT = _parsed["EMAIL_TIMEOUT"] or 20  # seconds; a mail server that hangs stops no thread
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "marquee@localhost", validate=email_address)
