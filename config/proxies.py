"""The client's address behind proxies: believed only from proxies that TRUSTED_PROXIES names.

Whatever reads REMOTE_ADDR after the middleware (limits of sign-ins, throttles of the API, logs)
reads the client's address. The forwarded headers are removed, so that nothing else can read them.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.environment import UNIX_SOCKET, Network

log = structlog.get_logger(__name__)
Address = IPv4Address | IPv6Address
CAME_THROUGH_A_PROXY = "marquee.proxied"  # in META: the request had a forwarded header
MOST_HOPS = 32  # proxies between a client and us; the rest of a longer header is not read
IPV6_PREFIX = 64  # bits of an IPv6 address that name a customer, who has all addresses below


class TrustedProxies:
    """The proxies of TRUSTED_PROXIES: networks, and perhaps whoever reaches our Unix socket."""

    def __init__(self, entries: Sequence[str]) -> None:
        self.networks: list[Network] = [
            ip_network(entry) for entry in entries if entry != UNIX_SOCKET
        ]
        self.unix_socket = UNIX_SOCKET in entries

    def include(self, peer: str) -> bool:
        """Say whether the other end of a connection is a trusted proxy (empty: a Unix socket)."""
        if not peer:
            return self.unix_socket
        address = parse(peer)
        return address is not None and self._contain(address)

    def client(self, peer: str, forwarded: str) -> str:
        """Return the client's address, given the other end of the connection and X-Forwarded-For.

        Every proxy appends the address that it was reached from. So the header is read from its
        end, as long as each address is a trusted proxy's: the first that is not is the client's,
        and what stands before it is whatever the client wrote. An entry that is no address ends
        the reading too.
        """
        if not self.include(peer):
            return peer
        address = parse(peer)
        for entry in reversed(forwarded.rsplit(",", MOST_HOPS)[-MOST_HOPS:]):
            hop = parse(entry)
            if hop is None:
                break
            address = hop
            if not self._contain(hop):
                break
        return str(address) if address else peer

    def _contain(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def parse(text: str) -> Address | None:
    """Return the address that a header's entry names, without a port, or None.

    An IPv4 address in IPv6's clothes (::ffff:192.0.2.1) is returned as IPv4.
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def subscriber(text: str) -> str:
    """Return what limits count by: an IPv4 address, or the network of an IPv6 address."""
    address = parse(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), IPV6_PREFIX), strict=False))
    return str(address) if address else text


class ForwardedMiddleware:
    """Gives requests the client's address and scheme. Stands first: the others read both."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.proxies = TrustedProxies(settings.TRUSTED_PROXIES)
        self.has_warned = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        peer = meta.get("REMOTE_ADDR", "")
        forwarded = meta.pop("HTTP_X_FORWARDED_FOR", "")
        scheme = meta.pop("HTTP_X_FORWARDED_PROTO", "")
        meta[CAME_THROUGH_A_PROXY] = bool(forwarded or scheme) or self.proxies.include(peer)
        if self.proxies.include(peer):
            meta["REMOTE_ADDR"] = self.proxies.client(peer, forwarded)
            # Of several values, the last is the trusted proxy's own.
            meta["HTTP_X_FORWARDED_PROTO"] = scheme.rpartition(",")[2].strip()
        elif forwarded and not self.has_warned and _may_be_a_proxy(peer):
            # All its clients would share its limits, so the operator should know.
            self.has_warned = True
            log.warning("proxy_not_trusted", peer=peer, setting="TRUSTED_PROXIES")
        return self.get_response(request)


def _may_be_a_proxy(peer: str) -> bool:
    """Say whether a peer is on this machine or its network, and not a visitor on the internet."""
    address = parse(peer)
    return not peer or (address is not None and address.is_private)
