"""Reading the ledger. What it leads to is the replay's business (rules)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from podpora.entitlements.models import LedgerEntry, Reminder, Standing
from podpora.entitlements.values import Entry, EntryKind
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
