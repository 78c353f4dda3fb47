"""Tickets through the API: the vendor's systems, a technician, a customer, a stranger."""

from datetime import timedelta
from typing import Any

import pytest

from podpora.base import clock
from podpora.desk.models import Ticket
from podpora.desk.values import Purpose, State, Upload
from podpora.licensing.models import Licence
from podpora.people.models import Person
from podpora.people.values import Role
from tests.make import desk, licensing, people
from tests.make.api import Api, token
from tests.make.licensing import Terms

pytestmark = pytest.mark.django_db


def owned(days_ago: int = 30) -> tuple[Person, Licence]:
    licence = licensing.licence(terms=Terms(bought_at=clock.now() - timedelta(days=days_ago)))
    return licence.customer.memberships.get(role=Role.OWNER).person, licence


def asked(**more: Any) -> dict[str, Any]:
    return {"subject": "It stops", "text": "Every day."} | more


def patch(api: Api, path: str, body: Any) -> Any:
    return api.client.patch(f"/api/v1/{path}", body, content_type="application/json", headers=api.headers)


def test_a_customer_asks_and_reads_the_answer() -> None:
    person, licence = owned()
    technician = people.staff()
    device = licensing.activated(licence, at=clock.now()).activation.device
    api = Api(token("tickets", "licences", person=person))
    made = api.post("tickets", asked(licence=licence.code, device=device.code))
    assert made.status_code == 201, made.content
    code = made.json()["code"]
    shown = made.json()
    assert shown["support"] == {"allowed": True, "code": "support.active", "through": shown["support"]["through"]}
    assert (shown["licence"], shown["device"], shown["version"], shown["tier"]) == (licence.code, device.code, "10.1.0", "pro")
    assert shown["requester"] == {"email": person.email, "name": person.name, "verified": True}
    assert "priority" not in shown
    ticket = Ticket.objects.get(code=code)
    desk.note(ticket, technician, "CANARY")
    desk.answer(ticket, technician, "Restart it.")
    read = api.get(f"tickets/{code}").json()
    assert [m["text"] for m in read["messages"] if m["kind"] == "public"] == ["Every day.", "Restart it."]
    assert "CANARY" not in str(read)
    assert "CANARY" not in str(api.get("tickets").json())
    assert api.post(f"tickets/{code}/messages", {"text": "Thanks"}).json()["side"] == "customer"
    assert api.post(f"tickets/{code}/messages", {"text": "x", "kind": "note"}).json()["error"]["fields"] == {"kind": ["unknown"]}
    assert patch(api, f"tickets/{code}", {"priority": "urgent"}).status_code == 422
    assert patch(api, f"tickets/{code}", {"state": "closed"}).json()["state"] == "closed"
    assert patch(api, f"tickets/{code}", {"state": "open"}).json()["state"] == "open"


def test_vip_9_the_gate_is_the_same_and_other_queues_are_open() -> None:
    person, licence = owned(500)
    api = Api(token("tickets", person=person))
    refused = api.post("tickets", asked(licence=licence.code))
    assert refused.status_code == 409
    error = refused.json()["error"]
    assert error["code"] == "support.expired"
    assert {way["kind"] for way in error["reasons"][0]["next"]} >= {"buy", "forum"}
    assert api.post("tickets", asked(queue="technical")).status_code == 422  # no way around the gate
    assert api.post("tickets", asked(queue="licences", licence=licence.code)).status_code == 201


def test_the_vendors_system_opens_for_somebody_and_answers() -> None:
    person, licence = owned()
    technician = people.staff()
    api = Api(token("tickets"))
    assert api.post("tickets", asked()).json()["error"]["fields"] == {"requester": ["required"]}
    made = api.post("tickets", asked(licence=licence.code, requester={"email": person.email})).json()
    assert (made["requester"]["email"], made["priority"], made["assignee"]) == (person.email, "normal", str(technician))
    new = api.post("tickets", asked(queue="general", requester={"email": "new@nobody.example", "name": "Nový"})).json()
    assert new["requester"] == {"email": "new@nobody.example", "name": "Nový", "verified": False}
    noted = api.post(f"tickets/{made['code']}/messages", {"text": "For us", "kind": "note"})
    assert (noted.status_code, noted.json()["kind"]) == (201, "note")
    answered = api.post(f"tickets/{made['code']}/messages", {"text": "Done", "then": "solved"})
    assert answered.json()["side"] == "staff"
    whole = api.get(f"tickets/{made['code']}").json()
    assert (whole["state"], [m["kind"] for m in whole["messages"] if m["kind"] != "event"]) == (
        "solved",
        ["public", "note", "public"],
    )
    stranger, _other = owned()
    foreign = api.post("tickets", asked(licence=licence.code, requester={"email": stranger.email}))
    assert foreign.json()["error"]["fields"] == {"licence": ["unknown"]}


