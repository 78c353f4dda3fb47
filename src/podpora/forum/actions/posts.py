"""What becomes of a post after it was written: another text, hidden, deleted, back again."""

from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.errors import NotYours
from podpora.forum import rules
from podpora.forum.actions.files import claim_files
from podpora.forum.actions.locking import locked
from podpora.forum.actions.solving import drop_solution
from podpora.forum.actions.writing import (
    clean_text,
    clean_title,
    dressed,
    find_again,
    likeness,
    mark_of,
    pen_of,
    recount,
    recount_category,
    recount_members,
)
from podpora.forum.models import Post, PostRevision, Topic
from podpora.forum.values import EDIT_GRACE, Shown
from podpora.people.models import Person


@transaction.atomic
def edit(
    post: Post, text: str, *, title: str = "", seen: int | None = None, person: Person | None, by: Actor, at: datetime
) -> Post:
    """Another text. The older one stays readable, unless it was changed within five minutes of being written. FO-15: a hidden post
    comes back by it, once. `seen`: the revision that the writer saw. Raises InvalidInput."""
    topic = locked(post.topic)
    post = Post.objects.select_for_update(of=("self",)).select_related("author").get(pk=post.pk)
    pen = pen_of(person, by=by, at=at)
    rules.may_edit(pen.facts, post.facts(), at=at).or_refuse()
    text, masked = rules.without_keys(clean_text(text))
    title = clean_title(title) if title and post.number == 1 else topic.title
    if (text, title) == (post.text, topic.title):
        return post
    if seen is not None and seen != post.revisions:
        refuse("forum.edited_meanwhile").or_refuse()
    done = dressed(text, person, post)
    rules.allowed_text(pen.facts, mark_of(done, post.files.count())).or_refuse()
    _keep_older(post, topic, by=by, at=at)
    was_hidden = post.state == Shown.HIDDEN and not pen.facts.is_staff
    post.text, post.html, post.excerpt, post.renderer = text, done.html, done.excerpt, done.version
    post.hosts, post.likeness, post.edited_at = ",".join(dict.fromkeys(done.hosts))[:300], likeness(done), at
    if was_hidden:
        post.state = Shown.VISIBLE
    post.save()
    claim_files(post, (), done.pictures)
    if post.number == 1:
        topic.title, topic.slug, topic.excerpt = title, rules.slug_of(title), done.excerpt
        if was_hidden:
            topic.state = Shown.VISIBLE
    _after(topic, post, at=at)
    record("post.edited", topic, by=by, at=at, facts={"post": post.code, "revision": post.revisions, "masked": masked})
    return post


def _keep_older(post: Post, topic: Topic, *, by: Actor, at: datetime) -> None:
    own = by.person_id is not None and by.person_id == post.author_id
    if own and at - (post.edited_at or post.written_at) < EDIT_GRACE and post.state == Shown.VISIBLE:
        return
    post.revisions += 1
    title = topic.title if post.number == 1 else ""
    PostRevision.objects.create(
        post=post, number=post.revisions, text=post.text, title=title, until_at=at, edited_by=by.name[:200],
        is_hidden=post.state == Shown.HIDDEN,  # what readers reported is not read in the history either
    )  # fmt: skip


@transaction.atomic
def delete_post(post: Post, *, person: Person | None, by: Actor, at: datetime) -> Post:
    """One's own post, or a topic nobody answered; staff every one. It can be restored."""
    topic = locked(post.topic)
    post = Post.objects.select_for_update(of=("self",)).select_related("author").get(pk=post.pk)
    post.topic = topic
    pen = pen_of(person, by=by, at=at)
    rules.may_edit(pen.facts, post.facts(), at=at).or_refuse()
    if post.number == 1 and not pen.facts.is_staff and topic.replies:
        refuse("forum.delete_first").or_refuse()
    if post.state != Shown.DELETED:
        remove(post, by=by, at=at)
        record("post.deleted", topic, by=by, at=at, facts={"post": post.code, "number": post.number})
    return post


@transaction.atomic
def hide_revision(post: Post, number: int, hidden: bool, *, by: Actor, at: datetime) -> PostRevision:
    """An older text that nobody should read (an address, a password), or one that everybody may read again. Raises NotYours."""
    locked(post.topic)
    row = PostRevision.objects.select_for_update().filter(post=post, number=number).first()
    if row is None:
        raise NotYours
    if row.is_hidden is not hidden:
        row.is_hidden = hidden
        row.save(update_fields=["is_hidden"])
        facts = {"post": post.code, "revision": number}
        record("post.revision_hidden" if hidden else "post.revision_shown", post.topic, by=by, at=at, facts=facts)
    return row


def remove(post: Post, *, by: Actor, at: datetime) -> None:
    """The post, and with the first one the topic. The caller has locked the topic."""
    post.state, post.deleted_by = Shown.DELETED, by.name[:200]
    post.save(update_fields=["state", "deleted_by"])
    if post.number == 1:
        post.topic.state, post.topic.deleted_at, post.topic.deleted_by = Shown.DELETED, at, by.name[:200]
    _after(post.topic, post, at=at)


def hide(post: Post, *, by: Actor, at: datetime) -> None:
    """Nobody but its writer and moderators sees it. The caller has locked the topic."""
    post.state, post.hidden_at, post.hidden_times = Shown.HIDDEN, at, post.hidden_times + 1
    post.save(update_fields=["state", "hidden_at", "hidden_times"])
    if post.number == 1:
        post.topic.state = Shown.HIDDEN
    _after(post.topic, post, at=at)
    record("post.hidden", post.topic, by=by, at=at, facts={"post": post.code})


@transaction.atomic
def restore(post: Post, *, by: Actor, at: datetime) -> Post:
    """A moderator brings back what was deleted or hidden."""
    topic = locked(post.topic)
    post = Post.objects.select_for_update().get(pk=post.pk)
    post.topic = topic
    if post.state not in (Shown.DELETED, Shown.HIDDEN):
        return post
    post.state, post.deleted_by = Shown.VISIBLE, ""
    post.save(update_fields=["state", "deleted_by"])
    if post.number == 1:
        topic.state, topic.deleted_at, topic.deleted_by = Shown.VISIBLE, None, ""
    _after(topic, post, at=at)
    record("post.restored", topic, by=by, at=at, facts={"post": post.code})
    return post


def _after(topic: Topic, post: Post, *, at: datetime) -> None:
    """Figures, the solution (FO-3) and the index follow what is visible now."""
    if not rules.survives(post.facts(), is_in_topic=True):
        drop_solution(topic, post)
    recount(topic)
    topic.revision += 1
    topic.save()
    recount_category(topic.category)
    writers = {post.author_id, topic.author_id}
    if post.number == 1:
        writers |= set(topic.posts.values_list("author_id", flat=True))
    recount_members(writers)
    find_again(topic, at=at)
