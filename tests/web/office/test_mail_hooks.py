"""The manager's pages of mail providers, and the same over the API: a password is seen once, a key never (S52)."""

import json
from typing import Any

import pytest
from django.test import Client

from podpora.audit.models import Entry
from podpora.mail import queries
from podpora.mail.models import Hook
from podpora.people.models import Person
from podpora.people.values import StaffRole
from tests.make import people
from tests.make.api import Api, token
from tests.make.browsing import signed_in

pytestmark = pytest.mark.django_db
KEY = "key-1f6d-of-mailgun"


@pytest.fixture
def office() -> Client:
    return signed_in(people.manager())


def test_s52_from_connecting_to_removing(office: Client) -> None:
    shown = office.post("/office/mail-providers/new/", {"provider": "mailgun", "name": "Our Mailgun", "key": KEY}).content.decode()
    hook = Hook.objects.get()
    password = queries.password_of(hook)
    assert f"podpora:{password}@" in shown and queries.key_of(hook) == KEY
    page = f"/office/mail-providers/{hook.code}/"
    for language in ("cs", "en"):
        Person.objects.update(language=language)
        for url in ("/office/mailboxes/", "/office/mail-providers/new/", page):
            answer = office.get(url)
            text = answer.content.decode()
            assert answer.status_code == 200 and password not in text and KEY not in text
    assert office.post(page, {"name": "Mailgun", "key": ""}).status_code == 302
    hook.refresh_from_db()
    assert (hook.name, queries.key_of(hook)) == ("Mailgun", KEY)
    seen = hook.secret_mark
    assert queries.password_of(hook) not in office.post(f"{page}password/", {"seen": "of another"}).content.decode()
    assert queries.password_of(hook) == password
    again = office.post(f"{page}password/", {"seen": seen}).content.decode()
    hook.refresh_from_db()
    assert password not in again and queries.password_of(hook) in again
    office.post(f"{page}pause/")
    assert not Hook.objects.get().is_active and "Let it go on" in office.get(page).content.decode()
    office.post(f"{page}resume/")
    assert Hook.objects.get().is_active
    assert office.post("/office/mail-providers/new/", {"provider": "nobody"}).status_code == 422
    assert office.post(f"{page}delete/").status_code == 302 and not Hook.objects.exists()
    for entry in Entry.objects.filter(verb__startswith="mail_hook."):
        assert KEY not in str(entry.facts) and password not in str(entry.facts)


def test_only_the_manager_enters(office: Client) -> None:
    office.post("/office/mail-providers/new/", {"provider": "postmark"})
    page = f"/office/mail-providers/{Hook.objects.get().code}/"
    for nobody in (signed_in(people.staff(StaffRole.TECHNICIAN)), signed_in(people.person())):
        assert nobody.get(page).status_code == nobody.post(f"{page}password/").status_code == 404


def test_the_api_does_the_same() -> None:
    api = Api(token("mails"))
    made = api.post("mail-providers", {"provider": "mandrill", "key": KEY})
    hook = Hook.objects.get()
    assert made.status_code == 201 and queries.password_of(hook) in made.json()["url"] and made.json()["has_key"]
    path = f"/api/v1/mail-providers/{hook.code}"

    def change(body: Any) -> Any:
        return api.client.patch(path, json.dumps(body), content_type="application/json", headers=api.headers)

    assert change({"active": False, "name": "Drill"}).json()["active"] is False
    hook.refresh_from_db()
    assert (hook.name, queries.key_of(hook)) == ("Drill", KEY)
    for answer in (api.get("mail-providers"), api.get(f"mail-providers/{hook.code}")):
        assert (
            answer.status_code == 200
            and queries.password_of(hook) not in answer.content.decode()
            and KEY not in answer.content.decode()
        )
    old = queries.password_of(hook)
    renewed = api.post(f"mail-providers/{hook.code}/password", {})
    assert old not in renewed.json()["url"] and queries.password_of(Hook.objects.get()) in renewed.json()["url"]
    assert api.post("mail-providers", {"provider": "nobody"}).status_code == 422
    assert (
        api.client.delete(path, headers=api.headers).status_code == 204
        and api.get(f"mail-providers/{hook.code}").status_code == 404
    )
