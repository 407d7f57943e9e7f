"""Accounts: how people sign up, sign in and prove who they are."""

from config.environment import env, one_of
from config.settings.site import EMBEDDED, HTTPS, SITE_NAME


def _forms(classes: dict[str, str]) -> dict[str, str]:
    """Return allauth's map of forms: the path of each class, by what the form is for."""
    return {purpose: f"catalog.views.account_forms.{name}" for purpose, name in classes.items()}


AUTH_USER_MODEL = "catalog.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "config.sign_in.LimitingAdapter"
ACCOUNT_FORMS = _forms(
    {
        "add_email": "AddAddressForm",
        "change_password": "ChangePasswordForm",
        "login": "SignInForm",
        "reauthenticate": "ReauthenticateForm",
        "reset_password": "ResetPasswordForm",
        "reset_password_from_key": "ResetPasswordKeyForm",
        "set_password": "SetPasswordForm",
        "signup": "SignUpForm",
    }
)
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = env.str(
    "EMAIL_VERIFICATION",
    "optional" if EMBEDDED else "mandatory",
    validate=one_of(["mandatory", "optional", "none"]),
)
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
# Tell the owner of every change to how the account is entered.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Who has borrowed a signed-in device cannot take the account over by an address of their own.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# With mandatory verification, a sign-up with a known address looks like any other.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
LOGIN_REDIRECT_URL = "catalog:profiles"
LOGIN_URL = "account_login"
MFA_ADAPTER = "config.second_factor.SecondFactorAdapter"
MFA_FORMS = _forms(
    {
        "activate_totp": "SetUpAppForm",
        "add_webauthn": "AddKeyForm",
        "authenticate": "FactorForm",
        "authenticate_webauthn": "FactorByKeyForm",
        "edit_webauthn": "RenameKeyForm",
        "login_webauthn": "SignInByKeyForm",
        "reauthenticate": "FactorAgainForm",
        "reauthenticate_webauthn": "FactorByKeyAgainForm",
    }
)
MFA_TOTP_ISSUER = SITE_NAME
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers allow passkeys over plain http only on the machine itself, where the demo runs.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# “ip” is the client's address, or its network for IPv6; “key” is what the adapter counts by.
ACCOUNT_RATE_LIMITS = {
    # Wrong passwords, for one account from one address.
    "login_failed": "5/5m/key",
    # All sign-ins from one address: far more than the people of an office need, and few enough
    # that guesses at many accounts do not occupy the server.
    "login": "120/m/ip",
    # Requests for a reset. That nobody's mailbox is flooded is the limit of the mails.
    "reset_password": "60/m/ip",
    "unasked_mail": "5/5m/key",
    # Passwords that unlock what a limited profile may not do. Wrong PINs are counted apart.
    "grown_up": "10/5m/key",
}
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}  # a passkey cannot be guessed
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"config.passwords.{name}"}
    for name in ("LongEnough", "NotDigitsAlone", "NotInEverybodysUse", "NotTheAddress")
]
