"""What readers and staff find in lists: queues, ranks, and numbers that say nothing of what is hidden."""

from datetime import UTC, datetime, timedelta

import pytest

from podpora.forum import actions, queries
from podpora.forum.models import Post, Topic
from podpora.forum.values import Queue
from podpora.journeys import finding
from tests.make import forum as make
from tests.make import people

pytestmark = pytest.mark.django_db


def fresh(topic: Topic) -> Topic:
    return Topic.objects.select_related("category").get(pk=topic.pk)


def test_whispers_make_nothing_unread_and_no_page_longer(at: datetime) -> None:
    """S54: what only staff see is in no number that others see."""
    technician = people.staff()
    topic, staff = make.topic(at=at), queries.reader_of(technician)
    actions.whisper(topic, "Known.", author=technician, by=people.actor(technician), at=at)
    author = topic.author
    assert author is not None
    for number in range(2, 22):  # twenty posts fill a page; the whisper among them makes no second one for readers
        make.reply(topic, make.member(), f"Answer {number}.", at=at + timedelta(minutes=number))
    topic = fresh(topic)
    assert (topic.highest, topic.last_shown, topic.replies) == (22, 22, 20)
    actions.note_reading(author, topic, 22, 5, at=at)
    actions.whisper(topic, "And again.", author=technician, by=people.actor(technician), at=at)
    topic = fresh(topic)
    mine = queries.reader_of(author)
    assert (topic.highest, topic.last_shown, queries.unread_count(mine)) == (23, 22, 0)
    row = next(each for each in queries.mark_read_state(mine, [topic], at=at) if each.topic == topic)
    assert row.unread == 0
    Post.objects.filter(topic=topic, number__in=(21, 22)).delete()
    actions.recount_all()
    topic = fresh(topic)
    assert (topic.last_shown, queries.post_page(topic, mine, 1).last, queries.post_page(topic, staff, 1).last) == (20, 1, 2)


def test_fo29_each_queue_has_what_waits_and_nothing_else(at: datetime) -> None:
    """A day without an answer; the author's word last; a week without a solution; details; mine. Closed and hidden things wait nowhere."""
    author, staff, where = make.member(), people.staff(), make.category()
    by, later = people.actor(staff), at + timedelta(days=8)
    lonely, asked_again, answered = (make.topic(where, make.member(), at=at) for _ in range(3))
    asked_again = make.topic(where, author, at=at)
    for topic in (asked_again, answered):
        make.reply(topic, staff, "Which version?", at=at + timedelta(hours=1))
    make.reply(asked_again, author, "Version 10.2.", at=at + timedelta(hours=2))
    actions.assign(answered, staff, by=by, at=at)
    actions.ask_details(answered, ["version"], by=by, at=at)
    for gone in (make.topic(where, make.member(), at=at), make.topic(where, make.member(), at=at)):
        (
            actions.set_closed(gone, True, by=by, at=at)
            if gone.number % 2
            else actions.delete_post(gone.posts.get(), person=staff, by=by, at=at)
        )
    reader = queries.reader_of(staff)
    waits = {queue: set(queries.queue_of(reader, queue, at=later).values_list("pk", flat=True)) for queue in Queue}
    others = {topic.pk for topic in Topic.objects.filter(category=where, state="visible", closed_at=None)}
    assert waits[Queue.UNANSWERED] == others - {asked_again.pk, answered.pk}
    assert lonely.pk in waits[Queue.UNANSWERED]
    assert waits[Queue.AUTHOR_LAST] == {asked_again.pk}
    assert waits[Queue.UNSOLVED] == others
    assert (waits[Queue.NEEDS_DETAILS], waits[Queue.MINE]) == ({answered.pk}, {answered.pk})
    assert queries.queue_counts(reader, at=later) == {queue: len(found) for queue, found in waits.items()}
    assert not queries.queue_of(reader, Queue.UNANSWERED, at=at + timedelta(hours=23)).exists()


def test_fo5_solved_topics_stand_higher_in_the_search_and_lists_narrow_by_it(at: datetime) -> None:
    """FO-5: of two topics alike the solved one comes first, also when it is the older one; `solved=yes|no` narrows."""
    where, author = make.category(), make.member()
    solved = make.topic(where, author, "Synchronisation stops at midnight", at=at)
    accepted = make.reply(solved, text="Restart it.", at=at)
    other = make.topic(where, make.member(), "Synchronisation stops at midnight", at=at + timedelta(hours=1))
    make.reply(other, text="Restart it.", at=at + timedelta(hours=1))

    def order() -> list[str]:
        found = finding.find("synchronisation midnight", None, language="en", zone=UTC, at=at + timedelta(days=1))
        return [hit.code for hit in found.found.hits]

    before = order()
    actions.accept(accepted, person=author, by=people.actor(author), at=at)
    assert (set(before), order()[0]) == ({solved.code, other.code}, solved.code)
    assert (
        next(topic.code for topic in queries.similar_topics(queries.anybody(), "Synchronisation stops at midnight", at=at))
        == solved.code
    )
    for wish, topic in (("yes", solved), ("no", other)):
        assert list(queries.narrowed(queries.anybody(), queries.TopicWish(solved=wish))) == [topic]
