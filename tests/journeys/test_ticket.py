"""A customer asks: the gate, what it never stops, and what the ticket remembers. RULES.md A, B, E, F, G."""

from datetime import UTC, date, datetime, timedelta

import pytest

from podpora.base.decisions import Refused
from podpora.base.errors import NotYours
from podpora.desk.models import Ticket
from podpora.desk.values import Purpose
from podpora.entitlements import actions as entitlements
from podpora.entitlements.values import Entry, EntryKind
from podpora.journeys import ticket as journey
from podpora.journeys.ticket import Question
from podpora.licensing.models import Licence
from podpora.people.models import Customer, Person
from podpora.people.values import Role
from tests.make import licensing, people
from tests.make.licensing import BOUGHT, BY, Terms

pytestmark = pytest.mark.django_db
LAST_DAY = date(2027, 3, 10)
ON_THE_LAST_DAY = datetime(2027, 3, 10, 12, 0, tzinfo=UTC)
THE_DAY_AFTER = datetime(2027, 3, 11, 13, 0, tzinfo=UTC)


def ask(
    licence: Licence | None, who: Person, customer: Customer, *, at: datetime, purpose: Purpose = Purpose.VIP, **more: object
) -> Ticket:
    question = Question(customer, who, purpose, "It stops", "It stops every day.", licence, **more)  # type: ignore[arg-type]
    return journey.open_ticket(question, by=people.actor(who), at=at)


def owner(licence: Licence) -> Person:
    return licence.customer.memberships.get(role=Role.OWNER).person


def refused(licence: Licence, *, at: datetime, **more: object) -> str:
    with pytest.raises(Refused) as refusal:
        ask(licence, owner(licence), licence.customer, at=at, **more)  # type: ignore[arg-type]
    assert not Ticket.objects.exists()
    return refusal.value.decision.code


def test_sc_1_with_vip_a_ticket_is_opened_with_a_snapshot_of_the_promise() -> None:
    licence = licensing.licence()
    device = licensing.activated(licence).activation.device
    ticket = ask(licence, owner(licence), licence.customer, at=ON_THE_LAST_DAY, device=device)
    assert (ticket.support_code, ticket.support_through, ticket.tier) == ("support.active", LAST_DAY, "pro")
    assert (ticket.licence, ticket.device, ticket.app_version) == (licence.code, device.code, "10.1.0")
    assert ticket.is_vip
    assert not ticket.version_is_ended


def test_vip_9_after_the_end_it_is_refused_with_the_ways_out() -> None:
    licence = licensing.licence()
    assert refused(licence, at=THE_DAY_AFTER) == "support.expired"


def test_z_5_the_last_day_lasts_until_it_is_over_everywhere_on_earth() -> None:
    licence = licensing.licence()
    los_angeles_16_00 = datetime(2027, 3, 11, 0, 0, tzinfo=UTC)
    ticket = ask(licence, owner(licence), licence.customer, at=los_angeles_16_00)
    assert (ticket.support_code, ticket.support_through) == ("support.grace", LAST_DAY)


def test_vip_10_without_a_licence_there_is_no_vip() -> None:
    licensing.product()
    who = people.person()
    with pytest.raises(Refused) as refusal:
        ask(None, who, people.customer_of(who), at=BOUGHT)
    assert refusal.value.decision.code == "support.not_included"


@pytest.mark.parametrize("purpose", [Purpose.LICENCE_BILLING, Purpose.GENERAL])
def test_sc_6_licence_billing_and_general_questions_never_meet_the_gate(purpose: Purpose) -> None:
    licence = licensing.licence()
    ticket = ask(licence, owner(licence), licence.customer, at=THE_DAY_AFTER + timedelta(days=400), purpose=purpose)
    assert (ticket.support_code, ticket.is_vip) == ("ok", False)
    nobody = people.person()
    assert ask(None, nobody, people.customer_of(nobody), at=BOUGHT, purpose=purpose).licence == ""


def test_org_1_org_2_any_active_line_opens_the_gate_of_the_account() -> None:
    old = licensing.licence()
    young = licensing.licence(old.customer, Terms(bought_at=datetime(2026, 6, 30, 9, 0, tzinfo=UTC)))
    ticket = ask(old, owner(old), old.customer, at=datetime(2027, 4, 1, 9, 0, tzinfo=UTC))
    assert (ticket.licence, ticket.support_code) == (old.code, "support.active")
    assert young.customer == ticket.customer


def test_x_4_a_disputed_payment_stops_new_tickets() -> None:
    licence = licensing.licence()
    at = BOUGHT + timedelta(days=30)
    source = f"order:A-{licence.pk}/1"
    dispute = Entry("chargeback:1", EntryKind.CHARGEBACK_OPENED, at, at.date(), strikes=source)
    entitlements.record_entries(licence.code, licence.customer, [dispute], by=BY, at=at)
    assert refused(licence, at=at + timedelta(days=1)) == "licence.suspended_payment"


def test_eol_5_a_question_about_an_ended_version_is_accepted_and_flagged() -> None:
    licence = licensing.licence()
    at = BOUGHT + timedelta(days=30)
    assert ask(licence, owner(licence), licence.customer, at=at, version="8.4").version_is_ended
    assert not ask(licence, owner(licence), licence.customer, at=at, version="10.1").version_is_ended


def test_s15_c4_what_is_not_owned_is_not_there() -> None:
    mine, foreign = licensing.licence(), licensing.licence()
    device = licensing.activated(foreign).activation.device
    for licence, thing in ((foreign, None), (mine, device), (None, device)):
        with pytest.raises(NotYours):
            ask(licence, owner(mine), mine.customer, at=BOUGHT, device=thing)
    assert not Ticket.objects.exists()


def test_a_role_without_tickets_may_ask_about_bills_only() -> None:
    company = people.company()
    licence = licensing.licence(company)
    billing = people.member(company, Role.BILLING)
    with pytest.raises(Refused) as refusal:
        ask(licence, billing, company, at=BOUGHT)
    assert refusal.value.decision.code == "ticket.role"
    assert ask(licence, billing, company, at=BOUGHT, purpose=Purpose.LICENCE_BILLING).requester == billing
    with pytest.raises(Refused):
        ask(licence, people.person(), company, at=BOUGHT, purpose=Purpose.GENERAL)


def test_the_story_told_twice_is_one_ticket() -> None:
    licence = licensing.licence()
    first = ask(licence, owner(licence), licence.customer, at=BOUGHT, once="form")
    assert ask(licence, owner(licence), licence.customer, at=BOUGHT, once="form") == first
    assert Ticket.objects.count() == 1
