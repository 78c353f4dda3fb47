"""The program on a device asks for help (S8): the same door and the same gate as everywhere, with what the program knows by itself.

Rooms: licensing (whose device is it?), people (who of them asks?), rights (VIP, trial, FREE?), desk (the ticket). A device proves
which licence it runs under, not who sits before it: a device that has no customer, or is no longer on its seat, asks like any
visitor, by an e-mail address that nobody has proven.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision, refuse
from podpora.base.errors import InvalidInput
from podpora.catalog import queries as catalog
from podpora.catalog.values import Channel, Tier
from podpora.desk import actions, queries, rules
from podpora.desk.models import Ticket
from podpora.desk.values import Purpose, SupportSnapshot, Upload, Via
from podpora.journeys import rights
from podpora.journeys import ticket as ticket_journey
from podpora.licensing.models import Activation, Licence
from podpora.licensing.values import DEACTIVATED
from podpora.people import actions as people_actions
from podpora.people import queries as people
from podpora.people.models import Customer, Person


@dataclass(frozen=True, slots=True)
class Report:
    """What the program sends. `unproven`: the words for the technician about an address that nobody has proven."""

    purpose: Purpose
    subject: str
    text: str
    version: str = ""
    platform: str = ""
    email: str = ""
    language: str = ""
    reference: str = ""  # the program's own name for this question: sent again, it is the same ticket
    uploads: Sequence[Upload] = ()
    unproven: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """The ticket, what the VIP gate said, and whether it was opened just now."""

    ticket: Ticket
    support: Decision
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Standing:
    """The device's side of the matter: its customer (None: nobody proven), and what its licence gives."""

    customer: Customer | None
    licence: Licence
    support: Decision
    tier: Tier


@transaction.atomic
def report(activation: Activation, told: Report, *, by: Actor, at: datetime) -> Reported:
    """Open a ticket from the program. Refused as anywhere when the VIP gate is shut (VIP-9); InvalidInput without a needed e-mail."""
    once = _once(activation, told)
    licence = activation.licence
    support = rights.support_decision(licence, at=at)
    if once and (known := queries.opened_once(once, by)) is not None:
        return Reported(known, support, is_new=False)
    standing = _standing(activation, support, at=at)
    purpose = _purpose(activation, standing, told.purpose, at=at)
    if standing.customer is None:
        return Reported(_letter(activation, told, standing, purpose, once, by=by, at=at), support, is_new=True)
    requester = _requester(standing.customer, activation, told.email)
    text = told.text if _is_known(requester, told.email) else f"{told.text}\n\n({told.unproven})"
    question = ticket_journey.Question(
        customer=standing.customer, requester=requester, purpose=purpose, subject=told.subject, text=text, licence=licence,
        device=activation.device, version=told.version, platform=told.platform, uploads=told.uploads, via=Via.PROGRAM, once=once,
    )  # fmt: skip
    return Reported(ticket_journey.open_ticket(question, by=by, at=at), standing.support, is_new=True)


def _once(activation: Activation, told: Report) -> str:
    """Of this activation only: two devices may have one name and make up the same reference."""
    return hashlib.sha256(f"{activation.code}\n{told.reference}".encode()).hexdigest() if told.reference else ""


def _standing(activation: Activation, support: Decision, *, at: datetime) -> _Standing:
    """A device that was taken off its seat speaks for nobody any more (VI-5)."""
    licence = activation.licence
    tier = rights.tier_of(rights.rights_of(licence, at=at))
    customer = licence.customer if activation.is_active else None
    if customer is not None:
        support = rights.may_open_ticket(customer, licence, at=at)
    return _Standing(customer, licence, support, tier)


def _purpose(activation: Activation, standing: _Standing, wanted: Purpose, *, at: datetime) -> Purpose:
    if wanted is not Purpose.VIP:
        return wanted
    if activation.deactivated_at is not None:
        on = vendor_date(activation.deactivated_at, settings.VENDOR_ZONE)
        refuse(DEACTIVATED, on=on, licence=activation.licence.code).or_refuse()
    level = catalog.plan_level(standing.licence.product_id, standing.tier, Channel.EMAIL, at).level
    purpose = rules.purpose_of_report(wanted, is_open=standing.support.allowed, tier=standing.tier, by_mail=level)
    if purpose is Purpose.VIP:
        standing.support.or_refuse()
    return purpose


def _requester(customer: Customer, activation: Activation, email: str) -> Person:
    """Who asks: the member with this address, else who uses the device, else the owner who has been one for longest."""
    members = people.members_of(customer).filter(person__is_active=True)
    named = members.filter(person__email=email.strip().lower()).first() if email else None
    user_id = getattr(activation.device, "person_id", None)
    used = members.filter(person_id=user_id).first() if user_id and not named else None
    found = named or used or members.filter(role="owner").first() or members.first()
    if found is None:
        raise InvalidInput({"email": ["required"]})
    return found.person


def _is_known(requester: Person, email: str) -> bool:
    return not email or requester.email == email.strip().lower()


def _letter(
    activation: Activation, told: Report, standing: _Standing, purpose: Purpose, once: str, *, by: Actor, at: datetime
) -> Ticket:
    """A question of somebody whom nobody has proven: his own ticket, that only names the licence and the device."""
    if not told.email.strip():
        raise InvalidInput({"email": ["required"]})
    customer = people_actions.ensure_customer(email=told.email, name="", language=told.language, by=by, at=at)
    assert customer.person is not None  # a private customer is a person
    question = ticket_journey.Question(
        customer=customer, requester=customer.person, purpose=purpose, subject=told.subject, text=f"{told.text}\n\n({told.unproven})",
        version=told.version, platform=told.platform, uploads=told.uploads, via=Via.PROGRAM, is_private=True, once=once,
    )  # fmt: skip
    draft = ticket_journey.draft(question, licence=standing.licence, device=activation.device, at=at)
    queue = actions.standard_queue(purpose)
    support = SupportSnapshot(Decision(), standing.tier.value)
    return actions.open_ticket(draft, customer=customer, requester=customer.person, queue=queue, support=support, by=by, at=at)
