"""The support centre in a browser without JavaScript: home, a new ticket, a ticket."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from podpora.base import clock
from podpora.desk import actions
from podpora.desk.models import Refusal, Ticket
from podpora.desk.values import About, MessageKind, Purpose, State, Upload
from podpora.licensing.models import Licence
from podpora.people.models import Person
from podpora.people.values import Role, StaffRole
from tests.make import desk, licensing, people, sweep
from tests.make.licensing import Terms

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def owned(days_ago: int = 100) -> tuple[Person, Licence]:
    licence = licensing.licence(terms=Terms(bought_at=clock.now() - timedelta(days=days_ago)))
    return licence.customer.memberships.get(role=Role.OWNER).person, licence


def form(licence: Licence, **more: Any) -> dict[str, Any]:
    return {"topic": "vip", "about": licence.code, "subject": "It stops", "text": "Every day.", "once": "abc"} | more


def test_home_shows_the_promise_and_the_tickets() -> None:
    person, licence = owned()
    desk.ticket(person, licence.customer, subject="My calendar")
    page = signed_in(person).get("/centre/").content.decode()
    assert "My calendar" in page
    assert "We have it. A technician will answer you." in page
    assert 'class="refusal"' not in page


def test_home_of_a_lapsed_customer_says_why_and_what_to_do() -> None:
    person, licence = owned(500)
    page = signed_in(person).get("/centre/").content.decode()
    assert 'class="refusal"' in page
    assert "Your VIP support ended on" in page
    assert f"/shop/renew/{licence.code}/" in page


def test_the_gate_is_counted_once_a_day_and_stays_a_page_without_a_count() -> None:
    person, _licence = owned(500)
    client, gate = signed_in(person), "/centre/new/?topic=vip"

    def writes(**headers: str) -> int:
        with sweep.counted_writes(own=()) as tables:
            assert b'class="refusal"' in client.get(gate, headers=headers).content
        return tables.count("desk_refusal")

    with connection.execute_wrapper(_full_disk):
        assert b'class="refusal"' in client.get(gate).content
    assert writes(sec_purpose="prefetch;prerender") == 0
    assert [writes() for _time in range(3)] == [1, 0, 0]
    assert Refusal.objects.get().person == person


def _full_disk(execute: Any, sql: Any, *rest: Any) -> Any:
    if str(sql).startswith("INSERT") and "desk_refusal" in str(sql):
        raise OperationalError("database or disk is full")
    return execute(sql, *rest)


def test_a_ticket_is_opened_with_licence_device_version_and_file() -> None:
    person, licence = owned()
    device = licensing.activated(licence, at=clock.now()).activation.device
    client = signed_in(person)
    assert client.get("/centre/new/?topic=vip").status_code == 200
    log = SimpleUploadedFile("a.log", b"password=hunter2secret", "text/plain")
    answer = client.post("/centre/new/", form(licence, device=device.code, files=[log]))
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/centre/{ticket.code}/")
    assert (ticket.licence, ticket.device, ticket.app_version, ticket.is_vip) == (licence.code, device.code, "10.1.0", True)
    page = client.get(answer["Location"]).content.decode()
    assert "a.log" in page
    assert "1 password or key removed" in page


def test_a_double_submit_opens_one_ticket() -> None:
    person, licence = owned()
    client = signed_in(person)
    places = {client.post("/centre/new/", form(licence))["Location"] for _ in range(2)}
    assert len(places) == Ticket.objects.count() == 1


def test_vip_9_the_lapsed_are_refused_before_they_write_and_may_ask_about_licences() -> None:
    person, licence = owned(500)
    client = signed_in(person)
    page = client.get("/centre/new/?topic=vip").content.decode()
    assert "Your VIP support ended on" in page
    assert 'name="text"' not in page
    assert client.post("/centre/new/", form(licence)).status_code == 409
    assert client.post("/centre/new/", form(licence, topic="licence")).status_code == 302
    assert Ticket.objects.get().queue.purpose == Purpose.LICENCE_BILLING


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"text": " "}, "text"),
        ({"text": "x" * 50_001}, "text"),
        ({"about": "L-FOREIGN"}, "about"),
        ({"about": ""}, "about"),
        ({"device": "D-FOREIGN"}, "device"),
        ({"version": "x" * 31}, "version"),
        ({"files": [SimpleUploadedFile("empty.txt", b"")]}, "files"),
    ],
)
def test_bad_input_names_the_field_and_opens_nothing(change: dict[str, Any], field: str) -> None:
    person, licence = owned()
    licensing.activated(licence, at=clock.now())
    answer = signed_in(person).post("/centre/new/", form(licence, **change))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Ticket.objects.exists()


def test_c4_a_foreign_licence_or_device_is_no_choice() -> None:
    person, licence = owned()
    _stranger, foreign = owned()
    device = licensing.activated(foreign, at=clock.now()).activation.device
    licensing.activated(licence, at=clock.now())
    client = signed_in(person)
    assert client.post("/centre/new/", form(foreign)).status_code == 422
    assert client.post("/centre/new/", form(licence, device=device.code)).status_code == 422
    assert client.post("/centre/new/", form(licence, about=foreign.customer.code, topic="general")).status_code == 422
    assert not Ticket.objects.exists()


def test_answering_closing_reopening() -> None:
    person, licence = owned()
    ticket = desk.ticket(person, licence.customer, at=clock.now())
    client, base = signed_in(person), f"/centre/{ticket.code}/"
    assert client.post(f"{base}reply/", {"text": "More", "once": "1"}).status_code == 302
    assert client.post(f"{base}reply/", {"text": "More", "once": "1"}).status_code == 302
    assert ticket.messages.filter(text="More").count() == 1
    assert client.post(f"{base}reply/", {"text": "  ", "once": "2"}).status_code == 422
    assert client.post(f"{base}state/", {"deed": "close"}).status_code == 302
    assert client.post(f"{base}state/", {"deed": "close"}).status_code == 409
    assert client.post(f"{base}state/", {"deed": "reopen"}).status_code == 302
    assert client.post(f"{base}state/", {"deed": "dance"}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == State.OPEN


def test_sc_3_after_14_days_the_page_leads_to_a_new_ticket() -> None:
    person, licence = owned()
    long_ago = clock.now() - timedelta(days=30)
    ticket = desk.ticket(person, licence.customer, at=long_ago)
    actions.close(ticket, by=people.actor(person), at=long_ago)
    client = signed_in(person)
    page = client.get(f"/centre/{ticket.code}/").content.decode()
    assert "/centre/new/" in page
    assert 'name="text"' not in page
    assert client.post(f"/centre/{ticket.code}/reply/", {"text": "x"}).status_code == 422
    assert client.post(f"/centre/{ticket.code}/state/", {"deed": "reopen"}).status_code == 409


def test_a_colleague_is_added_a_stranger_is_not() -> None:
    company = people.company()
    requester, colleague = people.member(company, Role.ADMIN), people.member(company)
    ticket = desk.ticket(requester, company, is_private=True)
    client = signed_in(requester)
    assert client.post(f"/centre/{ticket.code}/people/", {"email": "x@stranger.example"}).status_code == 422
    assert client.post(f"/centre/{ticket.code}/people/", {"email": colleague.email}).status_code == 302
    assert signed_in(colleague).get(f"/centre/{ticket.code}/").status_code == 200
    assert signed_in(colleague).post(f"/centre/{ticket.code}/state/", {"deed": "shared"}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.is_private  # only the requester decides
    client.post(f"/centre/{ticket.code}/state/", {"deed": "shared"})
    ticket.refresh_from_db()
    assert not ticket.is_private


def addresses(ticket: Ticket, file: str) -> list[tuple[str, str]]:
    base = f"/centre/{ticket.code}/"
    return [
        ("get", base),
        ("post", f"{base}reply/"),
        ("post", f"{base}state/"),
        ("post", f"{base}people/"),
        ("get", f"{base}files/{file}/"),
    ]


def test_s15_a_stranger_a_technician_and_a_visitor_find_nothing() -> None:
    person, licence = owned()
    ticket = desk.ticket(person, licence.customer, uploads=[Upload("a.txt", b"secret")])
    file = ticket.messages.get(kind=MessageKind.PUBLIC).attachments.get().code
    for somebody in (people.person(), people.staff(), people.manager()):
        client = signed_in(somebody)
        for method, address in addresses(ticket, file):
            real = getattr(client, method)(address)
            none = getattr(client, method)(address.replace(ticket.code, "T-99999"))
            assert (real.status_code, none.status_code) == (404, 404), address
    for method, address in addresses(ticket, file):
        answer = getattr(Client(), method)(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


def test_s47_an_attachment_is_a_download_and_nothing_runs_in_it() -> None:
    person, licence = owned()
    ticket = desk.ticket(person, licence.customer, uploads=[Upload("a.html", b"<script>alert(1)</script>", "text/html")])
    file = ticket.messages.get(kind=MessageKind.PUBLIC).attachments.get().code
    answer = signed_in(person).get(f"/centre/{ticket.code}/files/{file}/")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_vi_2_a_note_stands_on_no_page_of_a_customer() -> None:
    person, licence = owned()
    technician = people.staff()
    ticket = desk.ticket(person, licence.customer)
    note = desk.note(ticket, technician, "CANARY", uploads=[Upload("canary.txt", b"CANARY")])
    client = signed_in(person)
    file = note.attachments.get().code
    for address in ("/centre/", f"/centre/{ticket.code}/", f"/centre/{ticket.code}/?before=999999", "/account/", "/account/inbox/"):
        assert "canary" not in client.get(address).content.decode().lower()
    assert client.get(f"/centre/{ticket.code}/files/{file}/").status_code == 404


def test_s53_a_message_is_text() -> None:
    person, licence = owned()
    ticket = desk.ticket(
        person, licence.customer, subject="<b>x</b>", text="<script>alert(1)</script> https://ok.example/ javascript:alert(1)"
    )
    page = signed_in(person).get(f"/centre/{ticket.code}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert 'href="https://ok.example/"' in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_rows(count: int, django_assert_num_queries: Any, settings: Any) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False  # what the login keeps for itself is not this page's
    person, licence = owned()
    for _ in range(count):
        desk.ticket(person, licence.customer)
    for _ in range(count - 1):
        licensing.licence(licence.customer, Terms(bought_at=clock.now()))
    client = signed_in(person)
    client.get("/centre/")
    with django_assert_num_queries(CENTRE_HOME):
        assert client.get("/centre/").status_code == 200
    ticket = Ticket.objects.first()
    assert ticket is not None
    with django_assert_num_queries(CENTRE_TICKET):
        assert client.get(f"/centre/{ticket.code}/").status_code == 200


CENTRE_HOME = 9
CENTRE_TICKET = 6


def test_a_licence_that_went_to_somebody_else_is_named_but_not_linked() -> None:
    person, licence = owned()
    ticket = desk.ticket(person, licence.customer, about=About(licence=licence.code))
    page = signed_in(person).get(f"/centre/{ticket.code}/").content.decode()
    assert f'href="/licences/{licence.code}/"' in page
    Licence.objects.filter(pk=licence.pk).update(customer=people.customer())
    page = signed_in(person).get(f"/centre/{ticket.code}/").content.decode()
    assert f'href="/licences/{licence.code}/"' not in page and licence.code in page


def test_vip_10_who_belongs_to_no_customer_is_not_told_of_a_role() -> None:
    page = signed_in(people.staff(StaffRole.MANAGER, "nobody@vendor.example")).get("/centre/").content.decode()
    assert "VIP support comes with PRO licences" in page and "Your role in" not in page
