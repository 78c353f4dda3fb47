"""Merging, undoing it, splitting (RU-3, VI-7, TH-8)."""

from datetime import timedelta

import pytest

from podpora.base.decisions import Refused
from podpora.desk import actions, queries
from podpora.desk.models import Link, Merge, Message, Participant, SavedDraft, Ticket
from podpora.desk.values import LinkKind, MessageKind, Side, State, Words
from podpora.people.models import Person
from podpora.people.values import Role
from tests.make import desk, people

pytestmark = pytest.mark.django_db
AT = desk.AT
SOON = AT + timedelta(minutes=5)


def texts(ticket: Ticket, reader: Person) -> list[str]:
    rows = queries.messages_for_customer(ticket, reader).filter(kind=MessageKind.PUBLIC).order_by("pk")
    return [message.text for message in rows]


def two_of_one() -> tuple[Person, Ticket, Ticket]:
    who = people.person()
    return who, desk.ticket(who, text="first"), desk.ticket(who, text="second")


def test_ru_3_words_tags_time_and_guests_move_and_the_source_leads_to_the_target() -> None:
    technician = people.staff()
    who, source, target = two_of_one()
    by = people.actor(technician)
    desk.note(source, technician, "our note")
    actions.change_tags(source, add=["Sync", "calendar"], by=by, at=AT)
    actions.change_tags(target, add=["calendar"], by=by, at=AT)
    actions.add_time(source, 20, by=by, at=AT)
    actions.add_participant(source, "guest@other.example", side=Side.STAFF, by=by, at=AT)
    ids = set(Message.objects.filter(ticket=source).exclude(message_id="").values_list("message_id", flat=True))
    actions.merge(source, target, by=by, at=SOON)
    source.refresh_from_db()
    target.refresh_from_db()
    assert (source.state, source.merged_into, source.is_done) == (State.MERGED, target, True)
    assert texts(target, who) == ["first", "second"]
    assert ids <= set(Message.objects.filter(ticket=target).values_list("message_id", flat=True))
    assert [tag.name for tag in queries.tags_of(target)] == ["calendar", "sync"]
    assert (target.spent_minutes, source.spent_minutes) == (20, 0)
    assert [guest.email for guest in Participant.objects.filter(ticket=target)] == ["guest@other.example"]
    assert target.revision == 3
    told = {m.event for t in (source, target) for m in Message.objects.filter(ticket=t, kind=MessageKind.EVENT)}
    assert {"merged", "merged_into"} <= told
    assert queries.end_of(source) == target


def test_ru_3_undone_within_half_an_hour_everything_is_back() -> None:
    technician = people.staff()
    by = people.actor(technician)
    who, source, target = two_of_one()
    desk.answer(source, technician, "answered", then=State.WAITING_CUSTOMER)
    actions.change_tags(source, add=["sync"], by=by, at=AT)
    actions.add_time(source, 20, by=by, at=AT)
    actions.save_draft(source, technician, actions.Writing("half an answer"), at=AT)
    source.refresh_from_db()
    before = (source.state, source.waiting_since, source.revision, source.rank)
    actions.merge(source, target, by=by, at=SOON)
    assert SavedDraft.objects.get().ticket == target
    actions.unmerge(source, by=by, at=SOON + timedelta(minutes=30))
    source.refresh_from_db()
    target.refresh_from_db()
    assert (source.state, source.waiting_since, source.revision, source.rank) == before
    assert (source.merged_into, source.reopened, source.spent_minutes, target.spent_minutes) == (None, 0, 20, 0)
    assert (texts(source, who), texts(target, who)) == (["first", "answered"], ["second"])
    assert [tag.name for tag in queries.tags_of(target)] == []
    assert SavedDraft.objects.get().ticket == source
    assert not Message.objects.exclude(origin=None).exists()
    with pytest.raises(Refused, match=r"ticket\.not_merged"):
        actions.unmerge(source, by=by, at=SOON)


