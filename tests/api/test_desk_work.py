"""A technician's own work by API: views, one deed for many, presence, habits; and what stands beside a ticket."""

from typing import Any

import pytest

from podpora.desk import actions
from podpora.desk.models import CustomerNote, Ticket, TicketWork
from podpora.desk.values import Purpose, State
from podpora.jobs.models import Job
from podpora.people.values import StaffRole
from tests.api.test_ticket_work import send, staff_api
from tests.make import desk, people
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db


def test_vi_3_views_are_kept_shared_and_listed_through_the_same_predicate() -> None:
    technician, api = staff_api()
    ticket, other = desk.ticket(subject="Calendar"), desk.ticket(subject="Invoice", purpose=Purpose.GENERAL)
    queue = other.queue
    actions.set_members(queue, [people.staff()], by=people.actor(people.staff(StaffRole.MANAGER)), at=desk.AT)
    made = api.post("desk/views", {"name_en": "All of it", "shared": True, "wish": {"view": "all", "columns": ["tags"]}})
    assert made.status_code == 201, made.content
    code = made.json()["code"]
    assert [row["code"] for row in api.get(f"desk/views/{code}/tickets").json()["items"]] == [ticket.code]
    assert [row["code"] for row in api.get("desk/views/all/tickets").json()["items"]] == [ticket.code]
    _other, second = staff_api()
    listed = second.get("desk/views").json()
    assert (listed["items"][0]["code"], listed["items"][0]["count"]) == (code, 1)
    assert "open" in listed["fixed"]
    assert send(second, "delete", f"desk/views/{code}").status_code == 404  # shared, but not his
    changed = send(api, "put", f"desk/views/{code}", {"name_en": "Mine", "wish": {"view": "mine"}})
    assert (changed.json()["name_en"], changed.json()["shared"]) == ("Mine", False)
    assert api.post("desk/views", {"wish": {}}).status_code == 422
    assert second.get(f"desk/views/{code}/tickets").status_code == 404
    assert send(api, "delete", f"desk/views/{code}").status_code == 204
    assert technician.is_active


def test_one_deed_for_many_is_previewed_done_and_undone() -> None:
    _technician, api = staff_api()
    tickets = [desk.ticket() for _number in range(3)]
    codes = [ticket.code for ticket in tickets]
    told = api.post("desk/ticket-works", {"deed": "tag", "value": "calendar", "tickets": codes, "preview": True}).json()
    assert [(row["ticket"], row["refused"], row["same"]) for row in told["items"]] == [(code, None, False) for code in codes]
    assert not TicketWork.objects.exists()
    done = api.post("desk/ticket-works", {"deed": "state", "value": "waiting_vendor", "tickets": [*codes, "T-9999"]})
    assert (done.status_code, done.json()["total"], done.json()["done"]) == (201, 3, 3)
    assert set(Ticket.objects.values_list("state", flat=True)) == {"waiting_vendor"}
    work = done.json()["code"]
    _other, second = staff_api()
    assert second.get(f"desk/ticket-works/{work}").status_code == 404
    assert api.get(f"desk/ticket-works/{work}").json()["changed"] == sorted(codes)
    assert api.post(f"desk/ticket-works/{work}/undo", {}).json() == {"undone": 3}
    assert api.post(f"desk/ticket-works/{work}/undo", {}).status_code == 409
    assert api.post("desk/ticket-works", {"deed": "erase", "value": "x", "tickets": codes}).status_code == 422


def test_a_thousand_tickets_are_done_in_the_background_and_one_that_is_refused_stops_none() -> None:
    technician, api = staff_api()
    first = desk.ticket()
    same = {field.attname: getattr(first, field.attname) for field in Ticket._meta.concrete_fields}
    for name in ("id", "code", "number", "once"):
        same.pop(name)
    Ticket.objects.bulk_create(Ticket(**same, code=f"T-{number}", number=number) for number in range(5000, 5999))
    codes = [first.code, *(f"T-{number}" for number in range(5000, 5999))]
    Ticket.objects.filter(code="T-5500").update(state=State.CLOSED, solved_at=desk.AT)
    made = api.post("desk/ticket-works", {"deed": "priority", "value": "2", "tickets": codes})
    assert (made.json()["total"], made.json()["done"]) == (1000, 0)
    assert Job.objects.filter(unique_key=f"ticket-work:{made.json()['code']}").exists()
    work = TicketWork.objects.select_related("person").get()
    assert not actions.go_on(work, by=people.actor(technician), at=desk.AT, most=400)  # a worker that was killed after 400
    work = TicketWork.objects.select_related("person").get()
    assert actions.go_on(work, by=people.actor(technician), at=desk.AT)
    told = api.get(f"desk/ticket-works/{work.code}").json()
    assert (told["done"], len(told["changed"]) + len(told["refused"])) == (1000, 1000)
    assert Ticket.objects.filter(priority=2).count() == len(told["changed"])


