"""The contact page guards itself without a third party; a person's words are never thrown away unseen."""

import pytest
from django.core import signing
from django.test import Client

from podpora.base import clock
from podpora.desk.models import Ticket
from tests.make import catalog

pytestmark = pytest.mark.django_db
LONG = "I would like to know whether the program works with our old server, and how many computers one licence is for. " * 2


def sent(text: str = LONG, *, email: str = "a@visitor.example", ago: int = 30, **more: str) -> int:
    began = signing.dumps(int(clock.now().timestamp()) - ago, salt="contact")
    form = {"purpose": "general", "email": email, "subject": "Question", "text": text, "once": "x" * 20 + str(ago), "began": began}
    return Client().post("/contact/", form | more, headers={"Origin": "http://testserver"}).status_code


def test_too_quick_is_told_and_may_be_sent_once_more() -> None:
    catalog.catalogue()
    assert (sent(ago=0), Ticket.objects.count()) == (422, 0)
    assert (sent(began="forged"), Ticket.objects.count()) == (422, 0)
    assert (sent(ago=10), Ticket.objects.count()) == (302, 1)


def test_many_links_are_told() -> None:
    catalog.catalogue()
    assert (sent("see https://x.example/ " * 6), Ticket.objects.count()) == (422, 0)
    assert (sent("see https://x.example/ " * 5), Ticket.objects.count()) == (302, 1)


def test_the_same_long_words_from_another_address_are_there_already() -> None:
    catalog.catalogue()
    assert [
        sent(),
        sent(email="b@visitor.example", ago=31),
        sent("Please call me", ago=32),
        sent("Please call me", email="c@visitor.example", ago=33),
    ] == [302] * 4
    assert Ticket.objects.count() == 3
