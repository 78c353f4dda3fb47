"""Tags, fields, links, putting off, drafts, sending later, mentions, forwarding, ratings, time."""

import email
import email.policy
from datetime import timedelta

import pytest

from podpora.base.actors import system
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.models import Attachment, Follower, Link, Message, Rating, Tag, Ticket, TicketTag
from podpora.desk.values import (
    ClosedAs,
    FieldKind,
    LinkKind,
    MessageKind,
    Purpose,
    Score,
    State,
    TagColour,
    TicketKind,
    Upload,
)
from podpora.mail.actions import sending
from podpora.mail.models import OutgoingMail
from tests.make import desk, people

pytestmark = pytest.mark.django_db
AT = desk.AT
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SYSTEM = system("test")


def events(ticket: Ticket) -> list[str]:
    return list(Message.objects.filter(ticket=ticket, kind=MessageKind.EVENT).order_by("pk").values_list("event", flat=True))


def mails(kind: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind=kind).order_by("pk"))


# Tags


def test_tags_have_one_form_and_stand_once() -> None:
    by = people.actor(people.staff())
    ticket = desk.ticket()
    actions.change_tags(ticket, add=["  VIP   Client ", "vip client", "sync"], by=by, at=AT)
    assert [tag.name for tag in queries.tags_of(ticket)] == ["sync", "vip client"]
    actions.change_tags(ticket, add=["sync"], remove=["nothing"], by=by, at=AT)
    assert events(ticket).count("tagged") == 1
    actions.set_tags(ticket, ["other"], by=by, at=AT)
    assert [tag.name for tag in queries.tags_of(ticket)] == ["other"]


@pytest.mark.parametrize("name", ["", "a,b", "x" * 41, "<b>", "\x00"])
def test_what_is_no_tag_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        actions.change_tags(desk.ticket(), add=[name], by=SYSTEM, at=AT)
    assert problem.value.fields == {"tags": ["tag.not_a_name"]}


def test_a_ticket_has_twenty_tags_at_most() -> None:
    ticket = desk.ticket()
    actions.change_tags(ticket, add=[f"t{n}" for n in range(20)], by=SYSTEM, at=AT)
    with pytest.raises(InvalidInput):
        actions.change_tags(ticket, add=["t20"], by=SYSTEM, at=AT)


def test_tags_are_renamed_and_merged_with_their_tickets() -> None:
    one, two = desk.ticket(), desk.ticket()
    actions.change_tags(one, add=["sync", "synchronisation"], by=SYSTEM, at=AT)
    actions.change_tags(two, add=["sync"], by=SYSTEM, at=AT)
    source, target = Tag.objects.get(name="sync"), Tag.objects.get(name="synchronisation")
    assert actions.merge_tags(source, target, by=SYSTEM, at=AT) == 1
    assert not Tag.objects.filter(name="sync").exists()
    assert TicketTag.objects.filter(tag=target).count() == 2
    actions.save_tag("synchronisation", colour=TagColour.WARN, is_active=True, new_name="Sync", by=SYSTEM, at=AT)
    assert [(tag.name, tag.colour) for tag in queries.tags_of(two)] == [("sync", "warn")]
    actions.save_tag("other", colour=TagColour.PLAIN, is_active=True, by=SYSTEM, at=AT)
    with pytest.raises(InvalidInput):
        actions.save_tag("other", colour=TagColour.PLAIN, is_active=True, new_name="sync", by=SYSTEM, at=AT)


def test_vi_3_the_suggestions_name_no_tag_of_tickets_that_one_can_not_read() -> None:
    inside, outside = people.staff(), people.staff()
    ticket = desk.ticket()
    actions.set_members(ticket.queue, [inside], by=SYSTEM, at=AT)
    actions.change_tags(ticket, add=["acquisition"], by=SYSTEM, at=AT)
    assert [tag.name for tag in queries.tags_for(inside, "acq")] == ["acquisition"]
    assert queries.tags_for(outside, "acq") == []


# Fields


def field(code: str, kind: FieldKind = FieldKind.TEXT, **more: object) -> None:
    plan = actions.FieldPlan(code, kind, code, code, **more)  # type: ignore[arg-type]
    actions.save_field(plan, by=SYSTEM, at=AT)


CHOICES = (("windows", "Windows", "Windows"), ("other", "Jiné", "Other"))


