"""Which address a request came from (S04)."""

import pytest

from podpora.base.addresses import client_address, neighbourhood


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
