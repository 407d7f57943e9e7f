"""The API's throttle: counts signed-in people by account, others by the client's address."""

from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle

from config.proxies import subscriber


class ClientRateThrottle(ScopedRateThrottle):
    """Reads the address that config/proxies.py established, and no header."""

    def get_ident(self, request: Request) -> str:
        return subscriber(request.META.get("REMOTE_ADDR", ""))
