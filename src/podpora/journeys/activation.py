"""A device comes to a licence, asks how it stands, and leaves (RULES.md C).

The licence knows its seats (licensing), the ledger knows what it gives (entitlements), the catalogue knows the versions. This story
asks each and hands the answers on; it decides nothing itself.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision, Reason, Refused
from podpora.base.transactions import one_transaction
from podpora.catalog.rules.releases import line_of
from podpora.entitlements import rules
from podpora.entitlements.values import Rights
from podpora.journeys import rights as rights_journey
from podpora.journeys.claiming import adopt
from podpora.journeys.releases import may_run_version
from podpora.licensing import actions, queries
from podpora.licensing.models import Activation, Device, Licence
from podpora.licensing.rules import decide
from podpora.licensing.rules.decision import Asked, Outcome, Step, notices_of
from podpora.licensing.values import SUSPECTED_CLONE, TOO_MANY_MOVES, Activated, Contact, DeviceFacts, Granted
from podpora.people import queries as people
from podpora.people.permissions import may


@dataclass(frozen=True, slots=True)
class Standing:
    """How a device stands: its rights, and what it may do with which version."""

    rights: Rights
    run: Decision
    support: Decision
    granted: Granted
    outcome: Outcome | None = None  # of the question about a device: everything together, in the order of the decision


def standing_of(licence: Licence, major: int | None, *, version: str = "", at: datetime) -> Standing:
    """What the licence gives to a program of this major version at `at`; of this release, where it covers by date."""
    answers = rights_journey.answers_for([licence], at=at)[licence.code]
    return standing_from(licence.code, answers, major, covered(answers, licence.product_id, version, major, at=at), at=at)


def covered(answers: rights_journey.Answers, product: int, version: str, major: int | None, *, at: datetime) -> Decision:
    """Is this version covered? Nothing is said of an unknown one."""
    if major is None:
        return Decision()
    today = vendor_date(at, answers.facts.policy.zone)
    return may_run_version(answers.rights.run, product, version, major, answers.facts, on=today)


def standing_from(code: str, answers: rights_journey.Answers, major: int | None, version: Decision, *, at: datetime) -> Standing:
    """The same from what was gathered already (journeys/hot.py gathers it with one statement)."""
    rights, facts = answers.rights, answers.facts
    run = answers.run & rules.about(version, licence=code) if answers.run.allowed else answers.run
    notices = [reason.code for reason in run.warnings if reason.code != "licence.valid"]
    if not answers.support.allowed:
        notices.append(answers.support.code)
    today = vendor_date(at, facts.policy.zone)
    notices += rules.program_notices(rights, facts.versions, major=major, on=today, policy=facts.policy)
    granted = Granted(
        decision=run, covers_all=rights.run.covers_all, through_major=rights.run.through_major, until=rights.run.until,
        updates_until=rights.run.updates_until, support_through=rights.support_through, lease_days=facts.policy.lease_days, notices=tuple(notices),
    )  # fmt: skip
    return Standing(rights, run, answers.support, granted)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a proven owner asks for with an activation: `replace` a device in the same moment (A-1), or take this computer for the
    `same_as` one (A-3)."""

    replace: str = ""
    same_as: str = ""


NO_WISH = Wish()


def activate(
    licence: Licence, device: DeviceFacts, contact: Contact, *, wish: Wish = NO_WISH, by: Actor, at: datetime
) -> Activated:
    """Give the device a seat, or the one that it has. Whatever comes of it, a key that is used too widely is noticed (A-6, X-9)."""
    try:
        granted = standing_of(licence, contact.major, version=contact.app_version, at=at).granted
        if wish == NO_WISH:
            actions.refuse_without_lock(licence, device, granted=granted, at=at)
        done = _activate(licence, device, contact, wish, granted, by=by, at=at)
    except Refused as refusal:
        actions.note_key_use(licence, device, by=by, at=at)
        if TOO_MANY_MOVES in refusal.decision.codes:
            actions.tell_moves(licence, int(refusal.decision.facts(TOO_MANY_MOVES)["moves"]), at=at)
        raise
    if done.is_new:  # after the licence's lock: others wait for a seat
        actions.note_key_use(licence, device, by=by, at=at)
    return done


@one_transaction
def _activate(
    licence: Licence, device: DeviceFacts, contact: Contact, wish: Wish, granted: Granted, *, by: Actor, at: datetime
) -> Activated:
    if wish.replace:
        actions.free_seat(licence, wish.replace, by=by, at=at)
    done = actions.activate(licence, device, contact, granted=granted, same_as=wish.same_as, by=by, at=at)
    if done.is_new:
        adopt(licence, device, by=by, at=at)
    return done


def refresh(activation: Activation, contact: Contact, *, by: Actor, at: datetime) -> Activated:
    """A new certificate with today's rights (EOL-9)."""
    standing = standing_of(activation.licence, contact.major, version=contact.app_version, at=at)
    return actions.refresh(activation, contact, granted=standing.granted, by=by, at=at)


def device_standing(activation: Activation, major: int | None, *, version: str = "", at: datetime) -> Standing:
    """How this device stands now. One that was taken off its seat is told so; the licence itself is fine (A-5)."""
    licence = activation.licence
    standing = standing_of(licence, major, version=version, at=at)
    state = queries.device_state(activation.device, activation)
    outcome = decide(Asked(licence.code, standing.granted, support=_first(standing.support), device=state))
    run = standing.run if outcome.decision.allowed else outcome.decision
    return replace(
        standing, run=run, outcome=outcome, granted=replace(standing.granted, notices=notices_of(standing.granted, outcome))
    )


def trace(licence: Licence, device: Device | None = None, version: str | None = None, *, at: datetime) -> Outcome:
    """The decision and every step to it, for staff: about the licence, one of its devices, a version of the program."""
    standing = standing_of(licence, _major(version) if version else None, version=version or "", at=at)
    state = None
    if device is not None:
        state = queries.device_state(device, device.activations.order_by("-id").first())
    asked = Asked(
        licence.code, standing.granted, support=_first(standing.support), device=state, features=licence.edition.features,
        product=licence.product.code, product_wanted=licence.product.code,
    )  # fmt: skip
    outcome = decide(asked)
    return replace(outcome, trace=(*outcome.trace, *_noted(device)))


def _noted(device: Device | None) -> list[Step]:
    """What staff should know about the device besides, though it decides nothing (clones)."""
    if device is None:
        return []
    since = vendor_date(device.suspected_clone_at, settings.VENDOR_ZONE) if device.suspected_clone_at else None
    facts = {"device": device.code, "since": since} if since else {}
    return [Step(SUSPECTED_CLONE, facts, "noted" if since else "passed")]


def _major(version: str) -> int | None:
    found = line_of(version)
    return found[0] if found else None


def _first(decision: Decision) -> Reason | None:
    return next(iter(decision.reasons), None)


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
