"""A device comes to a licence, asks how it stands, and leaves (RULES.md C).

The licence knows its seats (licensing), the ledger knows what it gives (entitlements), the catalogue knows the versions. This story
asks each and hands the answers on; it decides nothing itself.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision, refuse
from podpora.entitlements import rules
from podpora.entitlements.values import Rights
from podpora.journeys import rights as rights_journey
from podpora.journeys.claiming import adopt
from podpora.licensing import actions, queries
from podpora.licensing.models import Activation, Licence
from podpora.licensing.values import DEACTIVATED, Activated, Contact, DeviceFacts, Granted
from podpora.people import queries as people
from podpora.people.permissions import may


@dataclass(frozen=True, slots=True)
class Standing:
    """How a device stands: its rights, and what it may do with which version."""

    rights: Rights
    run: Decision
    support: Decision
    granted: Granted


def standing_of(licence: Licence, major: int | None, *, at: datetime) -> Standing:
    """What the licence gives to a program of this major version at `at`."""
    answers = rights_journey.answers_for([licence], at=at)[licence.code]
    rights, run, facts = answers.rights, answers.run, answers.facts
    if major is not None and run.allowed:
        today = vendor_date(at, facts.policy.zone)
        run &= rules.about(rules.may_run_version(rights.run, major, facts.versions, on=today), licence=licence.code)
    notices = [reason.code for reason in run.warnings if reason.code != "licence.valid"]
    if not answers.support.allowed:
        notices.append(answers.support.code)
    granted = Granted(
        decision=run, covers_all=rights.run.covers_all, through_major=rights.run.through_major, until=rights.run.until,
        support_through=rights.support_through, lease_days=facts.policy.lease_days, notices=tuple(notices),
    )  # fmt: skip
    return Standing(rights, run, answers.support, granted)


@transaction.atomic
def activate(licence: Licence, device: DeviceFacts, contact: Contact, *, replace: str = "", by: Actor, at: datetime) -> Activated:
    """Give the device a seat, or the one that it has. `replace`: a device that its owner takes off in the same moment."""
    if replace:
        actions.free_seat(licence, replace, by=by, at=at)
    standing = standing_of(licence, contact.major, at=at)
    done = actions.activate(licence, device, contact, granted=standing.granted, by=by, at=at)
    if done.is_new:
        adopt(licence, device, by=by, at=at)
    return done


def refresh(activation: Activation, contact: Contact, *, by: Actor, at: datetime) -> Activated:
    """A new certificate with today's rights (EOL-9)."""
    standing = standing_of(activation.licence, contact.major, at=at)
    return actions.refresh(activation, contact, granted=standing.granted, by=by, at=at)


def device_standing(activation: Activation, major: int | None, *, at: datetime) -> Standing:
    """How this device stands now. One that was taken off its seat is told so; the licence itself is fine (A-5)."""
    standing = standing_of(activation.licence, major, at=at)
    if activation.is_active or activation.deactivated_at is None:
        return standing
    on = vendor_date(activation.deactivated_at, settings.VENDOR_ZONE)
    told = refuse(DEACTIVATED, on=on, licence=activation.licence.code)
    return Standing(standing.rights, told, standing.support, standing.granted)


def is_owner(licence: Licence, proof: str, *, at: datetime) -> bool:
    """Does this text prove that its sender looks after the licence's devices?

    Either a fresh proof from the portal or the API (15 minutes, one licence), or an API token of a member who may free seats. Knowing
    the owner's e-mail address proves nothing.
    """
    if queries.owner_proof_holds(proof, licence, at=at):
        return True
    token = people.token_for(proof)
    if token is None or token.person is None or not {"all", "licences"} & set(token.scopes):
        return False
    return may(token.person, "devices", licence.customer)
