"""The quarantine: lists, one mail, decisions; who may, and how much it asks of the database."""

from datetime import timedelta

import pytest
from django.test import Client

from podpora.audit.models import Entry
from podpora.base import clock
from podpora.desk.actions import set_members
from podpora.desk.models import Message, Ticket
from podpora.mail import queries
from podpora.mail.models import IncomingMail
from podpora.mail.values import IncomingState
from podpora.people.models import Person
from tests.make import desk, people
from tests.make.mailboxes import mailbox
from tests.make.posted import AT, deliver, raw_mail
from tests.make.web import client as signed_in

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def tereza() -> Person:
    mailbox()
    return people.staff(name="Tereza")


def held(subject: str = "Strange", *, number: int = 1, text: str = "What is this?") -> IncomingMail:
    raw = raw_mail(text, sender="Nobody", subject=subject, message_id=f"<held{number}@x>")
    return deliver(raw, at=AT + timedelta(minutes=number))


def test_list_and_mail_show_why_and_run_nothing(tereza: Person) -> None:
    mail = held(f"{SCRIPT} strange", text=f"{SCRIPT} text")
    client = signed_in(tereza)
    page = client.get("/desk/mails/").content.decode()
    assert "It names no sender whom anybody could answer." in page
    assert SCRIPT not in page and "&lt;script&gt;" in page
    one = client.get(f"/desk/mails/{mail.code}/").content.decode()
    assert "mail.no_sender" in one
    assert SCRIPT not in one and "&lt;script&gt;alert(1)&lt;/script&gt; text" in one


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(number: int, tereza: Person, django_assert_num_queries: object) -> None:
    for n in range(number):
        held(number=n)
    client = signed_in(tereza)
    client.get("/desk/mails/")
    with django_assert_num_queries(5):  # type: ignore[operator]
        client.get("/desk/mails/")


def test_the_figure_beside_the_navigation(tereza: Person) -> None:
    client = signed_in(tereza)
    assert client.get("/desk/mails/count/").content == b""
    held()
    assert client.get("/desk/mails/count/").content == b"1"


def test_filters_by_reason_and_words(tereza: Person) -> None:
    held("First")
    deliver(raw_mail(subject="Second", to="x@elsewhere.example", message_id="<2@x>"), to="x@elsewhere.example")
    client = signed_in(tereza)
    page = client.get("/desk/mails/?reason=mail.unknown_address").content.decode()
    assert "Second" in page and "First" not in page
    page = client.get("/desk/mails/?q=first").content.decode()
    assert "First" in page and "Second" not in page
    assert client.get("/desk/mails/?state=nonsense&before=x&reason=%00").status_code == 200


def test_raw_mail_is_a_download_that_runs_nowhere(tereza: Person) -> None:
    mail = held()
    response = signed_in(tereza).get(f"/desk/mails/{mail.code}/raw/")
    assert response.content == queries.raw_of(mail)
    assert response["Content-Disposition"].startswith("attachment")
    assert (response["X-Content-Type-Options"], response["Content-Security-Policy"]) == ("nosniff", "default-src 'none'; sandbox")


def test_release_into_a_new_ticket(tereza: Person) -> None:
    mail = deliver(raw_mail("Let me in", to="x@elsewhere.example"), to="x@elsewhere.example")
    response = signed_in(tereza).post(f"/desk/mails/{mail.code}/release/", {"ticket": ""})
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/desk/{ticket.code}/"
    mail.refresh_from_db()
    assert (mail.state, mail.ticket, mail.reasons[0], mail.decided_by) == (
        IncomingState.TICKETED,
        ticket.code,
        "mail.released",
        "Tereza",
    )
    assert Entry.objects.filter(verb="mail.released", subject=f"mail:{mail.code}").exists()


def test_release_into_a_ticket_of_choice_is_marked_and_changes_no_state(tereza: Person) -> None:
    ticket = desk.ticket()
    before = ticket.state
    mail = held(text="From another address")
    signed_in(tereza).post(f"/desk/mails/{mail.code}/release/", {"ticket": ticket.code.lower()})
    message = Message.objects.get(mail=mail.code)
    ticket.refresh_from_db()
    assert (message.ticket, message.is_unverified, message.author, ticket.state) == (ticket, True, None, before)


def test_release_twice_is_refused_and_without_a_sender_a_ticket_is_asked_for(tereza: Person) -> None:
    mail = held()
    client = signed_in(tereza)
    first = client.post(f"/desk/mails/{mail.code}/release/", {"ticket": ""})
    assert (first.status_code, b"choose a ticket" in first.content) == (422, True)
    assert client.post(f"/desk/mails/{mail.code}/release/", {"ticket": "T-999999"}).status_code == 422
    ticket = desk.ticket()
    assert client.post(f"/desk/mails/{mail.code}/release/", {"ticket": ticket.code}).status_code == 302
    assert client.post(f"/desk/mails/{mail.code}/release/", {"ticket": ticket.code}).status_code == 422
    assert Message.objects.filter(mail=mail.code).count() == 1


def test_many_at_once_and_one_that_can_not(tereza: Person) -> None:
    first, second = held(number=1), held(number=2)
    client = signed_in(tereza)
    client.post("/desk/mails/many/", {"do": "drop", "mail": [first.code, second.code, "ML-NOTHING"]})
    assert set(IncomingMail.objects.values_list("state", flat=True)) == {IncomingState.DROPPED}
    assert b"Set aside" in client.get("/desk/mails/?state=dropped").content


def test_vi_3_mail_of_a_queue_that_he_does_not_serve(tereza: Person) -> None:
    queue = desk.queue()
    other = people.staff(name="Other")
    set_members(queue, [other], by=people.actor(other), at=AT)
    mail = held()
    IncomingMail.objects.update(queue=queue.code)
    assert signed_in(tereza).get(f"/desk/mails/{mail.code}/").status_code == 404
    assert mail.code not in signed_in(tereza).get("/desk/mails/").content.decode()
    assert signed_in(other).get(f"/desk/mails/{mail.code}/").status_code == 200


def test_ten_thousand_rows_are_a_page(tereza: Person) -> None:
    rows = [
        IncomingMail(
            source="smtp", size=1, key=f"k{n}", state="quarantined", reason="mail.flood", reasons=["mail.flood"], received_at=AT
        )
        for n in range(10_000)
    ]
    IncomingMail.objects.bulk_create(rows, batch_size=1000)
    client: Client = signed_in(tereza)
    begun = clock.monotonic()
    page = client.get("/desk/mails/").content.decode()
    assert clock.monotonic() - begun < 3
    assert page.count("<tr>") == 51
    assert "10000" in page or "10,000" in page
