"""How the second factor speaks of this site, and how its secrets are kept."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext

from catalog.models import Account
from config import account_words
from config.encryption import decrypt, encrypt


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Says what is refused in the site's words, and the site's name where a device keeps a key.

    Secrets are encrypted before the database gets them.
    """

    error_messages = DefaultMFAAdapter.error_messages | account_words.SECOND_FACTOR

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:
        """Return the name that a new key has until its owner gives it another."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key %(number)d") % {"number": number}
