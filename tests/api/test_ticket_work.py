"""Tickets through the API: merge, split, links, drafts, sending later, fields, tags, rules; and what of it leaves to whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from podpora.base import clock
from podpora.base.actors import system
from podpora.base.clock import format_instant
from podpora.desk import actions
from podpora.desk.models import Message, Ticket
from podpora.desk.values import FieldKind, State
from podpora.people.models import Person
from podpora.people.values import StaffRole
from tests.make import desk, people
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db
AT = desk.AT
SYSTEM = system("test")


def staff_api(person: Person | None = None) -> tuple[Person, Api]:
    technician = person or people.staff()
    return technician, Api(token("tickets", person=technician))


def send(api: Api, method: str, path: str, body: Any = None) -> Any:
    call = getattr(api.client, method)
    return call(f"/api/v1/{path}", body if body is not None else {}, content_type="application/json", headers=api.headers)


def test_merge_split_and_undo() -> None:
    who = people.person()
    one, two = desk.ticket(who, text="one"), desk.ticket(who, text="two")
    _technician, api = staff_api()
    merged = api.post(f"tickets/{one.code}/merge", {"into": two.code})
    assert merged.status_code == 200, merged.content
    assert [m["text"] for m in merged.json()["messages"] if m["kind"] == "public"] == ["one", "two"]
    assert api.get(f"tickets/{one.code}").json()["merged_into"] == two.code
    mine = Api(token("tickets", person=who))
    assert [m["text"] for m in mine.get(f"tickets/{two.code}").json()["messages"] if m["kind"] == "public"] == ["one", "two"]
    assert mine.post(f"tickets/{one.code}/messages", {"text": "and more"}).status_code == 201
    assert Message.objects.get(text="and more").ticket == two
    Ticket.objects.filter(pk=one.pk).update()
    undone = api.post(f"tickets/{one.code}/unmerge")
    assert undone.status_code == 200, undone.content
    message = next(m["code"] for m in api.get(f"tickets/{two.code}").json()["messages"] if m["text"] == "and more")
    new = api.post(f"tickets/{two.code}/split", {"messages": [message], "subject": "Apart"})
    assert (new.status_code, new.json()["subject"]) == (201, "Apart")
    assert new.json()["links"] == [{"ticket": two.code, "subject": two.subject, "kind": "split", "from_here": True}]
    assert mine.post(f"tickets/{one.code}/merge", {"into": two.code}).status_code == 404


def test_c4_tickets_that_one_does_not_see_are_unknown_in_every_field() -> None:
    inside, outside = people.staff(), people.staff()
    ticket, hidden = desk.ticket(purpose=desk.Purpose.GENERAL), desk.ticket()
    actions.set_members(hidden.queue, [inside], by=SYSTEM, at=AT)
    _person, api = staff_api(outside)
    for path, body, field in (
        ("merge", {"into": hidden.code}, "into"), ("merge", {"tickets": [hidden.code]}, "tickets.0"), ("links", {"ticket": hidden.code}, "ticket"),
    ):  # fmt: skip
        answer = api.post(f"tickets/{ticket.code}/{path}", body)
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [field])
        nothing = api.post(f"tickets/{ticket.code}/{path}", eval(repr(body).replace(hidden.code, "T-999999")))
        assert nothing.json()["error"]["fields"] == answer.json()["error"]["fields"]
    assert send(api, "patch", f"tickets/{ticket.code}", {"parent": hidden.code}).json()["error"]["fields"] == {
        "parent": ["unknown"]
    }
    message = Message.objects.filter(ticket=hidden).first()
    assert message is not None
    assert api.post(f"tickets/{ticket.code}/split", {"messages": [message.code]}).status_code == 422
    assert api.get(f"tickets/{hidden.code}/history").status_code == 404


def test_an_answer_for_later_is_withdrawn_or_sent() -> None:
    technician, api = staff_api()
    ticket = desk.ticket()
    later = format_instant(clock.now() + timedelta(hours=1))
    waiting = api.post(f"tickets/{ticket.code}/messages", {"text": "Later", "send_at": later, "then": "solved"})
    assert waiting.status_code == 202, waiting.content
    code = waiting.json()["code"]
    assert [row["code"] for row in api.get(f"tickets/{ticket.code}/scheduled").json()["items"]] == [code]
    assert api.delete(f"tickets/{ticket.code}/scheduled/{code}").status_code == 204
    drafts = api.get(f"tickets/{ticket.code}/drafts").json()["items"]
    assert [(draft["text"], draft["person"]["email"]) for draft in drafts] == [("Later", technician.email)]
    again = api.post(f"tickets/{ticket.code}/messages", {"text": "Later", "send_at": later}).json()["code"]
    assert api.post(f"tickets/{ticket.code}/scheduled/{again}/send").json()["state"] == "sent"
    assert api.delete(f"tickets/{ticket.code}/scheduled/{again}").json()["error"]["code"] == "ticket.sent_already"
    customer = Api(token("tickets", person=ticket.requester))
    assert customer.post(f"tickets/{ticket.code}/messages", {"text": "x", "send_at": later}).status_code == 422
    assert Api(token("tickets")).post(f"tickets/{ticket.code}/messages", {"text": "x", "send_at": later}).status_code == 422
    assert api.post(f"tickets/{ticket.code}/messages", {"text": "x", "send_at": "tomorrow"}).json()["error"]["fields"] == {
        "send_at": ["not_an_instant"]
    }


def test_cl_1_seen_is_asked_through_the_api_too() -> None:
    _technician, api = staff_api()
    ticket = desk.ticket()
    seen = api.get(f"tickets/{ticket.code}").json()["revision"]
    desk.ask_again(ticket)
    assert (
        api.post(f"tickets/{ticket.code}/messages", {"text": "x", "seen": seen}).json()["error"]["code"] == "ticket.newer_message"
    )


def test_drafts_conflict_and_are_taken_over() -> None:
    _first, api = staff_api()
    first, other = _first, staff_api()[1]
    ticket = desk.ticket()
    version = send(api, "put", f"tickets/{ticket.code}/draft", {"text": "half"}).json()["version"]
    assert send(api, "put", f"tickets/{ticket.code}/draft", {"text": "half an", "version": version}).status_code == 200
    assert (
        send(api, "put", f"tickets/{ticket.code}/draft", {"text": "x", "version": version}).json()["error"]["code"]
        == "ticket.draft_changed"
    )
    taken = other.post(f"tickets/{ticket.code}/draft/take", {"email": first.email}).json()
    assert (taken["text"], taken["given_by"]) == ("half an", first.name)
    assert other.delete(f"tickets/{ticket.code}/draft").status_code == 204


def test_tags_fields_kind_and_the_rest_are_changed_and_found() -> None:
    _technician, api = staff_api()
    boss = Api(token("tickets", person=people.staff(StaffRole.MANAGER)))
    plan = {
        "kind": "choice",
        "name_cs": "Systém",
        "name_en": "System",
        "public": True,
        "choices": [{"value": "win", "cs": "W", "en": "W"}],
    }
    assert send(api, "put", "fields/system", plan).status_code == 403
    assert send(boss, "put", "fields/system", plan).status_code == 200
    ticket = desk.ticket()
    changed = send(
        api,
        "patch",
        f"tickets/{ticket.code}",
        {"tags": ["b", "A"], "fields": {"system": "win"}, "kind": "problem", "subject": "New"},
    )
    assert changed.status_code == 200, changed.content
    told = changed.json()
    assert (told["tags"], told["fields"], told["kind"], told["subject"]) == (["a", "b"], {"system": "win"}, "problem", "New")
    assert [t["code"] for t in api.get("tickets?tag=A").json()["items"]] == [ticket.code]
    assert [t["code"] for t in api.get("tickets?field.system=win").json()["items"]] == [ticket.code]
    assert api.get("tickets?field.system=mac").json()["items"] == []
    wrong = send(api, "patch", f"tickets/{ticket.code}", {"tags": ["c"], "fields": {"system": "x"}}).json()["error"]["fields"]
    assert wrong == {"fields.system": ["unknown"]}
    assert api.get(f"tickets/{ticket.code}").json()["tags"] == ["a", "b"]  # all or nothing
    mine = Api(token("tickets", person=ticket.requester)).get(f"tickets/{ticket.code}").json()
    assert mine["fields"] == {"system": "win"}
    assert not {"tags", "kind", "links", "spent_minutes", "priority", "followers", "drafts", "scheduled"} & set(mine)


def test_a_customer_fills_in_public_fields_and_no_others() -> None:
    for code, public in (("ours", False), ("theirs", True)):
        actions.save_field(
            actions.FieldPlan(code, FieldKind.TEXT, code, code, is_public=public, is_required=public), by=SYSTEM, at=AT
        )
    person = people.person()
    api = Api(token("tickets", person=person))
    asked = {"subject": "S", "text": "T", "queue": "general"}
    assert api.post("tickets", asked).json()["error"]["fields"] == {"fields.theirs": ["required"]}
    assert api.post("tickets", asked | {"fields": {"ours": "x"}}).json()["error"]["fields"] == {"fields.ours": ["unknown"]}
    made = api.post("tickets", asked | {"fields": {"theirs": "x"}})
    assert (made.status_code, made.json()["fields"]) == (201, {"theirs": "x"})
    assert Ticket.objects.count() == 1


def test_snooze_follow_time_rating_history_forward_and_macro() -> None:
    technician, api = staff_api()
    ticket = desk.ticket()
    base = f"tickets/{ticket.code}"
    until = format_instant(clock.now() + timedelta(days=2))
    assert api.post(f"{base}/snooze", {"until": until}).json()["snoozed_until"] == until
    assert api.delete(f"{base}/snooze").status_code == 204
    follower = api.post(f"{base}/followers", {"email": technician.email}).json()["code"]
    assert api.delete(f"{base}/followers/{follower}").status_code == 204
    entry = api.post(f"{base}/time", {"minutes": 10}).json()["code"]
    assert api.get(base).json()["spent_minutes"] == 10
    assert api.delete(f"{base}/time/{entry}").status_code == 204
    assert api.post(f"{base}/participants", {"email": "x@elsewhere.example"}).status_code == 201
    assert api.post(f"{base}/forward", {"to": "supplier@elsewhere.example", "text": "?"}).json()["kind"] == "note"
    boss = Api(token("tickets", person=people.staff(StaffRole.MANAGER)))
    macro = boss.post("macros", {"name": "Solve it", "deeds": [{"do": "state", "value": "solved"}]}).json()["code"]
    assert api.post(f"{base}/macros", {"macro": macro}).json() == {"done": ["state"]}
    customer = Api(token("tickets", person=ticket.requester))
    assert send(customer, "put", f"{base}/rating", {"score": "good", "comment": "Thanks"}).json()["score"] == "good"
    assert send(api, "put", f"{base}/rating", {"score": "bad"}).status_code == 422
    verbs = [item["verb"] for item in api.get(f"{base}/history").json()["items"]]
    assert {"ticket.opened", "ticket.time", "ticket.macro", "ticket.rated", "ticket.forwarded"} <= set(verbs)
    shown = {item["verb"] for item in customer.get(f"{base}/history").json()["items"]}
    assert shown <= {"assigned", "assigned_in_turn", "state", "reopened", "participant", "rated"}


def test_rules_are_made_tried_and_their_runs_read() -> None:
    boss = Api(token("tickets", person=people.staff(StaffRole.MANAGER)))
    body = {
        "name": "VIP first",
        "conditions": [{"ask": "is_vip", "how": "is", "value": "yes"}],
        "deeds": [{"do": "priority", "value": "high"}],
    }
    made = boss.post("triggers", body)
    assert made.status_code == 201, made.content
    wrong = boss.post("triggers", body | {"deeds": [{"do": "reply", "en": "{{ticket.__class__}}"}]})
    assert wrong.json()["error"]["fields"] == {"deeds": ["template.unknown_variable"]}
    ticket = desk.ticket()
    ticket.refresh_from_db()
    assert ticket.priority == 2
    assert [run["rule"] for run in boss.get("rule-runs").json()["items"]] == [made.json()["code"]]
    tried = boss.post("triggers/try", {"ticket": ticket.code})
    assert tried.status_code == 200, tried.content
    assert [t["code"] for t in boss.post("triggers/try", {"ticket": ticket.code}).json()["items"]] == [made.json()["code"]]
    assert send(boss, "put", f"triggers/{made.json()['code']}", body | {"active": False}).json()["active"] is False
    assert (
        boss.post("time-rules", {"name": "x", "state": "waiting_customer", "after_minutes": 60, "deeds": body["deeds"]}).status_code
        == 201
    )
    assert boss.post("canned-replies", {"name": "Hi", "text_en": "Hi {{requester.name}}"}).status_code == 201
    assert Api(token("tickets", person=people.person())).get("macros").status_code == 403


def test_files_come_with_a_message() -> None:
    _technician, api = staff_api()
    ticket = desk.ticket()
    form = {"text": "Look", "kind": "note", "files": SimpleUploadedFile("a.txt", b"content", "text/plain")}
    made = api.client.post(f"/api/v1/tickets/{ticket.code}/messages", form, headers=api.headers)
    assert made.status_code == 201, made.content
    (file,) = made.json()["attachments"]
    assert b"".join(api.client.get(file["url"], headers=api.headers).streaming_content) == b"content"
    customer = Api(token("tickets", person=ticket.requester))
    assert customer.client.get(file["url"], headers=customer.headers).status_code == 404  # B6


def test_the_same_key_and_body_write_once() -> None:
    _technician, api = staff_api()
    ticket = desk.ticket()
    for _twice in range(2):
        assert api.post(f"tickets/{ticket.code}/time", {"minutes": 5}, Idempotency_Key="k1").status_code == 201
    ticket.refresh_from_db()
    assert ticket.spent_minutes == 5


def test_a_closed_ticket_says_why() -> None:
    _technician, api = staff_api()
    ticket = desk.ticket()
    told = send(api, "patch", f"tickets/{ticket.code}", {"closed_as": "spam"}).json()
    assert (told["state"], told["closed_as"]) == (State.CLOSED, "spam")