def test_ru_3_later_or_after_another_merge_it_can_not_be_undone() -> None:
    by = people.actor(people.staff())
    who, source, target = two_of_one()
    third = desk.ticket(who, text="third")
    actions.merge(source, target, by=by, at=AT)
    with pytest.raises(Refused, match=r"ticket\.unmerge_too_late"):
        actions.unmerge(source, by=by, at=AT + timedelta(minutes=31))
    actions.merge(target, third, by=by, at=AT)
    with pytest.raises(Refused, match=r"ticket\.unmerge_too_late"):
        actions.unmerge(source, by=by, at=AT)
    assert queries.end_of(source) == third
    assert texts(third, who) == ["first", "second", "third"]


def test_ru_3_chains_are_followed_and_circles_are_none() -> None:
    by = people.actor(people.staff())
    who, first, second = two_of_one()
    third = desk.ticket(who, text="third")
    actions.merge(first, second, by=by, at=AT)
    assert actions.merge(third, first, by=by, at=AT) == second  # the target was merged: its end is meant
    for source, target in ((second, first), (second, third), (second, second)):
        with pytest.raises(Refused, match=r"ticket\.merge_itself"):
            actions.merge(source, target, by=by, at=AT)
    with pytest.raises(Refused, match=r"ticket\.merged_already"):
        actions.merge(first, desk.ticket(who), by=by, at=AT)


def test_ru_3_many_at_once_or_none() -> None:
    by = people.actor(people.staff())
    who = people.person()
    tickets = [desk.ticket(who, text=f"{n}") for n in range(5)]
    stranger = desk.ticket(people.person())
    with pytest.raises(Refused, match=r"ticket\.merge_other_customer"):
        actions.merge_many([*tickets[1:], stranger], tickets[0], by=by, at=AT)
    assert Merge.objects.count() == 0
    actions.merge_many(tickets[1:], tickets[0], by=by, at=AT)
    assert texts(Ticket.objects.get(pk=tickets[0].pk), who) == ["0", "1", "2", "3", "4"]


def test_vi_7_who_could_not_read_a_ticket_reads_nothing_of_it_after_the_merge() -> None:
    technician = people.staff()
    by = people.actor(technician)
    company = people.company()
    asker, other, admin = (people.member(company, role) for role in (Role.BILLING, Role.VIEWER, Role.ADMIN))
    private = desk.ticket(asker, company, text="private words", is_private=True)
    shared = desk.ticket(other, company, text="shared words")
    actions.merge(private, shared, by=by, at=AT)
    private.refresh_from_db()
    shared.refresh_from_db()
    assert texts(shared, other) == ["shared words"]
    assert texts(shared, admin) == ["shared words"]
    assert not queries.sees_as_customer(asker, shared)  # he saw it not before, and does not now
    assert texts(private, asker) == ["private words"]
    assert [p.email for p in Participant.objects.filter(ticket=shared)] == []
    words = Words("more of mine")
    message = actions.reply(private, words, side=Side.CUSTOMER, by=people.actor(asker), at=SOON)
    assert message.ticket == shared  # TH-10
    assert texts(private, asker) == ["private words", "more of mine"]
    assert texts(shared, other) == ["shared words"]
    actions.unmerge(private, by=by, at=SOON)
    private.refresh_from_db()
    assert texts(private, asker) == ["private words", "more of mine"]


def test_vi_7_different_customers_only_expressly_and_each_keeps_his_own() -> None:
    by = people.actor(people.staff())
    one, two = desk.ticket(text="of one"), desk.ticket(text="of two")
    with pytest.raises(Refused, match=r"ticket\.merge_other_customer"):
        actions.merge(one, two, by=by, at=AT)
    actions.merge(one, two, across=True, by=by, at=AT)
    for ticket in (one, two):
        ticket.refresh_from_db()
    assert texts(two, two.requester) == ["of two"]
    assert texts(one, one.requester) == ["of one"]
    assert not queries.sees_as_customer(one.requester, two)
    assert Message.objects.filter(ticket=two, kind=MessageKind.PUBLIC).count() == 2


