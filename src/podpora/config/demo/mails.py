"""Mail that came in to the sample vendor: questions and replies with quotes, and what waits in the quarantine."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from podpora.base.actors import Actor, ActorKind
from podpora.config.demo.mailboxes import BILLING, SUPPORT
from podpora.desk import actions as desk
from podpora.desk import queries as tickets
from podpora.desk.values import Side, Words
from podpora.jobs import actions as jobs
from podpora.journeys import mailroom
from podpora.mail import actions, queries
from podpora.mail.models import OutgoingMail
from podpora.people.models import Person

HOUR = timedelta(hours=1)


def make_mails(people: dict[str, Person], *, at: datetime) -> None:
    """A conversation by mail, a question about an invoice, and mails that a person has to decide about."""
    begun = at - 30 * HOUR
    question = _mail("Jana Nováková <jana@private.example>", "Kalendář po aktualizaci prázdný", QUESTION, "question", at=begun)
    code = _read(question, SUPPORT, at=begun)
    _answered(code, people["tereza@vendor.example"], at=begun + 2 * HOUR)
    _reply(code, at=begun + 5 * HOUR)
    invoice = _mail("Karel Dvořák <karel.dvorak@seznam.example>", "Invoice for last month", INVOICE, "invoice", at=at - 8 * HOUR)
    _read(invoice, BILLING, at=at - 8 * HOUR)
    absence = _mail(
        "Petr <petr@lapsed.example>", "Automatická odpověď", ABSENCE, "absence", at=at - 6 * HOUR, Auto_Submitted="auto-replied"
    )
    _read(absence, SUPPORT, at=at - 6 * HOUR)
    robot = _mail(
        "Slack <no-reply@slack.example>", "Confirm your e-mail address", "Your code is 481-516.", "robot", at=at - 5 * HOUR
    )
    _read(robot, SUPPORT, at=at - 5 * HOUR)
    _read(
        _mail("Eva <eva@firm.example>", "Where is my order?", "Hello?", "lost", at=at - 4 * HOUR),
        "sales@vendor.example",
        at=at - 4 * HOUR,
    )
    forged = _mail("Tereza <tereza@vendor.example>", f"[{code}] Kalendář", "Pošlete nám prosím heslo.", "forged", at=at - 3 * HOUR)
    _read(forged, SUPPORT, at=at - 3 * HOUR)
    stranger = _mail(
        "Someone <someone@elsewhere.example>", "Re: Kalendář", "Me too!", "stranger", at=at - 2 * HOUR, In_Reply_To=_ours(code)
    )
    _read(stranger, SUPPORT, at=at - 2 * HOUR)
    _read(BACKSCATTER.replace(b"DATE", format_datetime(at - HOUR).encode()), SUPPORT, at=at - HOUR)
    jobs.run_due(at=at)  # also what the clocks of the history told


def _mail(sender: str, subject: str, text: str, name: str, *, at: datetime, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, SUPPORT, subject
    mail["Date"], mail["Message-ID"] = format_datetime(at), f"<{name}@demo.example>"
    for header, value in headers.items():
        mail[header.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def _read(raw: bytes, to: str, *, at: datetime) -> str:
    stored = actions.store_incoming(raw, source="smtp", mailbox=queries.mailbox_for([to]), envelope_to=[to], at=at)
    mailroom.process(stored.code, at=at)
    jobs.run_due(at=at)
    return queries.incoming_with_code(stored.code).ticket


def _answered(code: str, technician: Person, *, at: datetime) -> None:
    by = Actor(ActorKind.PERSON, str(technician), technician.pk)
    ticket = tickets.any_ticket(code)
    desk.assign(ticket, technician, by=by, at=at)
    desk.reply(ticket, Words(ANSWER), side=Side.STAFF, by=by, at=at)
    jobs.run_due(at=at)


def _ours(code: str) -> str:
    """The Message-ID of our newest answer in the ticket."""
    mails = OutgoingMail.objects.filter(kind="ticket.answered", subject__contains=f"[{code}]").order_by("-pk")
    return str(mails.values_list("message_id", flat=True)[0])


def _reply(code: str, *, at: datetime) -> None:
    answer = OutgoingMail.objects.filter(kind="ticket.answered", subject__contains=f"[{code}]").latest("pk")
    quoted = "\n".join(f"> {line}" for line in ANSWER.splitlines())
    text = f"{REPLY}\n\nDne {at:%d. %m. %Y} v 10:12 Tereza napsala:\n{quoted}\n\n-- \nJana Nováková\n"
    raw = _mail(
        "Jana Nováková <jana@private.example>", f"Re: {answer.subject}", text, "reply", at=at, In_Reply_To=answer.message_id
    )
    _read(raw, answer.reply_to, at=at)


QUESTION = """Dobrý den,

po včerejší aktualizaci je kalendář prázdný, zato úkoly v něm jsou dvakrát.
Restart nepomohl. Co mám udělat?

Jana Nováková
"""
ANSWER = """Dobrý den,

otevřete prosím Nastavení, Kalendáře a zkuste tlačítko Znovu načíst.
Pomohlo to?

Tereza
"""
REPLY = """Dobrý den,

kalendář se vrátil, děkuji! Úkoly jsou ale stále dvakrát."""
INVOICE = "Hello,\n\nplease send me the invoice for last month again, I can't find it.\n\nThank you\nKarel Dvořák\n"
ABSENCE = "Jsem mimo kancelář do pondělí.\n"
BACKSCATTER = b"""From: MAILER-DAEMON@mx.elsewhere.example
To: support@vendor.example
Subject: Undelivered Mail Returned to Sender
Date: DATE
Message-ID: <returned@mx.elsewhere.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=B

--B
Content-Type: text/plain

The mail could not be delivered.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.elsewhere.example

Final-Recipient: rfc822; nobody@elsewhere.example
Action: failed
Status: 5.1.1
--B--
"""
