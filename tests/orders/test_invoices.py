"""Documents: their numbers, what they say, and that nothing changes them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from podpora.journeys.refund import refund
from podpora.orders import actions
from podpora.orders.actions.invoices import SellerFacts
from podpora.orders.models import Invoice, MoneyEvent
from podpora.orders.values import Notice
from podpora.people import actions as people_actions
from tests.make import orders as make
from tests.make import people

pytestmark = pytest.mark.django_db


def test_C41_neither_documents_nor_money_can_be_changed_or_removed():
    make.shop()
    make.bought(on="2026-03-10")
    for rows, change in [(Invoice.objects.all(), {"total": 1}), (MoneyEvent.objects.all(), {"amount": 1})]:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
        assert rows.count() == 1


def test_C40_the_series_turns_over_at_the_vendors_midnight():
    make.shop()
    order, instants = make.order(on="2026-12-30"), ("2026-12-31T22:59:59+00:00", "2026-12-31T23:00:00+00:00")
    found = []
    for text in instants:
        at = datetime.fromisoformat(text).astimezone(UTC)
        actions.issue_invoice(order, paid_on=at.date(), by=make.BY, at=at)
        order = make.order(on="2026-12-30")
        found.append(Invoice.objects.latest("id").number)
    assert found == ["F2026-00001", "F2027-00001"]


def test_dates_of_a_series_never_go_back():
    make.shop()
    for day in ("2026-03-12", "2026-03-10"):
        actions.issue_invoice(make.order(on="2026-03-10"), paid_on=make.at(day).date(), by=make.BY, at=make.at(day))
    assert [str(i.issued_on) for i in Invoice.objects.order_by("sequence")] == ["2026-03-12", "2026-03-12"]


def test_C18_a_credit_note_names_the_invoice_and_takes_back_exactly_what_was_refunded():
    make.shop()
    order = make.bought("pro-company", 5, on="2026-03-10")
    for n, units in enumerate((2, 3)):
        order = refund(order, ((1, units),), Notice(f"r{n}", make.at("2026-03-11")), by=make.BY, at=make.at("2026-03-11"))
    invoice, *notes = Invoice.objects.order_by("id")
    assert [note.number for note in notes] == ["D2026-00001", "D2026-00002"]
    assert all(note.content["corrects"] == invoice.number for note in notes)
    assert sum(note.total for note in notes) == -invoice.total
    for field in ("net", "vat_total", "total"):
        assert sum(Decimal(note.content[field]) for note in notes) == -Decimal(invoice.content[field])
    assert [note.content["lines"][0]["quantity"] for note in notes] == [-2, -3]


def test_an_invoice_says_everything_that_the_law_asks_for_and_keeps_it():
    make.shop()
    seller = SellerFacts("Pošťák s.r.o.", "Dlouhá 1", "Praha", "11000", company_id="25123891", vat_id="CZ25123891")
    actions.set_seller(seller, by=make.BY, at=make.at("2026-03-01"))
    order = make.bought(on="2026-03-10")
    actions.set_seller(SellerFacts("Another"), by=make.BY, at=make.at("2026-03-11"))
    content = Invoice.objects.get().content
    assert content["seller"]["vat_id"] == "CZ25123891"
    assert content["buyer"]["name"] == order.customer.name
    assert (content["issued_on"], content["tax_on"]) == ("2026-03-10", "2026-03-10")
    assert content["vat"] == [{"rate": "21", "net": "1644.63", "vat": "345.37", "gross": "1990.00"}]
    assert content["lines"][0]["quantity"] == 1


def test_reverse_charge_for_a_company_of_another_member_state():
    make.shop()
    company = people.company()
    people_actions.update_customer(company, vat_id="DE136695976", country="DE", by=make.BY, at=make.at("2026-03-01"))
    company.refresh_from_db()
    order = make.bought("pro-company", 10, of=company, on="2026-03-10")
    content = Invoice.objects.get().content
    assert (order.total, order.vat, content["reverse_charge"]) == (Decimal("12314.050"), 0, True)
    assert content["vat"][0]["rate"] == "0"
