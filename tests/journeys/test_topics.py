"""FO-31, FB-1, FB-4: a topic becomes a ticket, a ticket becomes a topic; badges follow licences."""

from datetime import datetime, timedelta

import pytest

from podpora.audit.models import Entry
from podpora.base.decisions import Refused
from podpora.forum.models import Member, Topic
from podpora.forum.values import Trust
from podpora.journeys import forum_standing
from podpora.journeys import topics as journey
from podpora.journeys.topics import PublicDraft
from tests.make import desk, licensing, people
from tests.make import forum as make

pytestmark = pytest.mark.django_db


def test_fo31_fb4_a_topic_becomes_a_private_ticket_by_decision_of_staff(at: datetime) -> None:
    author, technician = make.member(), people.staff()
    topic = make.topic(author=author, title="It stops at every start", text="See the log, please.", at=at)
    make.reply(topic, text="Mine, too.", at=at)
    ticket = journey.to_ticket(topic, [1, 2], by=people.actor(technician), at=at)
    assert (ticket.requester, ticket.is_private, ticket.subject) == (author, True, "It stops at every start")
    first, note = ticket.messages.exclude(kind="event").order_by("pk")[:2]
    assert "See the log, please." in first.text
    assert "Mine, too." in first.text
    assert (note.kind, f"/forum/topics/{topic.number}/" in note.text) == ("note", True)
    assert Topic.objects.get(pk=topic.pk).ticket == ticket.code
    assert Entry.objects.filter(verb="topic.ticket").exists()
    with pytest.raises(Refused) as refused:
        journey.to_ticket(topic, [], by=people.actor(technician), at=at)
    assert refused.value.decision.code == "forum.ticket_already"


def test_fo31_a_ticket_is_published_only_with_consent_and_without_names(at: datetime) -> None:
    asks = people.person("jana.tajna@private.example", "Jana Tajná")
    technician = people.staff()
    text = "Dobrý den, jsem Jana Tajná, píšu z jana.tajna@private.example, tel. +420 601 123 456. Kalendář je prázdný."
    ticket = desk.ticket(asks, subject="Kalendář Jany Tajné", text=text, at=at)
    desk.answer(ticket, technician, "Dobrý den, paní Tajná, otevřete Nastavení.", at=at)
    draft = journey.anonymised(ticket)
    for private in ("Taj", "jana.tajna", "601 123"):
        assert private not in f"{draft.title} {draft.question} {draft.answer}", private
    assert "Kalendář je prázdný" in draft.question
    where, by = make.category(), people.actor(technician)
    wish = PublicDraft("Prázdný kalendář po startu", draft.question, draft.answer)
    with pytest.raises(Refused) as refused:
        journey.from_ticket(ticket, wish, where, by=by, at=at)
    assert refused.value.decision.code == "forum.no_consent"
    agreed = PublicDraft(wish.title, wish.question, wish.answer, consent=True)
    first, again = (journey.from_ticket(ticket, agreed, where, by=by, at=at + timedelta(minutes=n)) for n in range(2))
    assert first.pk == again.pk
    assert (Topic.objects.get().from_ticket, Topic.objects.get().solved_at is not None) == (ticket.code, True)
    assert Entry.objects.get(verb="ticket.published").facts["consent"] is True


def test_fb1_badges_follow_licences(at: datetime) -> None:
    owner, other = make.member(Trust.NEW), make.member(Trust.NEW)
    licensing.licence(people.customer_of(owner))
    assert forum_standing.refresh(on=at.date(), at=at) == 1
    row = Member.objects.get(person=owner)
    assert (row.is_customer, row.trust) == (True, Trust.MEMBER)
    assert not Member.objects.get(person=other).is_customer
    assert forum_standing.refresh(on=at.date(), at=at) == 0
