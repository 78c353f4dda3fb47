"""S32: whatever is changed in a signed file, it is refused; and random bytes are no crash."""

from __future__ import annotations

import random
from typing import Any

import pytest

from podpora_sdk import certificate as certificates
from podpora_sdk import jws, offline
from podpora_sdk import settings as bundles
from podpora_sdk.errors import ConfigurationError, Refusal
from podpora_sdk.keyring import KeyRing, kid_of
from tests.making import program
from tests.vectors import others
from tests.vectors.making import NOW, PINNED, SECOND, announcement, certificate, claims, header, jwk, signed, x_of


def ring() -> KeyRing:
    return KeyRing([x_of(PINNED)])


@pytest.mark.parametrize(("made", "read"), [(certificate(), certificates.read), (others.bundle(), bundles.read)])
def test_every_bit_of_a_certificate_and_of_a_bundle_counts(made: str, read: Any) -> None:
    text, trusted = made.encode(), ring()
    for place in range(len(text)):
        for bit in range(8):
            changed = text[:place] + bytes([text[place] ^ 1 << bit]) + text[place + 1 :]
            with pytest.raises(Refusal):
                read(changed.decode("latin-1"), trusted)


@pytest.mark.parametrize("make", [others.release, announcement])
def test_every_character_of_the_others_counts(make: object) -> None:
    text, trusted = make(), ring()  # type: ignore[operator]
    typ = {others.release: jws.RELEASE_TYPE, announcement: jws.KEY_TYPE}[make]  # type: ignore[index]
    jws.verified(text, typ, trusted.key)
    for place in range(len(text)):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises(Refusal):
            jws.verified(changed, typ, trusted.key)


def test_every_truncation_and_extension_is_refused() -> None:
    text, trusted = certificate(), ring()
    for length in range(len(text)):
        with pytest.raises(Refusal):
            certificates.read(text[:length], trusted)
    for more in (" ", "\n", ".", "A", "=", "\0", text):
        with pytest.raises(Refusal):
            certificates.read(text + more, trusted)
        with pytest.raises(Refusal):
            certificates.read(more + text, trusted)


def test_random_bytes_are_refused_and_no_crash() -> None:
    chance, trusted = random.Random(7), ring()
    licensing = program().started()
    for _ in range(300):
        raw = bytes(chance.choice(b'{}[]".:,eyJ0 \xff\x00\n') for _ in range(chance.randrange(200)))
        assert not licensing.install_offline(raw).ok
        with pytest.raises(Refusal):
            certificates.read(raw.decode("latin-1"), trusted)
        with pytest.raises(Refusal):
            bundles.read(raw.decode("latin-1"), trusted)


def test_claims_of_every_wrong_type_are_malformed() -> None:
    trusted = ring()
    for name in claims():
        for value in (None, True, -1, 1.5, "", [], {}, "x" * 10, {"x": []}):
            made = claims() | {name: value}
            try:
                certificates.read(signed(header(), made), trusted)
            except Refusal as refusal:
                assert refusal.code == jws.MALFORMED, (name, value)


def test_a_kid_is_the_thumbprint() -> None:
    assert kid_of(x_of(SECOND)) == jwk(SECOND)["kid"]
    assert len(KeyRing([jwk(PINNED), x_of(SECOND)]).kids) == 2


@pytest.mark.parametrize("keys", [[], "", ["x"], [{}], [{"x": 5}], ["A" * 43 + "="], [b"x"], ["A" * 42]])
def test_a_program_without_a_right_key_is_not_built(keys: object) -> None:
    with pytest.raises((ConfigurationError, AttributeError)):
        KeyRing(keys)  # type: ignore[arg-type]


def test_announcements_never_replace_a_pinned_key() -> None:
    trusted = ring()
    assert trusted.learn([announcement(PINNED, PINNED)]) == 0
    assert trusted.learn([announcement()] * 500 + ["x"]) == 1
    assert trusted.kids == sorted([kid_of(x_of(PINNED)), kid_of(x_of(SECOND))])


def test_the_overlap_can_only_become_shorter() -> None:
    trusted = ring()
    trusted.learn([announcement(until=NOW), announcement(until=NOW + 1000)])
    trusted.look_at_time(kid_of(x_of(PINNED)), NOW)
    with pytest.raises(Refusal):
        trusted.look_at_time(kid_of(x_of(PINNED)), NOW + 1)


def test_a_certificate_that_was_accepted_outlives_the_key_that_signed_it() -> None:
    made = program()
    licensing = made.started()
    assert licensing.install_offline(certificate()).ok
    made.time.now = NOW + 1000 * 86_400
    licensing.holding.learn([announcement(until=NOW)])
    assert made.started().state().may_run


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: object) -> None:
    with pytest.raises(Refusal):
        offline.read(b" " * (offline.LONGEST + 1))
    with pytest.raises(Refusal):
        certificates.read("A" * 70_000, ring())
