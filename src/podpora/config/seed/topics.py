"""Synthetic topics with their answers, solutions, votes and readers; found by the search as if somebody had written them."""

from collections import Counter as Count
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import F

from podpora.base.actors import system
from podpora.base.markdown import VERSION, Rendered, render
from podpora.config.demo.forum import CATEGORIES
from podpora.config.seed import bulk
from podpora.config.seed.chance import VERSIONS, Chance, code
from podpora.config.seed.owners import Owner
from podpora.forum import actions, rules
from podpora.forum.actions.writing import next_number
from podpora.forum.models import Category, Counter, Member, Post, Reading, Solution, Subscription, Topic, TopicTag, Vote
from podpora.forum.values import SOLVED_BOOST, Level, Reach, SolutionKind, Trust
from podpora.search.models import Document
from podpora.search.rules import key, prepared

TAGS = (
    "imap",
    "kalendář",
    "přílohy",
    "hledání",
    "instalace",
    "licence",
    "aktualizace",
    "podpis",
    "exchange",
    "start",
    "sync",
    "filters",
)
SOLVES, VOTES, TAGGED = 0.55, 0.2, 0.7
BATCH = 2000  # topics

_rendered = lru_cache(maxsize=2000)(lambda text: render(text, headings=3))
_prepared = lru_cache(maxsize=5000)(lambda text: prepared([text]))


@dataclass
class Figures:
    """What each member did, for his row at the end."""

    topics: "Count[int]" = field(default_factory=Count)
    answers: "Count[int]" = field(default_factory=Count)
    solved: "Count[int]" = field(default_factory=Count)
    given: "Count[int]" = field(default_factory=Count)
    received: "Count[int]" = field(default_factory=Count)


