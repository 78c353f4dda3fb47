"""Secrets at rest."""

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from podpora.base.sealing import CannotOpen, keyed_hash, seal, unseal


@given(st.text(max_size=200))
def test_what_is_sealed_opens_for_its_purpose_only(text: str) -> None:
    sealed = seal(text, "one")
    assert unseal(sealed, "one") == text
    with pytest.raises(CannotOpen):
        unseal(sealed, "two")


@pytest.mark.parametrize("text", ["", "x", "x" * 100, "é", "a b", "=" * 40])
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(CannotOpen):
        unseal(text, "one")


def test_a_changed_character_is_noticed() -> None:
    sealed = seal("secret", "one")
    changed = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    with pytest.raises(CannotOpen):
        unseal(changed, "one")


def test_another_installation_cannot_open_it() -> None:
    sealed, hashed = seal("secret", "one"), keyed_hash("secret", "one")
    with override_settings(SECRET_KEY="another secret of at least 32 characters"):
        with pytest.raises(CannotOpen):
            unseal(sealed, "one")
        assert keyed_hash("secret", "one") != hashed


def test_a_hash_depends_on_its_purpose() -> None:
    assert keyed_hash("secret", "one") == keyed_hash("secret", "one") != keyed_hash("secret", "two")
    assert len(keyed_hash("", "one")) == 64
