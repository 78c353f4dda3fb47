"""Addresses of ours: what counts as the same one, and which servers a mailbox may name."""

import re
from ipaddress import ip_address

from podpora.audit.rules.guarding import LOWEST_PORT, may_connect
from podpora.base.errors import Problems

PORTS = (143, 993)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)


def bare_address(address: str) -> str:
    """`<Support@Vendor.example>` -> `support@vendor.example`."""
    return address.strip().strip("<>").strip().casefold()[:320]


def without_part(address: str) -> str:
    """`support+token@vendor.example` -> `support@vendor.example`."""
    local, at_sign, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}{at_sign}{domain}"


def part_of(address: str) -> str:
    """What stands behind the plus: `support+token@vendor.example` -> `token`; "" when nothing does. Upper and lower case are kept."""
    return address.strip().strip("<>").rpartition("@")[0].partition("+")[2]


def is_allowed_host(host: str, port: int, own_hosts: frozenset[str]) -> bool:
    """Did the operator name this host (or host and port)?"""
    return host in own_hosts or f"{host}:{port}" in own_hosts or f"[{host}]:{port}" in own_hosts


def check_server(host: str, port: int, own_hosts: frozenset[str], problems: Problems) -> None:
    """May a mailbox be fetched from here (B9, S60)? A name is judged again by its addresses when it is connected to."""
    if is_allowed_host(host, port, own_hosts) and 1 <= port <= 65_535:
        return
    if not (_HOST.fullmatch(host) or (":" in host and _is_literal(host))):
        problems.add("host", "mailbox.not_a_host")
        return
    if not (port in PORTS or LOWEST_PORT <= port <= 65_535):
        problems.add("port", "mailbox.port")
    if (_is_literal(host) and not may_connect(host)) or _is_local_name(host):
        problems.add("host", "mailbox.private_address")


def _is_local_name(host: str) -> bool:
    """A name of the own network, or a number in disguise (`2130706433`, `0x7f.1`), which no certificate can carry."""
    return (
        host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or (not _is_literal(host) and _is_number(host))
    )


def _is_number(host: str) -> bool:
    last = host.rstrip(".").rpartition(".")[2]
    return bool(re.fullmatch(r"\d+|0x[0-9a-f]*", last))


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
