"""A topic's page: its posts by number, older texts, files; and what others take of a topic."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from podpora.base.errors import NotYours
from podpora.forum.models import Post, PostFile, PostRevision, Topic, Vote
from podpora.forum.queries.seeing import Reader, post_for, posts_of, topics_seen
from podpora.forum.values import PAGE, Shown


@dataclass(frozen=True, slots=True)
class PostPage:
    """Twenty numbers of a topic. What was moved away or deleted leaves a page shorter, never others longer: addresses stay right."""

    number: int
    last: int
    posts: list[Post]
    files: dict[int, list[PostFile]] = field(default_factory=dict)

    @property
    def pages(self) -> range:
        return range(1, self.last + 1)


def page_of(number: int) -> int:
    """On which page a post of this number stands."""
    return (max(number, 1) - 1) // PAGE + 1


def post_page(topic: Topic, reader: Reader, number: int) -> PostPage:
    """Two statements: the posts with their writers, and their files. NotYours for a page past the end (FO-10)."""
    last = page_of(_last_seen(topic, reader))
    if not 1 <= number <= last:
        raise NotYours
    begin = (number - 1) * PAGE
    rows = posts_of(topic, reader).filter(number__gt=begin, number__lte=begin + PAGE)
    posts = list(
        rows.select_related("author__forum_member").defer("text", "hosts", "likeness", "address", "mail_id").order_by("number")
    )
    files: dict[int, list[PostFile]] = {}
    for row in PostFile.objects.filter(post__in=[post.pk for post in posts]).select_related("file").order_by("pk"):
        files.setdefault(row.post_id or 0, []).append(row)
    return PostPage(number, last, posts, files)


def _last_seen(topic: Topic, reader: Reader) -> int:
    """A whisper or a post that waits makes no page for those who don't see it."""
    if topic.highest == topic.last_shown or reader.facts is None:
        return topic.last_shown
    return posts_of(topic, reader).order_by("-number").values_list("number", flat=True).first() or topic.last_shown


def revisions_of(post: Post, reader: Reader) -> list[PostRevision]:
    """Older texts of a post that he sees, oldest first; what had something that nobody should read, for moderators."""
    rows = post.older.order_by("number")
    return list(rows if reader.moderates else rows.filter(is_hidden=False))


def voted_among(person_id: int | None, posts: Iterable[Post]) -> set[int]:
    """For which of these posts somebody voted."""
    if person_id is None:
        return set()
    return set(Vote.objects.filter(person=person_id, post__in=[post.pk for post in posts]).values_list("post_id", flat=True))


def file_for(reader: Reader, code: str) -> PostFile:
    """A file if he sees its post, or stored it himself and did not use it yet; raises NotYours."""
    if "\x00" in code:
        raise NotYours
    row = PostFile.objects.select_related("file", "post").filter(file__code=code).first()
    if row is None:
        raise NotYours
    if row.post is None:
        if reader.person is None or row.person_id != reader.person:
            raise NotYours
        return row
    post_for(reader, row.post.code)
    return row


@dataclass(frozen=True, slots=True)
class TopicText:
    """What an article or a ticket takes of a topic: the question, the answer, who wrote them, as they were published."""

    number: int
    title: str
    question: str
    answer: str
    authors: tuple[str, ...]
    language: str
    version: str
    url_name: tuple[str, int, str]
    posts: tuple[tuple[int, str, str, datetime], ...] = ()  # number, author, text, written


def topic_text(topic: Topic, numbers: Iterable[int] | None = None) -> TopicText:
    """Published words only, never whispers. `numbers`: these posts; None: all of the first page and the solution."""
    rows = Post.objects.filter(topic=topic, state=Shown.VISIBLE, is_whisper=False).order_by("number")
    solution = getattr(topic, "solution", None)
    solved = solution.post if solution is not None and solution.post_id else None
    chosen = rows.filter(number__in=set(numbers)) if numbers is not None else rows.filter(number__lte=PAGE)
    posts = tuple((row.number, row.author_name, row.text, row.written_at) for row in chosen)
    first = rows.filter(number=1).first()
    names = dict.fromkeys([topic.author_name, *([solved.author_name] if solved else [])])
    return TopicText(
        topic.number, topic.title, first.text if first else "", solved.text if solved and solved.state == Shown.VISIBLE else "",
        tuple(names), topic.language, topic.version, ("forum:topic", topic.number, topic.slug), posts,
    )  # fmt: skip


def sitemap_rows(reader: Reader, after: int, size: int) -> Iterator[tuple[int, str, datetime]]:
    """(number, slug, last change) of what this reader sees, in order of number."""
    rows = topics_seen(reader).filter(number__gt=after).order_by("number")[:size]
    yield from rows.values_list("number", "slug", "last_post_at")


def highest_number(reader: Reader) -> int:
    """Of the topics that he sees."""
    return topics_seen(reader).order_by("-number").values_list("number", flat=True).first() or 0
