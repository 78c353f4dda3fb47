"""Where a webhook may be sent (S60): to the open Internet by https, and to hosts that the operator named himself.

A name is judged by the addresses that it resolves to, once, in the moment of sending; the connection then goes to the address that was
judged, so that a name that resolves to another one a moment later (rebinding) gains nothing. So decimal, octal and hexadecimal forms of
127.0.0.1 need no list: they resolve to it.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from podpora.base.errors import InvalidInput

LONGEST_URL = 500
LOWEST_PORT = 1024  # below it only 443: nobody is made to talk to a mail server
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)


def may_connect(address: str) -> bool:
    """Is this an address of the open Internet? Not private, loopback, link-local, carrier NAT, multicast, reserved, or one of those
    dressed as another (IPv4-mapped, 6to4, Teredo, NAT64)."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in (found, *_inside(found)))


def _inside(address: IPv4Address | IPv6Address) -> Iterable[IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if any(address in network for network in _NAT64) or int(address) >> 32 == 0:
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def check_url(url: str, own_hosts: frozenset[str]) -> None:
    """May a webhook have this address? `own_hosts`: those that the operator named. Raises InvalidInput."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidInput({"url": ["webhook.not_an_address"]}) from None
    host = parts.hostname or ""
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url or parts.fragment:
        raise InvalidInput({"url": ["webhook.not_an_address"]})
    if parts.username is not None or parts.password is not None or not (_NAME.fullmatch(host) or ":" in host):
        raise InvalidInput({"url": ["webhook.not_an_address"]})
    if is_own(url, own_hosts):
        if parts.scheme not in ("http", "https"):
            raise InvalidInput({"url": ["webhook.not_https"]})
        return
    if parts.scheme != "https":
        raise InvalidInput({"url": ["webhook.not_https"]})
    if port is not None and port != 443 and port < LOWEST_PORT:
        raise InvalidInput({"url": ["webhook.port"]})
    if (is_literal(host) and not may_connect(host)) or is_local_name(host):
        raise InvalidInput({"url": ["webhook.private_address"]})


def is_own(url: str, own_hosts: frozenset[str]) -> bool:
    """Did the operator name this host (or host and port)?"""
    parts = urlsplit(url)
    return parts.hostname in own_hosts or parts.netloc.lower() in own_hosts


def is_literal(host: str) -> bool:
    """A network address, not a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_local_name(host: str) -> bool:
    """A name of the own network, or a number in disguise (`2130706433`, `0x7f.1`), which no certificate can carry."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    return not is_literal(host) and bool(re.fullmatch(r"\d+|0x[0-9a-f]*", host.rstrip(".").rpartition(".")[2]))
