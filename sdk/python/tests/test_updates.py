"""What there is to update to (EOL-8, S37), and what a licence covers, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from podpora_sdk import Covers, versions
from podpora_sdk.versions import covers_text, numbers_of
from tests.fake import Vendor, json_reply
from tests.making import Program, program
from tests.vectors.making import certificate
from tests.vectors.others import release

KEY = "PK234-56789-ABCDE-FGHJK-MNPQR"


def answered(vendor: Vendor, **body: Any) -> None:
    vendor.instead = lambda request: json_reply(200, body) if "updates" in request.path else None


def test_an_update_is_offered_with_its_checked_manifest(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    answered(vendor, allowed=True, code="licence.valid", update={"version": "10.3.0", "manifest": release()})
    result = licensing.updates("10.2.1", channel="beta")
    assert (result.ok, result.code, result.message) == (True, "update.available", "Version 10.3.0 is available and covered.")
    assert vendor.seen[-1].path == "activations/me/updates?version=10.2.1&channel=beta"
    newest = versions.newest(licensing.holding)
    assert newest
    assert newest.serial == 12
    answered(vendor, allowed=True, update={"version": "10.3.0", "manifest": release(serial=11, version="10.2.9")})
    licensing.updates()
    still = versions.newest(licensing.holding)
    assert still
    assert still.version == "10.3.0"  # yesterday's list does not come back


@pytest.mark.parametrize("update", [None, {"version": "10.2.1"}, {"version": "10.2"}, {"version": ""}, {}, "x"])
def test_what_is_installed_already_is_not_offered(vendor: Vendor, installed: Program, update: Any) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    answered(vendor, allowed=True, update=update)
    assert licensing.updates().code == "update.none"


def test_a_version_that_is_not_covered_is_told_with_the_ways_on(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    step = {"kind": "buy", "label": "Upgrade", "url": "https://licences.vendor.example/shop/"}
    answered(vendor, allowed=False, code="version.not_covered", message="Up to 10.", next=[step], update=None)
    result = licensing.updates("11.0")
    assert (result.ok, result.code, result.message, result.next[0].label) == (False, "version.not_covered", "Up to 10.", "Upgrade")
    assert licensing.updates("eleven").code == "version.not_a_version"
    vendor.refusal = {"code": "licence.deactivated", "message": "Gone."}
    vendor.instead = lambda request: None
    assert licensing.updates().code == "licence.deactivated"


def test_manifests_are_found_wherever_they_stand() -> None:
    text = release()
    assert versions.manifests_in({"update": {"manifest": text}, "releases": [text, "x.y.z"], "n": 5}) == [text, text]
    deep: Any = text
    for _ in range(10):
        deep = [deep]
    assert versions.manifests_in(deep) == []


@pytest.mark.parametrize(("covers", "english", "czech"), [
    (Covers(True, None), "all versions", "všechny verze"),
    (Covers(False, 10), "versions up to 10.*", "verze do 10.*"),
    (Covers(False, None, date(2026, 6, 30)), "versions released until 2026-06-30", "verze vydané do 30. 6. 2026"),
    (Covers(False, None), "no version", "žádnou verzi"),
])  # fmt: skip
def test_what_is_covered_in_words(covers: Covers, english: str, czech: str) -> None:
    assert (covers_text(covers, "en"), covers_text(covers, "cs_CZ")) == (english, czech)


def test_numbers() -> None:
    assert [numbers_of(text) for text in ("10", "10.0", "v10.2.1-beta2", "10.2.1 (build 7)", "x", "", "1" * 70)] == [
        (10,), (10,), (10, 2, 1), (10, 2, 1), None, None, None,
    ]  # fmt: skip


def test_an_expired_trial_may_not_update() -> None:
    made = program()
    licensing = made.started()
    licensing.install_offline(certificate(kind="trial", run={"all": True, "through_major": None, "until": "2026-09-01"}))
    assert licensing.may_update_to("10.3").code == "licence.expired"
