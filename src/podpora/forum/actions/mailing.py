"""Mails of the forum: about posts, ten minutes after they were written (FO-21), and the digest (FO-22); addresses for topics by mail."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.forum import notices, queries, rules
from podpora.forum.actions.following import subscribe
from podpora.forum.actions.members import member_of
from podpora.forum.actions.tokens import new_address
from podpora.forum.models import Category, MailToken, Member, Post, Reading, Topic
from podpora.forum.values import MAILS_A_DAY, Level, Shown
from podpora.mail.queries import undeliverable
from podpora.people.models import Person

SEEN_WITHIN = timedelta(days=180)
MAIL_LIFE = timedelta(days=90)


@transaction.atomic
def tell_of_post(code: str, *, at: datetime) -> int:
    """FO-21: everybody who wants to hear of it and has not read it; if it is still there. How many mails."""
    post = Post.objects.select_related("topic__category", "author").filter(code=code).first()
    if post is None or post.state != Shown.VISIBLE or post.topic.state != Shown.VISIBLE or post.is_whisper:
        return 0
    mentioned = queries.members_named(rules.names_in(post.text))
    count = 0
    for watcher in queries.watchers_of(post, mentioned):
        if Reading.objects.filter(person=watcher.person, topic=post.topic_id, last_read__gte=post.number).exists():
            continue
        person = Person.objects.filter(pk=watcher.person, is_active=True).first()
        if person is None or not queries.can_read(person, post.topic) or not _counts(person, at=at):
            continue
        kind = "forum.mentioned" if watcher.is_mentioned else "forum.topic" if post.number == 1 else "forum.replied"
        reply_to = new_address(person, topic=post.topic, number=post.number, at=at)
        notices.of_post(post, person, kind, reply_to=reply_to, at=at)
        count += 1
    return count


def _counts(person: Person, *, at: datetime) -> bool:
    """One more mail today, if it is not the hundred and first (FO-21)."""
    member = Member.objects.select_for_update().get(pk=member_of(person, at=at).pk)
    today = vendor_date(at, settings.VENDOR_ZONE)
    sent = member.mails_count if member.mails_on == today else 0
    if sent >= MAILS_A_DAY:
        return False
    Member.objects.filter(pk=member.pk).update(mails_on=today, mails_count=sent + 1)
    return True


def send_digests(*, at: datetime, size: int = 200) -> int:
    """FO-22: who was not here for as long as he wants to be left alone, and to whom there is something to say. How many mails."""
    candidates = Member.objects.filter(digest_days__gt=0, person__is_active=True, last_seen_at__gt=at - SEEN_WITHIN)
    due = candidates.filter(Q(digest_at=None) | Q(digest_at__lte=at - timedelta(days=1))).order_by("digest_at")
    return sum(_digest(member, at=at) for member in due.select_related("person")[:size] if _is_due(member, at))


def _is_due(member: Member, at: datetime) -> bool:
    """The last attempt and the last visit are both older than his period."""
    wait = timedelta(days=member.digest_days)
    return (member.digest_at is None or member.digest_at <= at - wait) and member.last_seen_at <= at - wait


@transaction.atomic
def _digest(member: Member, *, at: datetime) -> bool:
    Member.objects.filter(pk=member.pk).update(digest_at=at)
    person = member.person
    if undeliverable([person.email]):
        return False
    reader = queries.reader_of(person)
    since = max(member.digest_at or member.joined_at, at - timedelta(days=max(member.digest_days, 7)))
    fresh = queries.topics_seen(reader).filter(started_at__gt=since).exclude(author=person)
    popular = list(fresh.order_by("-votes", "-replies", "-pk")[:5])
    if not popular:
        return False
    others = list(fresh.exclude(pk__in=[topic.pk for topic in popular]).order_by("-pk")[:5])
    posts = queries.posts_seen(reader).filter(written_at__gt=since, number__gt=1, is_whisper=False).exclude(author=person)
    best = list(posts.select_related("topic").order_by("-votes", "-pk")[:5])
    facts = {"popular": _named(popular), "others": _named(others), "posts": notices.excerpts(best)}
    notices.digest(person, facts, at=at)
    return True


def _named(topics: list[Topic]) -> list[dict[str, object]]:
    return [
        {"title": topic.title, "replies": topic.replies, "url": f"{settings.SITE_URL}{notices.topic_url(topic)}"}
        for topic in topics
    ]


@transaction.atomic
def topic_address(person: Person, category: Category, *, by: Actor, at: datetime) -> str:
    """FO-23: his own secret address for new topics in this category; asked for again, there is a new one and the old one is dead."""
    MailToken.objects.filter(person=person, category=category, revoked_at=None).update(revoked_at=at)
    address = new_address(person, category=category, at=at)
    record("forum.mail_address", f"person:{person.code}", by=by, at=at, facts={"category": category.code})
    return address


@transaction.atomic
def leave_by_mail(person: Person, topic_pk: int, *, at: datetime) -> None:
    """One click in a mail: no more mails of this topic; with 0 no more digests. A topic that is gone sends none."""
    if topic_pk:
        for topic in Topic.objects.filter(pk=topic_pk):
            subscribe(person, Level.TRACKING, topic=topic, at=at)
    else:
        Member.objects.filter(person=person).update(digest_days=0)


def tell_not_published(person: Person, why: str, subject: str, *, at: datetime) -> None:
    """FO-23: why a mail of his is not in the forum."""
    notices.mail_refused(person, why, subject[:200], at=at)


def count_view(topic: Topic) -> None:
    """Somebody signed in opened it. Visitors are not counted: their pages are shared, and nothing is written for them."""
    Topic.objects.filter(pk=topic.pk).update(views=F("views") + 1)


def forget_tokens(*, at: datetime) -> int:
    """Addresses for answers that are older than ninety days."""
    return MailToken.objects.filter(topic__isnull=False, made_at__lte=at - 2 * MAIL_LIFE).delete()[0]
