"""Whom the forum tells what. Answers wait ten minutes (FO-21); what they say is asked again just before it goes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from podpora.base.actors import Actor
from podpora.forum import queries, rules
from podpora.forum.models import Member, Penalised, Post, Solution, Topic
from podpora.forum.values import MAIL_WAIT, REVIEW_NAMES, WANTED_NAMES, Review, Shown, Wanted
from podpora.jobs.actions import enqueue
from podpora.notifications.actions import tell
from podpora.notifications.values import Recipient, Thread
from podpora.people.models import Person
from podpora.people.queries import recipient_of, staff_with

TELL = "podpora.forum.jobs.tell_of_post"


def url_of(post: Post) -> str:
    return reverse("forum:post", args=[post.topic.number, post.number])


def topic_url(topic: Topic) -> str:
    return reverse("forum:topic", args=[topic.number, topic.slug or "-"])


def post_written(post: Post, *, at: datetime) -> None:
    """FO-21: in ten minutes, if it is still unread then."""
    enqueue(TELL, {"post": post.code}, at=at, run_after=at + MAIL_WAIT)


def mail_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"


def thread_of(post: Post) -> Thread:
    """Stable ids, so that a topic is one conversation in every mail program."""
    domain = mail_domain()
    first = rules.message_id(post.topic.number, 1, domain)
    own = rules.message_id(post.topic.number, post.number, domain)
    answers = rules.message_id(post.topic.number, post.reply_to, domain) if post.reply_to else first
    if post.number == 1:
        return Thread(sender_name=post.author_name)
    references = tuple(dict.fromkeys((first, answers)))
    return Thread(message_id="", in_reply_to=answers, references=(*references, own)[:3], sender_name=post.author_name)


def _of_a_list(unsubscribe: str) -> tuple[tuple[str, str], ...]:
    """What mail programs know a list by, and its end by one click (RFC 2919, RFC 8058)."""
    return (
        ("List-Unsubscribe", f"<{unsubscribe}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Id", f"<forum.{mail_domain()}>"), ("Precedence", "list"),
    )  # fmt: skip


def of_post(post: Post, person: Person, kind: str, *, reply_to: str, at: datetime) -> None:
    """One mail about one post. Whether he wants it and may read it was asked just now."""
    reader = recipient_of(person)
    unsubscribe = f"{settings.SITE_URL}{reverse('forum:unsubscribe', args=[rules.leave_token(person.pk, post.topic_id)])}"
    headers = _of_a_list(unsubscribe)
    known = Recipient(reader.address, reader.name, reader.language, reader.person_id, reply_to, headers)
    facts = {
        "title": post.topic.title, "author": post.author_name, "text": post.text[:4000], "number": post.number,
        "unsubscribe": unsubscribe, "can_reply": bool(known.reply_to),
    }  # fmt: skip
    once = f"{kind}:{post.code}"
    tell([known], kind, facts, at=at, once=once, url=url_of(post), thread=thread_of(post))


def solved(topic: Topic, solution: Solution, *, by: Actor, at: datetime) -> None:
    """FO-4: the answer's author, unless he accepted it himself; who asked, when staff accepted."""
    post = solution.post
    told = []
    if post is not None and post.author is not None and post.author_id != by.person_id:
        told.append((post.author, "answer"))
    if topic.author is not None and solution.by_staff and topic.author_id != by.person_id:
        told.append((topic.author, "question"))
    for person, role in told:
        if person.is_active and queries.can_read(person, topic):
            facts = {"title": topic.title, "role": role, "answer": post.excerpt if post else solution.title}
            once = f"forum.accepted:{topic.number}:{int(at.timestamp())}:{role}"
            tell([recipient_of(person)], "forum.accepted", facts, at=at, once=once, url=url_of(post) if post else topic_url(topic))


