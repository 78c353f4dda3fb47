"""VI-2: what is the technicians' own never leaves. A canary stands in everything internal; then everything that leaves is searched."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from podpora.audit.actions import WebhookFacts, create_webhook
from podpora.audit.models import Delivery, Webhook
from podpora.base.actors import system
from podpora.desk import actions
from podpora.desk.models import Ticket
from podpora.desk.values import FieldKind, LinkKind, State, TagColour, Upload, Words
from podpora.journeys.exporting.person import parts_of_person
from podpora.mail.models import OutgoingMail
from podpora.notifications.models import InboxEntry
from podpora.people.models import Person
from podpora.people.values import Role
from tests.make import desk, licensing, people
from tests.make.api import Api, token
from tests.make.browsing import signed_in

pytestmark = pytest.mark.django_db
CANARY = "KANARIENVOGEL"
AT = desk.AT
SYSTEM = system("test")


@pytest.fixture
def hook() -> Webhook:
    return create_webhook(WebhookFacts("https://hooks.example/podpora"), by=SYSTEM, at=AT)[0]


@pytest.fixture
def ticket() -> Ticket:
    """A ticket that went through everything, with the canary in all that is internal."""
    technician = people.staff(name="Tereza Technická")
    by = people.actor(technician)
    other = people.person(name=f"{CANARY} customer")
    canary = {"do": "tags", "add": [f"{CANARY} tag"]}
    actions.save_trigger(
        actions.RulePlan(f"{CANARY} trigger", [canary, {"do": "note", "text": f"{CANARY} note"}]), by=SYSTEM, at=AT
    )
    waits = actions.RulePlan(f"{CANARY} rule", [{"do": "reply", "en": "We still wait."}], state="waiting_customer", after_minutes=5)
    actions.save_time_rule(waits, by=SYSTEM, at=AT)
    macro = actions.save_macro(actions.RulePlan(f"{CANARY} macro", [{"do": "state", "value": "open"}]), by=SYSTEM, at=AT)
    actions.save_canned(actions.CannedPlan(f"{CANARY} canned", "", "Hello"), by=SYSTEM, at=AT)
    actions.save_tag(f"{CANARY} colour", colour=TagColour.BAD, is_active=True, by=SYSTEM, at=AT)
    actions.save_field(actions.FieldPlan("secret", FieldKind.TEXT, f"{CANARY} field", f"{CANARY} field"), by=SYSTEM, at=AT)
    own = actions.save_own_state("own", State.WAITING_VENDOR, name_cs=f"{CANARY} stav", name_en=f"{CANARY} state", by=SYSTEM, at=AT)
    made = desk.ticket(text="It stops.")
    foreign = desk.ticket(other, text=f"{CANARY} of another customer", subject=f"{CANARY} subject")
    _work(made, foreign, technician, by)
    actions.apply_macro(made, macro, technician, by=by, at=AT)
    actions.set_own_state(made, own, by=by, at=AT)
    desk.answer(made, technician, "Try this.", then=State.WAITING_CUSTOMER)
    actions.run_time_rules(at=AT + timedelta(minutes=6))
    desk.ask_again(made, "Thanks")
    actions.change_state(made, State.SOLVED, by=by, at=AT)
    actions.ask_due(by=SYSTEM, at=AT + timedelta(hours=2))
    made.refresh_from_db()
    return made


def _work(made: Ticket, foreign: Ticket, technician: Person, by: Any) -> None:
    words = Words(f"{CANARY} note @{technician.email}", [Upload(f"{CANARY}.txt", CANARY.encode(), "text/plain")])
    actions.add_note(made, words, by=by, at=AT)
    actions.set_fields(made, {"secret": CANARY}, by=by, at=AT)
    actions.add_time(made, 7, f"{CANARY} time", by=by, at=AT)
    actions.save_draft(made, technician, actions.Writing(f"{CANARY} draft"), at=AT)
    actions.schedule(made, Words(f"{CANARY} later"), AT + timedelta(days=9), by=by, at=AT)
    actions.link(made, foreign, LinkKind.RELATES, by=by, at=AT)
    actions.set_parent(made, foreign, by=by, at=AT)
    actions.forward(made, actions.Forward("supplier@elsewhere.example", "A question", with_history=True), by=by, at=AT)
    actions.merge(foreign, made, across=True, by=by, at=AT)
    made.refresh_from_db()


def test_vi_2_no_mail_to_somebody_outside_has_it(ticket: Ticket) -> None:
    inside = set(Person.objects.exclude(staff_role="").values_list("email", flat=True))
    other = Person.objects.get(name__startswith=CANARY).email  # he may read his own name
    mails = [mail for mail in OutgoingMail.objects.all() if mail.to_address not in inside | {other}]
    kinds = {mail.kind for mail in mails}
    assert {
        "ticket.received",
        "ticket.answered",
        "ticket.automatic",
        "ticket.solved",
        "ticket.satisfaction",
        "ticket.forwarded",
    } <= kinds
    for mail in mails:
        assert CANARY.lower() not in f"{mail.subject}{mail.text}{mail.html}{mail.reply_to}".lower(), mail.kind


def test_vi_2_no_answer_of_the_api_to_the_customer_has_it(ticket: Ticket) -> None:
    api = Api(token("all", person=ticket.requester))
    base = f"tickets/{ticket.code}"
    told = [api.get(path) for path in ("tickets", base, f"{base}/history", f"tickets?q={CANARY}", "tickets?tag=x")]
    told += [api.post(f"{base}/messages", {"text": "more"}), api.post(f"{base}/participants", {"email": "nobody@x.example"})]
    told.append(
        api.client.patch(f"/api/v1/{base}", json.dumps({"state": "closed"}), content_type="application/json", headers=api.headers)
    )
    told += [api.get(f"{base}/{part}") for part in ("drafts", "scheduled", "followers", "time")]
    told += [api.get(path) for path in ("tags", "fields", "macros", "triggers", "canned-replies", "rule-runs", "own-states")]
    assert [answer.status_code for answer in told[:3]] == [200, 200, 200]
    for answer in told:
        assert CANARY.lower() not in answer.content.decode().lower(), answer.content[:300]
    assert api.get(f"tickets?q={CANARY}").json()["items"] == []  # searching is a door too


def test_vi_2_no_page_of_the_centre_has_it(ticket: Ticket) -> None:
    licensing.licence()  # the vendor has a product
    client = signed_in(ticket.requester)
    for path in ("/centre/", f"/centre/{ticket.code}/", f"/centre/?q={CANARY[:5]}", "/account/notifications/", "/licences/"):
        page = client.get(path, follow=True)
        assert page.status_code == 200, path
        shown = page.content.decode().lower().replace(f'value="{CANARY[:5].lower()}"', "")
        assert CANARY.lower() not in shown, path


def test_vi_2_the_canary_sings_on_the_desk(ticket: Ticket) -> None:
    """The test can fail: a technician reads it everywhere."""
    technician = Person.objects.get(name="Tereza Technická")
    api = Api(token("tickets", person=technician))
    assert api.get(f"tickets/{ticket.code}").content.decode().lower().count(CANARY.lower()) >= 6
    inside = OutgoingMail.objects.filter(to_address=technician.email)
    assert any(CANARY in mail.text for mail in inside)


def test_vi_7_the_other_customer_reads_only_his_own(ticket: Ticket) -> None:
    other = Person.objects.get(name__startswith=CANARY)
    mine = Ticket.objects.get(requester=other)
    told = Api(token("all", person=other)).get(f"tickets/{mine.code}").json()
    assert [m["text"] for m in told["messages"] if m["kind"] == "public"] == [f"{CANARY} of another customer"]
    assert Api(token("all", person=other)).get(f"tickets/{ticket.code}").status_code == 404


def test_vi_2_the_file_of_all_that_is_known_of_him_and_his_inbox_have_it_not(ticket: Ticket) -> None:
    """A18: the part of a person's own file on tickets; and what the bell says."""
    told = [str(row) for part in parts_of_person(ticket.requester) if part.noun not in ("mails", "activity") for row in part.rows()]
    assert any(ticket.code in row for row in told)
    told += [str(entry.__dict__) for entry in InboxEntry.objects.filter(person=ticket.requester)]
    assert [row for row in told if CANARY.lower() in row.lower()] == []


