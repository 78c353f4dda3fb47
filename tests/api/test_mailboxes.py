"""Mailboxes over the wire: a password goes in and never comes out (S52, C9)."""

import json
import socket
from typing import Any

import pytest

from podpora.mail import queries
from podpora.mail.models import Mailbox
from podpora.people.values import StaffRole
from tests.make import people
from tests.make.api import Api, token
from tests.make.mailboxes import SECRET, mailbox

pytestmark = pytest.mark.django_db
BODY = {
    "address": "support@vendor.example", "aliases": ["info@vendor.example"],
    "imap": {"host": "imap.example.com", "user": "support", "password": SECRET},
}  # fmt: skip


@pytest.fixture
def caller() -> Api:
    return Api(token("mails"))


def send(caller: Api, method: str, path: str, body: Any) -> Any:
    call = getattr(caller.client, method)
    return call(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=caller.headers)


def test_from_making_to_removing(caller: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    made = caller.post("mailboxes", BODY)
    assert made.status_code == 201, made.content
    code = made.json()["code"]
    assert made.json()["imap"] == {
        "host": "imap.example.com", "port": 993, "security": "tls", "user": "support", "folder": "INBOX", "after": "leave", "move_to": "",
        "has_password": True,
    }  # fmt: skip
    changed = send(
        caller, "put", f"mailboxes/{code}", BODY | {"name": "Support", "imap": {"host": "imap.example.com", "user": "support"}}
    )
    assert changed.status_code == 200 and changed.json()["name"] == "Support" and changed.json()["imap"]["has_password"]
    assert send(caller, "patch", f"mailboxes/{code}", {"active": False}).json()["active"] is False
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", ("169.254.169.254", 993))])
    tried = caller.post(f"mailboxes/{code}/test").json()
    assert (tried["works"], tried["code"]) == (False, "mailbox.private_address")
    for answer in (made, changed, caller.get("mailboxes"), caller.get(f"mailboxes/{code}")):
        assert SECRET not in answer.content.decode() and Mailbox.objects.get().imap_secret_sealed not in answer.content.decode()
    assert queries.secret_of(Mailbox.objects.get()) == SECRET
    assert caller.client.delete(f"/api/v1/mailboxes/{code}", headers=caller.headers).status_code == 204
    assert caller.get(f"mailboxes/{code}").status_code == 404


def test_s60_a_server_within_is_refused(caller: Api) -> None:
    told = caller.post("mailboxes", BODY | {"imap": BODY["imap"] | {"host": "127.0.0.1"}})  # type: ignore[operator]
    assert told.status_code == 422 and told.json()["error"]["fields"] == {"host": ["mailbox.private_address"]}
    assert not Mailbox.objects.exists()


def test_without_a_server_there_is_nothing_to_test(caller: Api) -> None:
    told = caller.post(f"mailboxes/{mailbox().code}/test")
    assert told.status_code == 409 and told.json()["error"]["code"] == "mailbox.no_server"


def test_only_the_manager_and_the_vendors_own_systems() -> None:
    mailbox()
    assert Api(token("tickets")).get("mailboxes").status_code == 403
    for role, status in ((StaffRole.TECHNICIAN, 403), (StaffRole.MANAGER, 200)):
        assert Api(token("mails", person=people.staff(role))).get("mailboxes").status_code == status
