"""A second person looks at a change of chosen settings before it is published."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.fleet import notices, queries
from podpora.fleet.models import Draft, Profile, Proposal
from podpora.fleet.rules import plan_json
from podpora.fleet.values import PROPOSAL_NAMES, ProposalState, Publishing
from podpora.people.models import Person


def propose(
    profile: Profile, wish: Publishing, drafts: Mapping[str, Draft], keys: list[str], *, person: Person, by: Actor, at: datetime
) -> Proposal:
    """Part of publishing: what this person wants waits for another one. One at a time of each person."""
    waiting = queries.waiting_proposals(profile).filter(person=person).first()
    if waiting is not None:
        refuse("settings.proposal_waits", proposal=waiting.code).or_refuse()
    proposal = Proposal.objects.create(
        profile=profile, layers={layer: draft.entries for layer, draft in drafts.items()}, based_on=wish.based_on,
        comment=wish.comment.strip()[:500], plan=plan_json(wish.plan) if wish.plan else {}, instead_of=wish.instead_of, keys=keys,
        person=person, by_name=by.name[:254], asked_at=at,
    )  # fmt: skip
    _recorded("settings.approval_asked", proposal, by=by, at=at, keys=keys[:20])
    notices.approval_asked(proposal, at=at)
    return proposal


@transaction.atomic
def decline(proposal: Proposal, *, person: Person, by: Actor, at: datetime) -> Proposal:
    """Another person says no, or whoever asked takes it back: the drafts are his again, unless he has begun new ones."""
    Profile.objects.select_for_update(no_key=True).get(pk=proposal.profile_id)
    found = waiting(proposal)
    state = ProposalState.WITHDRAWN if found.person_id == person.pk else ProposalState.DECLINED
    if found.person is not None:
        present = queries.drafts_of(found.profile, found.person)
        for layer, entries in found.layers.items():
            if layer not in present:
                Draft.objects.create(
                    profile=found.profile, person=found.person, layer=layer, entries=entries, based_on=found.based_on, changed_at=at
                )
    decided(found, state, person=person, by=by, at=at)
    return found


def waiting(proposal: Proposal) -> Proposal:
    """The proposal as it is now, under the lock of its profile; refused when it was decided already."""
    found = queries.proposal_in(proposal.profile, proposal.code)
    if found.state != ProposalState.WAITING:
        refuse("settings.proposal_over", state=str(PROPOSAL_NAMES[ProposalState(found.state)])).or_refuse()
    return found


def decided(proposal: Proposal, state: ProposalState, *, person: Person, by: Actor, at: datetime) -> None:
    proposal.state, proposal.decided_by, proposal.decided_name, proposal.decided_at = state, person, by.name[:254], at
    proposal.save()
    _recorded("settings.approval_given", proposal, by=by, at=at, state=state.value)
    if state is not ProposalState.WITHDRAWN:
        notices.approval_given(proposal, at=at)


@transaction.atomic
def guard(profile: Profile, keys: Collection[str], *, by: Actor, at: datetime) -> Profile:
    """Exactly these settings need a second person, besides those that the vendor marked."""
    profile = Profile.objects.select_for_update(of=("self",), no_key=True).select_related("customer", "product").get(pk=profile.pk)
    row = queries.newest_schema(profile.product)
    known = queries.read(row).settings if row else {}
    if missing := sorted(set(keys) - set(known)):
        raise InvalidInput({"keys": ["unknown"]}, {"keys": {"choices": ", ".join(missing[:5])}})
    before, wanted = profile.guarded, sorted(set(keys))
    if before != wanted:
        profile.guarded = wanted
        profile.save(update_fields=["guarded"])
        facts = {"added": sorted(set(wanted) - set(before)), "removed": sorted(set(before) - set(wanted))}
        record("settings.guarded", f"settings:{profile.customer.code}", by=by, at=at, facts=facts)
    return profile


def _recorded(verb: str, proposal: Proposal, *, by: Actor, at: datetime, **facts: object) -> None:
    record(verb, f"settings:{proposal.profile.customer.code}", by=by, at=at, facts={"proposal": proposal.code, **facts})