def test_vi_2_webhooks_tell_that_something_was_noted_and_not_what(hook: Webhook, ticket: Ticket) -> None:
    """They go to the vendor's own systems: codes and names of what changed, never a word of a note, a draft or a file."""
    told = list(Delivery.objects.filter(webhook=hook).values_list("event", "body"))
    assert {"ticket.opened", "ticket.noted", "ticket.replied", "ticket.solved"} <= {event for event, _body in told}
    for event, body in told:
        for words in ("note", "draft", "later", "of another customer", "subject", "time"):
            assert f"{CANARY} {words}".lower() not in body.lower(), event
        assert f"{CANARY}.txt" not in body


def test_vi_3_the_table_for_spreadsheets_and_the_reports_are_of_the_readers_queues(ticket: Ticket) -> None:
    tomas, tereza = people.staff(), people.staff()
    actions.set_members(ticket.queue, [tereza], by=SYSTEM, at=AT)
    rows = {}
    for person in (tomas, tereza):
        answer: Any = signed_in(person).get("/desk/tickets.csv?view=all")
        rows[person.pk] = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert signed_in(person).get("/desk/reports/?period=year").status_code == 200
    assert ticket.code.encode() in rows[tereza.pk]
    assert ticket.code.encode() not in rows[tomas.pk]
    assert CANARY.encode() not in rows[tomas.pk]


def _files_that_leave(patterns: Any = None, prefix: str = "") -> list[str]:
    """Every address without parameters whose answer is a file for a machine: feeds, calendars, tables, maps of the site."""
    found = []
    for pattern in patterns or get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _files_that_leave(pattern.url_patterns, route)
        elif "<" not in route and route.endswith((".csv", ".ics", ".atom", ".xml", ".txt", ".json")):
            found.append("/" + route)
    return found


def test_vi_2_no_feed_calendar_or_table_that_leaves_has_it(ticket: Ticket) -> None:
    """VI-1, VI-5: what programs of others fetch: whatever address ends so is asked, by a visitor, the customer and his company's owner."""
    licensing.licence()
    owner = people.member(ticket.customer, Role.OWNER)
    paths = _files_that_leave()
    assert {"/faq/feed.xml", "/versions/versions.ics", "/licences/licences.csv", "/desk/tickets.csv"} <= set(paths)
    sung = set()
    for client in (Client(), signed_in(ticket.requester), signed_in(owner)):
        for path in [*paths, f"/api/v1/search?q={CANARY}"]:
            answer: Any = client.get(path)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            sung.add(answer.status_code)
            assert CANARY.lower() not in content.decode().lower().replace(f'value="{CANARY.lower()}"', ""), path
    assert 200 in sung
