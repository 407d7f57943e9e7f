"""The environment, read strictly: a wrong value stops the start in words that name its variable.

A secret may come from a file: NAME_FILE names it, and its text is read without the line end.
"""

import os
import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

from environs import EnvError, FileAwareEnv, ValidationError, validate

env = FileAwareEnv(strip_whitespace=True)

# Validators raise; what they return is not looked at.
from_one, share, one_of = validate.Range(min=1), validate.Range(0, 1), validate.OneOf

KEY_LENGTH = 32  # characters; 24 random bytes in base 64
KEY_VARIETY = 8  # different characters; "x" times 50 is no secret
DOTTED_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
# A host name, perhaps with a leading dot for all its subdomains, or an address.
HOST = re.compile(r"\.?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?|\[[0-9A-Fa-f:.]+\]")
Network = IPv4Network | IPv6Network
UNIX_SOCKET = "unix"  # in TRUSTED_PROXIES: whoever reaches this site's Unix socket


def given(name: str) -> bool:
    """Say whether a variable is set, itself or as a file. Set and empty counts as set."""
    return name in os.environ or bool(os.environ.get(f"{name}_FILE"))


def wrong(name: str, words: str) -> EnvError:
    """Return the error that stops the start over one variable."""
    return EnvError(f"{name}: {words}")


def within(low: float, high: float, *, above: bool = False) -> Callable[[Any], Any]:
    """Return a validator of numbers from `low` to `high`; with `above`, without `low` itself."""
    return validate.Range(low, high, min_inclusive=not above)


def words(value: str) -> None:
    """Refuse an empty text, and one with line ends or other control characters."""
    if not value.strip() or not value.isprintable():
        raise ValidationError("Must be one line of text, and not empty.")


def optional(check: Callable[[str], object]) -> Callable[[str], None]:
    """Return a validator that also takes the empty text, for what may be switched off."""

    def validator(value: str) -> None:
        if value:
            check(value)

    return validator


def key(value: str) -> None:
    """Refuse a secret that could be guessed."""
    if len(value) < KEY_LENGTH or len(set(value)) < KEY_VARIETY:
        raise ValidationError(
            f"Must be a random secret of at least {KEY_LENGTH} characters. Make one with: "
            'python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )


def evidence_key(value: str) -> None:
    """Refuse what is no Ed25519 key as `audits.evidence.keys` writes it."""
    if not re.fullmatch(r"PRIVATE\+KEY\+[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}", value):
        raise ValidationError("Must be a signing key: PRIVATE+KEY+name+hash+base64.")


def token(value: str) -> None:
    """Refuse a bearer token that no header can carry."""
    if not re.fullmatch(r"[\x21-\x7e]*", value):
        raise ValidationError("Must be plain ASCII characters without spaces.")


def dotted_path(value: str) -> None:
    """Refuse what cannot be a dotted path; whether it leads somewhere is a check of its own."""
    if not DOTTED_PATH.fullmatch(value):
        raise ValidationError("Must be a dotted path, like package.module.Name.")


def host(value: str) -> None:
    """Refuse what is no host name or address, such as a URL or a name with a port."""
    if not HOST.fullmatch(value) or ".." in value:
        raise ValidationError(
            f"“{value}” is no host name: leave out scheme, port and path, as in marquee.example."
        )


def origin(value: str) -> None:
    """Refuse what is no origin: scheme, host and perhaps a port."""
    parts = _split(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValidationError(f"“{value}” is no origin: write it as https://marquee.example.")


def postgresql_url(value: str) -> None:
    """Refuse the URL of another kind of database."""
    try:
        url("postgresql", "postgres", "pgsql", host=False)(value)
    except ValidationError as error:
        raise ValidationError(
            f"Must name a PostgreSQL database, as postgresql://user:password@host/name: {error}"
        ) from error


def email_address(value: str) -> None:
    """Refuse a sender without an address: `name@host`, or `Name <name@host>`."""
    words(value)
    if not re.fullmatch(r"[^<>@]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+", value):
        raise ValidationError("Must be a mail address, like Marquee <marquee@marquee.example>.")


def url(*schemes: str, host: bool = True) -> Callable[[str], None]:
    """Return a validator of URLs with one of the schemes and, with `host`, a host name."""

    def validator(value: str) -> None:
        parts = _split(value)
        if parts.scheme not in schemes:
            raise ValidationError(f"Must begin with {_listed(schemes)}.")
        if host and not parts.hostname:
            raise ValidationError(f"Must name a host, as in {schemes[0]}://host.")

    return validator


def proxy(value: str) -> None:
    """Refuse what is neither an address, nor a network in CIDR notation, nor `unix`."""
    if value == UNIX_SOCKET:
        return
    try:
        network = ip_network(value)
    except ValueError as error:
        raise ValidationError(
            f"Must be addresses, networks like 10.0.0.0/8 or fd00::/8, or unix: {error}."
        ) from error
    if network.prefixlen == 0:
        raise ValidationError(f"“{value}” is everybody, who could then take any address.")


def refuse_removed(removed: Mapping[str, str], environment: Mapping[str, str]) -> None:
    """Stop the start if a variable is still set that this version no longer reads.

    Raises:
        EnvError: names each such variable and says what to do.
    """
    still = [
        f"{name} {what}"
        for name, what in removed.items()
        if name in environment or f"{name}_FILE" in environment
    ]
    if still:
        raise EnvError(" ".join(still) + " See docs/settings.md.")


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises where it is no number
    except ValueError as error:
        raise ValidationError(f"Is no URL: {error}.") from error
    return parts


def _listed(schemes: tuple[str, ...]) -> str:
    return " or ".join(f"{scheme}://" for scheme in schemes)


def checked(name: str, value: Any, *checks: Callable[[Any], object]) -> Any:
    """Return `value` after the checks, with the variable's name in what they raise."""
    for check in checks:
        try:
            check(value)
        except ValidationError as error:
            raise wrong(name, str(error)) from error
    return value


def each(name: str, values: list[Any], check: Callable[[Any], object]) -> list[Any]:
    """Return the values after the check of each, with the variable's name in what it raises."""
    for value in values:
        checked(name, value, check)
    return values
