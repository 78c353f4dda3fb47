"""Canned replies, macros, triggers, time rules (RU-1, RU-2, B10)."""

from datetime import timedelta
from typing import Any

import pytest

from podpora.base.actors import system
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.desk import actions, queries, rules
from podpora.desk.models import Message, RuleRun, Ticket, Trigger
from podpora.desk.values import Happening, HappeningKind, MessageKind, Priority, Purpose, RuleKind, Side, State
from podpora.mail.models import OutgoingMail
from tests.make import desk, people

pytestmark = pytest.mark.django_db
AT = desk.AT
HOUR = timedelta(hours=1)
SYSTEM = system("test")


def trigger(name: str, *deeds: dict[str, Any], when: list[dict[str, Any]] | None = None, **more: Any) -> Trigger:
    return actions.save_trigger(actions.RulePlan(name, deeds, conditions=when or [], **more), by=SYSTEM, at=AT)


def runs() -> list[str]:
    return list(RuleRun.objects.exclude(done=[]).order_by("pk").values_list("rule", flat=True))


# The language of texts


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("Hello {{ticket.__class__}}", "template.unknown_variable", 1, 7),
        ("Hello\n {{ settings.SECRET_KEY }}", "template.unknown_variable", 2, 2),
        ("{% include 'x' %}", "template.not_a_variable", 1, 1),
        ("{{ 7*7 }}", "template.not_a_variable", 1, 1),
        ("${7*7}", "template.not_a_variable", 1, 1),
        ("{{ticket.code|safe}}", "template.not_a_variable", 1, 1),
        ("{{ticket.code}} {# x #}", "template.not_a_variable", 1, 17),
        ("{{ticket.code", "template.not_a_variable", 1, 1),
        ("}}", "template.not_a_variable", 1, 1),
        ("{{{{ticket.code}}}}", "template.not_a_variable", 1, 1),
        ("{{queue.name}}", "template.unknown_variable", 1, 1),
    ],
)
def test_s27_b10_what_is_no_known_variable_is_refused_with_its_place(text: str, code: str, line: int, column: int) -> None:
    wrong = rules.mistake_in(text)
    assert wrong is not None
    assert (wrong.code, wrong.line, wrong.column) == (code, line, column)
    with pytest.raises(InvalidInput) as problem:
        actions.save_canned(actions.CannedPlan("Name", "", text), by=SYSTEM, at=AT)
    assert problem.value.fields == {"text_en": [code]}
    assert problem.value.facts["text_en"]["line"] == line


def test_s27_b10_what_a_customer_is_called_is_not_read_as_a_variable() -> None:
    values = {"requester.name": "{{licence.code}} {% x %}", "licence.code": "L-SECRET"}
    assert rules.filled_in("Dear {{requester.name}}", values) == "Dear {{licence.code}} {% x %}"


def test_every_variable_is_known_and_filled() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    facts = actions.variables(ticket, technician, at=AT)
    assert set(facts) == set(rules.VARIABLES)
    text = " ".join("{{" + name + "}}" for name in rules.VARIABLES)
    assert "{{" not in rules.filled_in(text, facts)


# Triggers


def test_ru_1_in_explicit_order_and_each_sees_what_the_former_left() -> None:
    trigger("second", {"do": "tags", "add": ["was-high"]}, when=[{"ask": "priority", "how": "is", "value": "high"}], position=2)
    trigger("first", {"do": "priority", "value": "high"}, position=1)
    ticket = desk.ticket()
    ticket.refresh_from_db()
    assert ticket.priority == Priority.HIGH
    assert [tag.name for tag in queries.tags_of(ticket)] == ["was-high"]
    assert runs() == ["first", "second"]
    Trigger.objects.filter(code="first").update(position=3)
    other = (
        desk.ticket()
    )  # "second" is asked first now, when the priority is not high yet; it hears of the change in the next round
    assert runs()[2:] == ["first", "second"]
    assert [tag.name for tag in queries.tags_of(other)] == ["was-high"]


def test_ru_1_triggers_that_would_chase_each_other_stop() -> None:
    trigger("up", {"do": "priority", "value": "urgent"}, when=[{"ask": "priority", "how": "is_not", "value": "urgent"}])
    trigger("down", {"do": "priority", "value": "low"}, when=[{"ask": "priority", "how": "is", "value": "urgent"}])
    desk.ticket()
    assert sorted(runs()) == ["down", "up"]  # each once
    trigger("talks", {"do": "note", "text": "again"}, is_always=True)
    ticket = desk.ticket()
    assert Message.objects.filter(ticket=ticket, kind=MessageKind.NOTE).count() == 1


