"""The sample vendor's catalogue: Poštolka, a desktop mail program. Invented; its dates are relative to the day it is made."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.catalog import actions
from podpora.catalog.actions import FileFacts, OfferFacts, OfferTexts, PlanPromise, ReleaseMore, ReleaseNotes
from podpora.catalog.models import Product, Version
from podpora.catalog.values import Channel, Level, OfferKind, Tier, VersionFacts
from podpora.orders import actions as orders
from podpora.orders.actions.invoices import SellerFacts

CODE = "postolka"
PRICES_FROM = date(2010, 1, 1)  # long before the oldest order that anybody will import

_BUILDS = {
    8: ("8.0.0", "8.1.0", "8.2.0", "8.2.4"),
    9: ("9.0.0", "9.1.0", "9.4.0", "9.8.0", "9.8.2"),
    10: ("10.0.0", "10.0.1", "10.1.0", "10.2.0", "10.2.1"),
}
# What is not stable yet, and what closes a hole: number -> (weeks before today, security).
_EARLY = {"10.3.0-beta.1": (3, False), "10.3.0-beta.2": (1, False), "9.8.3": (6, True)}
_PLATFORMS = ("windows-x64", "macos-arm64", "linux-x64")
_NOTES = {
    "8.0.0": ("Nové okno zpráv a rychlejší start.", "A new message window and a faster start."),
    "9.0.0": ("Kalendář vedle pošty, nové hledání.", "The calendar beside your mail, and a new search."),
    "9.8.2": ("Oprava přihlášení k účtům s dvoufázovým ověřením.", "Fixes signing in to accounts with two-step verification."),
    "10.0.0": ("Tmavý vzhled, sdílené složky, šifrování.", "Dark look, shared folders, encryption."),
    "10.1.0": ("Pravidla pro třídění pošty.", "Rules that sort your mail."),
    "10.2.0": ("Hromadné nastavení pro firmy.", "Central settings for companies."),
    "9.8.3": ("Oprava bezpečnostní chyby při zobrazení příloh.", "Closes a security hole in showing attachments."),
    "10.3.0-beta.1": ("Překlad zpráv, k vyzkoušení.", "Translating messages, to try out."),
    "10.3.0-beta.2": ("Opravy překladu zpráv.", "Fixes to translating messages."),
    "10.2.1": ("Oprava hledání bez diakritiky.", "Fixes searching without accents."),
}

_OFFERS: dict[str, OfferFacts] = {
    "pro-private-1": OfferFacts(
        OfferKind.LICENCE, edition="pro", for_company=False, devices=1, support_years=1,
        texts=OfferTexts("PRO pro 1 počítač", "PRO for 1 device", "Pro domácnost. Rok VIP podpory.", "For home. A year of VIP support."),
    ),
    "pro-private-3": OfferFacts(
        OfferKind.LICENCE, edition="pro", for_company=False, devices=3, support_years=1,
        texts=OfferTexts("PRO pro 3 počítače", "PRO for 3 devices", "Pro domácnost. Rok VIP podpory.", "For home. A year of VIP support."),
    ),
    "pro-company": OfferFacts(
        OfferKind.LICENCE, edition="pro", for_company=True, devices=1, per_device=True, support_years=1,
        texts=OfferTexts(
            "PRO pro firmy, za počítač", "PRO for companies, per device",
            "Členové, skupiny a centrální nastavení. Rok VIP podpory.", "Members, groups and central settings. A year of VIP support.",
        ),
    ),
    "pro-subscription": OfferFacts(
        OfferKind.SUBSCRIPTION, edition="pro", devices=1, support_years=1,
        texts=OfferTexts(
            "PRO předplatné na rok", "PRO subscription for a year",
            "Všechny verze a VIP podpora, dokud předplatné běží.", "All versions and VIP support while the subscription runs.",
        ),
    ),
    "upgrade": OfferFacts(
        OfferKind.UPGRADE, edition="pro", support_years=1,
        texts=OfferTexts(
            "Upgrade na současnou verzi", "Upgrade to the current version",
            "Pro licenci, kterou už máte. Rok VIP podpory.", "For a licence that you have. A year of VIP support.",
        ),
    ),
    "lifetime-updates": OfferFacts(
        OfferKind.LIFETIME, edition="pro", support_years=1,
        texts=OfferTexts(
            "Doživotní aktualizace", "Lifetime updates",
            "Všechny budoucí verze. Rok VIP podpory.", "All future versions. A year of VIP support.",
        ),
    ),
    "vip-renewal": OfferFacts(
        OfferKind.RENEWAL, edition="pro", support_years=1,
        texts=OfferTexts(
            "Obnova VIP podpory na rok", "VIP support for a year",
            "Technik vás dovede k řešení.", "A technician sees you through to a solution.",
        ),
    ),
    "extra-device": OfferFacts(
        OfferKind.EXTRA_DEVICE, edition="pro", devices=1,
        texts=OfferTexts("Další počítač k licenci", "One more device", "Pro licenci, kterou už máte.", "For a licence that you have."),
    ),
}  # fmt: skip

# (offer, basis) -> CZK, EUR, USD, VAT included. What is bought for a licence has a price for each kind of licence; none: not sold for it.
_PRICES: dict[tuple[str, str], tuple[str, str, str]] = {
    ("pro-private-1", ""): ("990", "39.90", "44.90"),
    ("pro-private-3", ""): ("1490", "59.90", "66.90"),
    ("pro-company", ""): ("1290", "52.90", "58.90"),
    ("pro-subscription", ""): ("590", "24.90", "27.90"),
    ("upgrade", "pro-private-1"): ("590", "24.90", "27.90"),
    ("upgrade", "pro-private-3"): ("890", "35.90", "39.90"),
    ("upgrade", "pro-company"): ("790", "32.90", "36.90"),
    ("lifetime-updates", "pro-private-1"): ("1990", "79.90", "89.90"),
    ("lifetime-updates", "pro-private-3"): ("2990", "119.90", "134.90"),
    ("lifetime-updates", "pro-company"): ("2490", "99.90", "112.90"),
    ("vip-renewal", "pro-private-1"): ("490", "19.90", "22.90"),
    ("vip-renewal", "pro-private-3"): ("690", "27.90", "31.90"),
    ("vip-renewal", "pro-company"): ("590", "24.90", "27.90"),
    ("vip-renewal", "pro-subscription"): ("490", "19.90", "22.90"),
    ("extra-device", "pro-private-1"): ("390", "15.90", "17.90"),
    ("extra-device", "pro-private-3"): ("390", "15.90", "17.90"),
    ("extra-device", "pro-company"): ("1290", "52.90", "58.90"),
    ("extra-device", "pro-subscription"): ("290", "11.90", "13.90"),
}

_PLANS: dict[tuple[Tier, Channel], PlanPromise] = {
    (Tier.TRIAL, Channel.EMAIL): PlanPromise(Level.YES, "rada s čímkoli", "advice on anything", 16),
    (Tier.FREE, Channel.EMAIL): PlanPromise(Level.LIMITED, "technické mohou trvat déle", "technical ones may take longer"),
    (Tier.PRO, Channel.EMAIL): PlanPromise(Level.YES, "do 1 pracovního dne", "within 1 business day", 8),
    (Tier.TRIAL, Channel.FORUM): PlanPromise(Level.YES),
    (Tier.FREE, Channel.FORUM): PlanPromise(Level.YES),
    (Tier.PRO, Channel.FORUM): PlanPromise(Level.YES),
    (Tier.TRIAL, Channel.CENTRE): PlanPromise(Level.NO),
    (Tier.FREE, Channel.CENTRE): PlanPromise(Level.NO),
    (Tier.PRO, Channel.CENTRE): PlanPromise(
        Level.WITH_SUPPORT, "rok s každou licencí a upgradem", "a year with every licence and upgrade", 8
    ),
}


SELLER = SellerFacts(
    "Poštolka s.r.o.", "Dlouhá 12", "Praha", "110 00", company_id="25123891", vat_id="CZ25123891",
    registration="Městský soud v Praze, C 12345", email="faktury@vendor.example", iban="CZ6508000000192000145399", bic="GIBACZPX",
    brand="Poštolka",
)  # fmt: skip


@transaction.atomic
def make_catalogue(*, by: Actor, at: datetime, versions: Iterable[VersionFacts] | None = None) -> Product:
    """Poštolka with versions, offers, prices and levels of support. `versions`: other dates than those relative to `at`.

    Called again it changes nothing and returns what is there.
    """
    found = Product.objects.filter(code=CODE).first()
    if found:
        return found
    product = actions.create_product(
        CODE, "Poštolka", tagline_cs="Pošta, která neruší", tagline_en="Mail that lets you work", by=by, at=at
    )
    actions.create_edition(product, "free", "FREE", features={"accounts": 2, "commercial": False}, by=by, at=at)
    actions.create_edition(product, "pro", "PRO", features={"accounts": None, "commercial": True}, by=by, at=at)
    today = vendor_date(at, settings.VENDOR_ZONE)
    for facts in versions if versions is not None else sample_versions(today):
        _publish_builds(actions.set_life(product, facts, by=by, at=at), today, by=by, at=at)
    for position, (code, offer) in enumerate(_OFFERS.items()):
        actions.create_offer(product, code, offer, position=position, by=by, at=at)
    for n, currency in enumerate(("CZK", "EUR", "USD")):
        prices = {pair: Decimal(amounts[n]) for pair, amounts in _PRICES.items()}
        actions.set_price_list(currency, PRICES_FROM, prices, by=by, at=at)
    for (tier, channel), promise in _PLANS.items():
        actions.set_plan(product, tier, channel, promise, by=by, at=at)
    orders.set_seller(SELLER, by=by, at=at)
    return product


def sample_versions(today: date) -> list[VersionFacts]:
    """8 ended some months ago, 9 ends within a year and gets security fixes for another one, 10 is the current one."""
    return [
        VersionFacts(8, _first_of(today, -84), _last_of(today, -5), replaced_by=9),
        VersionFacts(9, _first_of(today, -38), _last_of(today, 7), _last_of(today, 19), replaced_by=10),
        VersionFacts(10, _first_of(today, -13), _last_of(today, 31)),
    ]


def _first_of(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _last_of(today: date, months: int) -> date:
    return _first_of(today, months + 1) - timedelta(days=1)


def _publish_builds(version: Version, today: date, *, by: Actor, at: datetime) -> None:
    """The builds of a released version, spread from its release to today or the end of its support."""
    first = version.released_on
    numbers = _BUILDS.get(version.major, (f"{version.major}.0.0",))
    if first is None or first > today:
        return
    last = min(version.support_ends_on or today, today)
    for n, number in enumerate(numbers):
        on = first + timedelta(days=max((last - first).days, 0) * n // len(numbers))
        _publish(version, number, on, False, by=by, at=at)
    for number, (weeks, is_security) in _EARLY.items():
        on = today - timedelta(weeks=weeks)
        if number.startswith(f"{version.major}.") and on > first:
            _publish(version, number, on, is_security, by=by, at=at)


def _publish(version: Version, number: str, on: date, is_security: bool, *, by: Actor, at: datetime) -> None:
    """A build with a file for each platform; the files are as invented as the vendor."""
    files = [
        FileFacts(
            platform, f"https://download.vendor.example/postolka-{number}-{platform}", _hash(number, platform), 48_000_000 + n
        )
        for n, platform in enumerate(_PLATFORMS)
    ]
    notes = ReleaseNotes(*_NOTES.get(number, ("", "")))
    more = ReleaseMore(is_security=is_security, files=files)
    actions.publish_release(version, number, released_on=on, notes=notes, more=more, by=by, at=at)


def _hash(number: str, platform: str) -> str:
    return hashlib.sha256(f"{number} {platform}".encode()).hexdigest()
