"""Who is told what about a right that staff changed by hand."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from podpora.entitlements.values import GIVEN, LAST_DAY, REINSTATED, REMINDER, SUSPENDED, Ending, ReminderLine
from podpora.mail import queries as mail
from podpora.notifications.actions import tell
from podpora.notifications.values import Recipient
from podpora.people import queries as people
from podpora.people.models import Customer


def suspended(licence: str, customer: Customer | None, reason: str, *, runs_until: date, source: str, at: datetime) -> None:
    facts = {"licence": licence, "reason": reason, "runs_until": runs_until}
    tell(_owners(customer), SUSPENDED, facts, at=at, once=source, url=_page(licence))


def reinstated(licence: str, customer: Customer | None, *, source: str, at: datetime) -> None:
    tell(_owners(customer), REINSTATED, {"licence": licence}, at=at, once=source, url=_page(licence))


def given(licence: str, customer: Customer | None, reason: str, *, through: date | None, source: str, at: datetime) -> None:
    facts = {"licence": licence, "reason": reason, "support_through": through}
    tell(_owners(customer), GIVEN, facts, at=at, once=source, url=_page(licence))


SHOWN = 20  # licences in one letter; the page has them all


def remind(customer: Customer, lines: Sequence[ReminderLine], *, at: datetime) -> None:
    """One letter about all of them, to those who may buy; not to addresses from which mail came back."""
    kind = LAST_DAY if any(line.due.step == 0 for line in lines) else REMINDER
    ordered = sorted(lines, key=lambda line: (line.due.through, line.licence))
    first = ordered[0]
    facts = {
        "lines": [_facts(line) for line in ordered[:SHOWN]], "count": len(lines), "more": max(len(lines) - SHOWN, 0),
        "first": _facts(first), "same_day": len({line.due.through for line in lines}) == 1,
    }  # fmt: skip
    recipients = people.recipients(customer, "buy")
    returned = mail.returned_from(one.address for one in recipients)
    marks = "|".join(f"{one.licence}:{one.due.ending}:{one.due.through}:{one.due.step}" for one in ordered)
    once = f"reminder:{customer.code}:{hashlib.sha256(marks.encode()).hexdigest()[:32]}"
    tell([one for one in recipients if one.address.casefold() not in returned], kind, facts, at=at, once=once, url=_way(lines))


def _facts(line: ReminderLine) -> dict[str, Any]:
    due = line.due
    return {
        "licence": line.licence, "name": line.name, "through": due.through, "days_left": due.days_left, "days_ago": -due.days_left,
        "ending": due.ending.value, "never_ends": line.never_ends, "ended_major": line.ended_major,
    }  # fmt: skip


def _way(lines: Sequence[ReminderLine]) -> str:
    """The one action: the page that shows what it would cost to go on."""
    if len(lines) > 1:
        return "/shop/many/"
    only = lines[0]
    if only.due.ending is Ending.TRIAL:
        return "/shop/"
    return f"/shop/{'upgrade' if only.ended_major else 'renew'}/{only.licence}/"


def _owners(customer: Customer | None) -> list[Recipient]:
    """Everybody who may see it; nobody for a trial that nobody has claimed."""
    return people.recipients(customer, "see") if customer else []


def _page(licence: str) -> str:
    return f"/licences/{licence}/"
