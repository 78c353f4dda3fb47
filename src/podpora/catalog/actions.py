"""Writing the catalogue. Every change is in the audit, with what was before."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.errors import InvalidInput
from podpora.catalog import rules
from podpora.catalog.models import Edition, Offer, Plan, PolicyRow, Price, PriceList, Product, Release, Version
from podpora.catalog.values import Channel, Level, OfferKind, Policy, Tier

# The first row of a cell holds since ever: what was promised before the system was set up is not known, so the first thing that the
# vendor says counts for the time before it too (licences of an older shop are imported with their old dates).
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@transaction.atomic
def create_product(code: str, name: str, *, tagline_cs: str = "", tagline_en: str = "", by: Actor, at: datetime) -> Product:
    product = Product.objects.create(code=code, name=name, tagline_cs=tagline_cs, tagline_en=tagline_en)
    PolicyRow.objects.create(product=product)
    audit.record("product.created", f"product:{code}", by=by, at=at, after={"name": name})
    return product


@transaction.atomic
def create_edition(product: Product, code: str, name: str, *, features: Mapping[str, Any], by: Actor, at: datetime) -> Edition:
    edition = Edition.objects.create(product=product, code=code, name=name, features=dict(features))
    audit.record("edition.created", f"product:{product.code}", by=by, at=at, after={"edition": code})
    return edition


@transaction.atomic
def set_version(
    product: Product, major: int, *, released_on: date | None, support_ends_on: date | None, name: str = "", by: Actor, at: datetime
) -> Version:
    """Announce a major or change its life. Orders already paid keep what they gave (EOL-7); the audit keeps the old dates."""
    rules.check_version(major, released_on, support_ends_on)
    old = Version.objects.select_for_update().filter(product=product, major=major).first()
    if old and old.released_on and released_on is None and old.released_on <= vendor_date(at, settings.VENDOR_ZONE):
        # What is out is out: licences cover it, and an emptied form takes nothing back.
        raise InvalidInput({"released_on": ["required"]})
    before = _life(old) if old else None
    version = old or Version(product=product, major=major)
    version.released_on, version.support_ends_on = released_on, support_ends_on
    version.name = name or version.name or f"{product.name} {major}"
    after = _life(version)
    if before != after:
        version.save()
        audit.record("version.changed", f"version:{product.code}-{major}", by=by, at=at, before=before, after=after)
    return version


def _life(version: Version) -> dict[str, str | None]:
    dates = {"released_on": version.released_on, "support_ends_on": version.support_ends_on}
    return {"name": version.name, **{name: on.isoformat() if on else None for name, on in dates.items()}}


@dataclass(frozen=True, slots=True)
class ReleaseNotes:
    cs: str = ""
    en: str = ""


@transaction.atomic
def publish_release(
    version: Version, number: str, *, released_on: date, notes: ReleaseNotes = ReleaseNotes(), by: Actor, at: datetime
) -> Release:
    """A build is out. Publishing the same number again changes its date and notes."""
    rules.check_release(version.facts(), number, released_on)
    release, _ = Release.objects.update_or_create(
        version=version, number=number, defaults={"released_on": released_on, "notes_cs": notes.cs, "notes_en": notes.en}
    )
    facts = {"number": number, "released_on": released_on.isoformat()}
    audit.record("release.published", f"version:{version.product.code}-{version.major}", by=by, at=at, after=facts)
    return release


@dataclass(frozen=True, slots=True)
class PlanPromise:
    """What a cell of the plan matrix says."""

    level: Level
    promise_cs: str = ""
    promise_en: str = ""
    first_answer_hours: int | None = None


@transaction.atomic
def set_plan(product: Product, tier: Tier, channel: Channel, promise: PlanPromise, *, by: Actor, at: datetime) -> Plan:
    """Change a cell of the plan matrix from `at` on: the old row is closed and a new one opened, so history stays."""
    rules.check_hours(promise.first_answer_hours)
    Product.objects.select_for_update().get(pk=product.pk)
    old = Plan.objects.filter(product=product, tier=tier, channel=channel, valid_to__isnull=True).first()
    if old and _promise_of(old) == promise:
        return old
    if old:
        # Two changes at the same instant: the later one wins, and an empty period stays out of the history.
        Plan.objects.filter(pk=old.pk).update(valid_to=max(at, old.valid_from))
        Plan.objects.filter(pk=old.pk, valid_to__lte=F("valid_from")).delete()
    row = Plan.objects.create(
        product=product, tier=tier, channel=channel, level=promise.level, promise_cs=promise.promise_cs, promise_en=promise.promise_en,
        first_answer_hours=promise.first_answer_hours, valid_from=max(at, old.valid_from) if old else BEGINNING,
    )  # fmt: skip
    before = _written(_promise_of(old)) if old else None
    audit.record("plan.changed", f"plan:{product.code}-{tier}-{channel}", by=by, at=at, before=before, after=_written(promise))
    return row


def _promise_of(row: Plan) -> PlanPromise:
    return PlanPromise(Level(row.level), row.promise_cs, row.promise_en, row.first_answer_hours)


def _written(promise: PlanPromise) -> dict[str, Any]:
    return {field.name: getattr(promise, field.name) for field in fields(promise)}


@transaction.atomic
def set_policy(product: Product, changes: Mapping[str, Any], *, by: Actor, at: datetime) -> Policy:
    """Change some of the vendor's choices. What was sold under the old ones keeps them where a rule says so (VIP-6)."""
    rules.check_policy(changes)
    row, _ = PolicyRow.objects.select_for_update().get_or_create(product=product)
    before = {name: getattr(row, name) for name in changes}
    if before != dict(changes):
        for name, value in changes.items():
            setattr(row, name, value)
        row.save()
        audit.record("policy.changed", f"policy:{product.code}", by=by, at=at, before=before, after=dict(changes))
    return rules.policy_from({f.name: getattr(row, f.name) for f in fields(Policy) if f.name != "zone"}, settings.VENDOR_ZONE)