def test_ru_1_ten_triggers_in_a_ring_end() -> None:
    for n in range(10):
        when = [{"ask": "tag", "how": "has", "value": f"t{n}"}]
        trigger(f"ring {n}", {"do": "tags", "add": [f"t{(n + 1) % 10}"], "remove": [f"t{n}"]}, when=when)
    ticket = desk.ticket()
    actions.change_tags(ticket, add=["t0"], by=SYSTEM, at=AT)
    assert len(runs()) <= 10
    assert len(queries.tags_of(ticket)) == 1


def test_ru_1_selective_is_the_default_and_always_the_option() -> None:
    vip = [{"ask": "queue", "how": "is", "value": "vip"}]
    desk.queue()
    trigger("selective", {"do": "tags", "add": ["selective"]}, when=vip)
    trigger("always", {"do": "tags", "add": ["always"]}, when=vip, is_always=True)
    ticket = desk.ticket()
    RuleRun.objects.all().delete()
    actions.change_tags(ticket, remove=["selective", "always"], by=SYSTEM, at=AT)
    assert runs() == ["always"]  # tags are not what they ask about
    actions.set_priority(ticket, Priority.LOW, by=SYSTEM, at=AT)
    assert runs() == ["always", "always"]
    desk.ask_again(ticket)  # a message came
    assert sorted(runs()[2:]) == ["always", "selective"]


def test_ru_1_a_triggers_mail_is_automatic_and_answers_nothing() -> None:
    trigger("thanks", {"do": "reply", "cs": "Děkujeme.", "en": "Thank you, {{requester.first_name}}."}, happenings=["opened"])
    ticket = desk.ticket()
    ticket.refresh_from_db()
    message = Message.objects.get(ticket=ticket, side=Side.SYSTEM, kind=MessageKind.PUBLIC)
    assert message.text == "Thank you, Jana."
    assert (ticket.first_answered_at, ticket.waiting_since, ticket.state) == (None, AT, State.NEW)  # SLA-8
    (mail,) = OutgoingMail.objects.filter(kind="ticket.automatic")
    assert mail.automatic


def test_au_1_a_trigger_writes_to_nobody_who_has_not_proven_his_address() -> None:
    trigger("thanks", {"do": "reply", "en": "Thank you."})
    desk.ticket(people.guest())
    assert not OutgoingMail.objects.filter(kind="ticket.automatic").exists()
    assert not Message.objects.filter(side=Side.SYSTEM, kind=MessageKind.PUBLIC).exists()


def test_vi_2_what_a_rule_is_called_does_not_leave() -> None:
    trigger("CANARY", {"do": "state", "value": "waiting_customer"})
    ticket = desk.ticket()
    shown = list(queries.messages_for_customer(ticket, ticket.requester).values_list("author_name", "text", "event_facts"))
    assert "CANARY" not in str(shown)
    assert "CANARY" not in "".join(mail.text + mail.subject for mail in OutgoingMail.objects.all())
    assert RuleRun.objects.get().rule == "canary"


def test_a_deed_that_is_refused_does_not_stop_the_others() -> None:
    technician = people.staff()
    own = people.company(owner=technician)
    ticket = desk.ticket(people.member(own), own)
    trigger("mixed", {"do": "assign", "value": technician.email}, {"do": "priority", "value": "high"})
    desk.ask_again(ticket)
    ticket.refresh_from_db()
    assert ticket.priority == Priority.HIGH
    assert RuleRun.objects.get().done == ["assign: ticket.own", "priority"]


def test_the_dry_run_writes_nothing() -> None:
    trigger("one", {"do": "priority", "value": "high"}, when=[{"ask": "subject", "how": "contains", "value": "KALENDÁŘ"}])
    trigger("two", {"do": "priority", "value": "low"})
    ticket = desk.ticket(subject="Kalendar se zastavil")
    RuleRun.objects.all().delete()
    before = Message.objects.count()
    found = actions.would_run(ticket, Happening(HappeningKind.OPENED))
    assert [each.code for each in found] == ["one", "two"]
    assert (RuleRun.objects.count(), Message.objects.count()) == (0, before)


