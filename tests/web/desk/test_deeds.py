"""What a technician does to a ticket besides answering, in a browser: panels, drafts, undo, presence, suggestions, command bar."""

from datetime import timedelta

import pytest
from django.test import Client

from podpora.base import clock
from podpora.desk import actions
from podpora.desk.models import CannedReply, Macro, SavedDraft, Scheduled, Ticket
from podpora.desk.values import Purpose, State
from podpora.people.models import Person
from tests.make import desk, people

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_tags_putting_off_and_following() -> None:
    technician, ticket = people.staff(), desk.ticket(at=clock.now())
    client, base = signed_in(technician), f"/desk/{ticket.code}/"
    client.post(f"{base}tags/", {"tags": "Sync, imap"})
    assert sorted(tag.name for tag in ticket.tags.all()) == ["imap", "sync"]
    assert "field-error" in client.post(f"{base}tags/", {"tags": "-"}).content.decode()
    client.post(f"{base}snooze/", {"until": "tomorrow"})
    ticket.refresh_from_db()
    assert ticket.snoozed_until is not None
    assert ticket.code not in client.get("/desk/?view=mine").content.decode()
    assert ticket.code in client.get("/desk/?view=snoozed").content.decode()
    assert client.post(f"{base}snooze/", {"until": "at", "at": "2001-01-01T00:00"}).status_code == 422
    client.post(f"{base}snooze/", {"until": "now"})
    ticket.refresh_from_db()
    assert Ticket.objects.get(pk=ticket.pk).snoozed_until is None
    client.post(f"{base}follow/", {"follow": "yes"})
    assert ticket.followers.filter(person=technician).exists()


def test_ru_3_merging_by_number_and_undoing() -> None:
    technician, requester = people.staff(), people.person()
    source, target = desk.ticket(requester, at=clock.now()), desk.ticket(requester, at=clock.now(), subject="Target", text="Zebra")
    client = signed_in(technician)
    panel = client.get(f"/desk/{source.code}/merge/", headers=HTMX).content.decode()
    assert "Target" in panel
    assert "<html" not in panel
    assert client.post(f"/desk/{source.code}/merge/", {"into": "T-999"}).status_code == 422
    assert client.post(f"/desk/{source.code}/merge/", {"into": str(target.number)})["Location"] == f"/desk/{target.code}/"
    assert [row["code"] for row in client.get("/desk/?q=yesterday").context["rows"]] == [target.code]  # its words moved too
    client.post(f"/desk/{target.code}/unmerge/", {"source": source.code})
    source.refresh_from_db()
    assert source.merged_into is None


def test_a_draft_is_kept_and_two_windows_are_told() -> None:
    technician, ticket = people.staff(), desk.ticket(at=clock.now())
    client, address = signed_in(technician), f"/desk/{ticket.code}/draft/"
    assert client.post(address, {"text": "Half a", "kind": "reply", "version": "0"}).json()["version"] == 1
    assert "Half a</textarea>" in client.get(f"/desk/{ticket.code}/").content.decode()
    assert client.post(address, {"text": "Other", "version": "0"}).status_code == 409
    assert "has begun an answer" in signed_in(people.staff()).get(f"/desk/{ticket.code}/").content.decode()
    assert client.post(address, {"text": " ", "version": "1"}).json()["version"] == 0
    assert not SavedDraft.objects.exists()


def test_an_answer_waits_a_moment_and_can_be_taken_back() -> None:
    technician, ticket = people.staff(), desk.ticket(at=clock.now())
    client, base = signed_in(technician), f"/desk/{ticket.code}/"
    form = {"kind": "reply", "text": "Try this.", "once": "a", "seen": "1", "undo": "1", "then": "solved"}
    shown = client.post(f"{base}write/", form, headers=HTMX).content.decode()
    assert "Not sent yet" in shown
    assert not ticket.messages.filter(text="Try this.").exists()
    waiting = Scheduled.objects.get()
    assert signed_in(people.staff()).post(f"{base}waiting/{waiting.code}/").status_code == 404
    back = client.post(f"{base}waiting/{waiting.code}/", {"deed": "back"}, headers=HTMX).content.decode()
    assert "Try this.</textarea>" in back
    client.post(f"{base}write/", form | {"once": "b"}, headers=HTMX)
    client.post(f"{base}waiting/{Scheduled.objects.latest('pk').code}/", {"deed": "now"})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.messages.filter(text="Try this.").count()) == (State.SOLVED, 1)


