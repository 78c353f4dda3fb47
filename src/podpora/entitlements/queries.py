"""Reading the ledger. What it leads to is the replay's business (rules)."""

import json
from collections.abc import Hashable, Iterable
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from podpora.base import sql
from podpora.entitlements.models import LedgerEntry, Reminder, Standing
from podpora.entitlements.rules.ledger import RANK
from podpora.entitlements.values import STRIKES, Entry, EntryKind
from podpora.people.models import Customer


def _newest(rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
    """Only the newest revision of each source."""
    same = LedgerEntry.objects.filter(licence=OuterRef("licence"), source=OuterRef("source")).order_by()
    newest = same.values("source").annotate(newest=Max("revision")).values("newest")
    return rows.annotate(newest=Subquery(newest)).filter(revision=F("newest"))


def ledger(licence: str) -> list[Entry]:
    """The entries of a licence that count: the newest revision of each (one query)."""
    return ledgers([licence])[licence]


def ledgers(licences: Iterable[str]) -> dict[str, list[Entry]]:
    """The same for many licences in one query; a licence without entries has an empty ledger."""
    return {licence: [row.entry() for row in rows.values()] for licence, rows in newest_of(licences).items()}


def newest_of(licences: Iterable[str]) -> dict[str, dict[str, LedgerEntry]]:
    """Each licence's rows that count, by source (one query)."""
    found: dict[str, dict[str, LedgerEntry]] = {licence: {} for licence in licences}
    for row in LedgerEntry.objects.filter(licence__in=list(found)).order_by("licence", "revision", "pk"):
        found[row.licence][row.source] = row  # a later revision replaces the earlier one
    return found


def ledger_rows(licence: str) -> QuerySet[LedgerEntry]:
    """Every row, old revisions too, in the order in which they were recorded (for staff: nothing is ever hidden)."""
    return LedgerEntry.objects.filter(licence=licence).order_by("recorded_at", "pk")


def newest_rows(licence: str) -> QuerySet[LedgerEntry]:
    """The rows that count, with the words that staff gave."""
    return _newest(LedgerEntry.objects.filter(licence=licence))


def standings(customer: Customer) -> QuerySet[Standing]:
    """The last computed result of each of the customer's licences, for lists and sorting only."""
    return Standing.objects.filter(customer=customer).order_by("licence")


def ending_around(first: date, last: date) -> QuerySet[Standing]:
    """Those of somebody whose support or right to run ends within these days (both counted), by customer."""
    ends = Q(support_through__range=(first, last)) | Q(run_until__range=(first, last))
    return Standing.objects.filter(ends, customer__isnull=False, suspended_at=None).order_by("customer_id", "licence")


def reminded(licences: Iterable[str]) -> set[tuple[str, str, date, int]]:
    """The reminders that were sent about these licences (one query)."""
    rows = Reminder.objects.filter(licence__in=list(licences))
    return set(rows.values_list("licence", "ending", "through", "step"))


def outdated_standings(product: int, mark: str) -> QuerySet[Standing]:
    """Those that were computed with other versions or another policy than the vendor has now."""
    return Standing.objects.filter(product=product).exclude(settings=mark).order_by("pk")


def has_pro(customer: Customer, *, today: date) -> bool:
    """Does a licence of this customer give the right to run PRO on that day: bought for ever, or a subscription that runs?"""
    paid = Standing.objects.filter(customer=customer, base__in=[EntryKind.PURCHASE, EntryKind.SUBSCRIPTION])
    return paid.filter(Q(run_until=None) | Q(run_until__gte=today)).exists()


# The same ledger for one hand-written statement (base/sql.py): every field of an Entry is a column of its own name.
_ENTRY = tuple(field.name for field in fields(Entry))
_KIND, _AT, _ORDERED_AT, _CANCELLED_AT = (_ENTRY.index(name) for name in ("kind", "at", "ordered_at", "cancelled_at"))
_TOLD = itemgetter(
    *(place for place, name in enumerate(_ENTRY) if name not in ("source", "at", "ordered_at", "cancelled_at", "strikes"))
)


def ledger_sql(licence: str) -> str:
    """A piece of SQL: the ledger of the licence whose code this expression gives, to be read with `entries_from`."""
    return sql.json_rows(LedgerEntry, (*_ENTRY, "revision"), f"licence = {licence}")


@lru_cache(maxsize=1)
def _ledger_reader() -> "sql.Reader":
    return sql.reader_of(LedgerEntry, (*_ENTRY, "revision"))


def entries_from(text: str) -> list[Entry]:
    """The entries that count, the newest revision of each; what `ledger` would give."""
    found: dict[str, Entry] = {}
    for *values, _revision in sorted(_ledger_reader()(text), key=lambda row: row[-1]):
        values[_KIND] = EntryKind(values[_KIND])
        found[values[0]] = Entry(*values)
    return list(found.values())


# Which ledgers are alike: the debate.
#
# Thousands of licences were bought on one day in one way; today's answer about each of them is the same. What rules read of an entry are
# its kind, its vendor dates and its numbers. Of the instants (when it was paid and ordered) they read two things only: whether it had
# come by now, and what came before what. So two ledgers of which all that is the same get the same answer on the same vendor date: the
# journey has to work out one of them. Where something was struck, cancelled, told anew, or has not come yet, nothing is alike.
def likeness(text: str, at: datetime) -> Hashable | None:
    """What an answer depends on besides the day: equal for ledgers that are alike at `at`. None: to be worked out by itself."""
    rows, now = json.loads(text), sql.as_parameter(at)
    for row in rows:
        if row[_AT] is None or row[_AT] > now or (row[_ORDERED_AT] or "") > now or row[_CANCELLED_AT] or row[_KIND] in STRIKES:
            return None
        if row[-1] != 1:
            return None
    if len(rows) == 1:
        return _TOLD(rows[0]), rows[0][_ORDERED_AT] is None
    rows.sort(key=lambda row: (row[_AT], RANK[row[_KIND]], row[0]))
    moments = ({row[_AT] for row in rows} | {row[_ORDERED_AT] for row in rows}) - {None}
    order = {moment: place for place, moment in enumerate(sorted(moments))}
    return tuple([(_TOLD(row), order[row[_AT]], order.get(row[_ORDERED_AT])) for row in rows])