@pytest.mark.parametrize(
    ("deed", "says"),
    [
        ({"do": "erase"}, "1: "), ({"do": "state", "value": "merged"}, "state = merged"), ({"do": "state"}, "value"),
        ({"do": "queue", "value": "nowhere"}, "queue = nowhere"), ({"do": "assign", "value": "me"}, "assign = me"),
        ({"do": "tags"}, "tags"), ({"do": "snooze", "hours": 0}, "hours"), ({"do": "field", "field": "x", "value": "1"}, "field = x"),
        ({"do": "reply", "en": " "}, "reply"), ({"do": "priority", "value": "high", "more": 1}, "more"),
    ],
)  # fmt: skip
def test_a_deed_that_can_not_be_done_is_refused_on_save(deed: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        trigger("wrong", deed)
    assert problem.value.fields == {"deeds": ["rule.not_a_deed"]}
    assert says in str(problem.value.facts["deeds"]["what"])


@pytest.mark.parametrize(
    "condition",
    [
        {"ask": "password", "how": "is", "value": "x"}, {"ask": "state", "how": "contains", "value": "x"},
        {"ask": "state", "how": "is", "value": "x"}, {"ask": "requester__password", "how": "is", "value": "x"},
        {"ask": "spent_minutes", "how": "greater", "value": "many"}, {"ask": "field:no", "how": "is", "value": "x"}, "state", {},
        {"ask": "subject", "how": "contains", "value": ""}, {"ask": "subject", "how": "contains", "value": ["x"]},
    ],
)  # fmt: skip
def test_c3_a_condition_that_can_not_be_asked_is_refused_on_save(condition: Any) -> None:
    with pytest.raises(InvalidInput) as problem:
        trigger("wrong", {"do": "priority", "value": "high"}, when=[condition])
    assert problem.value.fields == {"conditions": ["rule.not_a_condition"]}


# Time rules


def remind(**more: Any) -> Any:
    plan = {"state": "waiting_customer", "after_minutes": 60} | more
    deed = {"do": "reply", "cs": "Ještě čekáme.", "en": "We still wait."}
    return actions.save_time_rule(actions.RulePlan("Remind", [deed], **plan), by=SYSTEM, at=AT)


def test_ru_2_once_for_each_time_in_the_state() -> None:
    technician = people.staff()
    remind()
    ticket = desk.ticket()
    desk.answer(ticket, technician, then=State.WAITING_CUSTOMER)
    assert actions.run_time_rules(at=AT + HOUR - timedelta(seconds=1)) == 0
    assert actions.run_time_rules(at=AT + HOUR) == 1
    assert actions.run_time_rules(at=AT + 5 * HOUR) == 0
    desk.ask_again(ticket, at=AT + 6 * HOUR)
    desk.answer(ticket, technician, then=State.WAITING_CUSTOMER, at=AT + 7 * HOUR)
    assert actions.run_time_rules(at=AT + 8 * HOUR) == 1
    assert OutgoingMail.objects.filter(kind="ticket.automatic").count() == 2


def test_ru_2_what_was_so_before_the_rule_was_made_is_left_alone() -> None:
    ticket = desk.ticket(at=AT - 24 * HOUR)
    desk.answer(ticket, people.staff(), then=State.WAITING_CUSTOMER, at=AT - 20 * HOUR)
    remind()
    assert actions.run_time_rules(at=AT + HOUR) == 0


def test_ru_2_it_is_looked_at_when_the_time_has_come_and_conditions_decide() -> None:
    remind(conditions=[{"ask": "priority", "how": "greater", "value": "normal"}])
    ticket = desk.ticket()
    desk.answer(ticket, people.staff(), then=State.WAITING_CUSTOMER)
    assert actions.run_time_rules(at=AT + HOUR) == 0
    assert runs() == []


# Macros


def test_a_macro_does_several_things_as_the_technician() -> None:
    technician = people.staff()
    desk.queue(Purpose.GENERAL)
    deeds = [
        {"do": "assign", "value": "me"}, {"do": "tags", "add": ["duplicate"]}, {"do": "note", "text": "by macro in {{ticket.code}}"},
        {"do": "reply", "cs": "Ahoj {{requester.first_name}}", "en": "Hello {{requester.first_name}}"}, {"do": "state", "value": "solved"},
    ]  # fmt: skip
    macro = actions.save_macro(actions.RulePlan("CANARY close", deeds), by=SYSTEM, at=AT)
    ticket = desk.ticket()
    done = actions.apply_macro(ticket, macro, technician, by=people.actor(technician), at=AT)
    ticket.refresh_from_db()
    assert done == ["assign", "tags", "note", "reply", "state"]
    assert (ticket.state, ticket.assignee, ticket.first_answered_at) == (State.SOLVED, technician, AT)
    message = Message.objects.get(ticket=ticket, side=Side.STAFF, kind=MessageKind.PUBLIC)
    assert (message.text, message.author) == ("Hello Jana", technician)
    assert RuleRun.objects.get(kind=RuleKind.MACRO).rule == macro.code
    assert "CANARY" not in "".join(mail.text for mail in OutgoingMail.objects.all())
    assert Ticket.objects.count() == 1


def test_a_macro_of_another_queue_is_none_here() -> None:
    technician = people.staff()
    macro = actions.save_macro(
        actions.RulePlan("x", [{"do": "priority", "value": "high"}], queue=desk.queue(Purpose.GENERAL)), by=SYSTEM, at=AT
    )
    ticket = desk.ticket()
    with pytest.raises(Refused, match=r"ticket\.macro_off"):
        actions.apply_macro(ticket, macro, technician, by=people.actor(technician), at=AT)
    assert queries.macros_for(ticket.queue_id) == []
