"""The secrets of second factors, encrypted with a key that is not in the database.

Authenticator apps and recovery codes need their secret itself, and not only its hash, to compute
the code that is right now. So the database holds it, encrypted with `SECOND_FACTOR_KEY`.
"""

from base64 import urlsafe_b64encode

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

MARK = "encrypted:"  # no secret of allauth's holds a colon
SECRETS = ("secret", "seed")  # of an authenticator app; of recovery codes
LISTED = "migrated_codes"  # recovery codes that were brought along from elsewhere


class WrongKeyError(ValueError):
    """A secret was encrypted with another key, or changed since; or this process has no key."""


def encrypt(text: str) -> str:
    """Return `text` encrypted and authenticated (Fernet: AES-128-CBC, HMAC-SHA256)."""
    return MARK + _fernet().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Return what was encrypted. Text from before secrets were encrypted is returned as it is.

    Raises:
        WrongKeyError: if it was encrypted with another key, or changed since; or without a key.
    """
    if not text.startswith(MARK):
        return text
    try:
        return _fernet().decrypt(text.removeprefix(MARK)).decode()
    except InvalidToken as error:
        raise WrongKeyError(
            "A second factor was encrypted with another SECOND_FACTOR_KEY, or was changed since."
        ) from error


def encrypt_what_is_readable() -> int:
    """Encrypt the secrets from before secrets were encrypted; return of how many second factors.

    Safe to run again, and while people sign in: each row is locked.
    """
    encrypted = 0
    for known in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk"):
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().filter(pk=known[0]).first()
            if factor and _encrypt_in(factor.data):
                factor.save(update_fields=["data"])
                encrypted += 1
    return encrypted


def _encrypt_in(data: dict[str, object]) -> bool:
    """Encrypt what is readable in a second factor's data; say whether there was anything."""
    before = dict(data)
    for name in SECRETS:
        if isinstance(text := data.get(name), str):
            data[name] = _encrypted(text)
    if isinstance(codes := data.get(LISTED), list):
        data[LISTED] = [_encrypted(code) for code in codes]
    return data != before


def _encrypted(text: str) -> str:
    return text if text.startswith(MARK) else encrypt(text)


def _fernet() -> Fernet:
    if not settings.SECOND_FACTOR_KEY:
        raise WrongKeyError("Processes in which nobody signs in do not take SECOND_FACTOR_KEY.")
    derived = HKDF(SHA256(), length=32, salt=None, info=b"marquee second factor")
    return Fernet(urlsafe_b64encode(derived.derive(settings.SECOND_FACTOR_KEY.encode())))
