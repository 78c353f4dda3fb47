"""Writing: a new topic, an answer, a whisper among staff."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from podpora.audit.actions import announce, record
from podpora.base.actors import Actor, system
from podpora.base.errors import InvalidInput, Problems
from podpora.base.markdown import Rendered
from podpora.forum import notices, queries, rules
from podpora.forum.actions.details import clear_details
from podpora.forum.actions.files import claim_files
from podpora.forum.actions.following import follow
from podpora.forum.actions.holding import hold
from podpora.forum.actions.locking import locked
from podpora.forum.actions.writing import (
    Pen,
    address_mark,
    clean_text,
    clean_title,
    dressed,
    find_again,
    find_post,
    likeness,
    mark_of,
    next_number,
    once_key,
    pen_of,
)
from podpora.forum.models import Category, Draft, Member, Post, Topic, TopicTag
from podpora.forum.values import MOST_TAGS, NewPost, NewTopic, Reach, Shown
from podpora.people.models import Person


@transaction.atomic
def start_topic(category: Category, new: NewTopic, *, author: Person | None, by: Actor, at: datetime) -> Topic:
    """A question or a talk. Refused by the category, silence, and limits of newcomers; what looks like spam waits for a moderator
    (FO-18). Sent twice, written once. Raises InvalidInput."""
    pen = pen_of(author, by=by, at=at)
    once = once_key(new.post.once, pen, "new")
    if once and (again := Post.objects.select_related("topic__category").filter(once=once).first()):
        return again.topic
    title, tags = _checked(new)
    post, masked = _unmasked(new.post)
    rules.may_start(pen.facts, category.facts(), why=pen.why, at=at).or_refuse()
    done = dressed(post.text, author)
    held = _asked(pen, post, done, None, at=at)
    topic = Topic.objects.create(
        number=next_number("topic"), category=category, title=title, slug=rules.slug_of(title), language=new.language[:5],
        version=new.version[:30], author=author, author_name=pen.name, excerpt=done.excerpt, tag_names=",".join(tags), started_at=at,
        state=Shown.QUEUED if held else Shown.VISIBLE, last_post_at=at, last_author=author, last_author_name=pen.name,
    )  # fmt: skip
    TopicTag.objects.bulk_create([TopicTag(topic=topic, name=tag) for tag in tags])
    first = _write(topic, post, done, pen, once=once, held=held, at=at)
    Draft.objects.filter(person=author, place="").delete()
    record("topic.started", topic, by=by, at=at, facts={"category": category.code, "state": topic.state, "masked": masked})
    _consequences(topic, first, done, pen, held, at=at)
    return topic


@transaction.atomic
def reply(topic: Topic, new: NewPost, *, author: Person | None, by: Actor, at: datetime) -> Post:
    """An answer. Refused on a closed topic but for staff; the author's word clears "needs details" (FO-30). Sent twice, written once."""
    pen = pen_of(author, by=by, at=at)
    once = once_key(new.once, pen, topic.code)
    if once and (again := Post.objects.select_related("topic").filter(once=once).first()):
        return again
    topic = locked(topic)
    post, masked = _unmasked(new)
    rules.may_reply(pen.facts, topic.category.facts(), topic.facts(), why=pen.why, at=at).or_refuse()
    done = dressed(post.text, author)
    held = _asked(pen, post, done, topic, at=at)
    written = _write(topic, post, done, pen, once=once, held=held, at=at)
    Draft.objects.filter(person=author, place=topic.code).delete()
    facts = {"post": written.code, "number": written.number, "state": written.state, "masked": masked}
    record("topic.replied", topic, by=by, at=at, facts=facts)
    _consequences(topic, written, done, pen, held, at=at)
    return written


@transaction.atomic
def whisper(topic: Topic, text: str, *, once: str = "", author: Person | None, by: Actor, at: datetime) -> Post:
    """A word among staff in the topic: nobody else sees, counts or finds it. Sent twice, written once."""
    topic = locked(topic)
    pen = pen_of(author, by=by, at=at)
    key = once_key(once, pen, topic.code)
    if key and (again := Post.objects.select_related("topic").filter(once=key).first()):
        return again
    done = dressed(clean_text(text), author)
    post = _post(topic, NewPost(clean_text(text)), done, pen, at=at)
    post.is_whisper, post.once = True, key
    post.save()
    topic.save(update_fields=["highest"])
    record("topic.whispered", topic, by=by, at=at, facts={"post": post.code})
    return post


def publish(post: Post, *, at: datetime) -> None:
    """A post that waited becomes visible, with everything that this brings about. The caller has decided and recorded it."""
    topic = locked(post.topic)
    Post.objects.filter(pk=post.pk).update(state=Shown.VISIBLE)
    post.state = Shown.VISIBLE
    if post.number == 1:
        topic.state = Shown.VISIBLE
    post.topic = topic
    pen = pen_of(post.author, by=system("forum"), at=at) if post.author else None
    _seen(topic, post, is_staff=pen.facts.is_staff if pen else True, at=at)
    notices.post_written(post, at=at)


