"""`POST tickets` from the program on a device: whose ticket it is, the gate, diagnostics, files, and what is sent twice."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from podpora.base import clock
from podpora.catalog import actions as catalog
from podpora.catalog.values import Channel, Level, Tier
from podpora.desk.models import Attachment, Message, Ticket
from podpora.entitlements import actions as entitlements
from podpora.entitlements.values import Entry, EntryKind
from podpora.files.queries import content_of
from podpora.licensing import actions as licensing
from podpora.licensing.models import Licence
from podpora.licensing.values import LicenceKind, licence_code
from podpora.people.models import Person
from podpora.people.values import Role
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, token
from tests.make.licensing import BY, Terms

pytestmark = pytest.mark.django_db


def owned(days_ago: int = 30) -> Licence:
    return make.licence(terms=Terms(bought_at=clock.now() - timedelta(days=days_ago)))


def given(tier: Tier, level: Level) -> Licence:
    """A licence that was never bought: a trial or FREE, with what the plan answers by e-mail."""
    now, code, product = clock.now(), licence_code(), make.product()
    catalog.set_plan(product, tier, Channel.EMAIL, catalog.PlanPromise(level), by=BY, at=make.BOUGHT)
    owner = people.customer()
    kind, entry = (LicenceKind.TRIAL, EntryKind.TRIAL) if tier is Tier.TRIAL else (LicenceKind.FREE, EntryKind.FREE)
    made = licensing.issue(
        code=code, customer=owner, product=product, edition=make.edition("pro" if tier is Tier.TRIAL else "free"), offer="",
        kind=kind, seats=1, source=f"{tier}:{code}", by=BY, at=now,
    )  # fmt: skip
    on = now.date()
    days = 30 if tier is Tier.TRIAL else 0
    entitlements.record_entries(code, owner, [Entry(f"{tier}:{code}", entry, now, on, seats_each=1, run_days=days)], by=BY, at=now)
    return made


def owner_of(licence: Licence) -> Person:
    assert licence.customer is not None
    return licence.customer.memberships.get(role=Role.OWNER).person


class Program:
    """The program on one device, with its token."""

    def __init__(self, licence: Licence, **facts: str) -> None:
        self.activation = make.activated(licence, make.device(**facts), at=clock.now())
        self.headers = {"Authorization": f"Bearer {self.activation.token}"}
        self.client = Api().client

    def ask(self, text: str = "It stops\nevery day.", *, key: str = "", **fields: Any) -> Any:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return self.client.post("/api/v1/tickets", {"text": text, **fields}, headers=headers)


def file(name: str, content: bytes = b"x", kind: str = "text/plain") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def fields(response: Any) -> Any:
    assert response.status_code == 422, response.content
    return response.json()["error"]["fields"]


def test_s8_the_ticket_knows_licence_device_version_platform_and_diagnostics() -> None:
    licence = owned()
    technician = people.staff()
    program = Program(licence, name="Laptop")
    diagnostics = {"app": "10.2.1", "imap": {"password": "hunter2", "port": 993}, "log": "login token=abcdef123456"}
    made = program.ask(
        platform="Windows 11", version="10.2.1", diagnostics=file("diag.json", json.dumps(diagnostics).encode(), "application/json"),
        files=[file("screen.png", b"\x89PNG", "image/png"), file("sync.log", b"user=jana password=hunter2")],
    )  # fmt: skip
    assert made.status_code == 201, made.content
    told = made.json()
    device = program.activation.activation.device
    assert (told["subject"], told["queue"], told["via"], told["tier"]) == ("It stops", "vip", "program", "pro")
    assert (told["licence"], told["device"], told["version"], told["platform"]) == (
        licence.code,
        device.code,
        "10.2.1",
        "Windows 11",
    )
    assert told["url"].endswith(f"/centre/{told['code']}/")
    assert told["support"]["allowed"] is True
    assert [(f["name"], f["secrets_removed"], f["diagnostics"]) for f in told["attachments"]] == [
        ("screen.png", 0, False), ("sync.log", 1, False), ("diagnostics.json", 2, True),
    ]  # fmt: skip
    ticket = Ticket.objects.get(code=told["code"])
    owner = owner_of(licence)
    assert (ticket.requester, ticket.customer, ticket.assignee) == (owner, licence.customer, technician)
    assert (ticket.device, ticket.device_name, ticket.platform) == (device.code, "Laptop", "Windows 11")
    stored = [content_of(a.file) for a in Attachment.objects.filter(message__ticket=ticket)]
    assert not [raw for raw in stored if b"hunter2" in raw or b"abcdef" in raw]
    shown = json.loads(Attachment.objects.get(name="diagnostics.json").preview)
    assert shown == {"app": "10.2.1", "imap": {"password": "[removed]", "port": 993}, "log": "login token=[removed]"}
    assert owner.email not in made.content.decode()  # a device is not a person
    whole = Api(token("tickets")).get(f"tickets/{ticket.code}").json()
    assert (whole["platform"], whole["messages"][0]["via"]) == ("Windows 11", "program")


def test_vip_9_the_gate_is_shut_with_ways_out_and_sc_6_licence_questions_are_open() -> None:
    program = Program(owned(500))
    refused = program.ask()
    assert refused.status_code == 409
    error = refused.json()["error"]
    assert error["code"] == "support.expired"
    assert {way["kind"] for way in error["reasons"][0]["next"]} >= {"buy", "forum"}
    assert fields(program.ask(queue="technical")) == {"queue": ["unknown"]}  # no way around the gate
    for queue in ("licences", "general"):
        made = program.ask(queue=queue)
        assert (made.status_code, made.json()["queue"]) == (201, queue)


def test_vip_10_a_trial_that_nobody_owns_is_answered_by_the_address() -> None:
    licence = given(Tier.TRIAL, Level.YES)
    Licence.objects.filter(pk=licence.pk).update(customer=None)
    program = Program(Licence.objects.get(pk=licence.pk))
    assert fields(program.ask()) == {"email": ["required"]}
    assert fields(program.ask(email="nobody")) == {"email": ["not_an_email"]}
    made = program.ask(email="New@Trial.example", reference="r")
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["queue"], told["tier"], told["licence"], told["via"]) == ("technical", "trial", licence.code, "program")
    ticket = Ticket.objects.get(code=told["code"])
    assert (ticket.requester.email, ticket.is_private, ticket.device_name) == ("new@trial.example", True, ticket.device_name)
    assert "New@Trial.example" in Message.objects.get(ticket=ticket, kind="public").text
    assert program.ask(email="New@Trial.example", reference="r").json()["code"] == told["code"]


@pytest.mark.parametrize(("tier", "level"), [(Tier.TRIAL, Level.YES), (Tier.FREE, Level.LIMITED)])
def test_vip_10_trial_and_free_ask_by_e_mail(tier: Tier, level: Level) -> None:
    made = Program(given(tier, level)).ask()
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["queue"], told["tier"], told["support"]["allowed"]) == ("technical", tier.value, False)
    assert told["support"]["code"] == "support.not_included"
    assert told["support"]["message"]


def test_vip_10_where_the_plan_answers_nothing_the_gate_speaks() -> None:
    refused = Program(given(Tier.FREE, Level.NO)).ask()
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "support.not_included")


def test_a_5_a_deactivated_device_speaks_for_nobody() -> None:
    program = Program(owned())
    licensing.deactivate(program.activation.activation, by=BY, at=clock.now())
    assert program.ask().json()["error"]["code"] == "licence.deactivated"
    assert fields(program.ask(queue="licences")) == {"email": ["required"]}
    made = program.ask(queue="licences", email="Finder@Nobody.example")
    ticket = Ticket.objects.get(code=made.json()["code"])
    assert (ticket.requester.email, ticket.is_private, ticket.queue.code) == ("finder@nobody.example", True, "licences")
    assert ticket.customer != program.activation.activation.licence.customer
    assert ticket.device == program.activation.activation.device.code
    assert "finder@nobody.example" in Message.objects.get(ticket=ticket, kind="public").text.lower()


def test_s15_strangers_codes_and_credentials() -> None:
    program, other = Program(owned()), owned()
    assert fields(program.ask(licence=other.code)) == {"licence": ["unknown"]}
    assert fields(program.ask(licence="L-22222222")) == {"licence": ["unknown"]}
    assert fields(program.ask(device="D-22222222")) == {"device": ["unknown"]}
    own = program.activation.activation
    assert program.ask(licence=own.licence.code.lower(), device=own.device.code).status_code == 201
    nobody = {"Authorization": "Bearer pd_nobody"}
    assert program.client.post("/api/v1/tickets", {"text": "x"}, headers=nobody).status_code == 401
    assert program.client.post("/api/v1/tickets", {"text": "x"}).status_code == 401
    assert program.client.get("/api/v1/tickets", headers=program.headers).status_code == 401  # it asks; it does not read


def test_an_address_that_is_a_member_asks_himself_and_another_one_is_only_told() -> None:
    owner = people.person()
    company = people.company(owner=owner)
    viewer, billing = people.member(company, Role.VIEWER), people.member(company, Role.BILLING)
    licence = make.licence(company, Terms(bought_at=clock.now() - timedelta(days=30)))
    program = Program(licence)

    def requester(**more: str) -> tuple[str, str]:
        ticket = Ticket.objects.get(code=program.ask(**more).json()["code"])
        return ticket.requester.email, Message.objects.get(ticket=ticket, kind="public").text

    assert requester() == (owner.email, "It stops\nevery day.")
    assert requester(email=viewer.email.upper()) == (viewer.email, "It stops\nevery day.")
    asked, text = requester(email="x@stranger.example")
    assert asked == owner.email
    assert "x@stranger.example" in text
    refused = program.ask(email=billing.email)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "ticket.role")


def test_a_8_sent_twice_opened_once() -> None:
    licence = owned()
    program, twin = Program(licence, name="PC"), Program(licence, name="PC")
    first, again = program.ask(reference="r-1"), program.ask("Other words", reference="r-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["code"] == again.json()["code"]
    assert Message.objects.filter(kind="public").count() == 1
    assert twin.ask(reference="r-1").json()["code"] != first.json()["code"]  # of one device only, whatever its name
    keyed = [program.ask("Q", key="k", files=file("a.txt")) for _ in range(2)]
    assert keyed[0].json() == keyed[1].json()
    assert keyed[1].headers["Idempotent-Replayed"] == "true"
    assert program.ask("Q", key="k", files=file("a.txt", b"y")).json()["error"]["code"] == "request.idempotency_key_reused"
    assert Ticket.objects.count() == 3


def test_a_ticket_sent_again_is_answered_even_when_the_gate_has_shut() -> None:
    licence = make.licence(terms=Terms(bought_at=clock.now() - timedelta(days=364)))
    program = Program(licence)
    first = program.ask(reference="r")
    licensing.deactivate(program.activation.activation, by=BY, at=clock.now())
    assert program.ask(reference="r").json()["code"] == first.json()["code"]
    assert program.ask(reference="s").status_code == 409


def test_c_10_files_are_bounded() -> None:
    program = Program(owned())
    assert fields(program.ask(files=[file(f"{n}.txt") for n in range(11)])) == {"files": ["ticket.too_many_files"]}
    assert fields(program.ask(files=[file(f"{n}.txt") for n in range(30)])) == {"files": ["too_many"]}
    assert fields(program.ask(files=file("a.txt", b""))) == {"files": ["ticket.file_empty"]}
    assert fields(program.ask(files=file("a.bin", b"x" * (20 * 1024 * 1024 + 1)))) == {"files": ["ticket.file_too_large"]}
    headers = {**program.headers, "Content-Length": str(100 * 1024 * 1024)}
    large = program.client.generic("POST", "/api/v1/tickets", b"--x", "multipart/form-data; boundary=x", headers=headers)
    assert (large.status_code, large.json()["error"]["code"]) == (413, "request.too_large")
    assert Ticket.objects.count() == 0
    assert program.ask(files=[file(f"{n}.txt") for n in range(10)], diagnostics="ok").status_code == 201


@pytest.mark.parametrize(("sent", "kept"), [
    ("../../etc/passwd", "passwd"), ("C:\\Windows\\x.txt", "x.txt"), ("gnp\u202eexe.txt", "gnpexe.txt"), ("a\x01b.log", "ab.log"),
    ("con.txt", "attachment-1.txt"), ("x" * 300 + ".txt", "x" * 116 + ".txt"), ("<script>.html", "_script_.html"),
])  # fmt: skip
def test_b5_hostile_names_of_files(sent: str, kept: str) -> None:
    made = Program(owned()).ask(anything=file("ok.txt").__class__(sent, b"x", content_type="text/html"))
    assert made.status_code == 201, made.content
    assert [f["name"] for f in made.json()["attachments"]] == [kept]


def test_wrong_fields_are_told_all_at_once() -> None:
    program = Program(owned())
    assert fields(program.ask("")) == {"text": ["required"]}
    assert fields(program.client.post("/api/v1/tickets", {"colour": "red"}, headers=program.headers)) == {
        "text": ["required"], "colour": ["unknown"],
    }  # fmt: skip
    assert fields(program.ask(version="1" * 31, reference="a\nb", email="x" * 255)) == {
        "version": ["too_long"], "reference": ["invalid_characters"], "email": ["too_long"],
    }  # fmt: skip
    assert fields(program.ask("x" * 50_001)) == {"text": ["too_long"]}
    assert fields(program.ask("a\x00b")) == {"text": ["invalid_characters"]}
    assert fields(program.ask(queue=["vip", "vip"])) == {"queue": ["twice"]}
    for bad in (b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n", b"a\x00b", b"x" * (1024 * 1024 + 1)):
        assert fields(program.ask(diagnostics=file("d.txt", bad))) == {"diagnostics": ["ticket.not_diagnostics"]}
    both = program.client.post(
        "/api/v1/tickets", {"text": "x", "diagnostics": [file("a.txt"), file("b.txt")]}, headers=program.headers
    )
    assert fields(both) == {"diagnostics": ["twice"]}


@pytest.mark.parametrize(("body", "status"), [
    (b'{"text": "x"}', 201), (b'{"text": "x", "diagnostics": {"a": [1]}}', 201), (b'{"text": 1}', 422), (b"[]", 422), (b"{", 400),
    (b'{"text": "x", "diagnostics": 7}', 422), (b'{"text": "x", "queue": "technical"}', 422), (b"", 422),
])  # fmt: skip
def test_json_without_files(body: bytes, status: int) -> None:
    program = Program(owned())
    assert (
        program.client.generic("POST", "/api/v1/tickets", body, "application/json", headers=program.headers).status_code == status
    )


def test_c_10_not_more_than_twenty_a_minute_from_one_device() -> None:
    licence = owned()
    program, other = Program(licence), Program(licence)
    with time_machine.travel(clock.now().replace(second=1), tick=False):
        answers = [program.ask(str(n)).status_code for n in range(21)]
        assert answers == [201] * 20 + [429]
        assert program.ask().headers["Retry-After"] == "59"
        assert other.ask().status_code == 201


def test_a_5_an_address_that_nobody_has_proven_is_not_flooded() -> None:
    licence = given(Tier.TRIAL, Level.YES)
    Licence.objects.filter(pk=licence.pk).update(customer=None, seats=2)
    first, second = (Program(Licence.objects.get(pk=licence.pk)) for _ in range(2))
    with time_machine.travel(clock.now().replace(minute=59, second=59), tick=False):
        assert [first.ask(email="victim@private.example").status_code for _ in range(6)] == [201] * 5 + [429]
        assert second.ask(email="Victim@private.example").status_code == 429
        assert second.ask(email="me@private.example").status_code == 201


def test_a_customers_token_adds_files_to_his_question() -> None:
    licence = owned()
    person = owner_of(licence)
    api = Api(token("tickets", "licences", person=person))
    body = {"subject": "S", "text": "T", "licence": licence.code, "private": "true", "files": file("a.txt", b"heslo: tajne123")}
    made = api.client.post("/api/v1/tickets", body, headers=api.headers)
    assert made.status_code == 201, made.content
    assert made.json()["private"] is True
    [attached] = made.json()["messages"][0]["attachments"]
    assert (attached["name"], attached["secrets_removed"], attached["diagnostics"]) == ("a.txt", 1, False)