@dataclass(frozen=True, slots=True)
class Said:
    """One post before it is a row; `number` 1 is the question."""

    pk: int
    number: int
    author: Owner
    text: str
    at: datetime
    voters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A topic with its posts, before they are rows."""

    pk: int
    number: int
    category: Category
    title: str
    tags: tuple[str, ...]
    version: str
    posts: list[Said]
    solution: Said | None

    @property
    def author(self) -> Owner:
        return self.posts[0].author

    @property
    def last(self) -> Said:
        return self.posts[-1]


def make_topics(owners: list[Owner], topics: int, posts: int, chance: Chance) -> None:
    """So many topics with so many posts in all, the questions among them; a few topics are very long."""
    places = [row for row in _categories(chance) if row.reads == Reach.EVERYBODY and row.solving and row.is_open]
    lengths = _lengths(topics, posts, chance)
    first = next_number("topic")
    Counter.objects.filter(name="topic").update(value=F("value") + topics)
    figures = Figures()
    for begin in range(0, topics, BATCH):
        asked = list(_asked(first + begin, lengths[begin : begin + BATCH], places, owners, chance))
        _write(asked, figures)
    _members(owners, figures, chance)
    actions.recount_categories()


def _categories(chance: Chance) -> list[Category]:
    if not Category.objects.exists():
        for wish in CATEGORIES:
            actions.save_category(wish, by=system("seed"), at=chance.today)
    return list(Category.objects.all())


def _lengths(topics: int, posts: int, chance: Chance) -> list[int]:
    """Posts of each topic: at least one, the rest unevenly, as in life."""
    lengths = [1] * topics
    for _ in range(posts - topics):
        lengths[int(topics * chance.random.random() ** 2)] += 1
    chance.random.shuffle(lengths)
    return lengths


def _asked(first: int, lengths: Sequence[int], places: list[Category], owners: list[Owner], chance: Chance) -> Iterator[Asked]:
    pk, post = bulk.next_id(Topic), bulk.next_id(Post)
    for n, length in enumerate(lengths):
        begun = chance.ago(1100)
        step = (chance.today - begun) / (length + 1)
        step = min(step, timedelta(hours=30))
        said = [
            Said(
                post + place, place + 1, owner := chance.random.choice(owners), chance.text(), begun + step * place,
                tuple({chance.random.choice(owners).person} - {owner.person}) if chance.random.random() < VOTES else (),
            )
            for place in range(length)
        ]  # fmt: skip
        post += length
        others = [each for each in said[1:] if each.author.person != said[0].author.person]
        solution = chance.random.choice(others) if others and chance.random.random() < SOLVES else None
        tags = tuple(sorted(chance.random.sample(TAGS, 2))) if chance.random.random() < TAGGED else ()
        place_of = chance.random.choice(places)
        yield Asked(pk + n, first + n, place_of, chance.sentence(5, 9), tags, chance.random.choice(VERSIONS), said, solution)


def _write(asked: list[Asked], figures: Figures) -> None:
    bulk.insert(Topic, map(_topic, asked))
    bulk.insert(Post, (_post(topic, said) for topic in asked for said in topic.posts))
    bulk.insert(TopicTag, ({"topic_id": topic.pk, "name": tag} for topic in asked for tag in topic.tags))
    bulk.insert(Solution, (_solution(topic, topic.solution) for topic in asked if topic.solution))
    bulk.insert(Vote, ({"post_id": s.pk, "person_id": v, "at": s.at} for topic in asked for s in topic.posts for v in s.voters))
    bulk.insert(Subscription, map(_watching, asked))
    bulk.insert(Reading, map(_read, asked))
    bulk.insert(Document, (_document(topic, said) for topic in asked for said in topic.posts))
    for topic in asked:
        figures.topics[topic.author.person] += 1
        for said in topic.posts:
            figures.answers[said.author.person] += said.number > 1
            figures.received[said.author.person] += len(said.voters)
            figures.given.update(said.voters)
        if topic.solution:
            figures.solved[topic.solution.author.person] += 1


def _topic(asked: Asked) -> dict[str, Any]:
    first, last = asked.posts[0], asked.last
    answered = next((said.at for said in asked.posts if said.author.person != first.author.person), None)
    return {
        "id": asked.pk, "number": asked.number, "category_id": asked.category.pk, "title": asked.title,
        "slug": rules.slug_of(asked.title), "language": first.author.language, "version": asked.version, "author_id": first.author.person,
        "author_name": first.author.name, "excerpt": _rendered(first.text).excerpt, "tag_names": ",".join(asked.tags),
        "started_at": first.at, "highest": last.number, "last_shown": last.number, "replies": last.number - 1,
        "votes": len(first.voters), "last_post_at": last.at, "last_author_id": last.author.person, "last_author_name": last.author.name,
        "answered_at": answered, "solved_at": asked.last.at if asked.solution else None, "details": "[]",
    }  # fmt: skip


def _post(asked: Asked, said: Said) -> dict[str, Any]:
    done: Rendered = _rendered(said.text)
    return {
        "id": said.pk, "code": code("FP", said.pk), "topic_id": asked.pk, "number": said.number, "author_id": said.author.person,
        "author_name": said.author.name, "text": said.text, "html": done.html, "excerpt": done.excerpt, "renderer": VERSION,
        "written_at": said.at, "votes": len(said.voters),
    }  # fmt: skip


def _solution(asked: Asked, said: Said) -> dict[str, Any]:
    return {
        "topic_id": asked.pk, "kind": SolutionKind.POST.value, "post_id": said.pk, "accepted_at": asked.last.at,
        "accepted_by_id": asked.author.person,
    }  # fmt: skip


def _watching(asked: Asked) -> dict[str, Any]:
    return {"person_id": asked.author.person, "topic_id": asked.pk, "level": int(Level.WATCHING), "since": asked.posts[0].at}


def _read(asked: Asked) -> dict[str, Any]:
    return {
        "person_id": asked.author.person, "topic_id": asked.pk, "last_read": asked.last.number, "opened_at": asked.posts[0].at,
        "read_at": asked.last.at,
    }  # fmt: skip


def _document(asked: Asked, said: Said) -> dict[str, Any]:
    """As the actions would index it (forum.searching)."""
    solved = asked.solution is not None
    keys = [
        "kind:topic", "sees:public", key("category", asked.category.code), key("author", said.author.name),
        *(key("tag", tag) for tag in asked.tags), key("version", asked.version), *(["is:solved"] if solved else []),
        f"person:{said.author.person}",
    ]  # fmt: skip
    return {
        "kind": "topic", "ref": said.pk, "keys": " ".join(f"={each}" for each in keys),
        "title": _prepared(asked.title), "people": _prepared(f"{said.author.name} {' '.join(asked.tags)}"), "body": _prepared(said.text),
        "code": str(asked.number), "heading": asked.title, "shown": said.text, "place": str(said.number) if said.number > 1 else "",
        "language": asked.author.language, "made_at": said.at, "is_solved": solved, "boost": SOLVED_BOOST if solved else 100,
        "indexed_at": said.at,
    }  # fmt: skip


def _members(owners: list[Owner], figures: Figures, chance: Chance) -> None:
    """Faces of all who may have written; those who have one keep it."""
    there = set(Member.objects.values_list("person_id", flat=True))
    rows = (
        {
            "person_id": owner.person, "handle": f"{rules.handle_from(owner.name)[:18]}-{owner.person}", "name": owner.name,
            "is_customer": True, "trust": int(Trust.MEMBER), "joined_at": chance.today - timedelta(days=1100), "last_seen_at": chance.today,
            "topics_count": figures.topics[owner.person], "posts_count": figures.answers[owner.person],
            "solutions_count": figures.solved[owner.person], "votes_given": figures.given[owner.person],
            "votes_received": figures.received[owner.person],
        }
        for owner in owners
        if owner.person not in there
    )  # fmt: skip
    bulk.insert(Member, rows)
