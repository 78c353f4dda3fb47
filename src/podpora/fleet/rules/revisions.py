"""Revisions: immutable, numbered, compared entry by entry. A rollback is a new revision with an older content (CS-7)."""

from collections.abc import Collection

from podpora.fleet.values import Change, Content, Entries, Entry, Layer, Level

_ORDER = {Level.COMPANY: 0, Level.GROUP: 1, Level.DEVICE: 2}


def changes_between(before: Content, after: Content) -> list[Change]:
    """Every entry that differs, from the company's layer down, each layer by key. A layer that sets nothing is no difference."""
    keys = {(layer, key) for content in (before, after) for layer, entries in content.items() for key in entries}
    changes = []
    for layer, key in sorted(keys, key=_place):
        old, new = before.get(layer, {}).get(key), after.get(layer, {}).get(key)
        if not _same(old, new):
            changes.append(Change(layer, key, old, new))
    return changes


def conflicts_of(base: Content, newest: Content, draft: Content) -> list[Change]:
    """CS-25: what the newest revision and a draft made from `base` changed both, and not to the same thing.

    Each as `before` = what the newest revision has, `after` = what the draft wants. Empty: the draft may be laid upon the newest.
    """
    theirs = {(change.layer, change.key): change.after for change in changes_between(base, newest)}
    ours = {(change.layer, change.key): change.after for change in changes_between(base, draft)}
    both = sorted(theirs.keys() & ours.keys(), key=_place)
    return [Change(*place, theirs[place], ours[place]) for place in both if not _same(theirs[place], ours[place])]


def merged(base: Entries, newest: Entries, mine: Entries) -> dict[str, Entry]:
    """One layer: the newest revision's entries with what the draft changed of `base` laid upon them (CS-25).

    So a draft that is published on a newer revision takes along what another one published meanwhile in the same layer; where both
    changed the same setting, the draft's word counts, for its author was shown the conflict and published again.
    """
    found = dict(newest)
    for key in base.keys() | mine.keys():
        if not _same(base.get(key), mine.get(key)):
            if key in mine:
                found[key] = mine[key]
            else:
                found.pop(key, None)
    return found


def layers_touched(changes: Collection[Change]) -> list[Layer]:
    """The layers in which something changes: whose devices get something new."""
    return sorted({change.layer for change in changes}, key=lambda layer: (_ORDER[layer.level], layer.priority, layer.code))


def _place(at: tuple[Layer, str]) -> tuple[int, int, str, str]:
    layer, key = at
    return _ORDER[layer.level], layer.priority, layer.code, key


def _same(one: Entry | None, two: Entry | None) -> bool:
    """Equal to the letter: in Python `1 == True`, in settings it is not."""
    return one == two and (one is None or two is None or repr(one.value) == repr(two.value))
