"""Saying yes to a proposal publishes it; and a draft that another one overtook is laid upon the newest revision (CS-25)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.fleet import queries
from podpora.fleet.actions.proposals import decided, waiting
from podpora.fleet.actions.publishing import append_revision, checked, locked, may_replace, refuse_conflict
from podpora.fleet.models import Draft, Profile, Proposal, Revision
from podpora.fleet.rules import entry_json, plan_from
from podpora.fleet.values import ProposalState, Publishing
from podpora.people.models import Person


@transaction.atomic
def approve(proposal: Proposal, *, seen: int | None = None, person: Person, by: Actor, at: datetime) -> Revision:
    """A second person says yes: it is published, in the name of whoever asked. What others published meanwhile stays as it is.

    `seen`: upon which revision he looked at it. Where another one has published something else for the same settings since, he is shown
    the differences first (CS-25); None: he saw no more than whoever asked.
    """
    profile = locked(proposal.profile)
    found = waiting(proposal)
    if found.person_id == person.pk:
        refuse("settings.own_proposal").or_refuse()
    layers = {layer: (found.based_on, entries) for layer, entries in found.layers.items()}
    known = min(found.based_on if seen is None else seen, profile.revision)
    refuse_conflict(profile, queries.laid_upon(profile, layers, known), known, only_where_met=True)
    named = queries.laid_upon(profile, layers, profile.revision)
    changes = checked(profile, named, found.layers)
    wish = Publishing(profile.revision, found.comment, plan_from(found.plan) if found.plan else None, found.instead_of)
    may_replace(profile, wish)
    revision = append_revision(profile, named, wish, len(changes), person=found.person, by=by, at=at)
    found.revision = revision.number
    decided(found, ProposalState.APPROVED, person=person, by=by, at=at)
    return revision


@transaction.atomic
def rebase_drafts(profile: Profile, *, person: Person, theirs: Collection[tuple[str, str]] = (), at: datetime) -> int:
    """The person's drafts, laid upon the newest revision. `theirs`: (layer, key) of conflicts in which the other one's word counts.

    Returns how many layers still differ from what is published; drafts that say nothing new any more go away.
    """
    profile = locked(profile)
    drafts = queries.drafts_of(profile, person)
    newest = queries.entries_of(profile, profile.revision)
    named = queries.draft_content(profile, drafts, profile.revision)
    left = 0
    for layer, draft in drafts.items():
        entries = dict(named.get(layer, {}))
        for key in {key for where, key in theirs if where == layer}:
            entries.pop(key, None)
            if (kept := newest.get(layer, {}).get(key)) is not None:
                entries[key] = kept
        if entries == newest.get(layer, {}):
            draft.delete()
            continue
        left += 1
        draft.entries = {key: entry_json(entry) for key, entry in entries.items()}
        draft.based_on, draft.changed_at = profile.revision, at
        draft.save(update_fields=["entries", "based_on", "changed_at"])
    Draft.objects.filter(profile=profile, person=person).update(based_on=profile.revision)
    return left
