"""Keeps the service from being used to reach private networks (server-side request forgery).

The guard judges addresses, never names: it is asked with the resolved address right before a
socket is opened, so a name that resolves differently a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, TypeAlias

from watcher.errors import ConfigError, WatcherError

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# IANA special-purpose registries as of 2025, written out because ipaddress.is_global passes
# multicast, 6to4 and site-local addresses on Python 3.11. 168.63.129.16 is in public space,
# yet it is the control address of every virtual machine on one large cloud.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# IPv6 is judged the other way round: only global unicast space is public, less these parts of it.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16")
)
_NAT64 = IPv6Network("64:ff9b::/96")
# In the lower half of an address of any prefix: an IPv4 address follows (RFC 5214).
_ISATAP = (0x00005EFE, 0x02005EFE)
_IPV4_COMPATIBLE = IPv6Network("::/96")
_NOT_EMBEDDING = (IPv6Address("::"), IPv6Address("::1"))

# "Bad ports" of the WHATWG Fetch standard: those of services that do not speak HTTP, and that
# could take a request for something else. What an operator allows is asked at any port.
_OTHER_SERVICES = frozenset({
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
    103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
    512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
    995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
    6669, 6679, 6697, 10080,
})  # fmt: skip


class ForbiddenAddress(WatcherError, OSError):
    """An address that must not be connected to; the text begins with it.

    An OSError, so that a connection attempt goes on to the other addresses of a name. It never
    leaves the adapters: there it becomes a FetchFailed or SendFailed.
    """


class Guard:
    """Decides which addresses may be connected to: public ones and those of `allow_networks`.

    `allow_networks` are networks in CIDR form ("10.1.0.0/16", "::1/128"). Raises ConfigError if
    one is malformed.
    """

    __slots__ = ("_allowed",)

    def __init__(self, allow_networks: Sequence[str] = ()) -> None:
        try:
            self._allowed: tuple[Network, ...] = tuple(
                ipaddress.ip_network(text, strict=False) for text in allow_networks
            )
        except ValueError as error:
            raise ConfigError(
                (f"http.allow_networks: {error}; write a network like 10.1.0.0/16.",)
            ) from error

    def check(self, address: str, port: int = 443) -> None:
        """Raises ForbiddenAddress unless the IP address may be reached; a zone id is ignored.

        An IPv6 address that carries IPv4 addresses is judged by those: that is where it leads.
        Ports of services other than the web's are for `allow_networks` only.
        """
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError as error:
            raise ForbiddenAddress(f"{address} is not an IP address") from error
        if self._allows(ip):
            return
        ends = _ends(ip)
        if not all(self._allows(each) or _is_public(each) for each in ends):
            raise ForbiddenAddress(f"{address} is not a public internet address")
        if port in _OTHER_SERVICES and not all(self._allows(each) for each in ends):
            raise ForbiddenAddress(f"{address} is asked at port {port}, which is no web server's")

    def socket_factory(self, addr_info: tuple[Any, ...]) -> socket.socket:
        """A new socket for an entry of getaddrinfo; raises ForbiddenAddress before it is opened."""
        family, kind, protocol, _, sockaddr = addr_info
        self.check(sockaddr[0], sockaddr[1])
        return socket.socket(family, kind, protocol)

    def _allows(self, ip: Address) -> bool:
        return any(ip in network for network in self._allowed)


def _is_public(ip: Address) -> bool:
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _NOT_PUBLIC_4)
    return ip in _GLOBAL_UNICAST and not any(ip in network for network in _NOT_PUBLIC_6)


def _ends(ip: Address) -> tuple[Address, ...]:
    """Where an address leads: the IPv4 addresses that it carries, or itself.

    RFC 4291 (mapped, compatible), 6052 (NAT64), 3056 (6to4), 4380 (Teredo), 5214 (ISATAP). An
    ISATAP address is one of its network as well, which may be anybody's: it leads to both.
    """
    if isinstance(ip, IPv4Address) or ip in _NOT_EMBEDDING:
        return (ip,)
    last = IPv4Address(int(ip) & 0xFFFFFFFF)
    ends: tuple[Address, ...] = (ip,)
    if ip.ipv4_mapped is not None:
        ends = (ip.ipv4_mapped,)
    elif ip.sixtofour is not None:
        ends = (ip.sixtofour,)
    elif ip.teredo is not None:
        ends = ip.teredo
    elif ip in _NAT64 or ip in _IPV4_COMPATIBLE:
        ends = (last,)
    return (*ends, last) if int(ip) >> 32 & 0xFFFFFFFF in _ISATAP else ends
