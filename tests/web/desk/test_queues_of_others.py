"""VI-3 on pages and in the API: a technician does not meet what waits in a queue of others, by whatever door (C1, S15, S16)."""

from typing import Any

import pytest
from django.test import Client

from podpora.base import clock
from podpora.base.actors import system
from podpora.desk import actions
from podpora.desk.models import Ticket
from podpora.desk.values import Purpose, Upload
from podpora.people.models import Person
from tests.make import desk, people
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def world() -> tuple[Person, Person, Ticket]:
    """Tomas, who does not serve the queue of Tereza; a ticket in it with a file."""
    tomas, tereza = people.staff(), people.staff()
    actions.set_members(desk.queue(Purpose.LICENCE_BILLING), [tereza], by=system(), at=clock.now())
    uploads = [Upload("secret.txt", b"canary")]
    return tomas, tereza, desk.ticket(subject="Canary", purpose=Purpose.LICENCE_BILLING, uploads=uploads, at=clock.now())


def status_of(response: Any) -> int:
    if response.streaming:
        assert b"".join(response.streaming_content) == b"canary"  # read to its end, the file is closed
    return int(response.status_code)


def statuses(person: Person, ticket: Ticket) -> list[int]:
    client = signed_in(person)
    base, file = f"/desk/{ticket.code}/", ticket.messages.get(kind="public").attachments.get().code
    gets = [status_of(client.get(base + part)) for part in ("", "change/", f"files/{file}/")]
    posts = [client.post(base + part, {"text": "x", "email": "x@x.example"}).status_code for part in ("participants/", "change/")]
    return [*gets, *posts, client.post(f"{base}write/", {"kind": "note", "text": "x"}).status_code]


def test_vi_3_by_address(world: tuple[Person, Person, Ticket]) -> None:
    tomas, tereza, ticket = world
    assert statuses(tomas, ticket) == [404] * 6
    assert ticket.messages.filter(kind="note").count() == 0
    assert statuses(tereza, ticket) == [200, 200, 200, 302, 302, 302]


def test_vi_3_in_the_list_its_choices_and_counts(world: tuple[Person, Person, Ticket]) -> None:
    tomas, tereza, ticket = world
    for person, is_hers in ((tomas, False), (tereza, True)):
        client = signed_in(person)
        for address in (
            "?view=open",
            "?q=canary",
            f"?q={ticket.number}",
            f"?q={ticket.requester.email}",
            "?queue=licences&view=open",
        ):
            assert (ticket.code in client.get(f"/desk/{address}").content.decode()) is is_hers, address
        context = client.get("/desk/").context
        assert ([code for code, _name in context["queues"] if code == "licences"] == ["licences"]) is is_hers
        assert [link.count for link in context["rail"].views if link.key == "o"] == ["1" if is_hers else None]
    everybodys = desk.ticket(at=clock.now())  # may be moved into any queue
    assert 'value="licences"' in signed_in(tomas).get(f"/desk/{everybodys.code}/change/").content.decode()


def test_vi_3_in_the_api(world: tuple[Person, Person, Ticket]) -> None:
    tomas, tereza, ticket = world
    file = ticket.messages.get(kind="public").attachments.get().code
    for person, status, count in ((tomas, 404, 0), (tereza, 200, 1)):
        api = Api(token("tickets", person=person))
        assert api.get(f"tickets/{ticket.code}").status_code == status
        assert status_of(api.get(f"tickets/{ticket.code}/files/{file}")) == status
        assert api.post(f"tickets/{ticket.code}/messages", {"text": "x", "kind": "note"}).status_code == (201 if count else 404)
        for query in ("", "?q=canary", "?queue=licences", f"?requester={ticket.requester.email}"):
            assert len(api.get(f"tickets{query}").json()["items"]) == count, query
    assert ticket.messages.filter(kind="note").count() == 1


def test_vi_3_who_moves_a_ticket_away_is_led_to_his_list(world: tuple[Person, Person, Ticket]) -> None:
    tomas, tereza, _ticket = world
    ticket = actions.assign(desk.ticket(at=clock.now()), tomas, by=people.actor(tomas), at=clock.now())
    form = {"assignee": tomas.code, "priority": "1", "queue": "licences"}
    moved = signed_in(tomas).post(f"/desk/{ticket.code}/change/", form, follow=True)
    assert moved.redirect_chain == [("/desk/", 302)]
    assert ticket.code in moved.content.decode()  # named in the message
    ticket.refresh_from_db()
    assert (ticket.queue.code, ticket.assignee) == ("licences", tereza)
    assert signed_in(tomas).get(f"/desk/{ticket.code}/").status_code == 404


def test_vi_3_the_api_answers_who_moved_it_away(world: tuple[Person, Person, Ticket]) -> None:
    tomas, _tereza, _ticket = world
    ticket = desk.ticket(at=clock.now())
    api = Api(token("tickets", person=tomas))
    answer: Any = api.client.patch(
        f"/api/v1/tickets/{ticket.code}", {"queue": "licences"}, content_type="application/json", headers=api.headers
    )
    assert (answer.status_code, answer.json()["queue"]) == (200, "licences")
    assert api.get(f"tickets/{ticket.code}").status_code == 404
    answer = api.client.patch(
        f"/api/v1/tickets/{desk.ticket(at=clock.now()).code}",
        {"assignee": tomas.email},
        content_type="application/json",
        headers=api.headers,
    )
    assert (answer.status_code, answer.json()["assignee"]) == (200, str(tomas))
