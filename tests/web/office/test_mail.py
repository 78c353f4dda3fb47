"""The page of outgoing mail: states and reasons, never texts."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from podpora.audit.models import Entry
from podpora.mail.actions import queue_mail
from podpora.mail.models import OutgoingMail
from podpora.mail.values import MailState
from podpora.people.values import StaffRole
from tests.make import people
from tests.make.browsing import signed_in
from tests.make.mail import letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(people.manager())


@pytest.fixture
def failed(at: datetime) -> OutgoingMail:
    mail = queue_mail(letter(to_address="gone@x.example", text="Your code is 471199"), at=at)
    OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.FAILED, last_error="550 no such user")
    return mail


def test_only_who_may_see_it_sees_it(failed: OutgoingMail) -> None:
    for role in (StaffRole.TECHNICIAN, StaffRole.MODERATOR):
        technician = signed_in(people.staff(role))
        assert technician.get("/office/mail/").status_code == 404
        assert technician.post(f"/office/mail/{failed.code}/again/").status_code == 404
    assert signed_in(people.person()).get("/office/mail/").status_code == 404
    assert OutgoingMail.objects.get(pk=failed.pk).state == MailState.FAILED


def test_why_it_failed_is_shown_and_its_text_is_not(client: Client, failed: OutgoingMail) -> None:
    page = client.get("/office/mail/?state=failed").content.decode()
    assert "550 no such user" in page
    assert "471199" not in page


def test_a_failed_mail_is_sent_again(client: Client, failed: OutgoingMail) -> None:
    assert client.get(f"/office/mail/{failed.code}/again/").status_code == 405
    for _ in range(2):
        assert client.post(f"/office/mail/{failed.code}/again/").status_code == 302
    assert OutgoingMail.objects.get(pk=failed.pk).state == MailState.QUEUED
    assert Entry.objects.filter(verb="mail.sent_again").count() == 1
    assert client.post("/office/mail/M-NONE/again/").status_code == 404


@pytest.mark.parametrize("query", ["", "?state=nonsense", "?page=x", "?to=%00", "?to=%25&state=sent"])
def test_the_list_takes_any_question(client: Client, failed: OutgoingMail, query: str) -> None:
    assert client.get(f"/office/mail/{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_queries(client: Client, at: datetime, count: int, django_assert_num_queries: Any, settings: Any) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    for _ in range(count):
        queue_mail(letter(), at=at)
    client.get("/office/mail/")
    with django_assert_num_queries(6):  # session, person, count, mails, states, oldest
        client.get("/office/mail/")


def test_what_came_back_has_a_tab_and_can_be_sent_again(client: Client, failed: OutgoingMail) -> None:
    OutgoingMail.objects.update(state=MailState.BOUNCED)
    page = client.get("/office/mail/?state=bounced").content.decode()
    assert "gone@x.example" in page and f"/office/mail/{failed.code}/again/" in page
    client.post(f"/office/mail/{failed.code}/again/")
    assert (
        OutgoingMail.objects.get(pk=failed.pk).state == MailState.QUEUED and Entry.objects.filter(verb="mail.sent_again").exists()
    )
