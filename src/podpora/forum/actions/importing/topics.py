"""Topics and posts of another forum, with their dates, names, files, votes and solutions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.base.markdown import LONGEST
from podpora.files.actions import store, store_picture
from podpora.files.models import StoredFile
from podpora.forum import rules
from podpora.forum.actions.files import MOST_SIZE
from podpora.forum.actions.importing.leading import lead
from podpora.forum.actions.locking import locked
from podpora.forum.actions.writing import dressed, file_url, find_again, find_post, likeness, next_number, recount_members
from podpora.forum.models import Category, Counter, Member, Post, PostFile, PostRevision, Solution, Topic, TopicTag, Vote
from podpora.forum.values import MOST_TAGS, TITLE_LENGTH, OldFile, OldPost, OldTopic, Reach, Shown, SolutionKind, Via

NOBODY = "—"


@dataclass(frozen=True, slots=True)
class CameIn:
    """What is here now, and what of the old thing is not, in words for whoever imports it."""

    post: Post
    left_out: tuple[str, ...] = ()


@transaction.atomic
def import_topic(category: Category, old: OldTopic, *, by: Actor, at: datetime) -> CameIn:
    """A topic with its first post. Raises InvalidInput for a title that is none."""
    title = " ".join(old.title.replace("\x00", "").split())[:TITLE_LENGTH]
    if not title:
        raise InvalidInput({"title": ["required"]})
    tags = list(dict.fromkeys(filter(None, (rules.tag_of(tag) for tag in old.tags))))
    written_at = old.first.written_at
    topic = Topic.objects.create(
        number=_number(old.number), category=category, title=title, slug=rules.slug_of(title), language=old.language[:5],
        version=old.version[:30], author_id=old.first.author, author_name=_name_of(old.first), tag_names=",".join(tags[:MOST_TAGS]),
        started_at=written_at, state=old.first.state, deleted_at=at if old.first.state is Shown.DELETED else None,
        is_pinned=old.is_pinned, closed_at=old.closed_at, views=old.views, last_post_at=written_at, **old.ties,
    )  # fmt: skip
    TopicTag.objects.bulk_create([TopicTag(topic=topic, name=tag) for tag in tags[:MOST_TAGS]])
    came = _write(topic, old.first, number=1, by=by, at=at)
    topic.excerpt = came.post.excerpt
    if old.solution is not None:
        _solve(topic, old.solution, old.solved_at or written_at)
    topic.save()
    find_again(topic, at=at)
    for path in old.old_addresses:
        lead(path, topic=topic)
    record("topic.imported", topic, by=by, at=at, facts={"posts": 1, "category": category.code})
    more = tuple(f"tag {tag}: a topic has {MOST_TAGS} at most" for tag in tags[MOST_TAGS:])
    return CameIn(came.post, (*came.left_out, *more))


def _solve(topic: Topic, solution: tuple[SolutionKind, str, str], at: datetime) -> None:
    kind, ref, title = solution
    Solution.objects.create(topic=topic, kind=kind, ref=ref[:120], title=title[:200], accepted_at=at)
    topic.solved_at = at


@transaction.atomic
def import_post(topic: Topic, old: OldPost, *, by: Actor, at: datetime) -> CameIn:
    """An answer, behind those that are there; with its own number when that is free."""
    topic = locked(topic)
    wanted = old.number or 0
    is_free = wanted > 1 and not Post.objects.filter(topic=topic, number=wanted).exists()
    came = _write(topic, old, number=wanted if is_free else topic.highest + 1, by=by, at=at)
    solves = old.is_solution and came.post.state == Shown.VISIBLE and topic.solved_at is None
    if solves:
        accepted_at = old.solved_at or old.written_at
        Solution.objects.create(topic=topic, kind=SolutionKind.POST, post=came.post, accepted_at=accepted_at)
        topic.solved_at = accepted_at
        recount_members([old.author])
    topic.save()
    (find_again(topic, at=at) if solves else find_post(came.post, at=at))
    return came


def lead_category(category: Category, paths: Sequence[str]) -> None:
    for path in paths:
        lead(path, category=category)


def _number(wanted: int | None) -> int:
    """Its own number, when that is free here: links to it stay right."""
    if wanted is None or Topic.objects.filter(number=wanted).exists():
        return next_number("topic")
    Counter.objects.get_or_create(name="topic")
    Counter.objects.filter(name="topic", value__lt=wanted).update(value=wanted)
    return wanted


def _name_of(old: OldPost) -> str:
    """The name that stands beside what he wrote: that of his face here."""
    known = Member.objects.filter(person=old.author).values_list("name", flat=True).first() if old.author else None
    return known or old.author_name.replace("\x00", "").strip()[:80] or NOBODY


def _write(topic: Topic, old: OldPost, *, number: int, by: Actor, at: datetime) -> CameIn:
    text, masked = rules.without_keys(old.text.replace("\r\n", "\n").replace("\x00", "").strip())
    left_out = [f"licence keys in the text were masked: {masked}"] if masked else []
    if len(text) > LONGEST:
        text, left_out = text[:LONGEST], [*left_out, f"the text behind {LONGEST} characters"]
    post = Post(
        topic=topic, number=number, author_id=old.author, author_name=_name_of(old), text=text, html="", renderer=0, state=old.state,
        is_whisper=old.is_whisper, reply_to=old.reply_to if old.reply_to and old.reply_to < number else None, via=Via.IMPORT,
        written_at=old.written_at, edited_at=old.edited_at, votes=max(old.votes, len(set(old.voters))), revisions=len(old.older),
    )  # fmt: skip
    if old.code and not Post.objects.filter(code=old.code).exists():
        post.code = old.code
    if old.files:
        post.save()
        text, lost = _with_files(post, text, old.files, by=by, at=at)
        left_out += lost
    done = dressed(text, post.author, post)
    post.text, post.html, post.excerpt, post.renderer = text, done.html, done.excerpt, done.version
    post.hosts, post.likeness = ",".join(dict.fromkeys(done.hosts))[:300], likeness(done)
    post.save()
    _around(post, old)
    _count(topic, post)
    return CameIn(post, tuple(left_out))


def _with_files(post: Post, text: str, files: Sequence[OldFile], *, by: Actor, at: datetime) -> tuple[str, list[str]]:
    """Keep the files; the text shows them at their new addresses. What can't be kept is named."""
    lost = []
    for old in files:
        try:
            stored = _kept(old, by=by, at=at)
        except InvalidInput:
            lost.append(f"file {old.name}: it is missing, too large, or no picture")
            continue
        PostFile.objects.create(file=stored, post=post, person_id=post.author_id, stored_at=at)
        text = text.replace(old.address, file_url(stored)) if old.address else text
    return text, lost


