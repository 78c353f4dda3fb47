"""A new key, of a licence or of a team's share: how it is kept."""

from typing import TypedDict

from podpora.base.codes import random_part
from podpora.base.sealing import keyed_hash, seal
from podpora.licensing.queries.licences import PURPOSE
from podpora.licensing.rules import hint_of, with_check
from podpora.licensing.rules.keys import RANDOM


class KeyFields(TypedDict):
    key_hash: str
    key_sealed: str
    key_hint: str


def new_key() -> KeyFields:
    plain = with_check(random_part(RANDOM))
    return {"key_hash": keyed_hash(plain, PURPOSE), "key_sealed": seal(plain, PURPOSE), "key_hint": hint_of(plain)}
