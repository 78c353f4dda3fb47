"""Who sees which tickets, and what of them. VI-1 to VI-5 of DESK.md; C1, B6, S15 of TRUST.md."""

from datetime import UTC, datetime

import pytest

from podpora.base import clock
from podpora.base.actors import system
from podpora.base.decisions import Refused
from podpora.base.errors import NotYours
from podpora.desk import actions, permissions, queries
from podpora.desk.models import Queue, Ticket
from podpora.desk.queries import ListWish
from podpora.desk.values import MessageKind, Purpose, Side, State, Upload
from podpora.mail.models import OutgoingMail
from podpora.people.models import Customer, Membership, Person
from podpora.people.values import Role, StaffRole
from tests.make import desk, people

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


def owner_of(company: Customer) -> Person:
    return company.memberships.get(role=Role.OWNER).person


def sees(person: Person, ticket: Ticket) -> bool:
    listed = ticket in queries.seen_by_customer(person)
    try:
        queries.ticket_for_customer(person, ticket.code)
    except NotYours:
        assert not listed
        return False
    assert listed
    return True


def test_vi_1_owner_colleague_and_stranger() -> None:
    company = people.company()
    ticket = desk.ticket(owner_of(company), company)
    viewer, admin = people.member(company, Role.VIEWER), people.member(company, Role.ADMIN)
    billing, stranger = people.member(company, Role.BILLING), people.person()
    assert [sees(person, ticket) for person in (owner_of(company), viewer, admin, billing, stranger)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert not sees(people.staff(), ticket)  # technicians come through the desk, not through the support centre


def test_vi_1_a_private_ticket_is_its_requesters_and_of_those_he_adds() -> None:
    company = people.company()
    requester, colleague, friend = (people.member(company) for _ in range(3))
    ticket = desk.ticket(requester, company, is_private=True)
    assert [sees(p, ticket) for p in (requester, colleague, friend, owner_of(company))] == [True, False, False, False]
    actions.add_participant(ticket, friend.email, side=Side.CUSTOMER, by=people.actor(requester), at=AT)
    assert sees(friend, ticket)


def test_vi_1_billing_sees_the_own_question() -> None:
    company = people.company()
    billing = people.member(company, Role.BILLING)
    ticket = desk.ticket(billing, company, purpose=Purpose.LICENCE_BILLING)
    assert sees(billing, ticket)
    assert permissions.may_ask(billing, company, desk.queue(Purpose.LICENCE_BILLING))
    assert not permissions.may_ask(billing, company, desk.queue(Purpose.VIP))
    assert not permissions.may_ask(people.person(), company, desk.queue(Purpose.GENERAL))


def test_vi_5_who_leaves_the_company_sees_nothing_at_once_and_the_ticket_stays() -> None:
    company = people.company()
    leaver = people.member(company)
    ticket = desk.ticket(leaver, company)
    Membership.objects.filter(person=leaver, customer=company).delete()
    assert not sees(leaver, ticket)
    assert sees(owner_of(company), ticket)


def test_vi_1_a_guest_participant_gets_mails_and_no_access() -> None:
    ticket = desk.ticket()
    guest = people.person()
    actions.add_participant(ticket, guest.email, side=Side.STAFF, by=people.actor(people.staff()), at=AT)
    assert not sees(guest, ticket)


def codes(page: queries.ListPage) -> list[str]:
    return [ticket.code for ticket in page.tickets]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(StaffRole.TECHNICIAN, True), (StaffRole.MANAGER, True), (StaffRole.MODERATOR, False), (StaffRole.NONE, False)],
)
def test_vi_3_lists_counts_search_and_page_have_one_door(role: StaffRole, allowed: bool) -> None:
    ticket = desk.ticket()
    person = people.staff(role) if role else people.person()
    listed = codes(queries.work_list(person, ListWish("open"), at=clock.now()))
    found = codes(queries.work_list(person, ListWish("all", words=ticket.code), at=clock.now()))
    assert (ticket.code in listed, ticket.code in found, queries.counts(queries.sight_of(person), at=clock.now())["open"]) == (
        allowed,
        allowed,
        int(allowed),
    )
    if allowed:
        assert queries.ticket_for_staff(person, ticket.code) == ticket
    else:
        with pytest.raises(NotYours):
            queries.ticket_for_staff(person, ticket.code)


