"""Proofs of ownership: that somebody looks after a licence's devices, shown to a program that only knows the key (A-1).

Two forms, both for one licence and a quarter of an hour, neither of them written down: a sealed text for programs, and a code of ten
characters that a person reads from one screen and types on another. The code is 49 bits and needs the key beside it; wrong ones are
counted as guesses.
"""

import hmac
import json
import unicodedata
from datetime import datetime

from podpora.base.codes import ALPHABET
from podpora.base.sealing import CannotOpen, keyed_hash, unseal
from podpora.licensing.models import Licence
from podpora.licensing.values import PROOF_SECONDS
from podpora.people.models import Person
from podpora.people.permissions import may
from podpora.people.queries import roles_with

PROOF = "owner-proof"
STEP = 60  # a code changes with the minute, and holds PROOF_SECONDS from then on
LENGTH = 10


def proof_code(licence: Licence, person: Person, *, at: datetime) -> str:
    """The code that this person may type now: `7Q4K9-2XMPA`. Ask first whether he looks after the devices."""
    plain = _code(licence.code, person.pk, int(at.timestamp()) // STEP)
    return f"{plain[: LENGTH // 2]}-{plain[LENGTH // 2 :]}"


def owner_proof_holds(proof: str, licence: Licence, *, at: datetime) -> bool:
    """Is this the proof of somebody who may look after the licence's devices, made for this licence and still fresh?

    The role is asked again: a member who was removed a minute ago proves nothing.
    """
    person = _typed_by(proof, licence, at=at) or _sealed_for(proof, licence, at=at)
    return person is not None and may(person, "devices", licence.customer)


def _sealed_for(proof: str, licence: Licence, *, at: datetime) -> Person | None:
    try:
        facts = json.loads(unseal(proof, PROOF))
    except (CannotOpen, ValueError):
        return None
    if facts["licence"] != licence.code or at.timestamp() >= facts["until"]:
        return None
    return Person.objects.filter(pk=facts["person"], is_active=True).first()


def _typed_by(proof: str, licence: Licence, *, at: datetime) -> Person | None:
    """Whose code this is, among those who may look after the devices; any case, with or without a hyphen."""
    plain = "".join(character for character in unicodedata.normalize("NFKC", proof[:40]).upper() if character.isalnum())
    if len(plain) != LENGTH or licence.customer is None:
        return None
    now = int(at.timestamp()) // STEP
    roles = roles_with("devices")
    for person in Person.objects.filter(memberships__customer=licence.customer, memberships__role__in=roles, is_active=True):
        for step in range(now - PROOF_SECONDS // STEP, now + 1):
            if hmac.compare_digest(_code(licence.code, person.pk, step).encode(), plain.encode()):
                return person
    return None


def _code(licence: str, person: int, step: int) -> str:
    number = int(keyed_hash(f"{licence}/{person}/{step}", "proof-code"), 16)
    characters = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[digit])
    return "".join(characters)
