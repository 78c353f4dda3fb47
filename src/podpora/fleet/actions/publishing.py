"""From drafts to a revision, and back to an older content."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.fleet import queries
from podpora.fleet.models import Draft, Profile, Revision, SettingsSchema
from podpora.fleet.rules import changes_between, conflicts_of, digest_of, entry_json, read_entries
from podpora.fleet.values import Change, Entries
from podpora.people.models import Person


@transaction.atomic
def publish(profile: Profile, *, person: Person, based_on: int, comment: str, by: Actor, at: datetime) -> Revision:
    """All drafts of this person become the next revision. Whoever started from an older one is shown the differences (CS-25)."""
    profile = _locked(profile)
    schema = _schema(profile)
    drafts = queries.drafts_of(profile, person)
    if based_on != profile.revision:
        _refuse_conflict(profile, drafts, based_on)
    named = queries.draft_content(profile, drafts, profile.revision)
    changes = _changes(profile, named)
    if not changes:
        refuse("settings.nothing_to_publish").or_refuse()
    for layer in drafts:  # valid when it was saved; the schema may be a newer one since (CS-13)
        read_entries(queries.read(schema), {key: entry_json(entry) for key, entry in named.get(layer, {}).items()})
    revision = _append(profile, schema, named, comment=comment, person=person, by=by, at=at)
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts.values()]).delete()
    _told("settings.published", profile, revision, len(changes), by=by, at=at)
    return revision


@transaction.atomic
def roll_back(profile: Profile, number: int, *, person: Person, comment: str = "", by: Actor, at: datetime) -> Revision:
    """CS-7: the content of an older revision as the next one. Programs refuse lower numbers, so nothing ever counts down."""
    profile = _locked(profile)
    schema = _schema(profile)
    old = queries.revision(profile, number)
    named = dict(queries.entries_of(profile, number))
    changes = _changes(profile, named)
    if not changes:
        refuse("settings.nothing_to_publish").or_refuse()
    revision = _append(profile, schema, named, comment=comment, person=person, by=by, at=at, content_of=old.content_of or number)
    _told("settings.rolled_back", profile, revision, len(changes), by=by, at=at)
    return revision


def _locked(profile: Profile) -> Profile:
    return Profile.objects.select_for_update(of=("self",)).select_related("customer", "product").get(pk=profile.pk)


def _schema(profile: Profile) -> SettingsSchema:
    schema = queries.newest_schema(profile.product)
    if schema is None:
        refuse("settings.none", product=profile.product.name).or_refuse()
        raise AssertionError
    return schema


def _changes(profile: Profile, named: Mapping[str, Entries]) -> list[Change]:
    before = queries.content_of(profile, queries.entries_of(profile, profile.revision))
    return changes_between(before, queries.content_of(profile, named))


def _append(
    profile: Profile, schema: SettingsSchema, named: Mapping[str, Entries], *, content_of: int | None = None, **written: Any
) -> Revision:
    profile.revision += 1
    profile.stamp += 1
    profile.save(update_fields=["revision", "stamp"])
    by = written["by"]
    content = {layer: {key: entry_json(entry) for key, entry in entries.items()} for layer, entries in named.items()}
    return Revision.objects.create(
        profile=profile, number=profile.revision, schema=schema, content_of=content_of, comment=written["comment"].strip()[:500],
        content=content, digest=digest_of(content), person=written["person"], by_name=by.name[:254], published_at=written["at"],
    )  # fmt: skip


def _refuse_conflict(profile: Profile, drafts: Mapping[str, Draft], based_on: int) -> None:
    """What was published since, and where it meets the drafts."""
    base = queries.content_of(profile, queries.entries_of(profile, min(based_on, profile.revision)))
    newest = queries.content_of(profile, queries.entries_of(profile, profile.revision))
    mine = queries.content_of(profile, queries.draft_content(profile, drafts, min(based_on, profile.revision)))
    refuse(
        "settings.conflict",
        newest=profile.revision,
        based_on=based_on,
        diff=[change_json(change) for change in changes_between(base, newest)],
        conflicts=[change_json(change) for change in conflicts_of(base, newest, mine)],
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
