"""Licences with their keys. What they give stands in the ledger: as an export has it, or from the day of purchase on."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.errors import InvalidInput
from podpora.catalog.models import Edition, Offer
from podpora.catalog.values import OfferKind
from podpora.entitlements import actions as entitlements
from podpora.entitlements.values import Entry, EntryKind
from podpora.journeys.importing import customers, handing_over
from podpora.journeys.importing.reading import Outcome, Reader, Row, Sources, known, remember
from podpora.journeys.rights import sales_facts_of
from podpora.journeys.settlement import follow
from podpora.licensing import actions
from podpora.licensing.models import Licence
from podpora.licensing.rules import any_key_meant
from podpora.licensing.values import LicenceKind, licence_code
from podpora.orders import rules
from podpora.orders.values import Change, LineFacts, OrderFacts
from podpora.people.models import Customer

FIELDS = (
    *(
        "external_id",
        *customers.BUYER,
        "offer",
        "quantity",
        "bought_at",
        "key",
        "label",
        "support_through",
        "covers_major",
        "lifetime",
    ),
    *("code", "ledger"),
)
READ_OVER = ("product", "edition", "kind", "state", "state_changed_at", "seats", "seats_used", "source", "devices", "shares")
KNOWN = (*FIELDS, *READ_OVER, *handing_over.FIELDS)
KINDS = {OfferKind.LICENCE: LicenceKind.ONE_TIME, OfferKind.SUBSCRIPTION: LicenceKind.SUBSCRIPTION}


@transaction.atomic
def bring_in(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """One licence, whole: customer, key, ledger, seats. One of an export that its order made already gets its key and its ledger."""
    read = Reader(row, KNOWN)
    external_id = read.text("external_id", most=100, required=True)
    if external_id and (there := known("licence", external_id, row)):
        return there
    return remember("licence", external_id, _bring_in(read, by=by, at=at).code, row, at=at)


def _bring_in(read: Reader, *, by: Actor, at: datetime) -> Outcome:
    external_id = read.text("external_id", most=100)
    asked, history = _Asked(read, read.row), handing_over.read(read)
    waits = asked.is_nobodys and history is not None and history.reseller is not None  # ORG-6: its end customer has not claimed it
    if asked.is_nobodys and not waits:  # a trial that nobody has claimed
        read.problems.add("customer", "required")
    customer = None if waits else customers.named(read, by=by, at=at)
    read.or_refuse()
    assert asked.bought_at is not None
    code = asked.code or licence_code()
    entries = asked.ledger or _bought(asked, external_id)
    known_here = Licence.objects.filter(code=code).first()
    if known_here is not None and known_here.customer_id != (customer.pk if customer else None):
        if customer is None or history is None or not history.transfers:
            raise InvalidInput({"code": ["taken"]})
        known_here = actions.take_owner(known_here, customer, by=by, at=at)
        entitlements.move_ledger(code, to=customer, by=by, at=at)
    entitlements.record_entries(code, customer, entries, by=by, at=at, product=asked.product, reason="")
    if known_here is None:
        _issue(asked, code, customer, external_id, by=by, at=at)
    elif asked.key:
        actions.take_key(known_here, asked.key, issued_at=asked.bought_at, by=by, at=at)
    if history is not None:
        actions.take_history(Licence.objects.get(code=code), history, by=by, at=at)
    follow(code, by=by, at=at)
    return Outcome(code, known_here is None)


@transaction.atomic
def bring_in_base(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """Of an exported licence that no order gave: what it was before the first order acted on it; and of each, when it went to whom."""
    handing_over.note(row, sources)
    code = str(row.get("code", ""))
    own = [entry for entry in row.get("ledger") or () if isinstance(entry, dict) and not _by_an_order(entry)]
    if not own or _by_an_order(row) or Licence.objects.filter(code=code).exists():
        return Outcome(code, False)
    return _bring_in(Reader({**row, "ledger": own}, KNOWN), by=by, at=at)


def _by_an_order(told: Mapping[str, Any]) -> bool:
    return any(str(told.get(name, "")).startswith("order:") for name in ("source", "strikes"))


class _Asked:
    """What the row says of the licence."""

    def __init__(self, read: Reader, row: Row) -> None:
        self.offer = _offer(read, needed=not row.get("ledger"))
        self.edition = _edition(read, self.offer, row)
        self.kind = _kind(self.offer, row)
        self.quantity = read.number("quantity", least=1, most=100_000, usual=1)
        self.bought_at = read.instant("bought_at", required=True)
        self.label = read.text("label", most=100) or (read.text("name", most=100) if row.get("ledger") else "")
        self.support_through = read.day("support_through")
        self.covers_major = read.number("covers_major", least=1, most=10_000, usual=0)
        self.lifetime = read.flag("lifetime")
        self.code = read.text("code", most=20).upper()
        self.key = _key(read)
        self.ledger = _ledger(read)
        self.is_nobodys = bool(row.get("ledger")) and not row.get("customer") and not row.get("email")
        self._check(read)

    def _check(self, read: Reader) -> None:
        if self.support_through and self.bought_at and self.support_through < self.bought_on:
            read.problems.add("support_through", "import.before_the_purchase")

    @property
    def product(self) -> int:
        assert self.edition is not None
        return self.edition.product_id

    @property
    def bought_on(self) -> date:
        assert self.bought_at is not None
        return vendor_date(self.bought_at, sales_facts_of(self.product).policy.zone) if self.edition else self.bought_at.date()


def _offer(read: Reader, *, needed: bool) -> Offer | None:
    code = read.text("offer", most=40, required=needed)
    if not code:
        return None
    sold = Offer.objects.filter(kind__in=[kind.value for kind in KINDS], edition__isnull=False).select_related("product", "edition")
    found = sold.filter(code=code).first()
    if found is None and needed:
        read.problems.add("offer", "unknown", choices=", ".join(sold.order_by("code").values_list("code", flat=True)[:20]))
    return found


def _edition(read: Reader, offer: Offer | None, row: Row) -> Edition | None:
    if offer is not None:
        return offer.edition
    found = Edition.objects.filter(product__code=str(row.get("product", "")), code=str(row.get("edition", ""))).first()
    if found is None and row.get("ledger"):
        read.problems.add("edition", "unknown")
    return found


def _kind(offer: Offer | None, row: Row) -> LicenceKind:
    told = str(row.get("kind", ""))
    if row.get("ledger") and told in set(LicenceKind):
        return LicenceKind(told)
    return KINDS[OfferKind(offer.kind)] if offer else LicenceKind.ONE_TIME


def _key(read: Reader) -> str:
    told = read.text("key", most=100)
    plain = any_key_meant(told) if told else None
    if told and plain is None:
        read.problems.add("key", "import.not_a_key")
    return plain or ""


def _ledger(read: Reader) -> list[Entry]:
    """The lines of a ledger as an export has them."""
    found = []
    for number, told in enumerate(read.rows("ledger")):
        try:
            found.append(_entry(told))
        except (ValueError, TypeError, KeyError):
            read.problems.add(f"ledger.{number}", "not_valid")
    return found


_TYPES = {"at": datetime.fromisoformat, "ordered_at": datetime.fromisoformat, "cancelled_at": datetime.fromisoformat,
          "on": date.fromisoformat, "ordered_on": date.fromisoformat, "less_from": date.fromisoformat, "kind": EntryKind}  # fmt: skip


def _entry(told: Mapping[str, Any]) -> Entry:
    values: dict[str, Any] = {}
    names = {field.name for field in fields_of(Entry)}
    for name, value in told.items():
        if name == "reason":
            continue
        if name not in names:
            raise ValueError(name)
        values[name] = _TYPES[name](value) if name in _TYPES and value is not None else value
        if name not in _TYPES and type(values[name]) not in (int, str, bool, type(None)):
            raise ValueError(name)
    if not values["source"] or len(values["source"]) > 100:
        raise ValueError("source")
    return Entry(**values)


def _bought(asked: _Asked, external_id: str) -> list[Entry]:
    """The ledger of what was bought on that day. A last day of support that was told counts instead of the offer's years."""
    assert asked.offer is not None and asked.bought_at is not None
    offer, at, on, source = asked.offer, asked.bought_at, asked.bought_on, f"import:{external_id}"[:90]
    line = LineFacts(
        position=1, kind=OfferKind(offer.kind), quantity=asked.quantity, devices=offer.devices, support_years=offer.support_years,
        licence="", extends=False, stacks=True, update_years=offer.years_of_updates, change=Change(),
    )  # fmt: skip
    facts = OrderFacts(code="", placed_at=at, placed_on=on, total=0, lines=(line,), cancelled_at=None)  # type: ignore[arg-type]
    bought = replace(rules.grant_of(facts, line, at=at, on=on, offered=sales_facts_of(asked.product).offered), source=source)
    entries = [bought]
    if asked.covers_major:
        entries[0] = replace(bought, through_major=asked.covers_major)
    if asked.support_through is not None and bought.kind is EntryKind.PURCHASE:
        entries[0] = replace(entries[0], years=0)
        days = (asked.support_through - on).days + 1  # the last day is inclusive (T1)
        entries.append(Entry(f"{source}/support", EntryKind.GOODWILL, at, on, days=days))
    if asked.lifetime:
        entries.append(Entry(f"{source}/lifetime", EntryKind.LIFETIME, at, on, covers_all=True))
    return entries


def _issue(asked: _Asked, code: str, customer: Customer | None, external_id: str, *, by: Actor, at: datetime) -> None:
    assert asked.edition is not None and asked.bought_at is not None
    actions.import_licence(
        actions.ImportedLicence(
            code=code, customer=customer, edition=asked.edition, offer=asked.offer.code if asked.offer else "", kind=asked.kind,
            name=asked.label, plain_key=asked.key, source=f"import:{external_id}"[:100], issued_at=asked.bought_at,
        ),
        by=by, at=at,
    )  # fmt: skip
