"""A22: somebody who may no longer sign in is out at the very next request, through every door that he had opened before."""

import re

import pytest
from django.test import Client

from podpora.mail.models import OutgoingMail
from podpora.people import actions, queries
from podpora.people.models import Person
from podpora.people.values import Role, StaffRole
from tests.make import people as make
from tests.make import web
from tests.make.api import Api

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [StaffRole.NONE, StaffRole.TECHNICIAN, StaffRole.MANAGER])
def test_a22_every_door_is_shut_at_once(role: StaffRole) -> None:
    web.vendor()
    person = make.staff(role) if role else make.person()
    make.member(make.company(), Role.OWNER, person)
    client = web.client(person)
    secret = actions.create_token("mine", ["all"], person, by=make.actor(person), at=web.NOW)
    client.post("/licences/calendar/address/")
    feed = queries.calendar_feed_of(person)
    inside = {StaffRole.NONE: "/licences/", StaffRole.TECHNICIAN: "/desk/", StaffRole.MANAGER: "/office/"}[role]
    client.post("/account/password/reset/", {"email": person.email})
    link = re.search(
        r"/account/password/reset/key/\S+", OutgoingMail.objects.filter(to_address__contains=person.email).latest("pk").text
    )
    assert client.get(inside).status_code == 200
    assert Api(secret).get("tickets").status_code == 200
    assert not feed or Client().get(f"/licences/calendar/{feed}.ics").status_code == 200

    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(inside)["Location"].startswith("/account/login/")
    assert [Api(secret).get(path).status_code for path in ("tickets", "licences", "customers")] == [401] * 3
    assert not feed or Client().get(f"/licences/calendar/{feed}.ics").status_code == 404
    again = Client().post("/account/login/", {"login": person.email, "password": make.PASSWORD})
    assert "_auth_user_id" not in again.client.session  # type: ignore[attr-defined]
    links = OutgoingMail.objects.filter(text__contains="/password/reset/key/")
    sent = links.count()
    Client().post("/account/password/reset/", {"email": person.email})
    assert links.count() == sent
    if link:
        opened = Client()
        page = opened.get(link[0].rstrip(".>"), follow=True)
        form = {"password1": "another-password-1", "password2": "another-password-1"}
        opened.post(page.request["PATH_INFO"], form)
        assert opened.get(inside).status_code == 302
