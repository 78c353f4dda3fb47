"""Against a server: coming, refreshing, leaving; and one that is down, slow, or lies (A-1, A-4, A-5, A-8, A-10, EOL-9, S31, S32)."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from typing import Any

import pytest

from podpora_sdk import Options, jws
from podpora_sdk.http import UrllibTransport, seconds_of
from tests.fake import Reply, Vendor, json_reply
from tests.making import Program
from tests.vectors.making import (
    ACTIVATION,
    DAY,
    MISSING,
    NOW,
    OTHER_PARTS,
    PARTS,
    PINNED,
    SECOND,
    STRANGER,
    announcement,
    certificate,
    kid_of,
    x_of,
)

KEY = "PK234-56789-ABCDE-FGHJK-MNPQR"


def test_activate_refresh_deactivate(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    assert licensing.activate(KEY).ok
    state = licensing.state()
    assert (state.may_run, state.reason, state.edition, state.holder) == (True, "licence.valid", "pro", "Jana Nováková")
    assert (state.days_left, str(state.support_through), str(state.covers)) == (None, "2027-03-10", "versions up to 10.*")
    sent = vendor.asked("activations")[0]
    assert sent.body["device"]["fingerprint"] == PARTS
    assert not any(raw in str(sent.body) for raw in installed.raw.values())  # raw identifiers never leave the device
    assert sent.headers["Idempotency-Key"]
    assert installed.started().state().licence == state.licence  # after a restart, without network
    assert licensing.refresh().ok
    refreshed = vendor.asked("activations/me/refresh")[0]
    assert refreshed.headers["Authorization"] == "Bearer device-token"
    assert (refreshed.body["serial"], refreshed.body["clock"]) == (1, "2026-09-21T14:13:20Z")
    assert licensing.deactivate().ok
    assert licensing.state().reason == "licence.not_activated"
    assert installed.started().state().reason == "licence.not_activated"


def test_a15_start_trial(vendor: Vendor, installed: Program) -> None:
    vendor.claims = {"kind": "trial", "run": {"all": True, "through_major": None, "until": "2026-10-20"}}
    result = installed.started().start_trial()
    assert result.ok
    assert result.state
    assert (result.state.kind, result.state.days_left) == ("trial", 30)
    assert vendor.asked("trials")[0].body["product"] == "postak"


def test_a1_the_limit_lists_devices_to_a_proven_owner(vendor: Vendor, installed: Program) -> None:
    device = {"code": "D-2", "name": "Old laptop", "platform": "linux", "last_seen_at": "2026-01-01T00:00:00Z", "state": "active"}
    step = {"kind": "read", "label": "See your devices", "url": "https://licences.vendor.example/licences/"}
    bad = {"kind": "buy", "label": "Buy", "url": "javascript:alert(1)"}
    reason = {"code": "licence.activation_limit", "facts": {}, "message": "Taken.", "next": [step, bad]}
    vendor.refusal = {"code": "licence.activation_limit", "message": "Taken.", "reasons": [reason], "devices": [device]}
    result = installed.started().activate(KEY, owner_proof="proof")
    assert (result.ok, result.code, result.message) == (False, "licence.activation_limit", "Taken.")
    assert [(one.code, one.name) for one in result.devices] == [("D-2", "Old laptop")]
    assert [(one.kind, one.url) for one in result.next] == [
        ("free_device", ""), ("read", "https://licences.vendor.example/licences/"), ("buy", ""),
    ]  # fmt: skip
    vendor.refusal = None
    assert installed.started().activate(KEY, owner_proof="proof", replace="D-2").ok
    assert vendor.asked("activations")[-1].body["replace"] == "D-2"


def test_a5_a_deactivated_device_is_told_so_and_may_come_back(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    vendor.refusal = {"code": "licence.deactivated", "message": "This device was removed.", "reasons": []}
    assert licensing.refresh().code == "licence.deactivated"
    for program in (licensing, installed.started()):
        state = program.state()
        assert (state.may_run, state.reason, state.message) == (False, "licence.deactivated", "This device was removed.")
        assert "activate" in [step.kind for step in state.next]
    vendor.refusal = None
    assert installed.started().activate().ok  # with the key of the last time
    assert vendor.asked("activations")[-1].body["key"] == KEY
    assert licensing.state().may_run  # the other process sees it too


@pytest.mark.parametrize(
    "code", ["licence.suspended_payment", "licence.fingerprint_mismatch", "anything.else", "version.not_covered"]
)
def test_t6_other_refusals_leave_the_program_running(vendor: Vendor, installed: Program, code: str) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    vendor.refusal = {"code": code, "message": "No.", "reasons": []}
    assert licensing.refresh().code == code
    assert licensing.state().may_run


def reply(status: int, content: bytes, **headers: str) -> Any:
    made: Reply = (status, {name.replace("_", "-"): value for name, value in headers.items()}, content)
    return lambda request: made


HTML = b"<html><body>Log in to the hotel's network</body></html>"
LIES: dict[str, tuple[Any, str]] = {
    "html": (reply(200, HTML, Content_Type="text/html"), "server.answer_invalid"),
    "html that says JSON": (reply(200, HTML, Content_Type="application/json"), "server.answer_invalid"),
    "html error": (reply(500, HTML, Content_Type="text/html"), "server.unreachable"),
    "404 page": (reply(404, HTML, Content_Type="text/html"), "server.answer_invalid"),
    "redirect": (reply(302, b"", Location="http://127.0.0.1:9/elsewhere"), "server.answer_invalid"),
    "permanent redirect": (reply(308, b"", Location="http://127.0.0.1:9/elsewhere"), "server.answer_invalid"),
    "huge": (reply(200, b'{"x": "' + b"x" * 2_000_000 + b'"}', Content_Type="application/json"), "server.answer_invalid"),
    "cut off": (reply(200, b'{"certificate": ', Content_Type="application/json", Content_Length="5000"), "server.unreachable"),
    "list": (reply(200, b"[]", Content_Type="application/json"), "server.answer_invalid"),
    "empty": (reply(200, b"", Content_Type="application/json"), "server.answer_invalid"),
    "no certificate": (reply(200, b"{}", Content_Type="application/json"), "server.answer_invalid"),
    "not a certificate": (
        reply(200, b'{"certificate": "a.b.c"}', Content_Type="application/json"),
        "licence.certificate_malformed",
    ),
    "deep": (reply(200, b"[" * 100_000, Content_Type="application/json"), "server.answer_invalid"),
    "unknown status": (reply(599, b"", Content_Type="text/plain"), "server.unreachable"),
    "busy": (reply(503, b"", Retry_After="120"), "server.busy"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lying_server_changes_nothing(vendor: Vendor, installed: Program, name: str) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    before = licensing.holding.doc()["certificate"]
    vendor.instead, code = LIES[name]
    for ask in (licensing.refresh, lambda: licensing.activate(KEY), licensing.start_trial):
        assert ask().code == code
    assert licensing.state().may_run
    assert licensing.holding.doc()["certificate"] == before


@pytest.mark.parametrize("name", sorted(set(LIES) - {"no certificate", "not a certificate", "list", "empty"}))
def test_a_seat_is_only_given_up_when_the_server_took_it(vendor: Vendor, installed: Program, name: str) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    vendor.instead = LIES[name][0]
    assert not licensing.deactivate().ok
    assert licensing.state().may_run


OLD = {"iat": NOW - 5 * DAY, "server_time": NOW - 5 * DAY}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another device's": ({"certificate": certificate(parts=OTHER_PARTS)}, "licence.wrong_device"),
    "replayed": ({"certificate": certificate(nonce="another")}, "server.answer_invalid"),
    "without our nonce": ({"certificate": certificate(serial=99)}, "server.answer_invalid"),
    "another product's": ({"certificate": certificate(product="other")}, "licence.product_mismatch"),
    "unknown key": ({"certificate": certificate(STRANGER)}, "licence.unknown_key"),
    "wrong type": ({"certificate": 5}, "server.answer_invalid"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_s31_a_wrong_certificate_is_refused(vendor: Vendor, installed: Program, name: str) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    wrong, code = WRONG[name]
    vendor.instead = lambda request: json_reply(200, wrong) if request.path != "keys" else None
    assert licensing.refresh().code == code
    assert licensing.state().may_run


def test_an_older_certificate_never_replaces_a_newer_one(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    licensing.refresh()
    vendor.serial = 0
    assert licensing.refresh().code == "licence.stale_serial"
    found, _ = licensing.holding.certificate()
    assert found
    assert found.serial == 2


def test_cs11_rotation_is_followed_through_the_announcements(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    vendor.key, vendor.announcements = SECOND, [announcement()]
    assert licensing.refresh().ok
    assert installed.started().state().may_run  # the announcement is kept
    found, _ = licensing.holding.certificate()
    assert found
    assert found.kid == kid_of(SECOND)
    vendor.key, vendor.announcements = STRANGER, [announcement(STRANGER, STRANGER)]
    assert licensing.refresh().code == "licence.unknown_key"


def test_a10_down_for_five_days(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    vendor.instead = reply(502, b"")
    for day in range(6):
        installed.time.now = NOW + day * DAY
        assert licensing.refresh().code == "server.busy"
        assert installed.started().state().may_run


def test_nobody_listens(installed: Program) -> None:
    installed.server = "http://127.0.0.1:9"
    began = time.monotonic()
    result = installed.started().activate(KEY)
    assert (result.ok, result.code) == (False, "server.unreachable")
    assert time.monotonic() - began < 5


def test_a_server_that_drips_is_given_up(vendor: Vendor, installed: Program) -> None:
    gate = threading.Event()

    def slowly(request: Any) -> Reply | None:
        gate.wait(3)
        return None

    vendor.instead = slowly
    installed.options = Options(transport=UrllibTransport(vendor.url, step=0.3, whole=0.5))
    began = time.monotonic()
    assert installed.started().activate(KEY).code == "server.unreachable"
    assert time.monotonic() - began < 2
    gate.set()


def test_a8_a_lost_answer_is_asked_for_again_with_the_same_key(vendor: Vendor, installed: Program) -> None:
    lost = [True]

    def once(request: Any) -> Reply | None:
        if lost and request.path == "activations":
            lost.clear()
            return 201, {"Content-Type": "application/json", "Content-Length": "900"}, b'{"certi'
        return None

    vendor.instead = once
    assert installed.started().activate(KEY).ok
    first, second = vendor.asked("activations")
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.body == second.body


def test_retry_after_is_told(vendor: Vendor, installed: Program) -> None:
    vendor.instead = lambda request: json_reply(429, {"error": {"code": "request.too_many"}}, **{"Retry-After": "77"})
    result = installed.started().activate(KEY)
    assert (result.code, result.retry_after) == ("server.busy", 77)
    assert seconds_of("99999999999") == 86_400
    assert seconds_of("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert seconds_of("soon") is None


def test_an_endless_answer_is_cut_off(vendor: Vendor, installed: Program) -> None:
    vendor.instead = LIES["huge"][0]
    assert installed.started().activate(KEY).data["why"] == "the answer is too long"


def test_401_leaves_the_program_running(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    vendor.instead = lambda request: json_reply(401, {"error": {"code": "auth.required", "message": "No."}})
    assert licensing.refresh().code == "server.token_unknown"
    assert licensing.state().may_run


def test_field_errors_are_told(vendor: Vendor, installed: Program) -> None:
    error = {"code": "request.invalid", "message": "Wrong.", "fields": {"key": ["licence.key_mistyped"]}}
    vendor.instead = lambda request: json_reply(422, {"error": error})
    result = installed.started().activate("PK")
    assert (result.code, result.fields) == ("licence.key_mistyped", {"key": ("licence.key_mistyped",)})
    assert "0, O, 1, I" in result.message


def test_a_blank_key_asks_nobody(vendor: Vendor, installed: Program) -> None:
    assert installed.started().activate("  ").code == "licence.key_mistyped"
    assert vendor.seen == []


def test_a_shared_store_keeps_no_licence_key(vendor: Vendor, installed: Program) -> None:
    from podpora_sdk import Place, Store

    folder = installed.store
    installed.store = Store(Place(folder, shared=True))
    assert installed.started().activate(KEY).ok
    assert all(KEY.encode() not in path.read_bytes() for path in folder.iterdir())


def test_report_problem_sends_a_redacted_form(vendor: Vendor, installed: Program, tmp_path: Any) -> None:
    licensing = installed.started()
    licensing.activate(KEY)
    log = tmp_path / "log.txt"
    log.write_text("a log")
    shown = licensing.diagnostics() | {"log": f"password=hunter2 token: abcdef123456789 {KEY}"}
    result = licensing.report_problem(
        "It crashes.\nAlways.", [log], diagnostics=shown, queue="licences", email="jana@private.example"
    )
    assert (result.ok, result.data["code"]) == (True, "T-1042")
    sent = vendor.asked("tickets")[0].body.decode()
    assert all(secret not in sent for secret in ("hunter2", "abcdef123456789", KEY, "device-token"))
    assert all(
        text in sent
        for text in ('filename="log.txt"', "a log", "It crashes.", 'name="reference"', "jana@private.example", ACTIVATION)
    )
    assert licensing.report_problem("x", [tmp_path / "missing"]).code == "file.not_readable"
    assert x_of(PINNED) not in sent


def test_s34_a_refresh_is_signed_with_the_installation_s_key(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    assert licensing.activate(KEY).ok
    assert licensing.refresh().ok
    key = vendor.asked("activations")[0].body["device"]["public_key"]
    sent = vendor.asked("activations/me/refresh")[0]
    claims, signer = jws.verified_by_own_key(sent.headers["Podpora-Proof"], "podpora-possession+jwt")
    assert (signer, claims["call"], claims["iat"]) == (key, "activations/me/refresh", NOW)
    assert claims["token"] == jws.encoded(hashlib.sha256(b"device-token").digest())
    assert claims["body"] == jws.encoded(hashlib.sha256(json.dumps(sent.body, ensure_ascii=False).encode()).digest())
    assert "Idempotency-Key" not in sent.headers  # a refresh that comes twice is no harm, and is answered faster without


def test_s34_a_clock_that_is_wrong_signs_by_the_server_s(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    assert licensing.activate(KEY).ok

    def too_old(request: Any) -> Reply | None:
        if request.path != "activations/me/refresh" or len(vendor.asked(request.path)) > 1:
            return None
        return json_reply(409, {"error": {"code": "licence.device_proof_old"}}, **{"Podpora-Time": "2026-09-25T00:00:00Z"})

    vendor.instead = too_old
    assert licensing.refresh().ok
    proofs = [
        jws.verified_by_own_key(one.headers["Podpora-Proof"], "podpora-possession+jwt")
        for one in vendor.asked("activations/me/refresh")
    ]
    assert [claims["iat"] for claims, _ in proofs] == [NOW, 1_790_294_400]


def test_s34_a_certificate_without_the_installation_s_key_is_another_s(vendor: Vendor, installed: Program) -> None:
    licensing = installed.started()
    assert licensing.activate(KEY).ok
    licensing.holding.change(lambda doc: doc.pop("device_key"))
    copy = installed.started()
    assert (copy.state().may_run, copy.state().reason) == (False, "licence.wrong_device")
    assert copy.activate(KEY).ok  # and its seat is there again, under a key of its own
    assert copy.state().may_run


def test_a_certificate_of_a_server_that_knows_no_keys_is_taken(vendor: Vendor, installed: Program) -> None:
    vendor.claims = {"cnf": MISSING}
    licensing = installed.started()
    assert licensing.activate(KEY).ok and licensing.refresh().ok
    assert licensing.state().may_run
