"""The test vectors of sdk/vectors: this SDK answers as they say, and they are what the script makes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from podpora_sdk import Licensing, MemoryStore, jws, offline, versions
from podpora_sdk import settings as bundles
from podpora_sdk.certificate import device_hash, same_device
from podpora_sdk.decision import WARNINGS
from podpora_sdk.device import hashed
from podpora_sdk.errors import Refusal
from podpora_sdk.keyring import KeyRing
from tests.making import NoNetwork, Options, Time, program
from tests.vectors.__main__ import FOLDER, files, text_of
from tests.vectors.making import DEVICE, b64, certificate, key, x_of


def cases(name: str) -> list[Any]:
    content = json.loads((FOLDER / name).read_text())
    return [pytest.param(content["defaults"] | case, id=case["name"]) for case in content["cases"]]


def started(case: dict[str, Any]) -> Licensing:
    """A program in the circumstances of the case."""
    store = MemoryStore()
    held = case.get("held")
    own = next((b64(bytes([n]) * 32) for n in range(1, 6) if x_of(key(n)) == case.get("device_key")), None)
    kept = {"announcements": case["announcements"], "ended": case.get("ended", {})} | ({"device_key": own} if own else {})
    if held and "serial" in held:
        kept["certificate"] = certificate(serial=held["serial"], activation=held["activation"], iat=held["issued_at"])
    store.update(lambda doc: doc.update(kept))
    store.set_mark(case.get("mark", 0))
    released_on = date.fromisoformat(case["released_on"]) if case.get("released_on") else None
    made = program(store, version=case.get("version", "10.2.1"), time=Time(case["now"]), keys=case["pinned"])
    made.options = Options(
        transport=NoNetwork(), released_on=released_on, issuer=case.get("issuer"), strict_lease=case.get("strict_lease", False)
    )
    licensing = made.started()
    licensing.holding.fingerprint()
    licensing.holding._fingerprint = case["fingerprint"]  # the vectors name the hashed parts
    return licensing


@pytest.mark.parametrize("case", cases("certificates.json"))
def test_certificates(case: dict[str, Any]) -> None:
    licensing, expected = started(case), case["expected"]
    try:
        licensing.holding.accept(case["certificate"])
    except Refusal as refusal:
        assert {"accepted": False, "code": refusal.code} == expected, refusal.why
        return
    state = licensing.state()
    warnings = [notice.code for notice in state.notices if notice.code in WARNINGS]
    found = {"accepted": True, "code": state.reason, "may_run": state.may_run, "warnings": warnings}
    assert found == expected


@pytest.mark.parametrize("case", cases("offline-files.json"))
def test_offline_files(case: dict[str, Any]) -> None:
    result = started(case).install_offline(case["file"])
    assert {"accepted": result.ok, "code": result.code} == case["expected"]


@pytest.mark.parametrize("case", cases("settings.json"))
def test_settings(case: dict[str, Any]) -> None:
    ring = KeyRing(case["pinned"])
    ring.learn(case["announcements"])
    held = case["held"]
    try:
        bundle = bundles.read(case["bundle"], ring, now=case["now"])
        current = replace(bundle, revision=held["revision"], issued_at=held["issued_at"]) if held else None
        bundles.may_replace(bundle, current, devices=(device_hash(case["fingerprint"]),), organisation=case["organisation"])
        found = {"accepted": True, "code": "ok", "released": case["now"] > bundle.ends_at}
    except Refusal as refusal:
        found = {"accepted": False, "code": refusal.code}
    assert found == case["expected"]


@pytest.mark.parametrize("case", cases("device-signed.json"))
def test_device_signed(case: dict[str, Any]) -> None:
    try:
        jws.verified_by_own_key(case["text"], case["typ"])
        code = "ok"
    except Refusal as refusal:
        code = refusal.code
    assert {"accepted": code == "ok", "code": code} == case["expected"]


def test_the_proof_of_possession_is_the_one_of_the_vectors() -> None:
    content = json.loads((FOLDER / "possession.json").read_text())
    told, held = content["defaults"], next(case for case in content["cases"] if case["name"] == "held")
    made = offline.possession(told["call"], token=told["token"], body=told["body"].encode(), key=DEVICE, now=told["now"])
    assert made == held["proof"]


@pytest.mark.parametrize("case", cases("releases.json"))
def test_releases(case: dict[str, Any]) -> None:
    licensing = started(case)
    if case["held_serial"]:
        licensing.holding.change(lambda doc: doc.update(release_serial=case["held_serial"]))
    try:
        release = versions.read(case["manifest"], licensing.holding.ring, product=case["product"], now=case["now"])
        code = "ok" if versions.learn(licensing.holding, [release.text]) else "release.stale"
    except Refusal as refusal:
        code = refusal.code
    assert {"accepted": code == "ok", "code": code} == case["expected"]


def test_fingerprints() -> None:
    content = json.loads((FOLDER / "fingerprints.json").read_text())
    for part in content["parts"]:
        assert hashed({part["name"]: part["raw"]}, part["product"]) == {part["name"]: part["hashed"]}
    for one in content["sets"]:
        assert device_hash(one["parts"]) == one["device"]
    for pair in content["pairs"]:
        assert same_device(pair["given"], pair["known"], pair["match"]) is pair["same"], pair


@pytest.mark.parametrize("name", sorted(files()))
def test_the_vectors_are_what_the_script_makes(name: str) -> None:
    assert (FOLDER / name).read_text() == text_of(files()[name]), "run python -m tests.vectors"


def test_every_case_has_its_own_name_and_says_why() -> None:
    for name in files():
        content = json.loads((FOLDER / name).read_text())
        names = [case["name"] for case in content.get("cases", [])]
        assert len(names) == len(set(names))
        assert all(case["why"].endswith(".") for case in content.get("cases", []))
