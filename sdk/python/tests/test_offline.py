"""Files of devices without a network, from the program's side (A-9, docs/reference/offline.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from podpora_sdk import jws
from tests.making import NoNetwork, Options, program
from tests.vectors.making import ACTIVATION, DAY, LICENCE, NOW, OTHER_PARTS, PARTS, certificate, device_hash
from tests.vectors.others import offline_file, release


def test_a9_the_request_is_signed_by_the_device() -> None:
    licensing = program().started()
    result = licensing.offline_request("PK234")
    claims, x = jws.verified_by_own_key(result.file, jws.REQUEST_TYPE)
    assert claims.keys() == {"v", "product", "key", "device", "app_version", "nonce", "iat"}
    assert claims["device"].keys() == {"fingerprint", "name", "platform"}
    assert (claims["v"], claims["product"], claims["key"], claims["app_version"], claims["iat"]) == (
        1,
        "postak",
        "PK234",
        "10.2.1",
        NOW,
    )
    assert claims["device"]["fingerprint"] == PARTS
    assert result.data["name"] == "Jana-s-laptop.podpora-request"
    again, same = jws.verified_by_own_key(licensing.offline_request().file, jws.REQUEST_TYPE)
    assert x == same  # one key for each installation
    assert "key" not in again
    assert again["nonce"] != claims["nonce"]


def test_a9_a_file_is_installed_from_a_path_a_text_or_bytes(tmp_path: Path) -> None:
    path = tmp_path / "my.podpora-licence"
    path.write_text("\ufeff" + offline_file() + "\n", encoding="utf-8")
    for given in (path, str(path), offline_file(), offline_file().encode(), certificate()):
        licensing = program().started()
        result = licensing.install_offline(given)
        assert result.ok, result
        assert result.state
        assert result.state.may_run


@pytest.mark.parametrize("given", ["", "no such file", b"\xff\xfe", Path("/nowhere"), "x" * 100_000, "{", b"\0", Path("/")])
def test_what_is_no_file_of_ours_is_refused(given: object) -> None:
    assert program().started().install_offline(given).code == "offline.not_readable"  # type: ignore[arg-type]


def test_a9_the_lease_of_an_offline_subscription_ends_and_is_renewed() -> None:
    made = program()
    licensing = made.started()
    subscription = {"kind": "subscription", "run": {"all": True, "through_major": None, "until": "2028-01-01"}}
    assert licensing.install_offline(certificate(**subscription)).ok
    made.time.now = NOW + 30 * DAY
    assert licensing.state().reason == "licence.lease_ended"
    assert licensing.install_offline(certificate(**subscription, serial=8, iat=NOW + 30 * DAY, exp=NOW + 60 * DAY)).ok
    assert licensing.state().may_run


def test_the_proof_gives_the_licence_up() -> None:
    made = program()
    licensing = made.started()
    licensing.install_offline(certificate())
    request, x = jws.verified_by_own_key(licensing.offline_request().file, jws.REQUEST_TYPE)
    result = licensing.offline_proof()
    claims, signer = jws.verified_by_own_key(result.file, jws.PROOF_TYPE)
    jti = claims.pop("jti")
    assert claims == {"v": 1, "activation": ACTIVATION, "licence": LICENCE, "device": device_hash(PARTS), "serial": 7, "iat": NOW}
    assert 1 <= len(jti) <= 64
    assert signer == x
    assert request["v"] == 1
    assert result.data["name"].endswith(".podpora-proof")
    assert made.started().state().reason == "licence.not_activated"
    assert licensing.offline_proof().file == result.file  # lost on the way: the same again
    assert licensing.install_offline(certificate()).code == "licence.stale_serial"  # the old file does not come back
    assert licensing.install_offline(certificate(serial=8)).ok  # activated anew


def test_s37_a_bundle_brings_the_newest_release() -> None:
    from podpora_sdk import versions

    licensing = program().started()
    licensing.install_offline(offline_file())
    newest = versions.newest(licensing.holding)
    assert newest
    assert (newest.version, newest.serial, newest.files[0].platform) == ("10.3.0", 12, "windows")
    assert versions.learn(licensing.holding, [release(serial=11)]) == []
    assert versions.newest(licensing.holding, "beta") is None


def test_a_bundle_of_others_says_that_none_is_ours() -> None:
    others = [certificate(parts=OTHER_PARTS, activation=f"V-{number}") for number in range(3)]
    result = program().started().install_offline(offline_file(certificates=others))
    assert (result.code, [step.kind for step in result.next]) == ("licence.wrong_device", ["activate", "offline"])


def test_eol8_may_update_from_the_certificate_alone() -> None:
    licensing = program(options=Options(transport=NoNetwork(), language="cs")).started()
    licensing.install_offline(certificate())
    assert licensing.may_update_to("10.9")
    assert licensing.may_update_to("v10.9.1-beta2 (build 7)")
    no = licensing.may_update_to("11.0")
    assert (no.allowed, no.code, no.covered_through) == (False, "version.not_covered", "10.*")
    assert "verze do 10.*" in no.message
    assert [step.kind for step in no.next] == ["buy", "read", "refresh"]
    assert licensing.may_update_to("eleven").code == "version.not_a_version"
    assert not program().started().may_update_to("10")


def test_a_feature_of_the_edition() -> None:
    licensing = program().started()
    assert licensing.feature("commercial").code == "licence.not_activated"
    licensing.install_offline(certificate(features={"commercial": True, "accounts": 2, "rules": False}, edition="free"))
    assert licensing.feature("commercial")
    assert licensing.feature("accounts").value == 2
    missing = licensing.feature("rules")
    assert (missing.allowed, missing.code) == (False, "licence.feature_missing")
    assert "FREE" in missing.message


def test_a_signed_manifest_knows_the_coverage_date() -> None:
    licensing = program().started()
    by_date = {"all": False, "through_major": None, "updates_until": "2026-06-30", "until": None}
    licensing.install_offline(offline_file(certificates=[certificate(run=by_date)], releases=[release(covers_on="2026-06-01")]))
    assert licensing.may_update_to("10.3.0")  # a fix that was dated back
    assert licensing.may_update_to("10.3.1").code == "version.not_covered"
    assert licensing.state().reason == "version.not_covered"  # a build without its day compiled in
