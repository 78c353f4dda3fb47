"""One row after the other: each in its own transaction, so that a kill in the middle leaves whole rows and the rest can follow."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import DataError, IntegrityError, transaction

from podpora.base import reasons
from podpora.base.actors import Actor
from podpora.base.decisions import Refused
from podpora.base.errors import FilesAway, InvalidInput, NotYours
from podpora.base.fields import field_sentence
from podpora.journeys.importing import customers, forum_people, forum_topics, knowledge, licences, orders, tickets
from podpora.journeys.importing.reading import Outcome, Row, Sources


class BringIn(Protocol):
    def __call__(self, row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome: ...


NOUNS: Mapping[str, BringIn] = {
    "customers": customers.bring_in, "orders": orders.bring_in, "licences": licences.bring_in, "tickets": tickets.bring_in,
    "articles": knowledge.bring_in_article, "problems": knowledge.bring_in_problem, "members": forum_people.bring_in_member,
    "categories": forum_people.bring_in_category, "topics": forum_topics.bring_in_topic, "posts": forum_topics.bring_in_post,
}  # fmt: skip
WORK = {**NOUNS, "bases": licences.bring_in_base, "following": forum_people.bring_in_levels}
QUIET = frozenset({"bases", "following"})  # the same rows come in as nouns of their own: then it is told
FIELDS = {"customers": customers.FIELDS, "orders": orders.FIELDS, "licences": licences.FIELDS, "tickets": tickets.FIELDS,
          "articles": knowledge.ARTICLE, "problems": knowledge.PROBLEM, "members": forum_people.MEMBER,
          "categories": forum_people.CATEGORY, "topics": forum_topics.TOPIC, "posts": forum_topics.POST}  # fmt: skip


# The parts of an export in the order in which they are read. A licence that no order gave comes first without what orders did to it
# ("bases"), because each order is judged by what its licence was on that day; then the orders, then every licence's whole ledger.
STEPS = (("customers", "customers"), ("licences", "bases"), ("orders", "orders"), ("licences", "licences"), ("tickets", "tickets"),
         ("articles", "articles"), ("problems", "problems"), ("categories", "categories"), ("members", "members"), ("topics", "topics"),
         ("posts", "posts"), ("members", "following"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a row. `fields`: what is wrong with which of them, and what would be right; `why`: a rule that said no, or what of
    the row is not in."""

    number: int  # of the row in its file, as a person counts (the header of a CSV file is 1)
    external_id: str
    result: str  # made, known, refused, left_out
    code: str = ""
    fields: Mapping[str, str] = ()  # type: ignore[assignment]
    why: str = ""


def bring_in(noun: str, rows: Iterable[tuple[int, Row]], sources: Sources, *, by: Actor, at: datetime) -> Iterator[Done]:
    """Bring in the rows and say of each what became of it."""
    for number, row in rows:
        yield one(noun, number, row, sources, by=by, at=at)


def one(noun: str, number: int, row: Row, sources: Sources, *, by: Actor, at: datetime) -> Done:
    """One row, whole or not at all."""
    name = str(row.get("external_id") or "")[:100]
    if why := row.get("left_out"):
        return Done(number, name, "left_out", why=str(why))
    try:
        with transaction.atomic():
            outcome = WORK[noun](row, sources, by=by, at=at)
    except InvalidInput as problem:
        told = {field: _sentences(codes, problem.facts.get(field, {})) for field, codes in problem.fields.items()}
        return Done(number, name, "refused", fields=told)
    except Refused as refusal:
        ways = [way["label"] for reason in refusal.decision.reasons for way in reasons.ways(reason)]
        why = " ".join([reasons.message(refusal.decision), *(f"→ {way}." for way in dict.fromkeys(ways))])
        return Done(number, name, "refused", why=why)
    except NotYours:
        return Done(number, name, "refused", why="The row names something that is not here or belongs to another customer.")
    except (IntegrityError, DataError, OverflowError):
        return Done(number, name, "refused", why="The database cannot keep this row: a value stands there twice, or is too large.")
    except FilesAway as away:
        return Done(number, name, "refused", why=f"Files cannot be kept just now: {away}. Import again later.")
    return Done(number, name, "made" if outcome.is_new else "known", outcome.code, why="; ".join(outcome.left_out))


def _sentences(codes: Iterable[str], facts: Mapping[str, Any]) -> str:
    return " ".join(field_sentence(code, facts) for code in codes)


def grouped(rows: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """Rows of a CSV file of orders: those with the same `external_id` that follow each other are lines of one order."""
    waiting: tuple[int, dict[str, Any]] | None = None
    for number, row in rows:
        line = {name: row[name] for name in orders.LINE if row.get(name)}
        if waiting and row.get("external_id") and row.get("external_id") == waiting[1].get("external_id"):
            waiting[1]["lines"].append(line)
            continue
        if waiting:
            yield waiting
        waiting = number, {name: value for name, value in row.items() if name not in orders.LINE} | {"lines": [line]}
    if waiting:
        yield waiting
