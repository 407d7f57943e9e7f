"""Forms of the account pages that differ from allauth's."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm

from catalog.models import Account


class AddAddressForm(AddEmailForm):  # type: ignore[misc]
    """Refuses the address of another account.

    allauth adds it unverified, so that nobody learns whose it is. It could then be
    made the account's own, which the database refuses: an account has the address.
    """

    def clean_email(self) -> str:
        address: str = super().clean_email()
        if Account.objects.filter(email=address).exclude(pk=self.user.pk).exists():
            raise get_adapter().validation_error("email_taken")
        return address
