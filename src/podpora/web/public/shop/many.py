"""Many licences at once: a table with the date and the price of each, the refusals with their ways out, and one button (UI rule 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from podpora.base.clock import format_instant
from podpora.base.codes import normalised, unguessable
from podpora.base.decisions import Reason, Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.money import Money
from podpora.base.reasons import sentence, ways, written
from podpora.entitlements.values import Rights
from podpora.journeys import checkout, many
from podpora.journeys.many import Batch, Row, What, Wish
from podpora.licensing import queries as licensing
from podpora.licensing.models import Licence
from podpora.orders.models import Order
from podpora.orders.values import MANY_LINES, Origin, Terms
from podpora.people import queries as people
from podpora.people.models import Customer
from podpora.web import glance
from podpora.web.access import signed_in
from podpora.web.components.forms import show_problem
from podpora.web.components.timeline import run_text
from podpora.web.public.shop import basket, quotes
from podpora.web.public.shop.checkout import CONSENT_VERSION
from podpora.web.public.shop.forms import CheckoutForm
from podpora.web.request import Request

LABELS = {
    What.RENEW: gettext_lazy("Renew support"),
    What.ALIGN: gettext_lazy("Bring to one date"),
    What.UPGRADE: gettext_lazy("Upgrade"),
    What.LIFETIME: gettext_lazy("Lifetime updates"),
    What.DEVICES: gettext_lazy("Add devices"),
}
MOST = {What.RENEW: 3, What.DEVICES: 10_000}


@signed_in
def show(request: Request) -> HttpResponse:
    """The table for what was chosen; with the order button pressed and everything in order, the order."""
    sent = request.POST if request.method == "POST" else request.GET
    customer, chosen = _chosen(request, sent)
    wish = _wish(sent)
    currency, offered = quotes.currencies(request)
    batch = many.offered(chosen, wish, customer=customer, currency=currency, at=request.now)
    form = _form(request, sent, batch, customer)
    status = 200
    if "order" in request.POST and form is not None and form.is_valid():
        try:
            order = _place(request, form, batch, customer)
        except Refused as refusal:
            messages.error(request, _("Nothing was ordered. Please look at the reasons below."))
            form.add_error(None, " ".join(sentence(reason) for reason in refusal.decision.reasons if reason.blocks))
            status = 409
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            return HttpResponseRedirect(reverse("shop:order", args=[order.token]))
    return TemplateResponse(
        request, "shop/many.html", _facts(request, batch, wish, form, customer, currency, offered), status=status
    )


def _chosen(request: Request, sent: QueryDict) -> tuple[Customer, list[Licence]]:
    """The licences that were ticked, of one customer; none named: all of the first customer that has any. NotYours: he may buy nothing."""
    buyers = list(people.customers_with(request.user, "buy"))
    if not buyers:
        raise NotYours
    codes = {normalised(code)[:20] for code in sent.getlist("licence")[: MANY_LINES * 2]}
    rows = licensing.all_licences().filter(customer__in=buyers).order_by("pk")
    rows = rows.filter(code__in=codes) if codes else rows
    found = list(rows[: MANY_LINES * 2])
    owner = next((row.customer for row in found if row.customer), buyers[0])
    if "shown" in sent and not codes:
        found = []
    return owner, many.extendable([row for row in found if row.customer_id == owner.pk])


def _wish(sent: QueryDict) -> Wish:
    what = next((one for one in What if one.value == sent.get("what")), What.RENEW)
    number = basket.quantity_of(sent.get("number", ""), most=MOST.get(what, 1)) or 1
    upgrades = frozenset(normalised(code)[:20] for code in sent.getlist("upgrade")[:MANY_LINES])
    return Wish(what, number, _date(sent.get("to", "")) if what is What.ALIGN else None, upgrades, _seats(sent))


def _seats(sent: QueryDict) -> dict[str, int]:
    """`seats-L-7Q4K92XM=3`: renew this one for no more than so many devices (ORG-5)."""
    told = {name.removeprefix("seats-"): str(sent[name]) for name in list(sent)[:1000] if name.startswith("seats-")}
    read = {normalised(code)[:20]: basket.quantity_of(number, most=1_000_000) for code, number in told.items()}
    return {code: number for code, number in read.items() if number}


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _form(request: Request, sent: QueryDict, batch: Batch, customer: Customer) -> CheckoutForm | None:
    if batch.quote is None:
        return None
    initial = {"key": unguessable(), "expected": batch.quote.total.wire()}
    return CheckoutForm(
        sent if "order" in request.POST else None, customers=[customer], fixed=customer, warns=bool(batch.quote.to_acknowledge),
        is_guest=False, extends=True, initial=initial,
    )  # fmt: skip


def _place(request: Request, form: CheckoutForm, batch: Batch, customer: Customer) -> Order:
    data = form.cleaned_data
    assert batch.quote is not None
    consent = {
        "immediate": data["immediate"], "text": str(form.fields["immediate"].label), "version": CONSENT_VERSION,
        "at": format_instant(request.now), "address": request.actor.address,
    }  # fmt: skip
    terms = Terms(
        most_lines=MANY_LINES, acknowledged=bool(data.get("acknowledge")), expected=_expected(data["expected"], batch),
        origin=Origin(consent=consent),
    )  # fmt: skip
    person = request.user
    buyer = checkout.Buyer(person.email, person.name, language=(get_language() or "en")[:2], customer=customer, person=person)
    currency = batch.quote.currency
    return checkout.check_out(batch.lines, buyer, currency=currency, key=data["key"], terms=terms, by=request.actor, at=request.now)


def _expected(text: str, batch: Batch) -> Money:
    assert batch.quote is not None
    try:
        return Money.of(text, batch.quote.currency)
    except (ValueError, ArithmeticError):
        return Money.zero(batch.quote.currency)


def _facts(
    request: Request, batch: Batch, wish: Wish, form: CheckoutForm | None, customer: Customer, currency: str, offered: list[str]
) -> dict[str, Any]:
    titles = {g.licence.code: g.title for g in glance.glances([row.licence for row in batch.rows], at=request.now)}
    warnings = batch.quote.decision.warnings if batch.quote else ()
    again = {(reason.code, reason.facts.get("major")): reason for reason in reversed(warnings)}
    return {
        "batch": batch, "wish": wish, "form": form, "customer": customer, "count": len(batch.lines),
        "rows": [_row(row, titles[row.licence.code], wish) for row in batch.rows],
        "whats": [(what.value, label, what is wish.what) for what, label in LABELS.items()],
        "years": [1, 2, 3], "basket": {"currency": currency, "currencies": offered, "quote": batch.quote},
        "warnings": list(again.values()), "next": f"{reverse('shop:many')}?what={wish.what.value}",
        "crumbs": [(_("Licences"), reverse("portal:licences"))],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of the table, in the reader's words."""

    row: Row
    title: str
    code: str
    before: str = ""
    after: str = ""
    upgraded: bool = False
    seats: int = 0  # that may be chosen down from; 0: no choice
    seats_to: int = 0
    reasons: tuple[Reason, ...] = ()
    ways: Sequence[dict[str, str]] = ()


def _row(row: Row, title: str, wish: Wish) -> Shown:
    code = row.licence.code
    if row.line is None or not row.is_sold:
        reasons = tuple(reason for reason in row.decision.reasons if reason.blocks)
        return Shown(row, title, code, reasons=reasons, ways=[step for reason in reasons for step in ways(reason)][:1])
    before, after = row.line.before, row.line.after
    if row.what is What.DEVICES:
        return Shown(row, title, code, _devices(before.seats if before else 0), _devices(after.seats))
    upgraded = row.what is What.UPGRADE
    instead = upgraded and wish.what is not What.UPGRADE
    seats = row.licence.seats if row.what is What.RENEW and row.licence.seats > 1 else 0
    chosen = min(wish.seats.get(code, seats), seats)
    return Shown(row, title, code, _until(before, upgraded), _until(after, upgraded), instead, seats, chosen)


def _devices(seats: int) -> str:
    return ngettext("{n} device", "{n} devices", seats).format(n=seats)


def _until(rights: Rights | None, with_versions: bool) -> str:
    """`10. 3. 2027`; for an upgrade with the versions that it covers."""
    through = written(rights.support_through) if rights and rights.support_through else str(_("no support"))
    return f"{through} · {run_text(rights)}" if with_versions and rights else through
