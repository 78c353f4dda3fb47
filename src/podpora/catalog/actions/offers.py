"""What is sold, and for how much."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.errors import InvalidInput
from podpora.catalog import rules
from podpora.catalog.models import Edition, Offer, Price, PriceList, Product
from podpora.catalog.values import OfferKind


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
    update_years: int | None = None  # where coverage is by date; None: as many as of support


@transaction.atomic
def create_offer(product: Product, code: str, facts: OfferFacts, *, position: int = 0, by: Actor, at: datetime) -> Offer:
    edition = Edition.objects.get(product=product, code=facts.edition) if facts.edition else None
    texts = facts.texts
    offer = Offer.objects.create(
        code=code, product=product, edition=edition, kind=facts.kind, for_company=facts.for_company, devices=facts.devices,
        per_device=facts.per_device, support_years=facts.support_years, update_years=facts.update_years, position=position,
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