def _kept(old: OldFile, *, by: Actor, at: datetime) -> StoredFile:
    """What the text shows is drawn anew as a picture; everything else is a file that is only downloaded."""
    if old.content_type.startswith("image/"):
        return store_picture(old.content, name=old.name, by=by, at=at)
    return store(old.content, name=old.name, content_type=old.content_type, by=by, at=at, max_size=MOST_SIZE)


def _around(post: Post, old: OldPost) -> None:
    """Votes, older texts, and the address that led to it."""
    Vote.objects.bulk_create([Vote(post=post, person_id=pk, at=old.written_at) for pk in dict.fromkeys(old.voters)])
    PostRevision.objects.bulk_create(
        [PostRevision(post=post, number=n, **asdict(told)) for n, told in enumerate(old.older, start=1)]
    )
    if old.old_address:
        lead(old.old_address, topic=post.topic, number=post.number)


def _count(topic: Topic, post: Post) -> None:
    """Figures of the topic, its category and its writer; the caller saves the topic."""
    topic.highest = max(topic.highest, post.number)
    if post.state != Shown.VISIBLE or post.is_whisper:
        return
    if post.number > topic.last_shown:
        topic.last_shown, topic.last_post_at = post.number, post.written_at
        topic.last_author_id, topic.last_author_name = post.author_id, post.author_name
    is_first = post.number == 1
    if is_first:
        topic.votes = post.votes
    else:
        topic.replies += 1
        if post.author_id is None or post.author_id != topic.author_id:
            topic.answered_at = min(topic.answered_at or post.written_at, post.written_at)
    if topic.state != Shown.VISIBLE:
        return
    newest = Greatest(Coalesce("last_post_at", post.written_at), post.written_at)
    Category.objects.filter(pk=topic.category_id).update(
        topics_count=F("topics_count") + int(is_first), posts_count=F("posts_count") + 1, last_post_at=newest
    )
    column = "topics_count" if is_first else "posts_count"
    if topic.category.reads == Reach.EVERYBODY:
        Member.objects.filter(person=post.author_id).update(**{column: F(column) + 1})
