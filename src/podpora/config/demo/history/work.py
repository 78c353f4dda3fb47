"""What the sample vendor's technicians work with: tags, a field, canned replies, macros, a trigger, a time rule; and traces of their work."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from podpora.base.clock import vendor_date
from podpora.config.demo.history.chronicle import Chronicle
from podpora.desk import actions
from podpora.desk.models import Ticket
from podpora.desk.values import (
    AbsenceWish,
    FieldKind,
    LinkKind,
    Priority,
    ProfileWish,
    Purpose,
    Score,
    Side,
    State,
    TagColour,
    TicketKind,
    Words,
)
from podpora.journeys.ticket import Question, open_ticket

TEREZA, TOMAS = "tereza@vendor.example", "tomas@vendor.example"
TAGS = (
    ("synchronizace", TagColour.ACCENT),
    ("vyhledávání", TagColour.PLAIN),
    ("čeká na verzi", TagColour.WARN),
    ("přechod z devítky", TagColour.GOOD),
)
CANNED = (
    (
        "Aktualizace", "Dobrý den,\n\noprava je v nejnovější verzi. Aktualizujte prosím přes *Nápověda › Hledat aktualizace*.\n\n{{technician.name}}",
        "Hello {{requester.first_name}},\n\nthis is fixed in the newest version. Please use *Help › Check for updates*.\n\n{{technician.name}}",
    ),
    (
        "Prosba o log", "Můžete nám prosím poslat protokol? Najdete jej v *Nápověda › Uložit protokol*.",
        "Could you send us the log? It is in *Help › Save log*.",
    ),
)  # fmt: skip


def add(c: Chronicle) -> None:
    """Set up, then work on the tickets that the story left."""
    by, at = c.actor("manager@vendor.example"), c.today
    for name, colour in TAGS:
        actions.save_tag(name, colour=colour, is_active=True, by=by, at=at)
    choices = (("imap", "IMAP", "IMAP"), ("pop3", "POP3", "POP3"), ("exchange", "Exchange", "Exchange"))
    account = actions.FieldPlan("account", FieldKind.CHOICE, "Druh účtu", "Kind of account", choices=choices, is_public=True)
    server = actions.FieldPlan(
        "server", FieldKind.TEXT, "Adresa serveru", "Address of the server", help_cs="Třeba imap.firma.cz.", help_en="Such as imap.firm.com.",
        is_public=True, shown_when="account", shown_when_values=["imap", "exchange"],
    )  # fmt: skip
    for plan in (account, server):
        actions.save_field(plan, by=by, at=at)
    for name, text_cs, text_en in CANNED:
        actions.save_canned(actions.CannedPlan(name, text_cs, text_en), by=by, at=at)
    deeds: list[dict[str, Any]] = [
        {"do": "assign", "value": "me"},
        {"do": "tags", "add": ["čeká na verzi"]},
        {"do": "state", "value": "waiting_vendor"},
    ]
    macro = actions.save_macro(actions.RulePlan("Čeká na novou verzi", deeds), by=by, at=at)
    _team(c)
    _work(c)
    actions.apply_macro(c.tickets["company-open"], macro, c.person(TOMAS), by=c.actor(TOMAS), at=at)
    when = [{"ask": "subject", "how": "contains", "value": "synchroniz"}]
    actions.save_trigger(
        actions.RulePlan("Štítek synchronizace", [{"do": "tags", "add": ["synchronizace"]}], conditions=when), by=by, at=at
    )
    late = actions.RulePlan("Po termínu: nejvyšší priorita", [{"do": "priority", "value": "urgent"}], happenings=["sla_breached"])
    actions.save_trigger(late, by=by, at=at)
    reply = {"do": "reply", "cs": "Dobrý den, stále čekáme na Vaši odpověď.", "en": "Hello, we still wait for your answer."}
    week = actions.RulePlan("Připomenout po týdnu", [reply], state=State.WAITING_CUSTOMER.value, after_minutes=7 * 24 * 60)
    actions.save_time_rule(week, by=by, at=at)


def _team(c: Chronicle) -> None:
    """Who can do what, and a holiday with a stand-in. Both can do all, so that tickets go by turn whatever day it is."""
    by, at = c.actor("manager@vendor.example"), c.today
    billing = actions.standard_queue(Purpose.LICENCE_BILLING)
    actions.save_skill("invoicing", ("Fakturace", "Invoicing"), queues=[billing.code], by=by, at=at)
    for email, cap in ((TEREZA, 30), (TOMAS, 40)):
        actions.set_profile(c.person(email), ProfileWish(["invoicing"], ["cs", "en"], cap), by=by, at=at)
    first = vendor_date(at, settings.VENDOR_ZONE) + timedelta(days=14)
    away = AbsenceWish(first, first + timedelta(days=6), c.person(TEREZA).code, "Dovolená")
    actions.add_absence(c.person(TOMAS), away, by=by, at=at)


def _work(c: Chronicle) -> None:
    at, tereza, tomas = c.today, c.actor(TEREZA), c.actor(TOMAS)
    waiting, other, company = c.tickets["jana-waiting"], c.tickets["other-open"], c.tickets["company-open"]
    actions.change_tags(waiting, add=["vyhledávání"], by=tereza, at=at)
    actions.set_kind(waiting, TicketKind.PROBLEM, by=tereza, at=at)
    actions.add_time(waiting, 20, "Ověřeno ve verzi 10.2.0", by=tereza, at=at)
    actions.set_fields(other, {"account": "imap"}, by=tomas, at=at)
    actions.link(company, other, LinkKind.RELATES, by=tomas, at=at)
    actions.follow(company, c.person(TEREZA), by=tereza, at=at)
    actions.save_draft(other, c.person(TOMAS), actions.Writing("Hello Emma,\n\nplease try the folder *Archive* with"), at=at)
    actions.snooze(waiting, at + timedelta(days=2), by=tereza, at=at)
    member = c.tickets["company-member"]
    actions.set_priority(member, Priority.LOW, by=tereza, at=at)
    words = Words("Dobrý den, může za to kontrola příloh po startu. V pondělí vyjde verze, která ji odloží.")
    actions.schedule(member, words, at + timedelta(hours=20), by=tereza, at=at)
    actions.note_customer(company, "Volat jen dopoledne, odpoledne je ve skladu hluk. Správce je pan Procházka.", by=tomas, at=at)
    _merged_and_split(c)
    actions.rate(c.tickets["billing"], Score.GOOD, "Rychlé a jasné.", by=c.actor("billing@company.example"), at=at)


def _merged_and_split(c: Chronicle) -> None:
    """The same asked twice becomes one ticket; a second matter in an answer becomes one of its own."""
    at, tomas, jana = c.today, c.actor(TOMAS), "jana@private.example"
    first, again = _asks(c, "Podpis se vkládá dvakrát"), _asks(c, "Dvojitý podpis pod zprávou")
    actions.merge(again, first, by=tomas, at=at)
    other = actions.reply(
        first, Words("Děkuji. A ještě: jak změním písmo v seznamu zpráv?"), side=Side.CUSTOMER, by=c.actor(jana), at=at
    )
    actions.split(first, [other], "Písmo v seznamu zpráv", by=tomas, at=at)


def _asks(c: Chronicle, subject: str) -> Ticket:
    email = "jana@private.example"
    question = Question(
        customer=c.customer(email), requester=c.person(email), purpose=Purpose.VIP, subject=subject,
        text="Od včerejška je pod každou zprávou podpis dvakrát. V nastavení je jen jeden.", licence=c.licence("jana"),
    )  # fmt: skip
    return open_ticket(question, by=c.actor(email), at=c.today)
