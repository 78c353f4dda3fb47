"""What goes out: every column has its place in an export, or a reason why it has none; and licences that changed hands come in again."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import transaction

from podpora.entitlements.models import LedgerEntry, Standing
from podpora.journeys import exporting, importing, outside, resale, transfer
from podpora.journeys.exporting.archive import lines_of
from podpora.journeys.importing import Sources
from podpora.licensing import actions
from podpora.licensing.models import Licence, Transfer
from podpora.mail.models import OutgoingMail
from podpora.orders.models import Order
from podpora.orders.values import CartLine
from podpora.people.models import Customer
from tests.make import licensing as make
from tests.make import people, web
from tests.make.firms import firm

pytestmark = pytest.mark.django_db
AT = datetime.fromisoformat("2026-11-20T11:00+00:00")
DAY = timedelta(days=1)
OWN_SERIES = "an invoice goes out as it was frozen; numbers of a series stay here"
HERE = "made by this installation; another one makes its own"
SECRET = "what opens doors does not go out; a new one can be made"
REPLAYED = "follows from the ledger"
DEVICE = "devices activate again, with a fingerprint and a token of their own"

# Every column of these tables: the name that it has in the row of an export, or (after "-") why it has none.
COLUMNS: dict[str, dict[str, str]] = {
    "people.Customer": {
        "code": "external_id", "kind": "kind", "name": "name", "email": "email", "language": "language", "street": "street", "city": "city",
        "postal_code": "postal_code", "country": "country", "company_id": "company_id", "vat_id": "vat_id", "created_at": "created_at",
        "person": "-the person with this address", "merged_into": "merged_into",
    },
    "licensing.Licence": {
        "code": "code", "customer": "customer", "reseller": "reseller", "reseller_sees": "reseller_sees", "product": "product",
        "edition": "edition", "offer": "offer", "kind": "kind", "name": "name", "state": "state", "state_changed_at": "state_changed_at",
        "seats": "seats", "seats_used": "seats_used", "seats_shared": "shares", "owned_since": "owned_since", "key_hash": "-" + SECRET,
        "key_sealed": "key", "key_hint": "key", "source": "source", "issued_at": "bought_at", "frozen_at": "frozen_at",
        "frozen_why": "frozen_why",
    },
    "licensing.Device": {
        "code": "code", "licence": "-the licence that it is in", "name": "name", "platform": "platform", "app_version": "app_version",
        "first_seen_at": "first_seen_at", "last_seen_at": "last_seen_at", "is_named": "is_named", "blocked_at": "blocked_at",
        "suspected_clone_at": "suspected_clone_at", "fingerprint": "-" + DEVICE, "former_hash": "-" + DEVICE,
        "clock_skew": "clock_skew", "holds_seat": "holds_seat",
        "person": "person", "team": "team", "is_former": "is_former",
    },
    "licensing.Transfer": {
        "code": "code", "licence": "-the licence that it is in", "from_customer": "from", "to_customer": "to", "to_email": "to_email",
        "is_resale": "is_resale", "token_hash": "-" + SECRET, "offered_by": "-in the audit", "offered_at": "offered_at",
        "expires_at": "expires_at", "accepted_at": "accepted_at", "cancelled_at": "cancelled_at",
    },
    "licensing.SeatShare": {
        "licence": "-the licence that it is in", "team": "team", "seats": "seats", "seats_used": "seats_used", "key_hash": "-" + SECRET,
        "key_sealed": "-" + SECRET, "key_hint": "-" + SECRET, "created_at": "since",
    },
    "orders.Order": {
        "code": "code", "token": "-" + SECRET, "customer": "customer", "for_email": "end_customer", "currency": "currency",
        "language": "language", "placed_at": "placed_at", "placed_on": "placed_at", "expires_on": "-" + HERE, "cancelled_at": "cancelled_at",
        "cancelled_why": "cancelled_why", "external_id": "external_id", "external_hash": "-" + HERE, "provider": "-with each payment",
        "reference": "-of the provider's account here", "variable_symbol": "variable_symbol", "net": "net", "vat": "vat",
        "total": "total", "vat_rate": "vat_rate", "reverse_charge": "reverse_charge", "consent": "consent", "warnings": "warnings",
        "writes_invoice": "-" + OWN_SERIES, "state": "state", "paid_at": "paid_at", "created_at": "-" + HERE,
    },
    "orders.OrderLine": {
        "order": "-the order that it is in", "position": "-their order", "offer_code": "offer", "kind": "-the offer's", "name_cs": "name_cs",
        "name_en": "name_en", "quantity": "quantity", "devices": "devices", "support_years": "support_years",
        "update_years": "update_years", "stacks": "-" + REPLAYED, "align_to": "align_to", "days": "-" + REPLAYED,
        "seats_less": "seats_less", "less_from": "-" + REPLAYED, "target_licence": "licence", "licence_code": "gives",
        "unit_price": "unit_price", "net": "net", "vat": "vat", "total": "total", "delivered_at": "-" + HERE,
    },
    "orders.MoneyEvent": {
        "order": "-the order that it is in", "kind": "kind", "external_id": "external_id", "at": "at", "on": "at", "amount": "amount",
        "lines": "lines", "keeps_rights": "keeps_rights", "provider": "provider", "reason": "reason", "content_hash": "-" + HERE,
        "recorded_by": "-in the audit", "recorded_at": "-in the audit",
    },
}  # fmt: skip
# Tables of these rooms that have no rows of their own in an export.
WITHOUT = {
    "licensing.KeyGroup": "an index over keys", "licensing.FingerprintPart": DEVICE, "licensing.Activation": DEVICE,
    "licensing.ActivationToken": DEVICE, "licensing.Sighting": "forgotten after a month", "licensing.SeatNotice": REPLAYED,
    "licensing.DeviceWork": "in the audit", "licensing.SigningKey": SECRET, "orders.Seller": "a setting", "orders.InvoiceCounter": OWN_SERIES,
    "orders.Invoice": "as it was frozen, in invoices.jsonl",
}  # fmt: skip


def exported() -> dict[str, list[dict[str, Any]]]:
    target = io.BytesIO()
    exporting.write(target, exporting.parts_of_everything(), about={}, at=AT)
    with zipfile.ZipFile(target) as archive:
        return {noun: [json.loads(line) for line in lines_of(archive, noun)] for noun in importing.NOUNS}


@pytest.fixture(autouse=True)
def _now() -> Any:
    web.vendor()
    with time_machine.travel(AT, tick=False):
        yield


def bought(buyer: str, number: str, placed: datetime, *lines: CartLine, end: str = "") -> Order:
    told = outside.OutsideOrder(number, outside.Buyer(buyer), "CZK", placed, placed, lines, invoice=False, for_email=end)
    return outside.receive(told, by=make.BY, at=AT)[0]


def changed_hands() -> dict[str, Licence]:
    """A-17 with a renewal before and after it; ORG-6 claimed and then renewed by its owner, and not claimed; X-9 frozen."""
    first = AT - 200 * DAY
    moved = made(bought("anna@old.example", "1", first, CartLine("pro-private-3", 1, "")))
    bought("anna@old.example", "2", first + 30 * DAY, CartLine("vip-renewal", 1, moved.code))
    cyril = people.customer_of(people.person("cyril@new.example"))
    transfer.accept(
        transfer.offer(moved, "cyril@new.example", by=make.BY, at=first + 60 * DAY), cyril, by=make.BY, at=first + 60 * DAY
    )
    bought("cyril@new.example", "3", first + 90 * DAY, CartLine("vip-renewal", 1, moved.code))
    claimed = made(bought("shop@reseller.example", "4", first, CartLine("pro-private-1", 1, ""), end="dana@end.example"))
    dana = people.customer_of(people.person("dana@end.example"))
    transfer.accept(Transfer.objects.get(licence=claimed), dana, by=make.BY, at=first + DAY)
    actions.show_reseller(Licence.objects.get(pk=claimed.pk), True, by=make.BY, at=first + DAY)
    bought("dana@end.example", "5", first + 90 * DAY, CartLine("vip-renewal", 1, claimed.code))
    waiting = made(bought("shop@reseller.example", "6", first, CartLine("pro-private-1", 1, ""), end="emil@end.example"))
    actions.freeze(Licence.objects.get(pk=moved.pk), "23 devices", by=make.BY, at=AT)
    return {"moved": moved, "claimed": claimed, "waiting": waiting}


def made(order: Order) -> Licence:
    return Licence.objects.get(code=order.lines.get().licence_code)


def test_no_column_is_forgotten() -> None:
    """A new column of a customer, licence or order has to be named here: it goes out, or there is a reason why not."""
    rooms = [model for room in ("licensing", "orders") for model in apps.get_app_config(room).get_models()]
    assert {model._meta.label for model in rooms} == {name for name in COLUMNS if not name.startswith("people.")} | set(WITHOUT)
    alfa = firm()
    actions.share_seats(alfa.licence, alfa.team, 2, by=make.BY, at=AT)
    changed_hands()
    rows = exported()
    licences, orders = rows["licences"], rows["orders"]
    found = {
        "people.Customer": rows["customers"], "licensing.Licence": licences, "orders.Order": orders,
        "licensing.Device": [d for row in licences for d in row["devices"]], "licensing.Transfer": [t for row in licences for t in row["transfers"]],
        "licensing.SeatShare": [s for row in licences for s in row["shares"]], "orders.OrderLine": [one for row in orders for one in row["lines"]],
        "orders.MoneyEvent": [event for row in orders for event in row["money"]],
    }  # fmt: skip
    for label, columns in COLUMNS.items():
        model = apps.get_model(label)
        assert {f.name for f in model._meta.concrete_fields} - {"id"} == set(columns), label
        assert found[label], label
        for row in found[label]:
            assert {name for name in columns.values() if name[0] != "-"} <= set(row), label


def test_licences_that_changed_hands_come_in_whole_somewhere_else() -> None:
    """A-17, ORG-6, X-9: owners, sellers and dates are as they were; every order is judged as on its day; nobody gets mail."""
    with transaction.atomic():
        licences = changed_hands()
        before, dates = exported(), ledgers()
        transaction.set_rollback(True)
    assert not Licence.objects.exists()
    sources = Sources()
    for noun, step in importing.STEPS:
        done = list(importing.bring_in(step, enumerate(before[noun], 2), sources, by=make.BY, at=AT))
        assert step == "bases" or {row.result for row in done} == {"made"} or noun == "tickets" or not before[noun], done
    after = exported()
    kept = ("key", "state", "seats", "bought_at", "reseller_sees", "owned_since", "frozen_at", "frozen_why", "ledger")
    for old, new in zip(before["licences"], after["licences"], strict=True):
        assert {name: new[name] for name in kept} == {name: old[name] for name in kept}
        assert (owner(new, "customer"), owner(new, "reseller")) == (
            owners_before(before, old, "customer"),
            owners_before(before, old, "reseller"),
        )
        assert [t | {"from": "", "to": ""} for t in new["transfers"]] == [t | {"from": "", "to": ""} for t in old["transfers"]]
    assert ledgers() == dates
    assert not OutgoingMail.objects.filter(kind__startswith="licence.").exists()
    waiting = Licence.objects.get(code=licences["waiting"].code)
    assert (waiting.customer, [told.state for told in resale.resold([waiting], at=AT)]) == (None, ["waiting"])
    actions.send_claim(waiting, "emil@end.example", by=make.BY, at=AT)  # the reseller sends him a link that works here


def owner(row: dict[str, Any], field: str) -> str:
    return Customer.objects.get(code=row[field]).email if row[field] else ""


def owners_before(rows: dict[str, list[dict[str, Any]]], row: dict[str, Any], field: str) -> str:
    return next((one["email"] for one in rows["customers"] if one["external_id"] == row[field]), "")


def ledgers() -> list[tuple[str, Any, str]]:
    """Whose ledger and standing each licence's is, and until when its support goes."""
    who = {row["licence"]: row["customer__email"] for row in LedgerEntry.objects.values("licence", "customer__email")}
    rows = Standing.objects.order_by("licence").values_list("licence", "support_through", "customer__email")
    return [(licence, ends, f"{mail} {who[licence]}") for licence, ends, mail in rows]
