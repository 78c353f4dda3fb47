"""The support centre's list: narrowed and searched; taking a question back, rating."""

import pytest
from django.test import Client

from podpora.base import clock
from podpora.desk.models import Rating
from podpora.desk.values import ClosedAs, Score, State
from podpora.people.models import Person
from tests.make import catalog, desk, people

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def shown(client: Client, query: str) -> list[str]:
    answer = client.get(f"/centre/{query}")
    assert answer.status_code == 200, query
    context = answer.context
    return [row.subject for row in (*context["open_rows"], *context["done_rows"])]


def test_the_list_is_narrowed_and_searched() -> None:
    catalog.catalogue()
    jana, technician = people.person(), people.staff()
    desk.ticket(jana, subject="Kalendář", text="Po aktualizaci je prázdný", at=clock.now())
    turn, done = desk.ticket(jana, subject="Turn", at=clock.now()), desk.ticket(jana, subject="Done", at=clock.now())
    desk.answer(turn, technician, then=State.WAITING_CUSTOMER, at=clock.now())
    desk.answer(done, technician, then=State.SOLVED, at=clock.now())
    desk.note(done, technician, "CANARY", at=clock.now())
    client = signed_in(jana)
    assert set(shown(client, "")) == {"Kalendář", "Turn", "Done"}
    assert shown(client, "?view=turn") == ["Turn"]
    assert shown(client, "?view=done") == ["Done"]
    assert set(shown(client, "?view=open")) == {"Kalendář", "Turn"}
    assert shown(client, "?q=kalendare") == shown(client, "?q=prazdny") == ["Kalendář"]
    assert shown(client, "?q=CANARY") == shown(client, "?q=has:note+CANARY") == []
    assert set(shown(client, "?view=nonsense&whose=x&q=%00&after=x")) == {"Kalendář", "Turn", "Done"}
    assert shown(signed_in(people.person()), "?q=kalendare") == []


def test_a_question_is_taken_back_by_who_asked() -> None:
    ticket = desk.ticket(at=clock.now())
    signed_in(people.person()).post(f"/centre/{ticket.code}/state/", {"deed": "withdraw"})
    signed_in(ticket.requester).post(f"/centre/{ticket.code}/state/", {"deed": "withdraw"})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed_as) == (State.CLOSED, ClosedAs.NOTHING_TO_DO)


def test_what_is_done_is_rated_and_the_word_can_be_changed() -> None:
    ticket, technician = desk.ticket(at=clock.now()), people.staff()
    client, address = signed_in(ticket.requester), f"/centre/{ticket.code}/state/"
    client.post(address, {"deed": "rate", "score": "good"})
    assert not Rating.objects.exists()  # nothing to rate yet
    desk.answer(ticket, technician, then=State.SOLVED, at=clock.now())
    client.post(address, {"deed": "rate", "score": "good", "comment": "Quick"})
    client.post(address, {"deed": "rate", "score": "bad", "comment": "Came back"})
    rating = Rating.objects.get()
    assert (rating.score, rating.comment) == (Score.BAD, "Came back")
    assert "You were not satisfied." in client.get(f"/centre/{ticket.code}/").content.decode()
