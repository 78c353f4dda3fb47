"""One deed for many tickets: asked first, done, told, undone."""

from datetime import timedelta

import pytest
from django.test import Client

from podpora.base import clock
from podpora.desk import actions
from podpora.desk.models import Ticket, TicketWork
from podpora.desk.values import Priority, Purpose, State
from podpora.jobs.models import Job
from podpora.people.models import Person
from tests.make import desk, people

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def form(deed: str, tickets: list[Ticket], **more: str) -> dict[str, object]:
    return {"deed": deed, "ticket": [ticket.code for ticket in tickets], "query": "view=open", **more}


def test_first_it_is_shown_what_it_means_and_nothing_is_done() -> None:
    technician = people.staff()
    first, second, third = desk.ticket(), desk.ticket(), desk.ticket(purpose=Purpose.GENERAL)
    actions.set_members(third.queue, [people.staff()], by=people.actor(technician), at=clock.now())
    actions.set_priority(second, Priority.URGENT, by=people.actor(technician), at=clock.now())
    client = signed_in(technician)
    page = client.post("/desk/many/", form("priority", [first, second, third], value="3"))
    assert (page.context["changes"], page.context["same"], page.context["total"]) == (
        1,
        1,
        2,
    )  # VI-3: what he does not see is not among them
    assert third.code not in page.content.decode()
    first.refresh_from_db()
    assert first.priority == Priority.NORMAL
    assert not TicketWork.objects.exists()


def test_what_is_refused_is_named_ticket_by_ticket() -> None:
    technician, outsider = people.staff(), people.staff(name="Tomáš Cizí")
    ticket, open_one = desk.ticket(), desk.ticket(purpose=Purpose.GENERAL)
    actions.set_members(ticket.queue, [technician], by=people.actor(technician), at=clock.now())
    client = signed_in(technician)
    page = client.post("/desk/many/", form("assign", [ticket, open_one], value=outsider.code))
    assert [(outcome.ticket.code, "Tomáš Cizí" in outcome.why) for outcome in page.context["refused"]] == [(ticket.code, True)]
    done = client.post("/desk/many/", form("assign", [ticket, open_one], value=outsider.code, confirm="1"), follow=True)
    assert ticket.code in done.content.decode()
    for each, expected in ((ticket, False), (open_one, True)):
        each.refresh_from_db()
        assert (each.assignee == outsider) is expected


def test_it_is_done_and_undone_but_for_what_changed_since() -> None:
    technician = people.staff()
    tickets = [desk.ticket() for _ in range(3)]
    client = signed_in(technician)
    told = client.post("/desk/many/", form("priority", tickets, value="3", confirm="1"), follow=True)
    work = TicketWork.objects.get()
    assert ("3 tickets were changed" in told.content.decode(), work.finished_at is not None) == (True, True)
    assert {Ticket.objects.get(pk=ticket.pk).priority for ticket in tickets} == {Priority.URGENT}
    actions.set_priority(tickets[0], Priority.LOW, by=people.actor(technician), at=clock.now())
    client.post(f"/desk/many/{work.code}/undo/")
    assert [Ticket.objects.get(pk=ticket.pk).priority for ticket in tickets] == [Priority.LOW, Priority.NORMAL, Priority.NORMAL]
    assert client.post(f"/desk/many/{work.code}/undo/").status_code == 409


def test_undoing_is_possible_for_half_an_hour() -> None:
    technician = people.staff()
    by = people.actor(technician)
    work = actions.start_work("priority", "3", [desk.ticket().code], by=by, at=desk.AT)
    assert actions.may_undo(work, at=desk.AT + timedelta(minutes=29))
    assert not actions.may_undo(work, at=desk.AT + timedelta(minutes=30))


def test_many_are_done_in_the_background_and_a_killed_worker_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from podpora.desk.actions import bulk
    from podpora.desk.jobs import do_ticket_work

    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    technician = people.staff()
    by = people.actor(technician)
    tickets = [desk.ticket() for _ in range(5)]
    work = actions.start_work("state", "waiting_vendor", [ticket.code for ticket in tickets], by=by, at=desk.AT)
    assert (work.finished_at, Job.objects.filter(name__endswith="do_ticket_work").count()) == (None, 1)
    assert not actions.go_on(work, by=by, at=desk.AT, most=2)
    client = signed_in(technician)
    assert 'hx-trigger="every 1s"' in client.get(f"/desk/many/{work.code}/").content.decode()
    do_ticket_work({"work": work.code}, at=desk.AT)
    do_ticket_work({"work": work.code}, at=desk.AT)
    work.refresh_from_db()
    assert (work.done, len(work.before), work.finished_at) == (5, 5, desk.AT)
    assert set(Ticket.objects.values_list("state", flat=True)) == {State.WAITING_VENDOR}


def test_all_of_the_list_is_the_list() -> None:
    technician = people.staff()
    tickets = [desk.ticket() for _ in range(3)]
    desk.answer(tickets[0], technician, then=State.SOLVED)
    client = signed_in(technician)
    client.post("/desk/many/", form("priority", [], value="0", confirm="1", all="1"))
    assert sorted(Ticket.objects.filter(priority=0).values_list("code", flat=True)) == sorted(t.code for t in tickets[1:])


def test_c1_nobody_elses_work_queues_or_deeds() -> None:
    technician, other = people.staff(), people.staff()
    ticket = desk.ticket()
    work = actions.start_work("priority", "3", [ticket.code], by=people.actor(technician), at=clock.now())
    client = signed_in(other)
    assert client.get(f"/desk/many/{work.code}/").status_code == 404
    assert client.post(f"/desk/many/{work.code}/undo/").status_code == 404
    assert client.post("/desk/many/", form("delete", [ticket], value="1", confirm="1")).status_code == 404
    actions.set_members(ticket.queue, [technician], by=people.actor(technician), at=clock.now())
    assert client.post("/desk/many/", form("priority", [ticket], value="0", confirm="1"))["Location"] == "/desk/?view=open"
    ticket.refresh_from_db()
    assert ticket.priority == Priority.URGENT
    for value in ("99", "x", "\x00"):
        client.post("/desk/many/", form("priority", [desk.ticket(purpose=Purpose.GENERAL)], value=value, confirm="1"))
    assert not Ticket.objects.filter(priority__gt=3).exists()


def test_tags_putting_off_and_merging_are_undone_too() -> None:
    technician, requester = people.staff(), people.person()
    first, second, third = (desk.ticket(requester, subject=f"Same {n}", at=clock.now()) for n in range(3))
    client = signed_in(technician)
    for deed, value in (("tag", "sync"), ("snooze", "2099-01-01T08:00:00Z")):
        told = client.post("/desk/many/", form(deed, [first, second], value=value, confirm="1"), follow=True).content.decode()
        assert ("2 tickets were changed" in told) is (deed == "tag"), told[:300]
    assert [tag.name for tag in first.tags.all()] == ["sync"]
    client.post(f"/desk/many/{TicketWork.objects.earliest('pk').code}/undo/")
    assert not first.tags.exists()
    merged = client.post("/desk/many/", form("merge", [first, second, third], value=first.code, confirm="1"), follow=True)
    assert "2 tickets were changed" in merged.content.decode()
    second.refresh_from_db()
    assert second.merged_into == first
    client.post(f"/desk/many/{TicketWork.objects.latest('pk').code}/undo/")
    second.refresh_from_db()
    assert second.merged_into is None