def test_fields_are_conditional_and_what_is_hidden_is_forgotten() -> None:
    field("system", FieldKind.CHOICE, choices=CHOICES)
    field("which", shown_when="system", shown_when_values=["other"], is_required=True)
    ticket = desk.ticket()
    actions.set_fields(ticket, {"system": "other", "which": "Plan 9"}, by=SYSTEM, at=AT)
    assert queries.values_of(ticket) == {"system": "other", "which": "Plan 9"}
    actions.set_fields(ticket, {"system": "windows"}, by=SYSTEM, at=AT)
    assert queries.values_of(ticket) == {"system": "windows"}
    fields = queries.fields_of(ticket.queue_id)
    with pytest.raises(InvalidInput) as problem:
        actions.read_values(fields, {"system": "other"}, had={}, complete=True)
    assert problem.value.fields == {"fields.which": ["required"]}
    assert actions.read_values(fields, {"system": "windows"}, had={}, complete=True) == {"system": "windows"}


def test_fields_of_another_queue_are_unknown_and_stay() -> None:
    licences = desk.queue(Purpose.LICENCE_BILLING)
    field("invoice", queues=[licences])
    ticket = desk.ticket(purpose=Purpose.LICENCE_BILLING)
    actions.set_fields(ticket, {"invoice": "2026/1"}, by=SYSTEM, at=AT)
    actions.move_queue(ticket, desk.queue(), by=SYSTEM, at=AT)
    field("other")
    actions.set_fields(ticket, {"other": "x"}, by=SYSTEM, at=AT)
    assert queries.values_of(ticket) == {"invoice": "2026/1", "other": "x"}
    with pytest.raises(InvalidInput) as problem:
        actions.set_fields(ticket, {"invoice": "2026/2"}, by=SYSTEM, at=AT)
    assert problem.value.fields == {"fields.invoice": ["unknown"]}


def test_a_field_in_use_keeps_its_kind_and_waits_for_no_circle() -> None:
    field("a")
    field("b", shown_when="a")
    ticket = desk.ticket()
    actions.set_fields(ticket, {"a": "1"}, by=SYSTEM, at=AT)
    for wrong, name in (
        (actions.FieldPlan("a", FieldKind.NUMBER, "a", "a"), "kind"),
        (actions.FieldPlan("a", FieldKind.TEXT, "a", "a", shown_when="b"), "shown_when"),
    ):
        with pytest.raises(InvalidInput) as problem:
            actions.save_field(wrong, by=SYSTEM, at=AT)
        assert list(problem.value.fields) == [name]


def test_fields_are_found() -> None:
    field("several", FieldKind.MULTI, choices=[("a", "a", "a"), ("ab", "ab", "ab"), ("č", "č", "č")])
    one, two = desk.ticket(), desk.ticket()
    actions.set_fields(one, {"several": ["ab", "č"]}, by=SYSTEM, at=AT)
    actions.set_fields(two, {"several": ["a"]}, by=SYSTEM, at=AT)
    assert list(Ticket.objects.filter(queries.field_is("several", "Č"))) == [one]
    assert list(Ticket.objects.filter(queries.field_is("several", "a"))) == [two]


# Links and families


def test_links_are_seen_from_both_sides_and_only_where_both_are_seen() -> None:
    inside, outside = people.staff(), people.staff()
    one, two = desk.ticket(), desk.ticket(purpose=Purpose.GENERAL)
    actions.set_members(two.queue, [inside], by=SYSTEM, at=AT)
    for _twice in range(2):
        actions.link(one, two, LinkKind.BLOCKS, by=SYSTEM, at=AT)
    assert [(found.other, found.is_from_here) for found in queries.links_of(two, inside)] == [(one, False)]
    assert queries.links_of(one, outside) == []
    with pytest.raises(Refused, match=r"ticket\.link_itself"):
        actions.link(one, one, LinkKind.RELATES, by=SYSTEM, at=AT)
    actions.unlink(Link.objects.get(), by=SYSTEM, at=AT)
    assert queries.links_of(one, inside) == []


def test_a_ticket_never_stands_below_itself_and_its_parts_can_be_closed_together() -> None:
    top, middle, bottom = (desk.ticket() for _ in range(3))
    actions.set_parent(middle, top, by=SYSTEM, at=AT)
    actions.set_parent(bottom, middle, by=SYSTEM, at=AT)
    for wrong in (bottom, top):
        with pytest.raises(Refused, match=r"ticket\.parent_circle"):
            actions.set_parent(top, wrong, by=SYSTEM, at=AT)
    actions.change_state(top, State.SOLVED, by=SYSTEM, at=AT)
    middle.refresh_from_db()
    assert middle.state == State.NEW  # asked about, not done silently
    assert actions.close_children(top, State.SOLVED, reader=None, by=SYSTEM, at=AT) == [middle]


