"""Which address a request came from (S04)."""

from pathlib import Path

import pytest

import podpora
from podpora.base.addresses import client_address, neighbourhood

SOURCES = Path(podpora.__file__).parent


@pytest.mark.parametrize(("forwarded", "proxies", "found"), [
    ("", 0, "10.0.0.1"), ("6.6.6.6", 0, "10.0.0.1"),  # nobody in front of us: the header is a lie
    ("203.0.113.7", 1, "203.0.113.7"), ("6.6.6.6, 203.0.113.7", 1, "203.0.113.7"), ("6.6.6.6, 203.0.113.7, 10.0.0.9", 2, "203.0.113.7"),
    ("203.0.113.7", 2, "10.0.0.1"), ("rubbish", 1, "10.0.0.1"), (" , ", 1, "10.0.0.1"), ("2001:DB8::1", 1, "2001:db8::1"),
])  # fmt: skip
def test_s04_only_what_our_own_proxies_wrote_is_read(forwarded: str, proxies: int, found: str) -> None:
    assert client_address("10.0.0.1", forwarded, proxies) == found


def test_s03_an_ipv6_address_counts_with_its_network() -> None:
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1") == "2001:db8::/64"
    assert neighbourhood("203.0.113.7") == "203.0.113.7"
    assert neighbourhood("unix:") == "unix:"


def test_s04_no_door_reads_the_peer_itself() -> None:
    """Behind a proxy all visitors would be one: limits, marks and the log ask `address_of`."""
    readers = {str(path.relative_to(SOURCES)) for path in SOURCES.rglob("*.py") if "REMOTE_ADDR" in path.read_text()}
    assert readers == {
        "base/addresses.py",
        "config/dispatch.py", "config/entrance.py", "api/hot.py",  # in front of Django; they ask `client_address`
        "api/health.py",  # this machine and no other
    }  # fmt: skip
