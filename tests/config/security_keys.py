"""A security key as a browser registers it, without a browser."""

import hashlib

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

USER_PRESENT, CREDENTIAL_INCLUDED = 0x01, 0x40


def add_key(account, name="Blue key"):
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    credential = AttestedCredentialData.create(
        bytes(16), name.encode(), ES256.from_cryptography_key(public)
    )
    signed = AuthenticatorData.create(
        hashlib.sha256(b"testserver").digest(), USER_PRESENT | CREDENTIAL_INCLUDED, 0, credential
    )
    said = CollectedClientData.create("webauthn.create", b"challenge", "http://testserver")
    response = {
        "clientDataJSON": websafe_encode(said),
        "attestationObject": websafe_encode(AttestationObject.create("none", signed, {})),
    }
    registered = {
        "id": websafe_encode(name.encode()),
        "rawId": websafe_encode(name.encode()),
        "type": "public-key",
        "response": response,
        "clientExtensionResults": {},
    }
    return Authenticator.objects.create(
        user=account,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": name, "credential": registered},
    )