def test_cl_1_presence_tells_who_else_is_there_and_what_is_new() -> None:
    tereza, first = staff_api(people.staff(name="Tereza"))
    _tomas, second = staff_api(people.staff(name="Tomáš"))
    ticket = desk.ticket()
    assert send(first, "put", f"tickets/{ticket.code}/presence", {"writes": True}).json()["others"] == []
    seen = send(second, "put", f"tickets/{ticket.code}/presence", {"seen": 0}).json()
    assert seen["others"] == [{"name": "Tereza", "writes": True}]
    message = desk.answer(ticket, tereza)
    newer = send(second, "put", f"tickets/{ticket.code}/presence", {"seen": seen["revision"]}).json()
    assert newer["newer"] == [message.code]
    customer = Api(token("tickets", person=ticket.requester))
    assert send(customer, "put", f"tickets/{ticket.code}/presence", {}).status_code == 404


def test_habits_are_the_technicians_own() -> None:
    technician, api = staff_api()
    assert api.get("desk/habits").json()["undo_seconds"] == 20
    told = send(api, "put", "desk/habits", {"columns": ["tags"], "undo_seconds": 5, "present": False}).json()
    assert told == {"columns": ["tags"], "undo_seconds": 5, "present": False}
    assert send(api, "put", "desk/habits", {"columns": ["password"]}).json()["error"]["reasons"][0]["code"]
    assert send(api, "put", "desk/habits", {"undo_seconds": 999}).status_code == 422
    technician.refresh_from_db()
    assert not technician.is_present
    assert Api(token("tickets", person=people.person())).get("desk/habits").status_code == 404


@pytest.mark.parametrize("path", ["customer", "customer/notes", "suggestions"])
def test_vi_2_what_stands_beside_a_ticket_is_the_vendors(path: str) -> None:
    technician, api = staff_api()
    ticket = desk.ticket()
    actions.note_customer(ticket, "CANARY", by=people.actor(technician), at=desk.AT)
    assert api.get(f"tickets/{ticket.code}/{path}").status_code == 200
    assert Api(token("tickets")).get(f"tickets/{ticket.code}/{path}").status_code == 200  # one of the vendor's systems
    for person in (ticket.requester, people.person()):
        answer = Api(token("tickets", person=person)).get(f"tickets/{ticket.code}/{path}")
        assert answer.status_code == 404
        assert "CANARY" not in answer.content.decode()


def test_notes_on_a_customer_and_what_helped_before() -> None:
    technician, api = staff_api()
    jana = people.person()
    solved, ticket = (
        desk.ticket(jana, subject="Calendar stops after update"),
        desk.ticket(jana, subject="Calendar stops after the update"),
    )
    desk.answer(solved, technician, "Hello Jana,\nRestart it twice.", then=State.SOLVED)
    made = api.post(f"tickets/{ticket.code}/customer/notes", {"text": "Prefers the phone"})
    again = api.post(f"tickets/{ticket.code}/customer/notes", {"text": "Prefers the phone"})
    assert (made.status_code, again.json()["code"]) == (201, made.json()["code"])
    told: dict[str, Any] = api.get(f"tickets/{solved.code}/customer").json()
    assert told["notes"][0]["text"] == "Prefers the phone"
    assert [row["code"] for row in told["earlier"]] == [ticket.code]
    helps = api.get(f"tickets/{ticket.code}/suggestions").json()["items"]
    assert {
        "kind": "ticket",
        "code": solved.code,
        "title": solved.subject,
        "text": "Hello Jana,\nRestart it twice.",
        "path": "",
    } in helps
    stranger = desk.ticket()
    assert send(api, "delete", f"tickets/{stranger.code}/customer/notes/{made.json()['code']}").status_code == 404  # C4
    assert send(api, "delete", f"tickets/{ticket.code}/customer/notes/{made.json()['code']}").status_code == 204
    assert not CustomerNote.objects.exists()


def test_sc_6_where_there_is_no_gate_everybody_may_ask() -> None:
    _technician, api = staff_api()
    general = desk.ticket(purpose=Purpose.GENERAL)
    Ticket.objects.filter(pk=general.pk).update(support_code="ok")
    assert api.get(f"tickets/{general.code}").json()["support"] == {
        "allowed": True, "code": "support.not_needed", "through": general.support_through.isoformat() if general.support_through else None,
    }  # fmt: skip
    assert api.get(f"tickets/{desk.ticket().code}").json()["support"]["code"] == "support.active"


def test_rules_are_tried_before_they_are_saved_and_removed_again() -> None:
    api = Api(token("all"))
    ticket = desk.ticket(subject="Empty calendar")
    desk.ticket(subject="Invoice")
    asked = [{"ask": "subject", "how": "contains", "value": "CALENDAR"}]
    told = api.post("rules/try", {"conditions": asked}).json()
    assert (told["looked_at"], told["fitting"], [row["code"] for row in told["items"]]) == (2, 1, [ticket.code])
    assert api.post("rules/try", {"conditions": asked, "state": "new", "after_minutes": 60}).json()["fitting"] == 1
    assert api.post("rules/try", {"conditions": asked, "state": "new"}).status_code == 422
    assert api.post("rules/try", {"conditions": [{"ask": "shoe", "how": "is", "value": "x"}]}).status_code == 422
    made = api.post("triggers", {"name": "T", "deeds": [{"do": "state", "value": "solved"}], "conditions": asked}).json()
    assert send(api, "delete", f"triggers/{made['code']}").status_code == 204
    assert api.get("triggers").json()["items"] == []
    assert send(api, "delete", f"triggers/{made['code']}").status_code == 404
