"""From drafts to a revision, and back to an older content."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.fleet import queries
from podpora.fleet.actions.proposals import propose
from podpora.fleet.actions.rollouts import begin_rollout, end_rollout
from podpora.fleet.models import Draft, Profile, Proposal, Revision, SettingsSchema
from podpora.fleet.rules import changes_between, conflicts_of, digest_of, entry_json, read_entries
from podpora.fleet.values import Change, Entries, Publishing, RollOutState
from podpora.people.models import Person


@transaction.atomic
def publish(profile: Profile, wish: Publishing, *, person: Person, by: Actor, at: datetime) -> Revision | Proposal:
    """All drafts of this person become the next revision, for every device at once or wave after wave.

    Whoever started from an older one is shown the differences (CS-25). Where a setting needs a second person and there is one, it becomes
    a proposal that waits. Refused while a roll-out is under way, unless this one replaces it.
    """
    profile = locked(profile)
    drafts = queries.drafts_of(profile, person)
    if wish.based_on != profile.revision:
        refuse_conflict(profile, queries.draft_content(profile, drafts, min(wish.based_on, profile.revision)), wish.based_on)
    named = queries.draft_content(profile, drafts, profile.revision)
    changes = checked(profile, named, drafts)
    may_replace(profile, wish)
    guarded = queries.guarded_keys(profile, changes)
    if guarded and queries.other_approvers(profile, person):
        proposal = propose(profile, wish, drafts, guarded, person=person, by=by, at=at)
        Draft.objects.filter(pk__in=[draft.pk for draft in drafts.values()]).delete()
        return proposal
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts.values()]).delete()
    return append_revision(profile, named, wish, len(changes), person=person, by=by, at=at)


def append_revision(
    profile: Profile,
    named: Mapping[str, Entries],
    wish: Publishing,
    changes: int,
    *,
    person: Person | None,
    by: Actor,
    at: datetime,
) -> Revision:
    """The next revision, and its way to the devices. The profile is locked; everything was checked."""
    running, settled = queries.open_rollout(profile), queries.settled_revision(profile)
    revision = _append(profile, named, comment=wish.comment, person=person, by=by, at=at)
    _told("settings.published", profile, revision, changes, by=by, at=at)
    if running is not None:
        end_rollout(running, RollOutState.REPLACED, by=by, at=at)
    if wish.plan is not None:
        begin_rollout(profile, revision, settled, wish.plan, by=by, at=at)
    return revision


@transaction.atomic
def roll_back(profile: Profile, number: int, *, person: Person, comment: str = "", by: Actor, at: datetime) -> Revision:
    """CS-7: the content of an older revision as the next one. Programs refuse lower numbers, so nothing ever counts down.

    It goes to every device at once, and a roll-out that is under way is over: taking back is what one does when something burns.
    """
    profile = locked(profile)
    _schema(profile)
    old = queries.revision(profile, number)
    named = dict(queries.entries_of(profile, number))
    changes, running = _changes(profile, named), queries.open_rollout(profile)
    if not changes:
        refuse("settings.nothing_to_publish").or_refuse()
    revision = _append(profile, named, comment=comment, person=person, by=by, at=at, content_of=old.content_of or number)
    _told("settings.rolled_back", profile, revision, len(changes), by=by, at=at)
    if running is not None:
        end_rollout(running, RollOutState.TAKEN_BACK, by=by, at=at)
    return revision


def checked(profile: Profile, named: Mapping[str, Entries], touched: Iterable[str]) -> list[Change]:
    """What changes. Refused where nothing does; InvalidInput where the schema is a newer one since, that a value no longer fits (CS-13)."""
    changes = _changes(profile, named)
    if not changes:
        refuse("settings.nothing_to_publish").or_refuse()
    schema = queries.read(_schema(profile))
    for layer in touched:
        read_entries(schema, {key: entry_json(entry) for key, entry in named.get(layer, {}).items()})
    return changes


def may_replace(profile: Profile, wish: Publishing) -> None:
    running = queries.open_rollout(profile)
    if running is not None and wish.instead_of != running.code:
        refuse("settings.rollout_open", revision=running.revision, rollout=running.code).or_refuse()
    if wish.plan is not None and not profile.revision:
        refuse("settings.first_revision").or_refuse()


def locked(profile: Profile) -> Profile:
    return Profile.objects.select_for_update(of=("self",), no_key=True).select_related("customer", "product").get(pk=profile.pk)


def _schema(profile: Profile) -> SettingsSchema:
    schema = queries.newest_schema(profile.product)
    if schema is None:
        refuse("settings.none", product=profile.product.name).or_refuse()
        raise AssertionError
    return schema


def _changes(profile: Profile, named: Mapping[str, Entries]) -> list[Change]:
    before = queries.content_of(profile, queries.entries_of(profile, profile.revision))
    return changes_between(before, queries.content_of(profile, named))


def _append(profile: Profile, named: Mapping[str, Entries], *, content_of: int | None = None, **written: Any) -> Revision:
    profile.revision += 1
    profile.stamp += 1
    profile.save(update_fields=["revision", "stamp"])
    by = written["by"]
    content = {layer: {key: entry_json(entry) for key, entry in entries.items()} for layer, entries in named.items()}
    return Revision.objects.create(
        profile=profile, number=profile.revision, schema=_schema(profile), content_of=content_of, comment=written["comment"].strip()[:500],
        content=content, digest=digest_of(content), person=written["person"], by_name=by.name[:254], published_at=written["at"],
    )  # fmt: skip


def refuse_conflict(profile: Profile, mine: Mapping[str, Entries], based_on: int, *, only_where_met: bool = False) -> None:
    """What was published since, and where it meets `mine`. `only_where_met`: no refusal where both changed nothing in common."""
    base = queries.content_of(profile, queries.entries_of(profile, min(based_on, profile.revision)))
    newest = queries.content_of(profile, queries.entries_of(profile, profile.revision))
    met = conflicts_of(base, newest, queries.content_of(profile, mine))
    if only_where_met and not met:
        return
    refuse(
        "settings.conflict",
        newest=profile.revision,
        based_on=based_on,
        diff=[change_json(change) for change in changes_between(base, newest)],
        conflicts=[change_json(change) for change in met],
    ).or_refuse()


def change_json(change: Change) -> dict[str, Any]:
    """`{layer, key, before, after}`; null: not set there."""
    return {
        "layer": change.layer.key, "key": change.key,
        "before": entry_json(change.before) if change.before else None, "after": entry_json(change.after) if change.after else None,
    }  # fmt: skip


def _told(verb: str, profile: Profile, revision: Revision, changes: int, *, by: Actor, at: datetime) -> None:
    facts = {"revision": revision.number, "changes": changes, "content_of": revision.content_of, "product": profile.product.code}
    record(verb, f"settings:{profile.customer.code}", by=by, at=at, facts=facts)