def details_asked(topic: Topic, *, reply_to: str, at: datetime) -> None:
    """FO-30: what is missing, as a list in his language, with an address to answer to."""
    author = topic.author
    if author is None or not author.is_active or not queries.can_read(author, topic):
        return
    reader = recipient_of(author)
    with translation.override(reader.language):
        wanted = [str(WANTED_NAMES[Wanted(each)]) for each in topic.details]
    known = Recipient(reader.address, reader.name, reader.language, reader.person_id, reply_to)
    facts: dict[str, Any] = {"title": topic.title, "wanted": wanted, "can_reply": bool(reply_to)}
    once = f"forum.details:{topic.number}:{int(at.timestamp())}"
    tell([known], "forum.details", facts, at=at, once=once, url=topic_url(topic))


def hidden(post: Post, *, at: datetime) -> None:
    """FO-15: its writer learns that it was hidden, and that he may change it."""
    if post.author is not None and post.author.is_active:
        facts = {"title": post.topic.title, "what": "hidden", "decision": "", "again": post.hidden_times > 1}
        tell(
            [recipient_of(post.author)],
            "forum.moderated",
            facts,
            at=at,
            once=f"hidden:{post.code}:{post.hidden_times}",
            url=url_of(post),
        )


def decided(post: Post, decision: Review, *, at: datetime) -> None:
    """FO-16: who reported is told what became of it; whose post waited or goes learns that, too."""
    people: list[tuple[Person, str]] = [
        (row.person, "report") for row in post.flags.filter(decision=decision, decided_at=at).select_related("person")
    ]
    if post.author is not None and decision in (Review.DISAGREED, Review.DELETED):
        people.append((post.author, "own"))
    for person, what in people:
        if person.is_active:
            reader = recipient_of(person)
            with translation.override(reader.language):
                said = str(REVIEW_NAMES[decision])
            facts = {"title": post.topic.title, "what": what, "decision": said, "again": False}
            url = url_of(post) if post.state == Shown.VISIBLE else reverse("forum:home")
            tell([reader], "forum.moderated", facts, at=at, once=f"decided:{post.code}:{int(at.timestamp())}:{what}", url=url)


def penalised(member: Member, row: Penalised, *, at: datetime) -> None:
    facts = {"title": "", "what": str(row.kind), "decision": row.why, "until": row.until_at, "again": False}
    once = f"penalised:{member.person_id}:{int(at.timestamp())}"
    tell([recipient_of(member.person)], "forum.moderated", facts, at=at, once=once, url=reverse("forum:home"))


def queue_waits(count: int, *, at: datetime) -> None:
    """FO-18: something waited for two days."""
    people = [recipient_of(person) for person in staff_with("moderate")]
    once = f"forum.review_waits:{at:%Y%m%d%H}"
    tell(people, "forum.review_waits", {"count": count}, at=at, once=once, url=reverse("forum_staff:reviews"))


def digest(person: Person, facts: dict[str, Any], *, at: datetime) -> None:
    """FO-22."""
    reader = recipient_of(person)
    unsubscribe = f"{settings.SITE_URL}{reverse('forum:unsubscribe', args=[rules.leave_token(person.pk, 0)])}"
    headers = _of_a_list(unsubscribe)
    known = Recipient(reader.address, reader.name, reader.language, None, "", headers)
    once = f"forum.digest:{person.pk}:{at:%Y%m%d}"
    tell([known], "forum.digest", facts | {"unsubscribe": unsubscribe}, at=at, once=once, url=reverse("forum:home"))


def mail_refused(person: Person, why: str, subject: str, *, at: datetime) -> None:
    """FO-23: why his mail was not published."""
    facts = {"why": why, "subject": subject}
    once = f"forum.mail_refused:{person.pk}:{int(at.timestamp())}"
    tell([recipient_of(person)], "forum.mail_refused", facts, at=at, once=once, url=reverse("forum:home"))


def excerpts(posts: Iterable[Post]) -> list[dict[str, str]]:
    """Posts as a digest lists them."""
    return [{"title": post.topic.title, "text": post.excerpt[:160], "url": f"{settings.SITE_URL}{url_of(post)}"} for post in posts]
