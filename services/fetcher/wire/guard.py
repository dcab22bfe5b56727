"""Which addresses and ports may be connected to: the public web's alone (server-side request forgery)."""

import errno
import socket
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

REFUSAL = "address refused"
# The web's ports, and those where its servers stand that run without a proxy in front. Mail, databases and the like
# answer to a request in their own ways.
WEB_PORTS = frozenset({80, 443, 8000, 8080, 8443})

# The IANA registries of special-purpose addresses (RFC 6890 and its updates), what is not globally reachable.
REFUSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's control channel, public by its number only
        "169.254.0.0/16",  # link-local, and the clouds' metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Global unicast is all that is allowed of IPv6. That leaves out loopback, link-local, unique local, multicast, and the
# ways to write an IPv4 address as one of IPv6 (::ffff:0:0/96, ::/96, NAT64's 64:ff9b::/96 and 64:ff9b:1::/48) ...
GLOBAL_V6 = IPv6Network("2000::/3")
# ... but for those that lie within.
REFUSED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
)


class RefusedAddress(OSError):
    """A connection that is not even tried."""


@lru_cache(maxsize=10_000)
def is_refused(address: str) -> bool:
    """Whether the IP address leads, or may lead, elsewhere than into the public internet. What is no address: yes."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if isinstance(parsed, IPv4Address):
        return any(parsed in network for network in REFUSED_V4)
    return _is_refused_v6(parsed)


def _is_refused_v6(address: IPv6Address) -> bool:
    return address not in GLOBAL_V6 or any(address in network for network in REFUSED_V6)


def ports_of(text: str) -> frozenset[int]:
    """The ports of a list like "80,443". Raises ValueError for what is none."""
    ports = frozenset(int(part) if part.strip().isdecimal() else 0 for part in text.split(","))
    if not all(0 < port < 2**16 for port in ports):
        raise ValueError(f"{text!r} names what is no port")
    return ports


def socket_opener(
    *, allow_private: bool, ports: frozenset[int] = WEB_PORTS
) -> Callable[[int, tuple[str, int]], socket.socket]:
    """What opens a socket of a family for an address: the last place before the connection, and the only way to one.

    What it returns raises RefusedAddress. A check of the URL, or of what a look-up said before, would be by-passed by
    literal addresses and by names that change between two look-ups. Who allows private addresses allows all ports too.
    """

    def opened(family: int, address: tuple[str, int]) -> socket.socket:
        if not allow_private:
            _check(*address, ports)
        return socket.socket(family, socket.SOCK_STREAM)

    return opened


def _check(address: str, port: int, ports: frozenset[int]) -> None:
    if is_refused(address):
        raise RefusedAddress(errno.EPERM, f"{REFUSAL}: {address}")
    if port not in ports:
        raise RefusedAddress(errno.EPERM, f"{REFUSAL}: port {port}")
