"""The technician's list in a browser."""

from typing import Any

import pytest
from django.test import Client

from podpora.base import clock
from podpora.desk import actions
from podpora.desk.values import Purpose, State
from podpora.people.models import Person
from podpora.people.values import StaffRole
from tests.make import desk, people

pytestmark = pytest.mark.django_db
STATEMENTS = 11


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_tabs_hold_what_they_say() -> None:
    technician, other = people.staff(), people.staff()
    mine, others, waiting, solved = (desk.ticket(subject=name, at=clock.now()) for name in ("Mine", "Others", "Waits", "Done"))
    by = people.actor(technician)
    for ticket, person in ((mine, technician), (others, None), (waiting, other), (solved, technician)):
        actions.assign(ticket, person, by=by, at=clock.now())
    actions.change_state(waiting, State.WAITING_VENDOR, by=by, at=clock.now())
    actions.change_state(solved, State.SOLVED, by=by, at=clock.now())
    client = signed_in(technician)
    shown = {
        view: {row["subject"] for row in client.get(f"/desk/?view={view}").context["rows"]}
        for view in ("mine", "unassigned", "waiting", "open", "solved", "nonsense")
    }
    assert shown == {
        "mine": {"Mine"},
        "unassigned": {"Others"},
        "waiting": {"Waits"},
        "open": {"Mine", "Others", "Waits"},
        "solved": {"Done"},
        "nonsense": {"Mine"},
    }
    rail = {link.key: link.count for link in client.get("/desk/").context["rail"].views}
    assert rail == {"m": "1", "u": "1", "b": None, "w": None, "d": "1", "o": "3", "s": None, "a": None}


def test_queue_and_search_narrow_the_list() -> None:
    technician = people.staff()
    desk.ticket(subject="Invoice", purpose=Purpose.LICENCE_BILLING)
    ticket = desk.ticket(subject="Calendar", purpose=Purpose.VIP)
    client = signed_in(technician)
    assert [row["subject"] for row in client.get("/desk/?queue=licences").context["rows"]] == ["Invoice"]
    assert [row["subject"] for row in client.get("/desk/?q=calen").context["rows"]] == ["Calendar"]
    assert [row["subject"] for row in client.get(f"/desk/?q={ticket.code}&view=open").context["rows"]] == ["Calendar"]
    assert "Nothing found" in client.get("/desk/?q=nowhere").content.decode()
    for odd in ("?queue=%00", "?q=%00", "?after=%00", "?view=%00&queue=x%27", "?after=1~2026-01-01T00:00:00~1"):
        assert client.get(f"/desk/{odd}").status_code == 200


def test_search_in_what_was_written_and_noted() -> None:
    technician = people.staff()
    ticket, other = desk.ticket(text="Chyba 0x80042108 při startu"), desk.ticket()
    desk.note(other, technician, "CANARY")
    client = signed_in(technician)
    assert [row["code"] for row in client.get("/desk/?q=0x8004").context["rows"]] == [ticket.code]
    assert client.get("/desk/?q=0x8004&view=solved").context["rows"] == []
    assert [row["code"] for row in client.get("/desk/?q=CANARY").context["rows"]] == [other.code]
    assert [row["code"] for row in client.get("/desk/?q=has:note").context["rows"]] == [other.code]


def test_presence_is_switched() -> None:
    technician = people.staff()
    client = signed_in(technician)
    client.post("/desk/presence/", {"present": "no"})
    technician.refresh_from_db()
    assert not technician.is_present
    client.post("/desk/presence/", {"present": "yes"})
    technician.refresh_from_db()
    assert technician.is_present


@pytest.mark.parametrize(
    ("role", "status"), [(StaffRole.TECHNICIAN, 200), (StaffRole.MANAGER, 200), (StaffRole.MODERATOR, 404), (StaffRole.NONE, 404)]
)
def test_who_may_enter(role: StaffRole, status: int) -> None:
    person = people.staff(role) if role else people.person()
    assert signed_in(person).get("/desk/").status_code == status


def test_a_visitor_is_asked_to_sign_in() -> None:
    assert Client().get("/desk/")["Location"].startswith("/account/login/")


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_rows(count: int, django_assert_num_queries: Any, settings: Any) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False  # what the login keeps for itself is not this page's
    technician = people.staff()
    for _ in range(count):
        desk.ticket()
    client = signed_in(technician)
    client.get("/desk/")
    with django_assert_num_queries(STATEMENTS):
        assert len(client.get("/desk/").context["rows"]) == count


def test_a_search_costs_the_same_wherever_the_words_stand(django_assert_num_queries: Any, settings: Any) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    desk.ticket(people.person(name="Jana Nováková"), subject="Nothing syncs", text="Since the update")
    client = signed_in(people.staff())
    client.get("/desk/")
    for words, statements in (("syncs", 11), ("UPDATE", 12), ("novak", 12), ("nowhere", 11), ("T-1", 11), ("nobody@x.example", 11)):
        with django_assert_num_queries(statements):
            assert client.get(f"/desk/?q={words}").status_code == 200