def test_vi_4_a_technician_is_a_customer_in_his_own_ticket() -> None:
    technician = people.staff()
    people.staff()
    company = people.company()
    people.member(company, Role.VIEWER, technician)
    ticket = desk.ticket(technician, company)
    assert sees(technician, ticket)
    with pytest.raises(NotYours):
        queries.ticket_for_staff(technician, ticket.code)
    assert queries.counts(queries.sight_of(technician), at=clock.now())["open"] == 0
    assert not list(queries.work_list(technician, ListWish("all", words=ticket.code), at=clock.now()).tickets)
    assert not permissions.may_answer(technician, ticket)


def test_vi_2_the_customers_conversation_has_no_note_and_no_internal_event() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    desk.note(ticket, technician, "CANARY", uploads=[Upload("canary.txt", b"CANARY")])
    actions.move_queue(ticket, desk.queue(Purpose.GENERAL), by=people.actor(technician), at=AT)
    ours = queries.conversation(ticket, for_customer=False).messages
    theirs = queries.conversation(ticket, for_customer=True).messages
    assert [m.kind for m in ours] == ["public", "event", "note", "event"]
    assert [(m.kind, m.event) for m in theirs] == [("public", ""), ("event", "assigned_in_turn")]


def test_b6_an_attachment_is_reached_through_its_message_only() -> None:
    technician = people.staff()
    one, other = desk.ticket(uploads=[Upload("a.txt", b"a")]), desk.ticket()
    public = one.messages.get(kind=MessageKind.PUBLIC).attachments.get()
    secret = desk.note(one, technician, uploads=[Upload("b.txt", b"b")]).attachments.get()
    assert queries.attachment_of(one, public.code, for_customer=True) == public
    assert queries.attachment_of(one, secret.code, for_customer=False) == secret
    for ticket, code, for_customer in (
        (one, secret.code, True),
        (other, public.code, False),
        (one, "F-NO", False),
        (one, "\x00", False),
    ):
        with pytest.raises(NotYours):
            queries.attachment_of(ticket, code, for_customer=for_customer)


def test_pages_of_the_list_do_not_shift() -> None:
    technician = people.staff()
    tickets = [desk.ticket(at=AT.replace(minute=minute)) for minute in range(7)]
    first = queries.work_list(technician, ListWish("open"), at=clock.now(), size=3)
    desk.answer(tickets[0], technician, at=AT)  # moves down; the second page begins where the first ended
    second = queries.work_list(technician, ListWish("open", after=first.next), at=clock.now(), size=3)
    assert codes(first) == [ticket.code for ticket in tickets[:3]]
    assert codes(second) == [ticket.code for ticket in tickets[3:6]]
    third = queries.work_list(technician, ListWish("open", after=second.next), at=clock.now(), size=3)
    assert codes(third) == [tickets[6].code, tickets[0].code]
    assert third.next == ""
    for nonsense in ("x", "1~2~3", "1~2026-01-01~1", "a~b~c", "~~", "9~2026-01-01T00:00:00+00:00~99999999999999999999"):
        assert len(queries.work_list(technician, ListWish("open", after=nonsense), at=clock.now()).tickets) == 7


def test_search_by_number_address_name_and_subject() -> None:
    technician = people.staff()
    ticket = desk.ticket(people.person("jana@search.example", "Jana Hledaná"), subject="Calendar is 100% empty")
    desk.ticket()

    def found(words: str) -> list[str]:
        return codes(queries.work_list(technician, ListWish("all", words=words), at=clock.now()))

    for words in (
        ticket.code,
        ticket.code.lower(),
        str(ticket.number),
        "jana@search.example",
        "Jana@Search",
        "hledaná",
        "100%",
        "CALENDAR is",
        "empty calendar",
        "čálendař ÍS",
        "HLEDANA jana",
    ):
        assert found(words) == [ticket.code], words
    for words in ("T-999999999999999999999", "nobody@x.example", "' OR 1=1 --", "%_%", "\x00"):
        assert ticket.code not in found(words) or words == "\x00"


# --- VI-3: queues of others ------------------------------------------------------------------------------------------


def only(queue: Queue, *members: Person) -> None:
    actions.set_members(queue, members, by=system(), at=AT)


