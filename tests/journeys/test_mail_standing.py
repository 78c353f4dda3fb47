"""Under what a mail's ticket is opened: the gate of page and program, also by mail. RULES.md A and E, MISSION S2."""

from datetime import UTC, datetime
from typing import Any

import pytest

from podpora.catalog import actions as catalog
from podpora.catalog.actions import PlanPromise
from podpora.catalog.values import Channel, Level, Tier
from podpora.desk import actions as desk
from podpora.desk.models import Ticket
from podpora.desk.values import Purpose
from podpora.licensing.models import Licence
from podpora.people.models import Person
from podpora.people.values import Role
from tests.make import licensing, people
from tests.make.licensing import BY, Terms
from tests.make.mailboxes import mailbox
from tests.make.posted import deliver, letters, raw_mail

pytestmark = pytest.mark.django_db
WITH = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
AFTER = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
VIP = "vip@vendor.example"


@pytest.fixture
def licence() -> Licence:
    desk.standard_queue(Purpose.VIP)
    mailbox(VIP, queue="vip")
    mailbox()
    return licensing.licence(terms=Terms())


@pytest.fixture
def owner(licence: Licence) -> Person:
    assert licence.customer is not None
    found: Person = licence.customer.memberships.get(role=Role.OWNER).person
    return found


def asked(person: Person | str, *, at: datetime, to: str = VIP, **mail: Any) -> Ticket:
    address = person if isinstance(person, str) else person.email
    found = deliver(raw_mail(sender=address, to=to, message_id=f"<{at.timestamp()}@x>", at=at, **mail), to=to, at=at)
    return Ticket.objects.get(code=found.ticket)


def test_sc_1_vip_support_by_mail(owner: Person, licence: Licence) -> None:
    ticket = asked(owner, at=WITH)
    assert (ticket.queue.code, ticket.tier, ticket.is_vip, ticket.licence) == ("vip", "pro", True, licence.code)
    assert "VIP" in letters(owner.email, "ticket.received")[0].text


def test_vip_9_after_its_end_the_mail_is_answered_elsewhere_and_told_why(owner: Person, licence: Licence) -> None:
    ticket = asked(owner, at=AFTER)
    assert (ticket.queue.needs_support, ticket.is_vip, ticket.tier) == (False, False, "pro")
    receipt = letters(owner.email, "ticket.received")[0].text
    assert "2027" in receipt  # until when he had it
    assert receipt.count("http") >= 3  # the ticket, and both ways out
    assert "We answer it by e-mail all the same." in receipt


def test_sc_6_licence_and_billing_questions_meet_no_gate(owner: Person) -> None:
    desk.standard_queue(Purpose.LICENCE_BILLING)
    from podpora.mail.models import Mailbox

    Mailbox.objects.filter(address="support@vendor.example").update(queue="licences")
    ticket = asked(owner, at=AFTER, to="support@vendor.example")
    assert ticket.queue.code == "licences"
    assert "all the same" not in letters(owner.email, "ticket.received")[0].text


def test_a6_a_stranger_gets_nothing_of_anybodys_rights(licence: Licence) -> None:
    ticket = asked("stranger@elsewhere.example", at=WITH)
    assert (ticket.queue.code, ticket.tier, ticket.is_vip, ticket.licence) == ("general", "unverified", False, "")
    assert "VIP" not in letters("stranger@elsewhere.example")[0].text


def test_a6_a_guest_who_never_proved_his_address_has_no_rights_by_mail(licence: Licence) -> None:
    guest = people.guest("guest@private.example")
    assert asked(guest, at=WITH).tier == "unverified"


def test_sc_5_a_member_asks_for_his_company(licence: Licence) -> None:
    company = people.company()
    member = people.member(company, Role.VIEWER)
    licensing.licence(company)
    ticket = asked(member, at=WITH)
    assert (ticket.customer, ticket.queue.code) == (company, "vip")


def test_a_billing_role_may_not_open_vip_tickets_by_mail_either(licence: Licence) -> None:
    company = people.company()
    member = people.member(company, Role.BILLING)
    licensing.licence(company)
    assert asked(member, at=WITH).queue.code == "general"


def test_the_promise_of_the_plan_stands_in_the_acknowledgement(owner: Person, licence: Licence) -> None:
    promise = PlanPromise(Level.YES, "do 1 pracovního dne", "within 1 business day", 8)
    catalog.set_plan(licence.product, Tier.PRO, Channel.EMAIL, promise, by=BY, at=datetime(2026, 4, 1, tzinfo=UTC))
    asked(owner, at=WITH, to="support@vendor.example")
    assert "within 1 business day" in letters(owner.email, "ticket.received")[0].text
