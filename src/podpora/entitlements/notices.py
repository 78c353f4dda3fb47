"""Who is told what about a right that staff changed by hand."""

from datetime import date, datetime

from podpora.entitlements.values import GIVEN, REINSTATED, SUSPENDED
from podpora.notifications.actions import tell
from podpora.people import queries as people
from podpora.people.models import Customer


def suspended(licence: str, customer: Customer, reason: str, *, runs_until: date, source: str, at: datetime) -> None:
    facts = {"licence": licence, "reason": reason, "runs_until": runs_until}
    tell(people.recipients(customer, "see"), SUSPENDED, facts, at=at, once=source, url=_page(licence))


def reinstated(licence: str, customer: Customer, *, source: str, at: datetime) -> None:
    tell(people.recipients(customer, "see"), REINSTATED, {"licence": licence}, at=at, once=source, url=_page(licence))


def given(licence: str, customer: Customer, reason: str, *, through: date | None, source: str, at: datetime) -> None:
    facts = {"licence": licence, "reason": reason, "support_through": through}
    tell(people.recipients(customer, "see"), GIVEN, facts, at=at, once=source, url=_page(licence))


def _page(licence: str) -> str:
    return f"/licences/{licence}/"