def test_a_technician_changes_all_or_nothing() -> None:
    technician, other = people.staff(), people.staff()
    ticket = desk.ticket()
    desk.queue(Purpose.GENERAL)
    api = Api(token("tickets", person=technician))
    changed = patch(
        api, f"tickets/{ticket.code}", {"assignee": other.email, "priority": "high", "queue": "general", "state": "waiting_vendor"}
    )
    shown = changed.json()
    assert (shown["assignee"], shown["priority"], shown["queue"], shown["state"]) == (
        str(other),
        "high",
        "general",
        "waiting_vendor",
    )
    assert patch(api, f"tickets/{ticket.code}", {"assignee": None}).json()["assignee"] is None
    for wrong in ({"assignee": "x@y.example"}, {"queue": "nowhere"}, {"state": "new"}, {"priority": 3}, {"colour": "red"}):
        assert patch(api, f"tickets/{ticket.code}", wrong).status_code == 422
    own = desk.ticket(technician, people.company(owner=technician))
    assert patch(api, f"tickets/{own.code}", {"priority": "high"}).status_code == 422  # there he is a customer (VI-4)


def test_filters_and_pages() -> None:
    api = Api(token("tickets"))
    first, second = desk.ticket(subject="Calendar"), desk.ticket(subject="Invoice", purpose=Purpose.LICENCE_BILLING)
    desk.answer(first, people.staff(), then=State.SOLVED)

    def codes(query: str) -> list[str]:
        return [item["code"] for item in api.get(f"tickets{query}").json()["items"]]

    assert codes("") == [second.code, first.code]
    assert codes("?state=solved") == [first.code]
    assert codes("?queue=licences") == codes("?q=invo") == [second.code]
    assert codes(f"?requester={first.requester.email.upper()}") == codes(f"?q={first.code}") == [first.code]
    assert api.get("tickets?state=dancing").status_code == 422
    page = api.get("tickets?limit=1").json()
    assert codes(f"?limit=1&cursor={page['next']}") == [first.code]


def test_s15_a_stranger_finds_nothing_and_other_scopes_do_not_open() -> None:
    person, licence = owned()
    ticket = desk.ticket(person, licence.customer, uploads=[Upload("a.txt", b"a")])
    file = ticket.messages.exclude(files=0).get().attachments.get().code
    note = desk.note(ticket, people.staff(), uploads=[Upload("b.txt", b"b")]).attachments.get().code
    stranger = Api(token("tickets", person=people.person()))
    for path in (f"tickets/{ticket.code}", f"tickets/{ticket.code}/files/{file}", "tickets/T-99999", "tickets/%00"):
        assert stranger.get(path).status_code == 404
    assert stranger.get("tickets").json()["items"] == []
    assert stranger.post(f"tickets/{ticket.code}/messages", {"text": "x"}).status_code == 404
    assert patch(stranger, f"tickets/{ticket.code}", {"state": "closed"}).status_code == 404
    assert stranger.post("tickets", asked(licence=licence.code)).json()["error"]["fields"] == {"licence": ["unknown"]}
    owner = Api(token("tickets", person=person))
    assert owner.get(f"tickets/{ticket.code}/files/{file}").getvalue() == b"a"
    assert owner.get(f"tickets/{ticket.code}/files/{note}").status_code == 404
    assert Api(token("orders")).get("tickets").status_code == 403
    assert Api().get("tickets").status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": 3}, "subject"),
        ({"text": "x" * 50_001}, "text"),
        ({"text": "  "}, "text"),
        ({"queue": "nowhere"}, "queue"),
        ({"device": "D-NONE"}, "device"),
        ({"surprise": 1}, "surprise"),
        ({"requester": {"email": "a@b.example"}}, "requester"),
    ],
)
def test_bad_input_names_the_field(body: dict[str, Any], field: str) -> None:
    person, _licence = owned()
    answer = Api(token("tickets", person=person)).post("tickets", asked() | body)
    assert answer.status_code == 422
    assert field in answer.json()["error"]["fields"]
    assert not Ticket.objects.exists()


def test_the_same_idempotency_key_opens_one_ticket() -> None:
    person, licence = owned()
    api = Api(token("tickets", person=person), **{"Idempotency-Key": "once"})
    codes = {api.post("tickets", asked(licence=licence.code)).json()["code"] for _ in range(2)}
    assert len(codes) == Ticket.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_rows(count: int, django_assert_num_queries: Any) -> None:
    for _ in range(count):
        desk.ticket()
    api = Api(token("tickets"))
    api.get("tickets")
    with django_assert_num_queries(LIST):
        api.get("tickets")


LIST = 5
