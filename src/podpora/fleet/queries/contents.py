"""Revisions and drafts as the rules see them: layers with their entries."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from podpora.base.errors import NotYours
from podpora.fleet.models import Draft, Group, Profile, Revision
from podpora.fleet.queries.groups import group_in, groups_of
from podpora.fleet.rules import entry_from, merged
from podpora.fleet.values import Entries, Entry, Layer, Level
from podpora.licensing.models import Device
from podpora.people.models import Person

COMPANY = Layer(Level.COMPANY)


def revision(profile: Profile, number: int) -> Revision:
    """One of the profile's revisions; raises NotYours."""
    found = Revision.objects.select_related("schema", "person").filter(profile=profile, number=number).first()
    if found is None:
        raise NotYours
    return found


def revisions_of(profile: Profile) -> QuerySet[Revision]:
    """Newest first, without their content."""
    return Revision.objects.filter(profile=profile).select_related("schema", "person").defer("content", "schema__document")


def entries_of(profile: Profile, number: int) -> Mapping[str, Entries]:
    """The entries of a revision by the name of their layer; revision 0 is empty. Read once in a process, for a revision never changes."""
    if not number:
        return {}
    pk, digest = Revision.objects.values_list("pk", "digest").get(profile=profile, number=number)
    return _entries(pk, digest)


@lru_cache(maxsize=200)
def _entries(pk: int, _digest: str) -> Mapping[str, Entries]:
    return parsed(Revision.objects.values_list("content", flat=True).get(pk=pk))


def parsed(content: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Entry]]:
    """What was stored, as entries."""
    return {layer: {key: entry_from(stored) for key, stored in entries.items()} for layer, entries in content.items()}


def layers_of(profile: Profile, names: Iterable[str]) -> dict[str, Layer]:
    """Layers by their names on the wire. A group that is there no more has no layer: what was set in it counts nowhere."""
    groups: dict[str, Group] | None = None
    found = {}
    for name in names:
        level, _, code = name.partition(":")
        if level == Level.COMPANY:
            found[name] = COMPANY
        elif level == Level.DEVICE:
            found[name] = Layer(Level.DEVICE, code)
        else:
            groups = {group.code: group for group in groups_of(profile)} if groups is None else groups
            if code in groups:
                found[name] = layer_of(groups[code])
    return found


def layer_of(group: Group) -> Layer:
    return Layer(Level.GROUP, group.code, group.priority, group.name)


def place_of(profile: Profile, name: str) -> Layer:
    """The layer with this name, of something that is there; raises NotYours."""
    level, _, code = name.partition(":")
    if level == Level.COMPANY and not code:
        return COMPANY
    if level == Level.GROUP:
        return layer_of(group_in(profile, code))
    mine = Device.objects.filter(licence__customer=profile.customer_id, licence__product=profile.product_id, is_former=False)
    if level != Level.DEVICE or "\x00" in code or not mine.filter(code=code).exists():
        raise NotYours
    return Layer(Level.DEVICE, code)


def content_of(profile: Profile, named: Mapping[str, Entries]) -> dict[Layer, Entries]:
    """Entries by layer, as the rules take them."""
    layers = layers_of(profile, named)
    return {layers[name]: entries for name, entries in named.items() if name in layers}


def drafts_of(profile: Profile, person: Person) -> dict[str, Draft]:
    """What this administrator has not published yet, by layer."""
    return {draft.layer: draft for draft in Draft.objects.filter(profile=profile, person=person)}


def draft_content(profile: Profile, drafts: Mapping[str, Draft], upon: int) -> dict[str, Entries]:
    """What a revision would be with these drafts laid upon the revision `upon`; what others published meanwhile stays (CS-25)."""
    return laid_upon(profile, {layer: (draft.based_on, draft.entries) for layer, draft in drafts.items()}, upon)


def laid_upon(profile: Profile, layers: Mapping[str, tuple[int, Mapping[str, Any]]], upon: int) -> dict[str, Entries]:
    """The same for stored entries `{layer: (based_on, entries)}`."""
    named: dict[str, Entries] = dict(entries_of(profile, upon))
    for layer, (based_on, stored) in layers.items():
        mine = parsed({layer: stored})[layer]
        base = entries_of(profile, min(based_on, upon)).get(layer, {})
        named[layer] = mine if based_on >= upon else merged(base, named.get(layer, {}), mine)
    return {layer: entries for layer, entries in named.items() if entries}