@dataclass(frozen=True, slots=True)
class OfferTexts:
    name_cs: str
    name_en: str
    summary_cs: str = ""
    summary_en: str = ""


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What an offer is."""

    kind: OfferKind
    texts: OfferTexts
    edition: str = ""
    for_company: bool | None = None
    devices: int = 0
    per_device: bool = False
    support_years: int = 0


@transaction.atomic
def create_offer(product: Product, code: str, facts: OfferFacts, *, position: int = 0, by: Actor, at: datetime) -> Offer:
    edition = Edition.objects.get(product=product, code=facts.edition) if facts.edition else None
    texts = facts.texts
    offer = Offer.objects.create(
        code=code, product=product, edition=edition, kind=facts.kind, for_company=facts.for_company, devices=facts.devices,
        per_device=facts.per_device, support_years=facts.support_years, position=position,
        name_cs=texts.name_cs, name_en=texts.name_en, summary_cs=texts.summary_cs, summary_en=texts.summary_en,
    )  # fmt: skip
    audit.record("offer.created", f"offer:{code}", by=by, at=at, after={"kind": facts.kind.value, "name": texts.name_en})
    return offer


@transaction.atomic
def change_offer(offer: Offer, *, texts: OfferTexts, is_sold: bool, by: Actor, at: datetime) -> Offer:
    """Change how an offer reads and whether it is sold. What it gives never changes: make another offer for that."""
    missing = {name: ["required"] for name in ("name_cs", "name_en") if not getattr(texts, name).strip()}
    if missing:
        raise InvalidInput(missing)
    row = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    after = {**{f.name: getattr(texts, f.name) for f in fields(texts)}, "is_sold": is_sold}
    before = {name: getattr(row, name) for name in after}
    if before != after:
        for name, value in after.items():
            setattr(row, name, value)
        row.save()
        audit.record("offer.changed", f"offer:{row.code}", by=by, at=at, before=before, after=after)
    return row


@transaction.atomic
def set_price_list(
    currency: str,
    valid_from: date,
    prices: Mapping[tuple[str, str], Decimal],
    *,
    includes_vat: bool = True,
    by: Actor,
    at: datetime,
) -> PriceList:
    """Prices in one currency from a day on; it replaces what was valid, and what was planned for the same day.

    `prices`: amount by (offer, basis), basis "" for everybody. A list that is or was valid is never changed: orders were made with
    it. Only the very first list of a currency may begin in the past.
    """
    today = vendor_date(at, settings.VENDOR_ZONE)
    lists = PriceList.objects.select_for_update().filter(currency=currency)
    known = list(lists.order_by("valid_from"))
    rules.check_price_list(currency, valid_from, prices, today=today, is_first=not known)
    by_code = _offers_named(prices)
    lists.filter(valid_from=valid_from).delete()
    following = next((row.valid_from for row in known if row.valid_from > valid_from), None)
    lists.filter(valid_from__lt=valid_from).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)).update(
        valid_to=valid_from
    )
    row = PriceList.objects.create(currency=currency, valid_from=valid_from, valid_to=following, includes_vat=includes_vat)
    Price.objects.bulk_create(
        Price(price_list=row, offer=by_code[code], basis=by_code[basis] if basis else None, amount=amount)
        for (code, basis), amount in prices.items()
    )
    after = {f"{code}/{basis}" if basis else code: str(amount) for (code, basis), amount in prices.items()}
    audit.record("prices.set", f"prices:{currency}-{valid_from}", by=by, at=at, after=after)
    return row


def _offers_named(prices: Mapping[tuple[str, str], Decimal]) -> dict[str, Offer]:
    codes = {code for pair in prices for code in pair if code}
    found = {offer.code: offer for offer in Offer.objects.filter(code__in=codes)}
    unknown = {
        f"{offer}/{basis}" if basis else offer: ["unknown"] for offer, basis in prices if not {offer, basis or offer} <= set(found)
    }
    if unknown:
        raise InvalidInput(unknown)
    return found


@transaction.atomic
def withdraw_price_list(row: PriceList, *, by: Actor, at: datetime) -> None:
    """Take back a list that is planned and not valid yet; the one before it goes on."""
    today = vendor_date(at, settings.VENDOR_ZONE)
    rules.check_may_withdraw(row.valid_from, today=today)
    before = PriceList.objects.select_for_update().filter(currency=row.currency, valid_to=row.valid_from)
    before.update(valid_to=row.valid_to)
    audit.record("prices.withdrawn", f"prices:{row.currency}-{row.valid_from}", by=by, at=at)
    row.delete()