def test_vi_3_parts_that_one_does_not_see_are_not_closed_with_the_others() -> None:
    inside, outside = people.staff(), people.staff()
    top, seen, hidden = desk.ticket(purpose=Purpose.GENERAL), desk.ticket(purpose=Purpose.GENERAL), desk.ticket()
    actions.set_members(hidden.queue, [inside], by=SYSTEM, at=AT)
    for part in (seen, hidden):
        actions.set_parent(part, top, by=SYSTEM, at=AT)
    with pytest.raises(NotYours):
        actions.close_children(top, State.SOLVED, reader=outside, by=SYSTEM, at=AT)
    assert set(Ticket.objects.filter(parent=top).values_list("state", flat=True)) == {State.NEW}
    assert len(actions.close_children(top, State.SOLVED, reader=inside, by=SYSTEM, at=AT)) == 2


# Putting off


def test_a_ticket_that_is_put_off_comes_back_once_when_its_moment_comes() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    by = people.actor(technician)
    actions.snooze(ticket, AT + DAY, by=by, at=AT)
    ticket.refresh_from_db()
    assert (ticket.rank, ticket.since) == (190, AT + DAY)
    assert actions.wake_due(by=SYSTEM, at=AT + DAY - MINUTE) == 0
    assert actions.wake_due(by=SYSTEM, at=AT + DAY) == 1
    assert actions.wake_due(by=SYSTEM, at=AT + DAY) == 0
    ticket.refresh_from_db()
    assert (ticket.snoozed_until, ticket.rank < 100) == (None, True)
    assert len(mails("ticket.woken")) == 1
    assert events(ticket)[-2:] == ["snoozed", "woken"]


def test_the_customers_word_brings_it_back_and_solving_ends_it() -> None:
    technician = people.staff()
    by = people.actor(technician)
    ticket, other = desk.ticket(), desk.ticket()
    for each in (ticket, other):
        actions.snooze(each, AT + DAY, by=by, at=AT)
    desk.ask_again(ticket)
    desk.answer(other, technician, then=State.SOLVED)
    for each in (ticket, other):
        each.refresh_from_db()
        assert each.snoozed_until is None
    with pytest.raises(Refused, match=r"ticket\.snooze_done"):
        actions.snooze(other, AT + DAY, by=by, at=AT)
    for wrong in (AT, AT + 367 * DAY):
        with pytest.raises(InvalidInput):
            actions.snooze(ticket, wrong, by=by, at=AT)


# Drafts


def test_a_colleague_named_in_a_note_is_told_once_and_follows_if_he_may_read_it() -> None:
    author, named, foreign = people.staff(name="Adam Autor"), people.staff(name="Boris Bílý"), people.staff(name="Cyril Cizí")
    ticket = desk.ticket()
    actions.set_members(ticket.queue, [author, named], by=SYSTEM, at=AT)
    actions.assign(ticket, author, by=SYSTEM, at=AT)
    desk.note(ticket, author, f"@boris.bily and @{foreign.email}, look. a@boris.bily")
    assert [row.person for row in Follower.objects.all()] == [named]
    assert [mail.to_address for mail in mails("ticket.mentioned")] == [named.email]
    assert mails("ticket.followed") == []
    desk.ask_again(ticket, "News")
    assert [mail.to_address for mail in mails("ticket.followed")] == [named.email]
    actions.set_members(ticket.queue, [author], by=SYSTEM, at=AT)
    desk.ask_again(ticket, "More news", at=AT + MINUTE)
    assert len(mails("ticket.followed")) == 1  # VI-5
    with pytest.raises(Refused, match=r"ticket\.not_technicians"):
        actions.follow(ticket, named, by=SYSTEM, at=AT)


# Forwarding


def test_th_12_forwarded_words_are_a_note_here_and_no_note_goes_out() -> None:
    technician = people.staff()
    ticket = desk.ticket(text="It stops.")
    desk.note(ticket, technician, "CANARY in a note")
    note = actions.forward(
        ticket,
        actions.Forward("Supplier@Elsewhere.example", "Do you know this?", with_history=True),
        by=people.actor(technician),
        at=AT,
    )
    (mail,) = mails("ticket.forwarded")
    assert (mail.to_address, mail.message_id) == ("supplier@elsewhere.example", note.message_id)
    assert "Do you know this?" in mail.text
    assert "It stops." in mail.text
    assert "CANARY" not in mail.text + mail.html
    assert (note.kind, note.is_internal_mail) == (MessageKind.NOTE, True)
    assert "Do you know" not in str(list(queries.messages_for_customer(ticket).values_list("text", "event_facts")))
    with pytest.raises(InvalidInput):
        actions.forward(ticket, actions.Forward("nobody", "x"), by=people.actor(technician), at=AT)


