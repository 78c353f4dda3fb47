"""The form for everybody: topics as tags, and the mail that asks whether it was you before anything else leaves (AU-5)."""

import re

import pytest
from django.core import signing
from django.test import Client

from podpora.base import clock
from podpora.desk.models import Message, Ticket
from podpora.desk.queries import confirm_token
from podpora.desk.values import Purpose
from podpora.mail.models import OutgoingMail
from podpora.people.queries import has_proven
from tests.make import catalog, people

pytestmark = pytest.mark.django_db
ORIGIN = {"Origin": "http://testserver"}
WORDS = "CANARY buy cheap at evil.example"


def ask(email: str, purpose: str = "trial") -> Ticket:
    catalog.catalogue()
    began = signing.dumps(int(clock.now().timestamp()) - 30, salt="contact")
    form = {"purpose": purpose, "email": email, "subject": WORDS, "text": WORDS, "once": "x" * 24, "began": began}
    assert Client().post("/contact/", form, headers=ORIGIN).status_code == 302
    return Ticket.objects.get()


def mails_to(email: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(to_address=email).order_by("pk"))


@pytest.mark.parametrize(
    ("topic", "purpose", "tag"),
    [("trial", Purpose.GENERAL, "trial"), ("before", Purpose.GENERAL, "pre-sale"), ("technical", Purpose.GENERAL, "technical"),
     ("licence_billing", Purpose.LICENCE_BILLING, None), ("general", Purpose.GENERAL, None)],
)  # fmt: skip
def test_the_topic_is_the_queue_and_a_tag(topic: str, purpose: Purpose, tag: str | None) -> None:
    ticket = ask("a@visitor.example", topic)
    assert ticket.queue.purpose == purpose
    assert [found.name for found in ticket.tags.all()] == ([tag] if tag else [])


def test_au_5_the_first_mail_asks_and_has_no_word_of_the_writer_the_receipt_comes_after_the_yes() -> None:
    ticket = ask("a@visitor.example")
    (asking,) = mails_to("a@visitor.example")
    assert "CANARY" not in f"{asking.subject}{asking.text}{asking.html}{asking.to_name}"
    link = re.search(r"http://\S+/contact/confirm/\S+/", asking.text)
    assert link
    path = link[0].partition("//")[2].partition("/")[2]
    page = Client().get(f"/{path}")
    assert "CANARY" in page.content.decode()  # whoever reads the address sees what was written under it
    assert page["Referrer-Policy"] == "no-referrer"
    assert Message.objects.filter(is_unverified=True).exists()  # a program that opened the link confirmed nothing
    assert not has_proven(ticket.requester, ticket.requester.email)
    for _twice in range(2):
        assert Client().post(f"/{path}", {"answer": "yes"}, headers=ORIGIN).status_code == 302
    assert has_proven(ticket.requester, ticket.requester.email)
    assert not Message.objects.filter(is_unverified=True).exists()
    receipts = mails_to("a@visitor.example")[1:]
    assert [("CANARY" in mail.text, mail.kind) for mail in receipts] == [(True, "ticket.received")]
    Client().post(f"/{path}", {"answer": "no"}, headers=ORIGIN)  # too late: it was he
    ticket.refresh_from_db()
    assert not ticket.is_done


def test_au_5_who_says_no_hears_nothing_more() -> None:
    victim = people.person()
    ticket = ask(victim.email)
    Client().post(f"/contact/confirm/{confirm_token(ticket)}/", {"answer": "no"}, headers=ORIGIN)
    ticket.refresh_from_db()
    assert (ticket.is_done, ticket.closed_as) == (True, "spam")
    assert len(mails_to(victim.email)) == 1
    assert "CANARY" not in mails_to(victim.email)[0].text


@pytest.mark.parametrize("token", ["nothing", "T-1", "a:b:c", "\x00"])
def test_a_forged_link_leads_nowhere(token: str) -> None:
    assert Client().get(f"/contact/confirm/{token}/").status_code == 404