def _checked(new: NewTopic) -> tuple[str, list[str]]:
    """(title, tags). Raises InvalidInput with everything that is wrong."""
    problems = Problems()
    title = ""
    try:
        title = clean_title(new.title)
    except InvalidInput as problem:
        problems.include(problem)
    tags = list(dict.fromkeys(filter(None, (rules.tag_of(tag) for tag in new.tags))))
    if len(tags) < len({tag.strip().lower() for tag in new.tags if tag.strip()}):
        problems.add("tags", "forum.no_such_tag")
    elif len(tags) > MOST_TAGS:
        problems.add("tags", "too_many", most=MOST_TAGS)
    problems.or_refuse()
    return title, tags


def _unmasked(post: NewPost) -> tuple[NewPost, int]:
    """FB-3: licence keys are taken out before anybody sees them."""
    text, masked = rules.without_keys(clean_text(post.text))
    return replace(post, text=text), masked


def _asked(pen: Pen, post: NewPost, done: Rendered, topic: Topic | None, *, at: datetime) -> str:
    """Limits refuse (FO-12); what is only suspicious waits (FO-18): the reason, or ""."""
    if pen.facts.is_staff:
        return ""
    same = likeness(done)
    mark = mark_of(done, len(post.files))
    pace = queries.pace_of(pen.facts, topic, mark.hosts, same, address_mark(post.address), at=at)
    own = topic is not None and topic.author_id == pen.facts.pk
    decision = rules.allowed_text(pen.facts, mark) & rules.allowed_now(
        pen.facts, pace, is_topic=topic is None, own_topic=own, at=at
    )
    decision.or_refuse()
    return rules.why_held(pen.facts, mark, pace, post.answer)


def _post(topic: Topic, new: NewPost, done: Rendered, pen: Pen, *, at: datetime) -> Post:
    topic.highest += 1
    return Post(
        topic=topic, number=topic.highest, author=pen.person, author_name=pen.name, text=new.text, html=done.html, excerpt=done.excerpt,
        renderer=done.version, reply_to=new.reply_to if new.reply_to and new.reply_to < topic.highest else None, via=new.via,
        written_at=at, hosts=",".join(dict.fromkeys(done.hosts))[:300], likeness=likeness(done), address=address_mark(new.address),
        mail_id=new.mail_id[:255],
    )  # fmt: skip


def _write(topic: Topic, new: NewPost, done: Rendered, pen: Pen, *, once: str | None, held: str, at: datetime) -> Post:
    post = _post(topic, new, done, pen, at=at)
    post.once = once
    post.state = Shown.QUEUED if held else Shown.VISIBLE
    post.save()
    claim_files(post, new.files, done.pictures)
    return post


def _consequences(topic: Topic, post: Post, done: Rendered, pen: Pen, held: str, *, at: datetime) -> None:
    if held:
        topic.save(update_fields=["highest"])
        hold(post, held, at=at)
        return
    _seen(topic, post, is_staff=pen.facts.is_staff, at=at)
    if pen.person is not None:
        follow(pen.person, topic, started=post.number == 1, replied=post.number > 1, read=post.number, at=at)
    notices.post_written(post, at=at)


def _seen(topic: Topic, post: Post, *, is_staff: bool, at: datetime) -> None:
    """A post is visible: figures of the topic, its category and its writer; the index; webhooks."""
    topic.last_post_at, topic.last_author_id, topic.last_author_name = post.written_at, post.author_id, post.author_name
    topic.last_shown = max(topic.last_shown, post.number)
    if post.number > 1:
        topic.replies += 1
        other = post.author_id is None or post.author_id != topic.author_id
        topic.answered_at = topic.answered_at or (at if other else None)
        topic.staff_answered_at = topic.staff_answered_at or (at if other and is_staff else None)
        if not other:
            clear_details(topic)
    hours = topic.category.close_after_hours
    if topic.solved_at is not None and hours and topic.closed_at is None:
        topic.close_at = at + timedelta(hours=hours)  # FO-6: since the last post
    topic.save()
    first = post.number == 1
    Category.objects.filter(pk=topic.category_id).update(
        topics_count=F("topics_count") + int(first), posts_count=F("posts_count") + 1, last_post_at=at
    )
    column = "topics_count" if first else "posts_count"
    if topic.category.reads == Reach.EVERYBODY:  # as recount_members counts
        Member.objects.filter(person=post.author_id).update(**{column: F(column) + 1})
    (find_again(topic, at=at) if first else find_post(post, at=at))
    name = "topic.started" if first else "topic.replied"
    announce(name, {"topic": topic.code, "post": post.code, "number": post.number, "category": topic.category.code}, at=at)