def test_files_that_are_forwarded_go_along() -> None:
    technician = people.staff()
    ticket = desk.ticket(text="It stops.", uploads=[Upload("log ž.txt", b"the end", "text/plain")])
    file = Attachment.objects.get()
    actions.forward(ticket, actions.Forward("s@elsewhere.example", "See.", files=[file.code]), by=people.actor(technician), at=AT)
    (mail,) = mails("ticket.forwarded")
    sent = email.message_from_bytes(sending.built(mail), policy=email.policy.default)
    (enclosed,) = sent.iter_attachments()
    assert (enclosed.get_filename(), enclosed.get_content()) == ("log ž.txt", "the end")
    assert sent.get_body(("plain",)) is not None


# Ratings


def solved(at_proven: bool = True) -> Ticket:
    who = people.person() if at_proven else people.guest()
    ticket = desk.ticket(who)
    desk.answer(ticket, people.staff(), then=State.SOLVED)
    ticket.refresh_from_db()
    return ticket


def test_the_question_goes_out_once_and_not_to_who_has_not_proven_his_address() -> None:
    ticket = solved()
    solved(at_proven=False)
    spam = solved()
    actions.close_as(spam, ClosedAs.SPAM, by=SYSTEM, at=AT)
    assert actions.ask_due(by=SYSTEM, at=AT + 10 * MINUTE) == 0
    assert actions.ask_due(by=SYSTEM, at=AT + 61 * MINUTE) == 1
    assert actions.ask_due(by=SYSTEM, at=AT + 62 * MINUTE) == 0
    assert [mail.to_address for mail in mails("ticket.satisfaction")] == [ticket.requester.email]
    assert mails("ticket.satisfaction")[0].automatic


def test_a_rating_stands_in_the_history_and_the_later_one_counts() -> None:
    ticket = solved()
    who = people.actor(ticket.requester)
    actions.rate(ticket, Score.GOOD, by=who, at=AT)
    actions.rate(ticket, Score.BAD, "Slow", by=who, at=AT)
    rating = Rating.objects.get()
    assert (rating.score, rating.comment) == (Score.BAD, "Slow")
    assert events(ticket)[-2:] == ["rated", "rated"]


# The rest


def test_time_is_summed_and_taken_back() -> None:
    by = people.actor(people.staff())
    ticket = desk.ticket()
    actions.add_time(ticket, 20, "Looked", by=by, at=AT)
    entry = actions.add_time(ticket, 5, by=by, at=AT)
    ticket.refresh_from_db()
    assert ticket.spent_minutes == 25
    actions.remove_time(entry, by=by, at=AT)
    ticket.refresh_from_db()
    assert ticket.spent_minutes == 20
    for wrong in (0, -1, 24 * 60 + 1):
        with pytest.raises(InvalidInput):
            actions.add_time(ticket, wrong, by=by, at=AT)


def test_subject_and_kind_and_own_states() -> None:
    by = people.actor(people.staff())
    ticket = desk.ticket()
    actions.set_subject(ticket, "  Better   words ", by=by, at=AT)
    actions.set_kind(ticket, TicketKind.PROBLEM, by=by, at=AT)
    own = actions.save_own_state(
        "developers", State.WAITING_VENDOR, name_cs="U vývojářů", name_en="With the developers", by=by, at=AT
    )
    actions.set_own_state(ticket, own, by=by, at=AT)
    ticket.refresh_from_db()
    assert (ticket.subject, ticket.kind, ticket.state, ticket.own_state) == ("Better words", "problem", "waiting_vendor", own)
    assert "Better words" in str(list(Ticket.objects.filter(subject_folded__contains="better words")))
    actions.change_state(ticket, State.OPEN, by=by, at=AT)
    ticket.refresh_from_db()
    assert ticket.own_state is None
    with pytest.raises(InvalidInput):
        actions.set_subject(ticket, "", by=by, at=AT)


def test_closed_as_spam_tells_nobody() -> None:
    ticket = desk.ticket()
    actions.close_as(ticket, ClosedAs.SPAM, by=people.actor(people.staff()), at=AT)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed_as) == (State.CLOSED, ClosedAs.SPAM)
    assert mails("ticket.solved") == []
    actions.change_state(ticket, State.OPEN, by=SYSTEM, at=AT)
    ticket.refresh_from_db()
    assert ticket.closed_as == ""
