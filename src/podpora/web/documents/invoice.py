"""An invoice in its own language, from its frozen content and nothing else: the same file at every download."""

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from podpora.base.money import Money
from podpora.base.reasons import written_money
from podpora.orders import rules
from podpora.orders.models import Invoice
from podpora.orders.values import InvoiceKind

TEMPLATE = Path(__file__).parent / "invoice.typ"


def title_of(invoice: Invoice) -> str:
    """In the active language."""
    match InvoiceKind(invoice.kind):
        case InvoiceKind.PROFORMA:
            return _("Request for payment")
        case InvoiceKind.TAX:
            return _("Invoice – tax document")
        case InvoiceKind.CREDIT_NOTE:
            return _("Credit note – correcting tax document")


def drawn(invoice: Invoice) -> dict[str, Any]:
    """Everything that page and PDF show, written in the document's language."""
    content = invoice.content
    with translation.override(content["language"]):
        return {
            "title": title_of(invoice), "number": invoice.number, "language": content["language"], "kind": invoice.kind,
            "seller": _party(content["seller"]), "buyer": _party(content["buyer"]), "labels": _labels(), "facts": _facts(content),
            "lines": [_line(line, content["currency"]) for line in content["lines"]],
            "vat": [_rate(row, content["currency"]) for row in content["vat"]],
            "total": _money(content["total"], content["currency"]), "total_label": _total_label(invoice.kind),
            "notes": _notes(invoice), "qr": _qr(invoice),
        }  # fmt: skip


def _money(amount: str, currency: str) -> str:
    return written_money(Money.of(amount, currency))


def _day(text: str) -> str:
    return formats.date_format(date.fromisoformat(text), "DATE_FORMAT")


def _party(party: dict[str, str]) -> list[str]:
    """The lines of an address block: name, street, town, country, numbers."""
    town = " ".join(filter(None, [party["postal_code"], party["city"]]))
    numbers = [
        _("Company number: {number}").format(number=party["company_id"]) if party["company_id"] else "",
        _("VAT number: {number}").format(number=party["vat_id"]) if party["vat_id"] else "",
    ]
    lines = [party["name"], party["street"], town, party["country"], *numbers, party.get("registration", ""), party["email"]]
    return [line for line in lines if line]


def _facts(content: dict[str, Any]) -> list[tuple[str, str]]:
    """Dates and numbers of the document (§ 29 of the VAT act)."""
    is_proforma = content["kind"] == InvoiceKind.PROFORMA
    seller = content["seller"]
    rows = [
        (_("Date of issue"), _day(content["issued_on"])),
        ("" if is_proforma else _("Date of taxable supply"), _day(content["tax_on"])),
        (_("Pay until") if is_proforma else "", _day(content["due_on"])),
        (_("Corrects the document") if content["corrects"] else "", content["corrects"]),
        (_("Order"), content["order"]),
        (_("Your number") if content["external_id"] else "", content["external_id"]),
        (_("Variable symbol"), content["variable_symbol"]),
        (_("Account") if is_proforma and seller["iban"] else "", seller["iban"]),
    ]
    return [(name, value) for name, value in rows if name]


def _line(line: dict[str, Any], currency: str) -> dict[str, str]:
    return {
        "name": line["name"], "licence": line["licence"], "quantity": formats.number_format(line["quantity"], use_l10n=True),
        "net": _money(line["net"], currency), "vat": _money(line["vat"], currency), "gross": _money(line["gross"], currency),
    }  # fmt: skip


def _rate(row: dict[str, str], currency: str) -> dict[str, str]:
    return {"rate": f"{row['rate'].replace('.', formats.get_format('DECIMAL_SEPARATOR'))} %"} | {
        name: _money(row[name], currency) for name in ("net", "vat", "gross")
    }


def _labels() -> dict[str, str]:
    return {
        "seller": _("Seller"), "buyer": _("Buyer"), "item": _("Item"), "quantity": _("Quantity"), "net": _("Without VAT"),
        "vat": _("VAT"), "gross": _("With VAT"), "rate": _("VAT rate"), "licence": _("licence"), "page": _("page"),
    }  # fmt: skip


def _total_label(kind: str) -> str:
    match InvoiceKind(kind):
        case InvoiceKind.PROFORMA:
            return _("To be paid")
        case InvoiceKind.TAX:
            return _("Paid")
        case InvoiceKind.CREDIT_NOTE:
            return _("Refunded")


def _notes(invoice: Invoice) -> list[str]:
    content = invoice.content
    notes = []
    if invoice.kind == InvoiceKind.PROFORMA:
        notes.append(_("This is not a tax document. You will get one as soon as your payment is here."))
    if invoice.kind == InvoiceKind.TAX:
        notes.append(_("Paid already. Please do not pay again."))
    if content["reverse_charge"]:
        notes.append(_("Reverse charge: the tax is paid by the customer."))
    if content["reason"]:
        notes.append(_("Reason: {reason}").format(reason=content["reason"]))
    return notes


def _qr(invoice: Invoice) -> str:
    """The payment QR of a request for payment, as SVG; else nothing."""
    content, seller = invoice.content, invoice.content["seller"]
    if invoice.kind != InvoiceKind.PROFORMA or not seller["iban"]:
        return ""
    amount, symbol = Money.of(content["total"], content["currency"]), content["variable_symbol"]
    message = f"{seller['name']} {content['order']}"
    if content["currency"] == "CZK":
        text = rules.spayd(iban=seller["iban"], bic=seller["bic"], amount=amount, symbol=symbol, message=message)
    elif content["currency"] == "EUR":
        text = rules.epc(
            name=seller["name"], iban=seller["iban"], bic=seller["bic"], amount=amount, message=f"{message} VS {symbol}"
        )
    else:
        return ""
    import segno  # seldom needed, so not in every process

    return str(segno.make(text, error="m", micro=False).svg_inline(scale=4, border=0))


def pdf(invoice: Invoice) -> bytes:
    """The document as PDF/A. What it says goes in as data, never as source, so nothing in a name can become markup (S25)."""
    facts = drawn(invoice) | {"issued": invoice.content["issued_on"]}
    return _compiled(json.dumps(facts, ensure_ascii=False, sort_keys=True))


def as_file(invoice: Invoice) -> HttpResponse:
    """The PDF as a download that no cache keeps."""
    response = HttpResponse(pdf(invoice), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{invoice.number}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@lru_cache(maxsize=32)
def _compiled(data: str) -> bytes:
    import typst  # large, and seldom needed

    made = typst.compile(
        TEMPLATE.read_bytes(), sys_inputs={"data": data}, format="pdf", ignore_system_fonts=True, pdf_standards=["a-3b"]
    )
    assert isinstance(made, bytes)
    return made
