"""E-mail addresses: one spelling for each, wherever it is typed.

Sign-up, sign-in, reset, change of address, createsuperuser and the admin all
come through here.
"""

import unicodedata
from typing import Any

from django.db import models

# RFC 5321: a path has at most 256 octets, of which two are its brackets.
LONGEST = 254


def normalised(address: str) -> str:
    """Return the one spelling under which an address is stored and looked up.

    Mail servers tell capitals in the local part apart in theory and never in
    practice. Compatibility forms (full-width letters) are those of the domain,
    where names are compared without them.
    """
    plain = unicodedata.normalize("NFKC", address.strip()).lower()
    local, at, domain = plain.rpartition("@")
    return f"{local}{at}{_one_domain(domain)}" if at else plain


def _one_domain(domain: str) -> str:
    """Return the one spelling of a domain, as mail to it is sent (IDNA 2003, as Django sends it).

    So "bücher.example" and "xn--bcher-kva.example" are one, and characters that cannot be seen,
    which mail leaves out, make no second address.
    """
    try:
        return domain.encode("idna").decode("idna").lower()
    except UnicodeError:
        return domain  # no domain: the validator refuses it


class AddressField(models.EmailField):  # type: ignore[type-arg]
    """An e-mail address that is normalised when it is validated, saved and looked up."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", LONGEST)
        super().__init__(*args, **options)

    def to_python(self, value: Any) -> Any:
        return normalised(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(self.to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


def clean_address(address: str) -> str:
    """Return an address as it is stored.

    Raises:
        ValidationError: for what is no address, or too long for one.
    """
    cleaned: str = AddressField().clean(address, None)
    return cleaned
