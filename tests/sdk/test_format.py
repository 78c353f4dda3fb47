"""What the server signs, the SDK accepts; and it has the form of the test vectors, so an SDK written from those will work too."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from podpora_sdk import certificate as certificates
from podpora_sdk import jws
from podpora_sdk.certificate import device_hash, same_device
from podpora_sdk.keyring import KeyRing

from podpora.licensing import actions, queries
from podpora.licensing.rules import device_hash as server_hash
from podpora.licensing.rules.devices import is_same
from tests.make import licensing as make

pytestmark = pytest.mark.django_db
VECTORS = Path(__file__).resolve().parents[2] / "sdk" / "vectors"


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text())


def kinds(value: Any) -> Any:
    """Members and types, all the way down; texts of a fingerprint are its own business."""
    if isinstance(value, dict):
        return {name: kinds(inner) for name, inner in value.items()}
    return type(value).__name__


def example(name: str) -> Any:
    return next(case for case in vectors("certificates.json")["cases"] if case["name"] == name)


def test_a_certificate_of_the_server_has_the_form_of_the_vectors() -> None:
    licence = make.licence()
    text = make.activated(licence).certificate
    ring = KeyRing(queries.jwk_set(at=make.BOUGHT)["keys"])
    made, known = jws.parse(text), jws.parse(example("valid")["certificate"])
    assert kinds(dict(made.header)) == kinds(dict(known.header))
    certificate = certificates.read(text, ring, now=int(make.BOUGHT.timestamp()))
    claims, expected = dict(certificate.claims), jws.json_object(known.payload, "payload")
    for name in ("fingerprint", "features"):
        claims.pop(name), expected.pop(name)
    assert kinds(claims) == kinds(expected)
    assert (certificate.licence, certificate.serial > 0, certificate.is_perpetual) == (licence.code, True, True)


def test_a_rotation_of_the_server_is_followed_by_the_sdk() -> None:
    licence, device = make.licence(), make.device()
    before = make.activated(licence, device).certificate
    ring = KeyRing(queries.jwk_set(at=make.BOUGHT)["keys"])
    for turn in (1, 2):
        actions.rotate_signing_key(overlap=timedelta(days=90), by=make.BY, at=make.BOUGHT + timedelta(days=turn))
    after = make.activated(licence, device, at=make.BOUGHT + timedelta(days=3)).certificate
    with pytest.raises(Exception, match="unknown_key"):
        certificates.read(after, ring)
    assert ring.learn(queries.jwk_set(at=make.BOUGHT + timedelta(days=3))["announcements"]) == 2
    assert certificates.read(after, ring).serial > certificates.read(before, ring).serial


def test_fingerprints_are_named_and_compared_alike() -> None:
    content = vectors("fingerprints.json")
    for one in content["sets"]:
        assert server_hash(one["parts"]) == device_hash(one["parts"]) == one["device"]
    for pair in content["pairs"]:
        assert is_same(pair["given"], pair["known"], pair["match"]) is pair["same"]
        assert same_device(pair["given"], pair["known"], pair["match"]) is pair["same"]
