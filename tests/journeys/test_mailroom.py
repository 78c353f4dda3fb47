"""A mail that came in, from its bytes to the ticket."""

from datetime import datetime

import pytest

from podpora.desk.models import Ticket
from podpora.jobs.actions import run_due
from podpora.mail import queries
from podpora.mail.actions import store_incoming
from podpora.mail.values import IncomingState
from tests.make.incoming import raw_mail

pytestmark = pytest.mark.django_db


def test_a_mail_becomes_a_ticket_by_the_job(at: datetime) -> None:
    stored = store_incoming(raw_mail(), source="smtp", envelope_to=["support@vendor.example"], at=at)
    run_due(at=at, queue="default")
    mail, ticket = queries.incoming_with_code(stored.code), Ticket.objects.get()
    assert (mail.state, mail.ticket, mail.sender) == (IncomingState.TICKETED, ticket.code, "jana@private.example")
    assert (ticket.subject, ticket.requester.email) == ("The calendar stops", "jana@private.example")
