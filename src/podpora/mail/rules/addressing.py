"""Addresses of ours: what counts as the same one, and which servers a mailbox may name."""

import re

from podpora.audit.rules.guarding import LOWEST_PORT, is_literal, is_local_name, may_connect
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
    if not (_HOST.fullmatch(host) or (":" in host and is_literal(host))):
        problems.add("host", "mailbox.not_a_host")
        return
    if not (port in PORTS or LOWEST_PORT <= port <= 65_535):
        problems.add("port", "mailbox.port")
    if (is_literal(host) and not may_connect(host)) or is_local_name(host):
        problems.add("host", "mailbox.private_address")
