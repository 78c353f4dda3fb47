"""What the actions of the forum share: who writes, the next number, words into a post, counters, the index."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from django.conf import settings
from django.db.models import Count, F, Q
from django.urls import reverse

from podpora.base import vendor
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.base.lines import one_line
from podpora.base.markdown import Picture, Rendered, render
from podpora.base.sealing import keyed_hash
from podpora.files.models import StoredFile
from podpora.forum import rules
from podpora.forum.actions.members import member_of
from podpora.forum.models import Category, Counter, Member, Post, PostFile, Topic
from podpora.forum.queries import penalty_of
from podpora.forum.values import POST_LENGTH, TITLE_LENGTH, TITLE_SHORTEST, Mark, MemberFacts, Penalty, Reach, Shown, Trust
from podpora.people.models import Person
from podpora.search.actions import index

FOR_GOOD = datetime(3000, 1, 1, tzinfo=UTC)
KIND = "topic"  # in the search index


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes, with what rules ask of him. `person` None: one of our own systems."""

    person: Person | None
    member: Member | None
    name: str
    facts: MemberFacts
    why: str = ""  # what he was told when he was silenced


def pen_of(person: Person | None, *, by: Actor, at: datetime) -> Pen:
    if person is None:
        name = vendor.name()
        return Pen(None, None, name, MemberFacts(None, Trust.REGULAR, is_staff=True, moderates=True))
    member = member_of(person, at=at)
    facts, why = member.facts(), ""
    penalty = penalty_of(person.pk, at=at)
    if penalty is not None:
        why = penalty.why
        facts = replace(
            facts, silenced_until=penalty.until_at or FOR_GOOD, is_suspended=penalty.kind == Penalty.SUSPENDED
        )  # fmt: skip
    return Pen(person, member, member.name, facts, why)


def next_number(name: str) -> int:
    """The next number of a series. The row stays locked until the transaction ends."""
    Counter.objects.get_or_create(name=name)
    Counter.objects.filter(name=name).update(value=F("value") + 1)
    return Counter.objects.values_list("value", flat=True).get(name=name)


def clean_text(text: str) -> str:
    """Raises InvalidInput({"text": …})."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidInput({"text": ["required"]})
    if len(text) > POST_LENGTH:
        raise InvalidInput({"text": ["too_long"]}, {"text": {"most": POST_LENGTH}})
    if "\x00" in text:
        raise InvalidInput({"text": ["forum.not_text"]})
    return text


def clean_title(text: str) -> str:
    """A title as it is kept. Raises InvalidInput({"title": …})."""
    title = one_line(text)
    if not title or "\x00" in title:
        raise InvalidInput({"title": ["forum.not_text" if title or text.strip() else "required"]})
    if not TITLE_SHORTEST <= len(title) <= TITLE_LENGTH:
        code = "too_long" if len(title) > TITLE_LENGTH else "too_short"
        raise InvalidInput({"title": [code]}, {"title": {"most": TITLE_LENGTH, "least": TITLE_SHORTEST}})
    return title


def dressed(text: str, person: Person | None, post: Post | None = None) -> Rendered:
    """The text as it is kept: mentions of members become links, pictures are those that the writer stored or that stand there."""
    return render(text, names=_addresses, pictures=lambda found: _pictures(found, person, post), headings=3, site=settings.SITE_URL)


def _addresses(names: Iterable[str]) -> Mapping[str, str]:
    known = Member.objects.filter(handle__in=set(names), person__is_active=True).values_list("handle", flat=True)
    return {handle: reverse("forum:person", args=[handle]) for handle in known}


def _pictures(addresses: Iterable[str], person: Person | None, post: Post | None) -> Mapping[str, Picture]:
    """Only one's own pictures, and those of this very post: nobody shows what another one stored elsewhere."""
    wanted = {address.rstrip("/").rpartition("/")[2]: address for address in addresses if address.startswith("/forum/files/")}
    if not wanted:
        return {}
    mine = Q(person=person) if person is not None else Q(pk__in=[])
    if post is not None and post.pk:
        mine |= Q(post=post)
    rows = PostFile.objects.filter(mine, file__code__in=wanted, file__width__isnull=False).select_related("file")
    return {wanted[row.file.code]: Picture(file_url(row.file), row.file.width, row.file.height) for row in rows}


