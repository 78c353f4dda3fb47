"""Who is told what about a right that staff changed by hand."""

from datetime import date, datetime

from podpora.entitlements.values import GIVEN, REINSTATED, SUSPENDED
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


def _owners(customer: Customer | None) -> list[Recipient]:
    """Everybody who may see it; nobody for a trial that nobody has claimed."""
    return people.recipients(customer, "see") if customer else []


def _page(licence: str) -> str:
    return f"/licences/{licence}/"
