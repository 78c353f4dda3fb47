"""Jobs that tell a whole story: they call journeys, which no room may know."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from podpora.audit import actions as audit
from podpora.audit import queries as audit_queries
from podpora.base.actors import system
from podpora.base.clock import vendor_date
from podpora.base.decisions import Refused
from podpora.catalog import queries as catalog
from podpora.jobs.values import job, periodic
from podpora.journeys import articles, fixes, forum_standing, mailroom, purchase, registration, releasing, reminding
from podpora.journeys.exporting import person as data
from podpora.mail import actions as mail
from podpora.orders import queries
from podpora.orders.values import provider
from podpora.people import actions as people
from podpora.people.models import DataExport
from podpora.people.values import ExportState

log = logging.getLogger(__name__)


@periodic(every=timedelta(minutes=2))
def reconcile_payments(payload: dict[str, Any], *, at: datetime) -> None:
    """Ask providers about payments that were started and not heard of since (C50). What one order meets keeps no other one waiting."""
    for order in queries.unconfirmed(at):
        chosen = provider(order.provider)
        if chosen is None:
            continue
        try:
            purchase.confirm_payment(order, by=system("reconciliation"), at=at)
        except Refused as refusal:
            log.error("the payment of %s cannot be booked: %s", order.code, refusal)  # C12: staff see it in the log


@periodic(every=timedelta(hours=1))
def send_reminders(payload: dict[str, Any], *, at: datetime) -> None:
    """Support, subscriptions and trials that end soon, end today, or ended a week ago (VIP-14)."""
    reminding.remind_all(at=at)


@periodic(every=timedelta(hours=1))
def release_devices(payload: dict[str, Any], *, at: datetime) -> None:
    """Renewals for fewer devices take effect, and devices whose owner did not pick in time are taken off (ORG-5, X-3)."""
    releasing.release_due(by=system("seats"), at=at)


@periodic(every=timedelta(minutes=1))
def publish_articles(payload: dict[str, Any], *, at: datetime) -> None:
    """Articles that were put off until now appear, and the topics that they were made of say so (FO-32)."""
    articles.publish_due(by=system(), at=at)


@periodic(every=timedelta(minutes=1))
def tell_of_fixes(payload: dict[str, Any], *, at: datetime) -> None:
    """The version with a fix is out: everybody tied to the problem is told, and whether his licence covers it (S14)."""
    fixes.tell_due(by=system("releases"), at=at)


@job
def give_free(payload: dict[str, Any], *, at: datetime) -> None:
    """Somebody asked for FREE (A-13); only the address gets to know."""
    product = catalog.product(payload["product"])
    registration.register(product, payload["email"], payload["language"], by=system("registration"), at=at)


@periodic(every=timedelta(hours=6))
def expire_orders(payload: dict[str, Any], *, at: datetime) -> None:
    """Unpaid orders of our own shop that are no longer waited for. Money that comes later still counts."""
    for order in queries.expired(queries.today(at)):
        purchase.cancel(order, why="not paid in time", by=system("orders"), at=at)


@periodic(every=timedelta(minutes=5))
def tell_about_webhooks(payload: dict[str, Any], *, at: datetime) -> None:
    """Managers learn of webhooks that were switched off because their receiver is gone or was not reached for three days."""
    for hook in audit_queries.webhooks_to_tell():
        with transaction.atomic():
            people.tell_webhook_disabled(hook.code, hook.name, hook.url, hook.disabled_why, at=at)
            audit.mark_told(hook, at=at)


@job(max_attempts=20)
def read_mail(payload: dict[str, Any], *, at: datetime) -> None:
    """One mail that came in becomes a message, a ticket, or waits in the quarantine. Its own failures are the journey's matter."""
    mailroom.process(payload["mail"], at=at)


@periodic(every=timedelta(minutes=10))
def read_left_mail(payload: dict[str, Any], *, at: datetime) -> None:
    """Mail whose job is gone, and mail that an older release could not read (TH-17)."""
    mail.read_unfinished(at=at)


@periodic(every=timedelta(hours=6))
def forget_answers(payload: dict[str, Any], *, at: datetime) -> None:
    """Automatic answers that no longer count against the next one (AU-4)."""
    mail.forget_answers(at=at)


@job
def make_data_export(payload: dict[str, Any], *, at: datetime) -> None:
    """All that is known of a person, for himself (A18)."""
    export = DataExport.objects.filter(code=payload["export"], state=ExportState.MAKING).select_related("person").first()
    if export is not None:
        data.make(export, by=system("export"), at=at)


@periodic(every=timedelta(hours=6))
def forget_data_exports(payload: dict[str, Any], *, at: datetime) -> None:
    """Files whose week is over; and what could not be made within a day may be asked for again."""
    people.forget_exports(at=at)
    for export in DataExport.objects.filter(state=ExportState.MAKING, asked_at__lte=at - timedelta(days=1)):
        people.fail_export(export)


@periodic(every=timedelta(minutes=30))
def refresh_forum(payload: dict[str, Any], *, at: datetime) -> None:
    """FB-1: badges and circles of the forum follow licences and support."""
    forum_standing.refresh(on=vendor_date(at, settings.VENDOR_ZONE), at=at)