def test_vi_3_a_technician_sees_only_his_queues() -> None:
    tomas, tereza, manager = people.staff(), people.staff(), people.staff(StaffRole.MANAGER)
    only(desk.queue(Purpose.LICENCE_BILLING), tereza)
    mine, hers = desk.ticket(subject="Mine"), desk.ticket(subject="Hers", purpose=Purpose.LICENCE_BILLING)
    for person, seen in ((tomas, [mine]), (tereza, [mine, hers]), (manager, [mine, hers])):
        expected = {ticket.code for ticket in seen}
        assert {ticket.code for ticket in queries.seen_by_staff(person)} == expected
        assert set(codes(queries.work_list(person, ListWish("open"), at=clock.now()))) == expected
        assert set(codes(queries.work_list(person, ListWish("all", words="hers"), at=clock.now()))) == expected & {hers.code}
        assert set(codes(queries.work_list(person, ListWish("all", words=hers.code), at=clock.now()))) == expected & {hers.code}
        assert queries.counts(queries.sight_of(person), at=clock.now())["open"] == len(expected)
        assert {queue.code for queue in queries.open_queues(person)} >= {"vip"}
        assert queries.serves(person, hers.queue) is (hers in seen)
    with pytest.raises(NotYours):
        queries.ticket_for_staff(tomas, hers.code)
    assert not queries.serves(people.staff(StaffRole.MODERATOR), mine.queue)


def test_vi_3_the_customers_other_tickets_are_those_that_the_reader_sees() -> None:
    tomas, tereza = people.staff(), people.staff()
    only(desk.queue(Purpose.LICENCE_BILLING), tereza)
    mine = desk.ticket()
    hers = desk.ticket(mine.requester, mine.customer, purpose=Purpose.LICENCE_BILLING)
    assert queries.earlier_tickets(mine, tomas) == []
    assert queries.earlier_tickets(mine, tereza) == [hers]


def test_vi_3_a_ticket_goes_to_nobody_who_may_not_read_it() -> None:
    tomas, tereza = people.staff(), people.staff()
    only(desk.queue(Purpose.LICENCE_BILLING), tereza)
    ticket = desk.ticket(purpose=Purpose.LICENCE_BILLING)
    assert ticket.assignee == tereza  # by turn, though Tomas is the first of all
    with pytest.raises(Refused) as refusal:
        actions.assign(ticket, tomas, by=people.actor(tereza), at=AT)
    assert refusal.value.decision.code == "ticket.not_in_queue"
    assert tomas not in queries.technicians_of(ticket.queue)


def test_vi_3_a_ticket_that_moves_goes_to_somebody_who_serves_its_queue() -> None:
    tomas, tereza = people.staff(), people.staff()
    only(desk.queue(Purpose.GENERAL), tereza)
    ticket = actions.assign(desk.ticket(), tomas, by=people.actor(tomas), at=AT)
    changes = actions.Changes(assigns=True, technician=tomas, queue=desk.queue(Purpose.GENERAL))  # as the form sends it
    actions.change(ticket, changes, by=people.actor(tomas), at=AT)
    ticket.refresh_from_db()
    assert (ticket.queue.code, ticket.assignee) == ("general", tereza)
    assert [m.event for m in ticket.messages.filter(kind="event")][-3:] == ["queue", "unassigned", "assigned_in_turn"]


def test_vi_3_who_leaves_a_queue_hands_its_tickets_on() -> None:
    tomas, tereza = people.staff(), people.staff()
    queue = desk.queue(Purpose.VIP)
    ticket, done = (actions.assign(desk.ticket(), tomas, by=people.actor(tomas), at=AT) for _ in range(2))
    desk.answer(done, tomas, then=State.SOLVED)
    only(queue, tereza)
    ticket.refresh_from_db()
    done.refresh_from_db()
    assert (ticket.assignee, done.assignee) == (tereza, tomas)


def test_vi_5_who_lost_the_desk_hears_nothing_more() -> None:
    tomas = people.staff()
    ticket = actions.assign(desk.ticket(), tomas, by=people.actor(tomas), at=AT)
    Person.objects.filter(pk=tomas.pk).update(staff_role=StaffRole.NONE)
    OutgoingMail.objects.all().delete()
    desk.ask_again(ticket, "SECRET")
    assert tomas.email not in {mail.to_address for mail in OutgoingMail.objects.all()}
