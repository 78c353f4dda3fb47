"""The editor of what works by itself: rows of selects that need no script, the dry run, the order, the log."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from podpora.desk import actions, queries
from podpora.desk.models import CannedReply, Field, Macro, OwnState, RuleRun, Tag, TimeRule, Trigger
from podpora.desk.rules import DEEDS, QUESTIONS, VARIABLES
from podpora.desk.values import FieldKind, Priority, Purpose, State
from podpora.web.office.automating import forms, words
from tests.make import desk, people
from tests.make.browsing import signed_in

pytestmark = pytest.mark.django_db
AT = desk.AT
NEW_TRIGGER = "/office/automation/triggers/new/"


@pytest.fixture
def boss() -> Client:
    desk.queue()
    return signed_in(people.manager())


def condition(number: int, ask: str, how: str, *values: str, was: str = "") -> dict[str, Any]:
    name = f"c-{number}"
    return {f"{name}-was": was or ask, f"{name}-ask": ask, f"{name}-how": how, f"{name}-value": list(values)}


def deed(number: int, do: str, was: str = "", **parts: str) -> dict[str, Any]:
    drawn = was or f"{do}/{parts.get('field', '')}"
    return {f"d-{number}-was": drawn, f"d-{number}-do": do, **{f"d-{number}-{part}": value for part, value in parts.items()}}


def test_every_question_deed_and_variable_has_its_name() -> None:
    assert set(words.QUESTION_NAMES) == set(QUESTIONS)
    assert set(words.DEED_LABELS) == set(DEEDS)
    assert set(forms.VARIABLE_NAMES) == set(VARIABLES)
    assert {how for hows in QUESTIONS.values() for how in hows} <= set(words.COMPARISON_NAMES)


def test_ru_1_a_trigger_is_built_row_by_row_without_a_script_and_runs(boss: Client) -> None:
    sent = {"name": "VIP first", "is_active": "on", **deed(0, "state", value="solved")}
    page = boss.post(NEW_TRIGGER, sent | {"step": "add-c"})
    assert page.status_code == 200
    assert 'name="c-0-ask"' in page.content.decode()
    sent |= condition(0, "priority", "is", "vip", was="queue")  # another question: its values are offered now
    page = boss.post(NEW_TRIGGER, sent | {"step": "show"})
    assert 'value="urgent"' in page.content.decode()
    assert boss.post(NEW_TRIGGER, sent).status_code == 422  # the value was for another question: nothing is saved by surprise
    sent |= condition(0, "queue", "one_of", "vip") | condition(1, "subject", "contains", "calendar")
    sent |= deed(0, "priority", was="priority/", value="high") | deed(1, "tags", add="first, second", remove="old")
    for step, expected in (("up-d-1", ["tags", "priority"]), ("drop-d-1", ["priority"]), ("drop-d-9", ["priority", "tags"])):
        drawn = boss.post(NEW_TRIGGER, sent | {"step": step})
        assert [row.controls[0].value for row in drawn.context["deeds"]] == expected
    assert not Trigger.objects.exists()
    assert boss.post(NEW_TRIGGER, sent).status_code == 302
    row = Trigger.objects.get()
    assert row.conditions == [
        {"ask": "queue", "how": "one_of", "value": ["vip"]},
        {"ask": "subject", "how": "contains", "value": "calendar"},
    ]
    assert row.deeds == [{"do": "priority", "value": "high"}, {"do": "tags", "add": ["first", "second"], "remove": ["old"]}]
    again = boss.post(NEW_TRIGGER, sent)  # S21: sent twice
    assert (again.status_code, Trigger.objects.count()) == (422, 1)
    ticket = desk.ticket(subject="The calendar is empty")
    ticket.refresh_from_db()
    assert ticket.priority == Priority.HIGH
    assert {tag.name for tag in queries.tags_of(ticket)} == {"first", "second"}
    listed = boss.get(f"/office/automation/?ticket={ticket.code}").content.decode()
    assert "VIP first" in listed.split('role="status"')[1]
    assert ticket.code in boss.get(f"/office/automation/triggers/{row.code}/").content.decode()
    assert ticket.code in boss.get("/office/automation/?kind=log").content.decode()


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        (condition(0, "tag", "is", "x") | deed(0, "state", value="solved"), "c"),
        (condition(0, "subject", "contains", "") | deed(0, "state", value="solved"), "c-0"),
        (condition(0, "shoe", "is", "x") | deed(0, "state", value="solved"), "c-0"),
        (deed(0, "state", value="merged"), "d-0"),
        (deed(0, "state", value="solved") | deed(1, "note", text="{{ticket.__class__}}"), "d-1"),
        (deed(0, "assign", value="me"), "d-0"),  # nobody is "me" in a trigger
        (deed(0, "follow", who="me"), "d-0"),
        (deed(0, "snooze", hours="x"), "d-0"),
        ({}, "d"),
    ],
)
def test_what_can_not_be_asked_or_done_is_said_at_its_row_and_not_saved(boss: Client, sent: dict[str, Any], place: str) -> None:
    page = boss.post(NEW_TRIGGER, {"name": "Wrong", "is_active": "on", **sent})
    assert page.status_code == 422
    assert place in page.context["draft"].errors
    assert not Trigger.objects.exists()


def test_the_dry_run_says_which_tickets_and_writes_nothing(boss: Client) -> None:
    first = desk.ticket(subject="Empty calendar")
    desk.ticket(subject="Invoice", purpose=Purpose.GENERAL)
    actions.change_tags(first, add=["slow"], by=people.actor(first.requester), at=AT)
    field = actions.FieldPlan("system", FieldKind.CHOICE, "Systém", "System", choices=(("win", "Windows", "Windows"),))
    actions.save_field(field, by=people.actor(first.requester), at=AT)
    actions.set_fields(first, {"system": "win"}, by=people.actor(first.requester), at=AT)
    sent = {"name": "T", "step": "try", **deed(0, "state", value="solved"), **condition(0, "tag", "has", "slow")}
    sent |= condition(1, "field:system", "is", "win")
    page = boss.post(NEW_TRIGGER, sent)
    trial = page.context["draft"].trial
    assert (trial.looked_at, [ticket.code for ticket in trial.fitting]) == (2, [first.code])
    assert first.code in page.content.decode()
    assert not RuleRun.objects.exists()
    rule = {"name": "R", "state": "new", "amount": "1", "unit": "60", "step": "try", **deed(0, "state", value="solved")}
    assert boss.post("/office/automation/time-rules/new/", rule).context["draft"].trial.looked_at == 2
    assert (
        boss.post("/office/automation/time-rules/new/", rule | {"amount": "999", "unit": "1440"}).context["draft"].trial.looked_at
        == 0
    )
    assert boss.post("/office/automation/time-rules/new/", rule | {"amount": ""}).context["draft"].trial is None


def test_time_rules_macros_and_canned_replies_have_their_editors(boss: Client) -> None:
    rule = {"name": "Remind", "state": "waiting_customer", "amount": "2", "unit": "1440", "is_active": "on"} | deed(
        0, "state", value="solved"
    )
    assert boss.post("/office/automation/time-rules/new/", rule).status_code == 302
    assert (TimeRule.objects.get().after_minutes, TimeRule.objects.get().state) == (2 * 1440, State.WAITING_CUSTOMER)
    macro = (
        {"name": "Close", "queue": "vip", "is_active": "on"}
        | deed(0, "reply", en="Bye {{requester.name}}")
        | deed(1, "assign", value="me")
    )
    assert boss.post("/office/automation/macros/new/", macro).status_code == 302
    assert Macro.objects.get().deeds == [{"do": "reply", "en": "Bye {{requester.name}}"}, {"do": "assign", "value": "me"}]
    wrong = boss.post("/office/automation/canned/new/", {"name": "x", "text_en": "{{ticket.__class__}}", "is_active": "on"})
    assert "ticket.__class__" in wrong.content.decode()
    assert (
        boss.post("/office/automation/canned/new/", {"name": "Hi", "text_en": "Hi", "queue": "vip", "is_active": "on"}).status_code
        == 302
    )
    canned = CannedReply.objects.get()
    assert canned.queue is not None
    assert boss.post(f"/office/automation/canned/{canned.code}/", {"step": "delete"}).status_code == 302
    assert boss.post(f"/office/automation/macros/{Macro.objects.get().code}/", {"step": "delete"}).status_code == 302
    assert not CannedReply.objects.exists()
    assert not Macro.objects.exists()


def test_fields_with_choices_and_conditions_own_states_and_tags(boss: Client) -> None:
    address = "/office/automation/fields/new/"
    field = {"code": "system", "kind": "choice", "name_cs": "Systém", "name_en": "System", "is_active": "on"}
    assert boss.post(address, field | {"step": "add-o"}).content.decode().count("o-0-value") > 0
    assert boss.post(address, field).status_code == 422  # without choices
    field |= {"o-0-value": "win", "o-0-cs": "Okna", "o-0-en": "Windows", "o-1-value": "", "o-1-cs": "", "o-1-en": "Linux"}
    assert boss.post(address, field).status_code == 302
    assert [choice["value"] for choice in Field.objects.get().choices] == ["win", "Linux"]
    assert boss.post(address, field | {"name_en": "Other"}).status_code == 422  # its code is taken
    more = {"code": "edition", "kind": "text", "name_cs": "Vydání", "name_en": "Edition", "is_active": "on", "shown_when": "system"}
    assert "Windows" in boss.post(address, more | {"step": "show"}).content.decode()
    assert boss.post(address, more | {"shown_when_values": ["win"], "queues": ["vip"]}).status_code == 302
    shown = Field.objects.get(code="edition")
    assert (shown.shown_when_values, [queue.code for queue in shown.queues.all()]) == (["win"], ["vip"])
    own = {"code": "dev", "state": "waiting_vendor", "name_cs": "Vývoj", "name_en": "Developers", "is_active": "on"}
    assert boss.post("/office/automation/own-states/new/", own).status_code == 302
    assert boss.post("/office/automation/own-states/dev/", own | {"name_en": "Coders"}).status_code == 302
    assert OwnState.objects.get().name_en == "Coders"
    for name in ("first", "second"):
        assert boss.post("/office/automation/tags/new/", {"name": name, "colour": "good", "is_active": "on"}).status_code == 302
    renamed = {"name": "very first", "colour": "good", "is_active": "on"}
    assert boss.post("/office/automation/tags/first/", renamed).status_code == 302
    assert boss.post("/office/automation/tags/very first/", renamed | {"merge_into": "second"}).status_code == 302
    assert Tag.objects.get().name == "second"


def test_order_and_switches_in_the_list_and_how_many_statements_it_takes(boss: Client, django_assert_num_queries: Any) -> None:
    by = people.actor(people.manager())
    solve, address = [{"do": "state", "value": "solved"}], "/office/automation/?kind=triggers"
    boss.get(address)  # what is kept between requests
    for name in ("one", "two", "three"):
        when = [{"ask": "queue", "how": "is", "value": "vip"}, {"ask": "assignee", "how": "is", "value": "x@y.example"}]
        actions.save_trigger(actions.RulePlan(name, solve, conditions=when), by=by, at=AT)
        with django_assert_num_queries(6):
            page = boss.get(address)
    assert [title for _row, title, *_more in page.context["rows"]] == ["one", "two", "three"]
    boss.post(address, {"code": "three", "what": "up"})
    boss.post(address, {"code": "one", "what": "off"})
    assert list(Trigger.objects.values_list("code", "is_active")) == [("one", False), ("three", True), ("two", True)]
    rule = actions.save_time_rule(actions.RulePlan("R", solve, state="open", after_minutes=5, is_active=False), by=by, at=AT)
    boss.post("/office/automation/?kind=time-rules", {"code": rule.code, "what": "on"})
    rule.refresh_from_db()
    assert rule.active_since is not None  # only what begins from now on
    assert rule.active_since > AT - timedelta(days=1)
    assert boss.post(address, {"code": "nobody", "what": "up"}).status_code == 404
    assert boss.get("/office/automation/?kind=shoes").status_code == 404
    assert signed_in(people.staff()).get(address).status_code == 404
