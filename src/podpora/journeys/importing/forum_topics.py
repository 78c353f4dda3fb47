"""Topics and posts of an older forum, or of an export: with their dates, files, votes, solutions, and the addresses that led to them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.forum import actions, queries
from podpora.forum.values import MOST_FILES, POST_LENGTH, OldFile, OldPost, OldRevision, OldTopic, Shown, SolutionKind
from podpora.jobs import queries as known_names
from podpora.jobs.models import OutsideName
from podpora.journeys.importing.forum_people import MEMBER_KIND, TOPIC_KIND, category_named, member_named, person_of
from podpora.journeys.importing.reading import Outcome, Reader, Row, Sources, known, remember

POST_KIND = "post"
WRITER = ("author", "email", "name")
COMMON = (*WRITER, "external_id", "text", "written_at", "edited_at", "number", "votes", "voters", "state", "files", "older", "code")
TOPIC = (
    *COMMON,
    *("category", "title", "tags", "language", "version", "views", "pinned", "closed", "closed_at", "old_addresses", "solution"),
    *("ticket", "from_ticket", "problem", "article", "article_title"),
)
TOPIC_READ_OVER = ("replies", "last_post_at", "solved_at", "url")
POST = (*COMMON, "topic", "reply_to", "whisper", "solution", "solved_at", "old_address")
FILE = ("file", "name", "type", "size", "address")
REVISION = ("text", "title", "until_at", "by", "hidden")
LONGEST_TEXT = 400_000  # of a row; what is longer than a post may be is cut and said
_NAME = re.compile(r"(?<![\w@/.-])@([\w][\w.-]{0,58}\w)", re.UNICODE)


@transaction.atomic
def bring_in_topic(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """One topic with its first post; its category has to be here."""
    read = Reader(row, (*TOPIC, *TOPIC_READ_OVER))
    external_id = read.text("external_id", most=100, required=True)
    if external_id and (there := known(TOPIC_KIND, external_id, row)):
        return there
    title, told = read.text("title", most=1000, required=True), read.text("category", most=100, required=True)
    category = category_named(told) if told else None
    if told and category is None:
        read.problems.add("category", "import.no_such_category")
    first = _post(read, sources, by=by, at=at)
    closed_at = read.instant("closed_at") or (first.written_at if read.flag("closed") and first else None)
    solution = _solution(read)
    more: dict[str, Any] = {
        "tags": read.words("tags", by=","), "language": read.text("language", most=5), "version": read.text("version", most=30),
        "number": read.number("number", least=1, most=2**40, usual=0) or None,
        "views": read.number("views", least=0, most=2_000_000_000, usual=0), "is_pinned": read.flag("pinned"), "closed_at": closed_at,
        "ties": _ties(read), "old_addresses": read.words("old_addresses"),
    }  # fmt: skip
    read.or_refuse()
    assert first is not None and category is not None
    kind, solved_at = (solution[:3], solution[3]) if solution else (None, None)
    came = actions.import_topic(category, OldTopic(title, first, solution=kind, solved_at=solved_at, **more), by=by, at=at)
    remember(TOPIC_KIND, external_id, came.post.topic.code, row, at=at)
    return Outcome(came.post.topic.code, True, came.left_out)


def _solution(read: Reader) -> tuple[SolutionKind, str, str, datetime | None] | None:
    """What is no post: an article or a release. A post says itself that it is the solution."""
    told = read.row.get("solution")
    if not isinstance(told, dict):
        return None
    part = Reader(told, ("kind", "ref", "title", "at"))
    kind, ref, title = part.text("kind", most=10), part.text("ref", most=120, required=True), part.text("title", most=200)
    if kind not in (SolutionKind.ARTICLE, SolutionKind.RELEASE):
        part.problems.add("kind", "unknown", choices="article, release")
    at = part.instant("at")
    read.problems.include(InvalidInput(part.problems.fields, part.problems.facts), inside="solution.")
    return None if part.problems.fields else (SolutionKind(kind), ref, title, at)


def _ties(read: Reader) -> dict[str, str]:
    """Codes of what came in with it, as they are here."""
    ties = {name: read.text(name, most=120) for name in ("ticket", "from_ticket", "problem", "article")}
    for name, kind in (("ticket", "ticket"), ("from_ticket", "ticket"), ("problem", "problem"), ("article", "article")):
        if ties[name] and (there := known_names.outside_name(kind, ties[name])):
            ties[name] = there.code
    ties["article_title"] = read.text("article_title", most=200)
    return {name: told for name, told in ties.items() if told}


@transaction.atomic
def bring_in_post(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """One answer; its topic has to be in."""
    read = Reader(row, POST)
    external_id = read.text("external_id", most=100, required=True)
    if external_id and (there := known(POST_KIND, external_id, row)):
        return there
    told = read.text("topic", most=100, required=True)
    place = known_names.outside_name(TOPIC_KIND, told) if told else None
    topic = queries.topic_numbered(int(place.code)) if place else None
    if told and topic is None:
        read.problems.add("topic", "import.no_such_topic")
    old = _post(read, sources, by=by, at=at)
    read.or_refuse()
    assert old is not None and topic is not None
    came = actions.import_post(topic, old, by=by, at=at)
    remember(POST_KIND, external_id, came.post.code, row, at=at)
    return Outcome(came.post.code, True, came.left_out)


@dataclass(frozen=True, slots=True)
class Writer:
    person: int | None
    name: str


def _post(read: Reader, sources: Sources, *, by: Actor, at: datetime) -> OldPost | None:
    """The words of a row and what hangs on them; problems go to the reader."""
    text, written_at = read.text("text", most=LONGEST_TEXT, required=True), read.instant("written_at", required=True)
    state = read.text("state", most=10) or Shown.VISIBLE
    if state not in list(Shown):
        read.problems.add("state", "unknown", choices=", ".join(Shown))
    files = tuple(filter(None, (_file(told, sources) for told in read.rows("files")[: MOST_FILES * 5])))
    older = tuple(filter(None, map(_revision, read.rows("older"))))
    numbers = {
        name: read.number(name, least=0, most=1_000_000_000, usual=0)
        for name in ("number", "votes", "reply_to")
        if name in read.row
    }
    writer = _writer(read, by=by, at=at)
    if read.problems.fields or written_at is None:
        return None
    voters = [member.person_id for name in read.words("voters") if (member := member_named(name))]
    return OldPost(
        text=_with_names(sources.text(text)), written_at=min(written_at, at), author=writer.person, author_name=writer.name,
        number=numbers.get("number") or None, reply_to=numbers.get("reply_to") or None, votes=numbers.get("votes", 0), voters=voters,
        edited_at=read.instant("edited_at"), state=Shown(state), is_whisper=read.flag("whisper"),
        is_solution="topic" in read.row and read.flag("solution"), solved_at=read.instant("solved_at"), files=files, older=older,
        old_address=read.text("old_address", most=300), code=read.text("code", most=20),
    )  # fmt: skip


def _writer(read: Reader, *, by: Actor, at: datetime) -> Writer:
    """A member that came in, or whoever has the address; or else only a name, to which no account belongs."""
    author, email, name = read.text("author", most=100), read.text("email", most=254), read.text("name", most=80)
    member = member_named(author) if author else None
    if member is not None:
        return Writer(member.person_id, member.name)
    if email:
        try:
            person = person_of(email, name, by=by, at=at)
        except InvalidInput as problem:
            read.problems.include(problem)
            return Writer(None, name)
        if person is not None:
            return Writer(person.pk, actions.member_of(person, at=at).name)
    return Writer(None, name or author)


def _file(told: Row, sources: Sources) -> OldFile | None:
    part = Reader(told, FILE)
    file, name = part.text("file", most=300), part.text("name", most=200) or "file"
    address = part.text("address", most=300) or (reverse("forum:file", args=[file]) if re.fullmatch(r"[\w-]{1,40}", file) else "")
    kind = part.text("type", most=100)
    try:
        content = sources.file(file)
    except KeyError:
        content = b""  # said when it is kept, with its name
    return OldFile(address, name, content, kind)


def _revision(told: Row) -> OldRevision | None:
    part = Reader(told, REVISION)
    text, until_at = part.text("text", most=LONGEST_TEXT), part.instant("until_at", required=True)
    if until_at is None:
        return None
    title, by = part.text("title", most=150), part.text("by", most=200)
    return OldRevision(text[:POST_LENGTH], title, until_at, by, part.flag("hidden"))


def _with_names(text: str) -> str:
    """Mentions by the names of the other system become those of here."""
    if "@" not in text:
        return text
    names = {found[1] for found in _NAME.finditer(text)}
    rows = OutsideName.objects.filter(kind=MEMBER_KIND, external_id__in={*names, *(name.lower() for name in names)})
    handles = {row.external_id.lower(): row.code for row in rows}
    return _NAME.sub(lambda found: f"@{handles.get(found[1].lower(), found[1])}", text)
