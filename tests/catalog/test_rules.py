"""Prices and the life of versions."""

from datetime import date
from decimal import Decimal

import pytest

from podpora.base.decisions import Refused
from podpora.base.money import Money
from podpora.catalog import rules
from podpora.catalog.values import OfferKind, PriceTable, VersionFacts, VersionState
from tests.make.ledger import VERSIONS, day

CZK = PriceTable(
    "CZK", date(2026, 1, 1), True,
    {
        ("pro-company", ""): Money.of("1290", "CZK"),
        ("vip-renewal", "pro-company"): Money.of("590", "CZK"),
        ("vip-renewal", ""): Money.of("700", "CZK"),
        ("gift", ""): Money.of("0", "CZK"),
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("offer", "basis", "amount"),
    [
        ("pro-company", "", "1290.00"),
        ("vip-renewal", "pro-company", "590.00"),
        ("vip-renewal", "other", "700.00"),
        ("gift", "", "0.00"),
    ],
)
def test_the_price_for_this_licence_else_for_everybody(offer: str, basis: str, amount: str) -> None:
    assert rules.price_of(CZK, offer, basis).wire() == amount


def test_nothing_is_sold_for_a_guessed_price() -> None:
    with pytest.raises(Refused) as caught:
        rules.price_of(CZK, "upgrade", "pro-private-1")
    assert caught.value.decision.code == "offer.no_price"


@pytest.mark.parametrize(
    ("offer", "kind", "basis", "per_device", "devices", "quantity", "amount"),
    [
        ("pro-company", OfferKind.LICENCE, "", False, 1, 25, "32250.00"),
        ("vip-renewal", OfferKind.RENEWAL, "pro-company", True, 25, 2, "29500.00"),
        ("vip-renewal", OfferKind.RENEWAL, "pro-private-3", False, 3, 2, "1400.00"),
    ],
)
def test_the_price_of_a_line(
    offer: str, kind: OfferKind, basis: str, per_device: bool, devices: int, quantity: int, amount: str
) -> None:
    price = rules.price_of_line(CZK, offer, kind=kind, basis=basis, basis_per_device=per_device, devices=devices, quantity=quantity)
    assert price == Money(Decimal(amount), "CZK")


@pytest.mark.parametrize(
    ("major", "on", "state"),
    [
        (8, "2019-02-28", VersionState.ANNOUNCED),
        (8, "2019-03-01", VersionState.CURRENT),
        (8, "2023-09-01", VersionState.SUPPORTED),
        (8, "2026-06-30", VersionState.SUPPORTED),  # EOL-2: the last day counts
        (8, "2026-07-01", VersionState.ENDED),
        (10, "2026-09-30", VersionState.ANNOUNCED),
        (10, "2026-10-01", VersionState.CURRENT),
    ],
)
def test_the_life_of_a_version(major: int, on: str, state: VersionState) -> None:
    version = next(v for v in VERSIONS if v.major == major)
    assert rules.version_state(version, VERSIONS, day(on)) is state


def test_a_beta_is_never_current() -> None:
    assert rules.current_version([VersionFacts(11, None), *VERSIONS], day("2030-01-01")) == VERSIONS[2]
    assert rules.current_version([], day("2030-01-01")) is None
