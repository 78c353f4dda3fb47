"""A mail that came in, from its bytes to the ticket, the quarantine or the bin.

Rooms: mail (the bytes, what became of them), people (whose address is it?), rights (which plan?), desk (the ticket).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from podpora.base.actors import Actor, system
from podpora.desk.values import Purpose, Via
from podpora.journeys.ticket import Question, open_ticket
from podpora.mail import actions, queries
from podpora.mail.rules.parsing import ParsedMail, parse
from podpora.people import actions as people

BY = "mail"


def process(code: str, *, at: datetime) -> None:
    """Read the mail with this code. Safe to call again; what a mail does and that it did it are one transaction."""
    mail = queries.incoming_with_code(code)
    parsed = parse(queries.raw_of(mail))
    with transaction.atomic():
        mine = actions.take(code, at=at)
        if mine is None:
            return
        ticket = _open(parsed, by=system(BY), at=at)
        actions.settle(mine, parsed, ticket=ticket, at=at)


def _open(parsed: ParsedMail, *, by: Actor, at: datetime) -> str:
    assert parsed.sender is not None
    customer = people.ensure_customer(email=parsed.sender.address, name="", by=by, at=at)
    assert customer.person is not None
    subject = parsed.subject[:200] or _("(no subject)")
    question = Question(
        customer, customer.person, Purpose.GENERAL, subject, parsed.text[:50_000] or "…", via=Via.MAIL, is_private=True
    )
    return open_ticket(question, by=by, at=at).code
