"""A new key, of a licence or of a team's share: how it is kept."""

from collections.abc import Iterable
from typing import TypedDict

from podpora.base.codes import random_part
from podpora.base.sealing import keyed_hash, seal
from podpora.licensing.models import KeyGroup, Licence
from podpora.licensing.queries.licences import PURPOSE, group_tag, key_of
from podpora.licensing.rules import hint_of, with_check
from podpora.licensing.rules.keys import RANDOM


class KeyFields(TypedDict):
    key_hash: str
    key_sealed: str
    key_hint: str


def write_groups(licence: Licence) -> None:
    """Keep the groups of its key, hashed, so that staff find the licence by a part of it."""
    licence.key_groups.all().delete()
    write_all_groups([licence])


def write_all_groups(licences: Iterable[Licence]) -> None:
    """The same for licences that have just been issued (one statement)."""
    KeyGroup.objects.bulk_create(
        KeyGroup(licence=licence, place=place, tag=group_tag(group))
        for licence in licences
        for place, group in enumerate(key_of(licence).split("-"), 1)
    )


def new_key() -> KeyFields:
    return key_fields(with_check(random_part(RANDOM)))


def key_fields(plain: str) -> KeyFields:
    """How a key is kept: hashed to be found by, sealed to be shown to its owner."""
    return {"key_hash": keyed_hash(plain, PURPOSE), "key_sealed": seal(plain, PURPOSE), "key_hint": hint_of(plain)}