def test_a_merged_ticket_with_an_open_question_opens_a_solved_target() -> None:
    technician = people.staff()
    _who, source, target = two_of_one()
    desk.answer(target, technician, then=State.SOLVED)
    actions.merge(source, target, by=people.actor(technician), at=SOON)
    target.refresh_from_db()
    assert (target.state, target.waiting_since) == (State.OPEN, AT)


def test_a_technician_whose_page_is_old_is_asked_and_a_customer_is_not() -> None:
    technician = people.staff()
    who, source, target = two_of_one()
    actions.merge(source, target, by=people.actor(technician), at=AT)
    with pytest.raises(Refused, match=r"ticket\.merged_already"):
        desk.answer(source, technician, seen=1)
    assert desk.ask_again(source).ticket == target
    assert texts(Ticket.objects.get(pk=target.pk), who) == ["first", "second", "It did not help."]


def test_th_8_a_message_becomes_a_ticket_of_its_own_with_what_the_old_one_was_opened_under() -> None:
    technician = people.staff()
    by = people.actor(technician)
    ticket = desk.ticket()
    desk.answer(ticket, technician)
    other_topic = desk.ask_again(ticket, "And how do I print?")
    ticket.refresh_from_db()
    new = actions.split(ticket, [other_topic], "Printing", by=by, at=SOON)
    ticket.refresh_from_db()
    other_topic.refresh_from_db()
    assert (other_topic.ticket, new.subject, new.requester, new.support_code) == (
        new,
        "Printing",
        ticket.requester,
        ticket.support_code,
    )
    assert (new.state, new.assignee, new.waiting_since) == (State.NEW, ticket.assignee, AT)
    assert ticket.waiting_since is None  # what waits for an answer went away
    assert Link.objects.get().kind == LinkKind.SPLIT
    assert texts(new, new.requester) == ["And how do I print?"]
    assert queries.sees_as_customer(new.requester, new)


def test_th_8_who_only_read_along_in_the_old_one_does_not_read_the_new() -> None:
    technician = people.staff()
    company = people.company()
    asker, colleague = people.member(company), people.member(company)
    ticket = desk.ticket(asker, company, is_private=True)
    actions.add_participant(ticket, colleague.email, side=Side.STAFF, by=people.actor(technician), at=AT)
    message = desk.ask_again(ticket, "For you alone")
    new = actions.split(ticket, [message], by=people.actor(technician), at=AT)
    assert queries.sees_as_customer(colleague, ticket)
    assert not queries.sees_as_customer(colleague, new)
    assert new.is_private


def test_splitting_leaves_something_and_takes_only_words_of_customers() -> None:
    technician = people.staff()
    by = people.actor(technician)
    ticket = desk.ticket()
    first = Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC).get()
    with pytest.raises(Refused, match=r"ticket\.split_everything"):
        actions.split(ticket, [first], by=by, at=AT)
    answer, note = desk.answer(ticket, technician), desk.note(ticket, technician)
    for wrong in ([], [answer], [note]):
        with pytest.raises(Refused, match=r"ticket\.split_not_words"):
            actions.split(ticket, wrong, by=by, at=AT)
    foreign = Message.objects.filter(ticket=desk.ticket()).first()
    assert foreign is not None
    with pytest.raises(Refused, match=r"ticket\.split_not_words"):
        actions.split(ticket, [foreign], by=by, at=AT)


def test_s21_a_form_sent_before_and_after_the_merge_is_one_answer() -> None:
    who, technician = people.person(), people.staff()
    source, target = desk.ticket(who), desk.ticket(who)
    first = desk.answer(source, technician, "An answer", once="form")
    actions.merge(source, target, by=people.actor(technician), at=desk.AT)
    assert desk.answer(source, technician, "An answer", once="form").pk == first.pk
    assert desk.note(source, technician, once="note").pk == desk.note(source, technician, once="note").pk
