"""`mails`: what came in, and the decisions about what was held."""

import pytest

from podpora.desk.models import Message, Ticket
from podpora.mail.models import IncomingMail
from podpora.people.models import Person
from tests.make import desk, people
from tests.make.api import Api, token
from tests.make.mailboxes import mailbox
from tests.make.posted import deliver, raw_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def tereza() -> Person:
    mailbox()
    return people.staff(name="Tereza")


@pytest.fixture
def held(tereza: Person) -> IncomingMail:
    return deliver(raw_mail("Let me in", to="x@elsewhere.example"), to="x@elsewhere.example")


def test_lists_by_state_with_reasons(held: IncomingMail) -> None:
    taken = deliver(raw_mail(message_id="<2@x>"))
    api = Api(token("mails"))
    found = api.get("mails?state=quarantined").json()["items"]
    assert [(one["code"], one["reasons"], one["ticket"], one["state"]) for one in found] == [
        (held.code, ["mail.unknown_address"], None, "quarantined")
    ]
    assert found[0]["from"] == "jana@private.example"
    assert found[0]["messages"] == ["None of the addresses that it was sent to is ours."]
    assert [one["ticket"] for one in api.get("mails?state=ticketed").json()["items"]] == [taken.ticket]
    assert len(api.get("mails").json()["items"]) == 2
    assert api.get("mails?state=nonsense").status_code == 422


def test_one_mail_with_its_text(held: IncomingMail) -> None:
    one = Api(token("mails")).get(f"mails/{held.code}").json()
    assert (one["text"].strip(), one["attachments"]) == ("Let me in", [])
    assert Api(token("mails")).get("mails/ML-NOTHING").status_code == 404


def test_release_into_a_new_ticket_and_not_twice(held: IncomingMail) -> None:
    api = Api(token("mails"))
    released = api.post(f"mails/{held.code}/release")
    assert (released.status_code, released.json()["ticket"]) == (200, Ticket.objects.get().code)
    again = api.post(f"mails/{held.code}/release")
    assert (again.status_code, again.json()["error"]["reasons"][0]["code"]) == (409, "mail.not_held")


def test_release_into_a_ticket_that_the_caller_sees(held: IncomingMail, tereza: Person) -> None:
    ticket = desk.ticket()
    api = Api(token("mails", person=tereza))
    assert api.post(f"mails/{held.code}/release", {"ticket": "T-999"}).status_code == 404
    assert api.post(f"mails/{held.code}/release", {"ticket": ticket.code}).json()["ticket"] == ticket.code
    assert Message.objects.get(mail=held.code).is_unverified


def test_drop_and_retry(held: IncomingMail) -> None:
    api = Api(token("mails"))
    assert api.post(f"mails/{held.code}/retry").status_code == 409
    assert api.post(f"mails/{held.code}/drop").json()["state"] == "dropped"


def test_who_may_not(held: IncomingMail) -> None:
    assert Api(token("tickets")).get("mails").status_code == 403
    assert Api(token("mails", person=people.person())).get("mails").json().get("items") in (None, [])
    assert Api().get("mails").status_code == 401