def file_url(stored: StoredFile) -> str:
    return reverse("forum:file", args=[stored.code])


def mark_of(done: Rendered, files: int = 0) -> Mark:
    """What limits ask of a text."""
    return Mark(len(done.links), len(done.pictures), files, len(done.mentions), len(done.text), done.hosts)


def likeness(done: Rendered) -> str:
    """The same for texts that differ in nothing but blanks and case; "" for short ones, which may well be the same."""
    words = done.text.casefold().split()
    return sha256(" ".join(words).encode()).hexdigest()[:32] if len(words) >= 8 else ""


def address_mark(address: str) -> str:
    """What is kept of a network address: enough to see the same one again."""
    return keyed_hash(address, "forum-address")[:32] if address else ""


def once_key(once: str, pen: Pen, scope: str) -> str | None:
    """A double submit of this writer in this place."""
    return keyed_hash(f"{pen.facts.pk}/{scope}/{once}", "forum-once")[:60] if once else None


def recount(topic: Topic) -> None:
    """The figures of a topic from its visible posts (two statements); the caller has locked it and saves it."""
    visible = topic.posts.filter(state=Shown.VISIBLE, is_whisper=False)
    topic.replies = visible.exclude(number=1).count()
    last = visible.order_by("-number").values("number", "written_at", "author_id", "author_name").first()
    topic.last_shown = last["number"] if last is not None else 0
    if last is not None:
        topic.last_post_at, topic.last_author_id, topic.last_author_name = (
            last["written_at"],
            last["author_id"],
            last["author_name"],
        )


def recount_category(category: Category) -> None:
    """The figures of a category from what is visible in it."""
    topics = Topic.objects.filter(category=category, state=Shown.VISIBLE)
    newest = topics.order_by("-last_post_at").values_list("last_post_at", flat=True).first()
    posts = Post.objects.filter(topic__in=topics.values("pk"), state=Shown.VISIBLE, is_whisper=False).count()
    Category.objects.filter(pk=category.pk).update(topics_count=topics.count(), posts_count=posts, last_post_at=newest)


def recount_members(person_ids: Iterable[int | None]) -> None:
    """How much of what these people wrote everybody may read: these figures stand on their profiles (S54)."""
    public = {"topic__state": Shown.VISIBLE, "topic__category__reads": Reach.EVERYBODY}
    for pk in {pk for pk in person_ids if pk is not None}:
        posts = Post.objects.filter(author=pk, state=Shown.VISIBLE, is_whisper=False, **public)
        figures = posts.aggregate(
            topics=Count("pk", filter=Q(number=1)), replies=Count("pk", filter=~Q(number=1)), solved=Count("solves", distinct=True)
        )
        Member.objects.filter(person=pk).update(
            topics_count=figures["topics"], posts_count=figures["replies"], solutions_count=figures["solved"]
        )


def find_again(*topics: Topic, at: datetime) -> None:
    """The index says what is visible now of these topics, within the transaction (S54)."""
    for topic in topics:
        refs = list(topic.posts.order_by("pk").values_list("pk", flat=True))
        for begin in range(0, len(refs), 200):
            index(KIND, refs[begin : begin + 200], at=at)


def find_post(post: Post, *, at: datetime) -> None:
    """One more post can be found."""
    index(KIND, [post.pk], at=at)


def preview(text: str, person: Person | None) -> str:
    """What the text would look like; nothing is kept."""
    return dressed(rules.without_keys(text)[0], person).html