def test_canned_replies_are_filled_in_and_macros_done() -> None:
    technician = people.staff(name="Tereza")
    ticket = desk.ticket(people.person(name="Jana Nováková"), at=clock.now())
    CannedReply.objects.create(
        code="hello", name="Hello", text_cs="Dobrý den, {{ requester.first_name }},", text_en="Hello {{ requester.first_name }},"
    )
    Macro.objects.create(code="urgent", name="Make urgent", deeds=[{"do": "priority", "value": "urgent"}])
    client = signed_in(technician)
    panel = client.get(f"/desk/{ticket.code}/replies/", headers=HTMX).content.decode()
    assert ("Jana," in panel, "Make urgent" in panel) == (True, True)
    assert client.post(f"/desk/{ticket.code}/macro/", {"macro": "nothing"}).status_code == 404
    assert client.post(f"/desk/{ticket.code}/macro/", {"macro": "urgent"}).status_code == 302


def test_cl_1_who_else_is_here_and_what_came_meanwhile() -> None:
    tereza, tomas, ticket = people.staff(name="Tereza"), people.staff(name="Tomáš"), desk.ticket(at=clock.now())
    here = f"/desk/{ticket.code}/here/"
    signed_in(tomas).post(here, {"seen": "1", "writes": "1"})
    page = signed_in(tereza).post(here, {"seen": "1"}).content.decode()
    assert "Tomáš is writing" in page
    desk.answer(ticket, tomas, "Mine was first.", at=clock.now())
    assert "Tomáš wrote meanwhile" in signed_in(tereza).post(here, {"seen": "1"}).content.decode()
    from podpora.desk import queries

    later = clock.now() + timedelta(minutes=2)
    assert queries.others_at(ticket, tereza, at=later) == []


def test_suggestions_are_what_the_reader_may_see() -> None:
    technician, other = people.staff(), people.staff()
    solved = desk.ticket(subject="Kalendář je prázdný po aktualizaci", at=clock.now(), purpose=Purpose.GENERAL)
    desk.answer(solved, technician, "Hello Jana,\nreset the view.", then=State.SOLVED, at=clock.now())
    ticket = desk.ticket(subject="Prázdný kalendář po aktualizaci", at=clock.now())
    address = f"/desk/{ticket.code}/suggestions/"
    page = signed_in(technician).get(address).content.decode()
    assert solved.code in page
    assert 'data-insert="reset the view."' in page
    actions.set_members(solved.queue, [other], by=people.actor(other), at=clock.now())
    assert solved.code not in signed_in(technician).get(address).content.decode()


def test_c1_the_command_bar_finds_what_its_reader_may_see() -> None:
    technician, other = people.staff(), people.staff()
    ticket = desk.ticket(subject="Zebra", at=clock.now())
    actions.set_members(ticket.queue, [technician], by=people.actor(technician), at=clock.now())
    for person, count in ((technician, 1), (other, 0)):
        groups = dict(signed_in(person).get("/desk/command/?q=zebra").context["groups"])
        assert len(groups.get("Tickets", [])) == count
    page = signed_in(technician).get(f"/desk/command/?ticket={ticket.code}").context["groups"]
    assert [name for name, _entries in page] == ["This ticket", "Go to"]
    assert "This ticket" not in dict(signed_in(other).get(f"/desk/command/?ticket={ticket.code}").context["groups"])


def test_next_and_previous_of_the_list_one_came_from() -> None:
    technician = people.staff()
    first, second, third = (desk.ticket(at=desk.AT + timedelta(minutes=n)) for n in range(3))
    client = signed_in(technician)
    page = client.get(f"/desk/{second.code}/?view=open").context
    assert (page["previous"], page["following"]) == (f"/desk/{first.code}/?view=open", f"/desk/{third.code}/?view=open")
    assert "previous" not in client.get(f"/desk/{second.code}/").context
    sent = client.post(f"/desk/{second.code}/change/?view=open", {"priority": "3"})
    assert sent["Location"].endswith("?view=open")
    assert Ticket.objects.get(pk=second.pk).priority == 3
