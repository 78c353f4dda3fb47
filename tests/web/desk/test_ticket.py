"""One ticket on the desk in a browser."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from podpora.base import clock
from podpora.desk import rules
from podpora.desk.models import Ticket
from podpora.desk.values import MessageKind, Priority, Purpose, State, Upload, Via
from podpora.people.models import Person
from podpora.people.values import Role, StaffRole
from tests.make import desk, licensing, people
from tests.make.licensing import Terms

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
STATEMENTS = 14  # one more for files


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def written(text: str = "Try this.", **more: Any) -> dict[str, Any]:
    return {"kind": "reply", "text": text, "once": text, "seen": 1} | more


def test_the_customers_truth_stands_beside_the_conversation() -> None:
    technician = people.staff()
    licence = licensing.licence(terms=Terms(bought_at=clock.now() - timedelta(days=10)))
    licensing.activated(licence, licensing.device("NOTEBOOK-7"), at=clock.now())
    requester = licence.customer.memberships.get(role=Role.OWNER).person
    desk.ticket(requester, licence.customer, subject="An older one")
    ticket = desk.ticket(requester, licence.customer)
    page = signed_in(technician).get(f"/desk/{ticket.code}/").content.decode()
    for shown in (requester.email, licence.code, "10 and older", "NOTEBOOK-7", "10.1.0", "1 / 3", "An older one", "until"):
        assert shown in page, shown


def test_reply_note_and_state() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    client, address = signed_in(technician), f"/desk/{ticket.code}/write/"
    sent = client.post(address, written(then="waiting_customer"))
    message = ticket.messages.get(text="Try this.")
    assert sent["Location"] == f"/desk/{ticket.code}/#{message.code}"
    client.post(address, written("For us.", kind="note", then="solved"))
    ticket.refresh_from_db()
    assert ticket.state == State.WAITING_CUSTOMER  # a note changes no state, whatever button it was sent by
    assert ticket.messages.get(text="For us.").kind == MessageKind.NOTE
    for state in ("open", "solved", "dance"):
        client.post(f"/desk/{ticket.code}/change/", {"state": state})
    ticket.refresh_from_db()
    assert ticket.state == State.SOLVED


def test_assign_priority_and_queue() -> None:
    technician, other = people.staff(), people.staff()
    desk.queue(Purpose.GENERAL)
    ticket = desk.ticket()
    client, address = signed_in(technician), f"/desk/{ticket.code}/change/"
    assert other.name in client.get(address).content.decode()
    client.post(address, {"assignee": other.code, "priority": "3", "queue": "general"})
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.priority, ticket.queue.code) == (other, Priority.URGENT, "general")
    client.post(address, {"assignee": "me", "priority": "99"})
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.priority) == (technician, Priority.URGENT)
    client.post(address, {"assignee": "U-NOBODY"})
    ticket.refresh_from_db()
    assert ticket.assignee == technician
    client.post(address, {"assignee": ""})
    assert not Ticket.objects.filter(pk=ticket.pk, assignee__isnull=False).exists()
    assert client.post(address, {"queue": "nowhere"}).status_code == 404


def test_cl_1_a_newer_message_is_shown_and_the_text_kept() -> None:
    tereza, tomas = people.staff(name="Tereza"), people.staff(name="Tomáš")
    ticket = desk.ticket()
    desk.answer(ticket, tereza, "I have answered already.")
    client = signed_in(tomas)
    asked = client.post(f"/desk/{ticket.code}/write/", written("My long answer"))
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Tereza wrote while you were writing" in page
    assert "My long answer</textarea>" in page
    assert "is-new" in page
    assert not ticket.messages.filter(text="My long answer").exists()
    assert client.post(f"/desk/{ticket.code}/write/", written("My long answer", seen=2)).status_code == 302


def test_htmx_gets_the_column_only() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    client = signed_in(technician)
    page = client.post(f"/desk/{ticket.code}/write/", written(), headers=HTMX).content.decode()
    assert "Try this." in page
    assert "<html" not in page
    assert "desk-side" not in page
    assert "<html" not in client.get(f"/desk/{ticket.code}/change/", headers=HTMX).content.decode()
    empty = client.post(f"/desk/{ticket.code}/write/", written(""), headers=HTMX)
    assert (empty.status_code, "field-error" in empty.content.decode()) == (200, True)


@pytest.mark.parametrize("bad", [{"text": " "}, {"kind": "shout"}, {"seen": -1}, {"then": "new"}, {"text": "a\x00b"}])
def test_bad_input_writes_nothing(bad: dict[str, Any]) -> None:
    ticket = desk.ticket()
    answer = signed_in(people.staff()).post(f"/desk/{ticket.code}/write/", written() | bad)
    assert answer.status_code == 422
    assert ticket.messages.exclude(kind=MessageKind.EVENT).count() == 1


def test_a_participant_is_added() -> None:
    ticket = desk.ticket()
    client = signed_in(people.staff())
    assert client.post(f"/desk/{ticket.code}/participants/", {"email": "no"}).status_code == 422
    assert client.post(f"/desk/{ticket.code}/participants/", {"email": "a@b.example"}).status_code == 302
    assert ticket.participants.get().email == "a@b.example"


def addresses(ticket: Ticket, file: str) -> list[tuple[str, str]]:
    base = f"/desk/{ticket.code}/"
    return [
        ("get", base), ("post", f"{base}write/"), ("get", f"{base}change/"), ("post", f"{base}change/"), ("post", f"{base}participants/"),
        ("get", f"{base}files/{file}/"),
    ]  # fmt: skip


def test_c1_only_technicians_and_never_in_their_own_ticket() -> None:
    technician = people.staff()
    people.staff()
    company = people.company()
    people.member(company, Role.VIEWER, technician)
    owner = company.memberships.get(role=Role.OWNER).person
    ticket = desk.ticket(owner, company, uploads=[Upload("a.txt", b"a")])
    file = ticket.messages.get(kind=MessageKind.PUBLIC).attachments.get().code
    for somebody in (technician, owner, people.person(), people.staff(StaffRole.MODERATOR)):
        client = signed_in(somebody)
        for method, address in addresses(ticket, file):
            assert getattr(client, method)(address).status_code == 404, (somebody, address)
    client = signed_in(people.manager())
    assert client.get(f"/desk/{ticket.code}/files/{file}/").getvalue() == b"a"
    for method, address in addresses(ticket, file):
        assert getattr(Client(), method)(address)["Location"].startswith("/account/login/")


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_what_is_shown(count: int, django_assert_num_queries: Any, settings: Any) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False  # what the login keeps for itself is not this page's
    technician = people.staff()
    licence = licensing.licence(terms=Terms(bought_at=clock.now() - timedelta(days=10)))
    requester = licence.customer.memberships.get(role=Role.OWNER).person
    ticket = desk.ticket(requester, licence.customer)
    for number in range(count):
        licensing.activated(licence, at=clock.now())
        desk.ticket(requester, licence.customer)
        desk.answer(ticket, technician, f"{number}")
        if number:
            licensing.licence(licence.customer, Terms(bought_at=clock.now()))
    client = signed_in(technician)
    client.get(f"/desk/{ticket.code}/")
    with django_assert_num_queries(STATEMENTS):
        assert client.get(f"/desk/{ticket.code}/").status_code == 200
    for number in range(count):
        desk.answer(ticket, technician, f"With a file {number}", uploads=[Upload("a.txt", b"a")])
    with django_assert_num_queries(STATEMENTS + 1):
        assert client.get(f"/desk/{ticket.code}/").status_code == 200


def test_s8_diagnostics_of_the_program_are_read_in_the_ticket_and_do_nothing() -> None:
    hostile = b'{"log": "<script>alert(1)</script>", "password": "hunter2"}'
    ticket = desk.ticket(uploads=[rules.diagnostics_of(hostile)], via=Via.PROGRAM)
    page = signed_in(people.staff()).get(f"/desk/{ticket.code}/").content.decode()
    assert '<details class="disclosure diagnostics">' in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "hunter2" not in page
    own = signed_in(ticket.requester).get(f"/centre/{ticket.code}/").content.decode()
    assert "&lt;script&gt;alert(1)" in own
