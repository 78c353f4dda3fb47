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
from podpora.journeys.importing import customers, knowledge, licences, orders, tickets
from podpora.journeys.importing.reading import Outcome, Row, Sources


class BringIn(Protocol):
    def __call__(self, row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome: ...


NOUNS: Mapping[str, BringIn] = {
    "customers": customers.bring_in, "orders": orders.bring_in, "licences": licences.bring_in, "tickets": tickets.bring_in,
    "articles": knowledge.bring_in_article, "problems": knowledge.bring_in_problem,
}  # fmt: skip
WORK = {**NOUNS, "bases": licences.bring_in_base}
FIELDS = {"customers": customers.FIELDS, "orders": orders.FIELDS, "licences": licences.FIELDS, "tickets": tickets.FIELDS,
          "articles": knowledge.ARTICLE, "problems": knowledge.PROBLEM}  # fmt: skip


# The parts of an export in the order in which they are read. A licence that no order gave comes first without what orders did to it
# ("bases"), because each order is judged by what its licence was on that day; then the orders, then every licence's whole ledger.
STEPS = (("customers", "customers"), ("licences", "bases"), ("orders", "orders"), ("licences", "licences"), ("tickets", "tickets"),
         ("articles", "articles"), ("problems", "problems"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a row. `fields`: what is wrong with which of them, and what would be right; `why`: a rule that said no."""

    number: int  # of the row in its file, as a person counts (the header of a CSV file is 1)
    external_id: str
    result: str  # made, known, refused
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
    return Done(number, name, "made" if outcome.is_new else "known", outcome.code)


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
