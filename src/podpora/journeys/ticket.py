"""A customer asks for help: the one door through which page, program and API open a ticket.

Three rooms: people (may this member ask at all?), rights (does VIP support open the gate?), desk (the ticket itself). Licence,
billing and general questions never meet the gate (SC-6); a ticket that is open already never meets it again (SC-2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision, refuse
from podpora.base.errors import NotYours
from podpora.catalog import queries as catalog
from podpora.desk import actions, permissions, queries, rules
from podpora.desk.models import Queue, Ticket
from podpora.desk.values import About, Draft, Purpose, SupportSnapshot, Upload, Via
from podpora.journeys import rights
from podpora.licensing.models import Device, Licence
from podpora.people.models import Customer, Person


@dataclass(frozen=True, slots=True)
class Question:
    """What a customer asks. Licence and device were looked up among what the customer owns (C4)."""

    customer: Customer
    requester: Person
    purpose: Purpose
    subject: str
    text: str
    licence: Licence | None = None
    device: Device | None = None
    version: str = ""
    platform: str = ""
    uploads: Sequence[Upload] = ()
    via: Via = Via.WEB
    is_private: bool = False
    once: str = ""
    queue: Queue | None = None  # else the standard one of the purpose
    fields: Mapping[str, Any] | None = None  # public ones of the queue; None: it is not a form that asks for them
    is_unproven: bool = False  # anybody may have typed the address


def may_ask(customer: Customer, person: Person, queue: Queue, licence: Licence | None, *, at: datetime) -> Decision:
    """The whole gate: the person's role, then VIP support if the queue stands behind it."""
    if not permissions.may_ask(person, customer, queue):
        return refuse("ticket.role", customer=customer.name)
    if not queue.needs_support:
        return Decision()
    return rights.may_open_ticket(customer, licence, at=at)


@transaction.atomic
def open_ticket(question: Question, *, by: Actor, at: datetime) -> Ticket:
    """Ask the gate, then open the ticket with a snapshot of what the gate said. Sent twice, opened once."""
    _check_owned(question)
    queue = question.queue or actions.standard_queue(question.purpose)
    decision = may_ask(question.customer, question.requester, queue, question.licence, at=at)
    decision.or_refuse()
    support = snapshot(question.licence, decision, at=at)
    ticket = actions.open_ticket(
        draft(question, licence=question.licence, device=question.device, at=at),
        customer=question.customer,
        requester=question.requester,
        queue=queue,
        support=support,
        by=by,
        at=at,
    )
    if question.fields is not None:
        asked = queries.fields_of(queue.pk, public_only=True)
        values = actions.read_values(asked, question.fields, had={}, complete=True)
        actions.set_fields(ticket, values, by=by, at=at)
    return ticket


def snapshot(licence: Licence | None, decision: Decision, *, at: datetime) -> SupportSnapshot:
    """What the ticket was opened under: the tier of its licence, the gate's word, the last day of support then."""
    if licence is None:
        through = next((r.facts["through"] for r in decision.reasons if "through" in r.facts), None)
        return SupportSnapshot(decision, "", through)
    facts = rights.rights_of(licence, at=at)
    return SupportSnapshot(decision, rights.tier_of(facts).value, facts.support_through)


def draft(question: Question, *, licence: Licence | None, device: Device | None, at: datetime) -> Draft:
    """The question with what is known about licence, device and version."""
    product = licence.product if licence else catalog.products().first()
    version = question.version or (device.app_version if device else "")
    about = About(
        product=product.code if product else "",
        licence=licence.code if licence else "",
        device=device.code if device else "",
        device_name=str(device) if device else "",
        app_version=version,
        platform=question.platform or (device.platform if device else ""),
        version_is_ended=bool(product and version and not _is_current(version, product.pk, at=at)),
    )
    return Draft(
        question.subject,
        question.text,
        about,
        question.uploads,
        via=question.via,
        is_private=question.is_private,
        is_unproven=question.is_unproven,
        once=question.once,
    )


def _is_current(version: str, product: int, *, at: datetime) -> bool:
    """EOL-5: False when the version is past its end of life; the ticket is accepted all the same."""
    on = vendor_date(at, catalog.policy_of(product).zone)
    return not rules.version_advice(version, catalog.version_facts(product), on).reasons


def _check_owned(question: Question) -> None:
    """A licence of another customer, or a device of another licence, is not there (S15, C4)."""
    licence, device = question.licence, question.device
    if licence is not None and licence.customer_id != question.customer.pk:
        raise NotYours
    if device is not None and (licence is None or device.licence_id != licence.pk):
        raise NotYours
