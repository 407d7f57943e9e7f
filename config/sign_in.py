"""Limits of sign-ins, made so that nobody can lock another out."""

import re
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as request_context
from allauth.core.internal import ratelimit
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy

from catalog import parental
from catalog.models.addresses import clean_address
from config import account_words
from config.proxies import subscriber

log = structlog.get_logger(__name__)
# Mails that anybody can have sent to any address, without an account.
UNASKED_MAILS = {
    "account/email/password_reset_key",
    "account/email/unknown_account",
    "account/email/account_already_exists",
}
LINK = re.compile(r"https?://\S+")
ACTIONS = {  # what a mail's link is called
    "account/email/email_confirmation": gettext_lazy("Confirm the address"),
    "account/email/email_confirmation_signup": gettext_lazy("Confirm the address"),
    "account/email/password_reset_key": gettext_lazy("Set a new password"),
    "account/email/account_already_exists": gettext_lazy("Set a new password"),
    "account/email/unknown_account": gettext_lazy("Create an account"),
}
# All other mails tell of a change, and lead the owner, who may not have made it, to this.
OTHERWISE = gettext_lazy("Set a new password")
UNKNOWN_ADDRESS = "::"  # of a client behind a Unix socket that names none


class LimitingAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Counts wrong passwords by account and client's address together, and mails by recipient."""

    error_messages = DefaultAccountAdapter.error_messages | account_words.ACCOUNT

    def clean_email(self, email: str) -> str:
        """Return an address as it is stored, or refuse it; see catalog/models/addresses.py."""
        return clean_address(super().clean_email(email))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what limits count by, as an address: of an IPv6 network, its first one.

        The list of sessions shows it too. See config/proxies.py.
        """
        counted = subscriber(request.META.get("REMOTE_ADDR", "")).partition("/")[0]
        return counted or UNKNOWN_ADDRESS

    def post_login(self, request: HttpRequest, user: Any, **details: Any) -> HttpResponse:
        """Take the sign-in as a grown-up's proof until a profile is chosen; see parental.py."""
        response: HttpResponse = super().post_login(request, user, **details)
        parental.give_proof(request)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Name the counter of wrong passwords.

        By account alone, anybody could lock its owner out; by address alone, anybody could lock
        out whoever shares it.
        """
        account: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}:{self.get_client_ip(request)}"

    def send_account_already_exists_mail(self, email: str) -> None:
        """Send it as slowly as a new account is made, so that time does not tell the two apart."""
        make_password("the work of a new account's password")
        super().send_account_already_exists_mail(email)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Return a mail as text, and the same words in the site's looks."""
        mail: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        text, _, _ = mail.body.partition("\n--\n")
        parts = [part.strip() for part in text.split("\n\n") if part.strip()]
        shown = {
            "parts": [{"text": part, "link": LINK.fullmatch(part) is not None} for part in parts],
            "subject": mail.subject,
            "action": ACTIONS.get(template_prefix, OTHERWISE),
        }
        if isinstance(mail, EmailMultiAlternatives) and not mail.alternatives:
            page = render_to_string("account/email/branded.html", shown, request_context.request)
            mail.attach_alternative(page, "text/html")
        return mail

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail, unless the recipient had many of its kind in the last minutes.

        The page says the same either way. The mails that were sent hold what is needed.
        """
        if template_prefix in UNASKED_MAILS and not ratelimit.consume(
            request_context.request,
            app="allauth.account",
            action="unasked_mail",
            key=f"{template_prefix}:{email.lower()}",
            limit_get=True,
        ):
            log.warning("mail_not_sent", template=template_prefix, reason="too many")
            return
        super().send_mail(template_prefix, email, context)
