"""Invoices as pages and files: who may see them, what they show, and that a name is never markup."""

import json

import pytest
from django.urls import reverse

from podpora.journeys import purchase
from podpora.orders.actions import set_seller
from podpora.orders.actions.invoices import SellerFacts
from podpora.orders.models import Invoice
from podpora.people.values import Role
from podpora.web.documents import invoice as documents
from tests.make import orders as make
from tests.make import people

pytestmark = pytest.mark.django_db
NASTY = '=HYPERLINK("x") #read("/etc/passwd") <img src=file:///etc/passwd> $x$ \\ "*_@'


@pytest.fixture
def invoice():
    make.shop()
    set_seller(SellerFacts("Pošťák s.r.o.", "Dlouhá 1", "Praha", vat_id="CZ25123891", iban="CZ6508000000192000145399"),
               by=make.BY, at=make.at("2026-03-01"))  # fmt: skip
    order = make.bought("pro-company", 3, of=people.company(NASTY), on="2026-03-10")
    purchase.start_payment(make.order(on="2026-03-10"), "transfer", return_url="/", by=make.BY, at=make.at("2026-03-10"))
    return Invoice.objects.get(order=order)


def test_the_pdf_is_the_same_at_every_download_and_takes_names_as_text(invoice):
    first = documents.pdf(invoice)
    documents._compiled.cache_clear()
    assert first.startswith(b"%PDF-")
    assert documents.pdf(Invoice.objects.get(pk=invoice.pk)) == first
    proforma = Invoice.objects.get(kind="proforma")
    assert documents.drawn(proforma)["qr"].startswith("<svg")
    assert documents.pdf(proforma).startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["cs", "en"])
def test_C42_every_field_in_both_languages(invoice, language):
    invoice.content["language"] = language
    shown = json.dumps(documents.drawn(invoice), ensure_ascii=False)
    words = {
        "cs": ["Faktura – daňový doklad", "Dodavatel", "Odběratel", "Datum uskutečnění zdanitelného plnění", "DPH", "10. 3. 2026"],
        "en": ["Invoice – tax document", "Seller", "Buyer", "Date of taxable supply", "VAT", "10 Mar 2026"],
    }[language]
    for word in [*words, invoice.number, "CZ25123891", "21 %"]:
        assert word in shown


def test_S15_the_owner_and_staff_see_it_and_nobody_else(invoice, client):
    page, file = reverse("portal:invoice", args=[invoice.number]), reverse("portal:invoice_pdf", args=[invoice.number])
    owner = invoice.customer.memberships.get(role=Role.OWNER).person
    viewer, stranger = people.member(invoice.customer, Role.VIEWER), people.person()
    for somebody, status in [(owner, 200), (people.manager(), 200), (viewer, 404), (stranger, 404)]:
        client.force_login(somebody)
        assert (client.get(page).status_code, client.get(file).status_code) == (status, status)
        assert client.get(reverse("portal:invoice", args=["F2026-99999"])).status_code == 404
    client.logout()
    assert client.get(page).status_code == 302


def test_C46_a_guest_has_the_link_of_his_order(invoice, client):
    other = make.order(on="2026-03-10")
    answer = client.get(reverse("shop:invoice", args=[invoice.order.token, invoice.number]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert client.get(reverse("shop:invoice", args=[other.token, invoice.number])).status_code == 404
    assert client.get(reverse("shop:invoice", args=["x", invoice.number])).status_code == 404
