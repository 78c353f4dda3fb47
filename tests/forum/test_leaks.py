"""S54: what somebody may not read is in no list, count, feed, suggestion, search, file, history or profile."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from podpora.base import clock
from podpora.forum import actions, queries
from podpora.forum.models import Post, Topic
from podpora.forum.values import FlagKind
from podpora.journeys import finding
from podpora.people.models import Person
from podpora.people.values import StaffRole
from tests.make import forum as make
from tests.make import people

pytestmark = pytest.mark.django_db
WORD = "tajemstvi"


def hidden_things(at: datetime) -> tuple[Person, Topic]:
    """One writer with four things that others must not see: staff only, deleted, hidden, a whisper."""
    author, technician = make.member(name="Writer Visible"), people.staff()
    inside = make.category("inside", reads="staff")
    where = make.category("open")
    make.topic(inside, technician, f"Secret plan {WORD}", f"About {WORD}.", at=at, tags=[WORD])
    gone = make.topic(where, author, f"Deleted plan {WORD}", f"About {WORD}.", at=at, tags=[WORD])
    actions.delete_post(gone.posts.get(), person=technician, by=people.actor(technician), at=at)
    topic = make.topic(where, author, "An ordinary question", "Nothing special.", at=at + timedelta(minutes=2))
    post = make.reply(topic, author, f"Bad {WORD} words.", at=at + timedelta(minutes=4))
    for _ in range(3):
        reader = make.member()
        actions.flag(post, FlagKind.ABUSE, person=reader, by=people.actor(reader), at=at + timedelta(minutes=5))
    actions.whisper(topic, f"Whispered {WORD}.", author=technician, by=people.actor(technician), at=at + timedelta(minutes=6))
    edited = make.reply(topic, author, "Fine words.", at=at + timedelta(minutes=8))
    assert edited.number == 4
    return author, topic


def addresses(author: Person, topic: Topic) -> list[str]:
    handle = actions.member_of(author, at=clock.now()).handle
    return [
        "/forum/", "/forum/latest/", "/forum/latest/?order=top", "/forum/latest/?solved=no", "/forum/c/open/", f"/forum/tags/{WORD}/",
        "/forum/feed.atom", "/forum/c/open/feed.atom", f"/forum/topics/{topic.number}/feed.atom", "/sitemap.xml", "/sitemap-0.xml",
        f"/forum/topics/{topic.number}/{topic.slug}/", f"/forum/people/{handle}/", "/api/v1/topics", f"/api/v1/topics/{topic.number}",
        f"/api/v1/topics/{topic.number}/posts", "/api/v1/forum/categories",
    ]  # fmt: skip


def test_s54_nothing_hidden_is_anywhere() -> None:
    at = clock.now() - timedelta(hours=2)
    author, topic = hidden_things(at)
    stranger = Client()
    member = Client()
    member.force_login(make.member())
    for client in (stranger, member):
        for url in addresses(author, topic):
            cache.clear()
            text = client.get(url).content.decode().replace(f"/forum/tags/{WORD}/", "").replace(f"#{WORD}", "")
            assert WORD not in text.lower(), url
        for gone in (
            "/forum/c/inside/",
            "/forum/c/inside/feed.atom",
            f"/forum/topics/{topic.number}/posts/2/",
            f"/forum/topics/{topic.number}/posts/3/",
        ):
            assert client.get(gone).status_code == 404, gone
    assert WORD not in member.get(f"/forum/similar/?title=Secret+plan+{WORD}").content.decode()
    assert member.get(f"/forum/topics/{topic.number}/{topic.slug}/?quote=2").content.decode().count(WORD) == 0
    whisper = Post.objects.get(topic=topic, number=3)
    for url in (f"/forum/posts/{whisper.code}/history/", f"/forum/posts/{whisper.code}/edit/"):
        assert member.get(url).status_code == 404


def test_s54_counts_and_searches_say_nothing_either() -> None:
    at = clock.now() - timedelta(hours=2)
    _author, topic = hidden_things(at)
    reader = make.member()
    for person in (None, reader):
        who = queries.reader_of(person) if person else queries.anybody()
        assert queries.topics_seen(who).count() == 1
        assert queries.posts_seen(who).count() == 2  # the question and the last answer
        assert queries.popular_tags(who) == []
        found: Any = finding.similar(f"Secret plan {WORD}", "", person, language="en", at=clock.now())
        assert found == []
    topic.refresh_from_db()
    assert (topic.replies, topic.category.topics_count, topic.category.posts_count) == (1, 1, 2)


def test_moving_a_topic_hides_it_at_once() -> None:
    at = clock.now() - timedelta(hours=2)
    author = make.member()
    topic = make.topic(make.category("open"), author, f"About the {WORD} here", at=at)
    boss = people.staff()
    reader = make.member()
    assert finding.similar(f"About the {WORD} here", "", reader, language="en", at=clock.now())
    actions.move(topic, make.category("inside", reads="staff"), by=people.actor(boss), at=at)
    assert finding.similar(f"About the {WORD} here", "", reader, language="en", at=clock.now()) == []
    assert finding.similar(f"About the {WORD} here", "", boss, language="en", at=clock.now())
    assert queries.topics_seen(queries.reader_of(author)).count() == 0


def test_what_was_reported_and_then_mended_is_not_read_in_the_history() -> None:
    """FO-15, S54: the text that readers reported; and one that a moderator hides by hand, until he shows it again."""
    at = clock.now() - timedelta(hours=2)
    author, moderator = make.member(), people.staff(StaffRole.MODERATOR)
    topic = make.topic(author=author, text=f"Rude {WORD}.", at=at)
    post = topic.posts.get()
    for _ in range(3):
        reader = make.member()
        actions.flag(post, FlagKind.ABUSE, person=reader, by=people.actor(reader), at=at)
    actions.edit(post, "Polite words.", person=author, by=people.actor(author), at=at + timedelta(minutes=15))
    url, client, review = f"/forum/posts/{post.code}/history/", Client(), Client()
    review.force_login(moderator)
    assert client.get(url).status_code == 200
    assert WORD not in client.get(url).content.decode()
    assert WORD in review.get(url).content.decode()
    for deed, seen in (("show", True), ("hide", False)):
        assert review.post(f"/desk/forum/posts/{post.code}/history/1/", {"deed": deed}).status_code == 302
        assert (WORD in client.get(url).content.decode()) is seen
    assert review.post(f"/desk/forum/posts/{post.code}/history/9/", {"deed": "hide"}).status_code == 404


def test_figures_on_a_profile_are_of_what_everybody_reads() -> None:
    at = clock.now() - timedelta(hours=2)
    author, where, inside = make.member(name="Anna Counted"), make.category("open"), make.category("inside", reads="staff")
    topic = make.topic(where, author, at=at)
    answer = make.reply(make.topic(where, at=at), author, at=at + timedelta(minutes=1))
    asker = answer.topic.author
    assert asker is not None
    actions.accept(answer, person=asker, by=people.actor(asker), at=at)

    def figures() -> tuple[int, int, int]:
        row = actions.member_of(author, at=at)
        return row.topics_count, row.posts_count, row.solutions_count

    assert figures() == (1, 1, 1)
    for each in (topic, answer.topic):
        actions.move(each, inside, by=people.actor(people.staff()), at=at)
    assert figures() == (0, 0, 0)
    actions.move(topic, where, by=people.actor(people.staff()), at=at)
    assert figures() == (1, 0, 0)
