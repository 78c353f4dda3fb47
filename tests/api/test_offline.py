"""Devices without a network, by files (A-9, S12, S32, S49)."""

import io
import json
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from joserfc import jwt
from joserfc.jwk import KeySet

from podpora.audit.models import Entry
from podpora.licensing import actions, queries
from podpora.licensing.models import Activation, ActivationToken, Device, Licence
from podpora.licensing.rules.offline import PROOF_TYPE, REQUEST_TYPE
from podpora.people.values import Role
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, activation_body, token
from tests.make.offline import Program, claims_in, spoilt_headers
from tests.make.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:EdDSA is deprecated")]


def asked(licence: Licence, program: Program, **more: Any) -> Any:
    return Api().post("offline/activations", {"request": program.request(key=queries.key_of(licence)), **more})


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def upload(path: str, field: str, files: list[tuple[str, bytes]], bearer: str = "", **fields: str) -> Any:
    sent: dict[str, Any] = {**fields, field: [SimpleUploadedFile(name, raw) for name, raw in files]}
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return Api().client.post(f"/api/v1/{path}", sent, headers=headers)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return made.getvalue()


def test_a9_the_story_of_a_device_without_a_network() -> None:
    licence, program = make.licence(), Program()
    first = asked(licence, program)
    assert first.status_code == 201
    file = first.json()
    assert (file["podpora"], file["v"], file["settings"], file["releases"], file["announcements"]) == ("offline", 1, [], [], [])
    claims = jwt.decode(file["certificates"][0], KeySet.import_key_set({"keys": file["keys"]}), algorithms=["EdDSA"])
    assert claims.header["typ"] == "podpora-licence+jwt"
    told = claims.claims
    assert (told["sub"], told["nonce"], told["fingerprint"]["parts"]) == (licence.code, "n-1", program.facts.fingerprint)
    assert told["exp"] - told["iat"] == 30 * 86400
    assert file["items"] == [{"request": "", "state": "given", "code": "ok", "activation": told["activation"],
                              "device": Device.objects.get().code, "licence": licence.code}]  # fmt: skip
    assert ".podpora-licence" in first.headers["Content-Disposition"]

    renewed = asked(licence, program, ttl_hours=1)
    assert renewed.status_code == 200
    again = claims_in(renewed.json()["certificates"][0])
    assert again["activation"] == told["activation"]
    assert again["serial"] > told["serial"]
    assert again["exp"] - again["iat"] == 3600
    licence.refresh_from_db()
    assert licence.seats_used == 1

    proof = program.proof(renewed.json()["certificates"][0])
    item = {"activation": told["activation"], "licence": licence.code, "code": "ok"}
    assert Api().post("offline/deactivations", {"proofs": [proof, proof]}).json() == {
        "items": [item | {"state": "deactivated"}, item | {"state": "already"}]
    }
    assert Api().post("offline/deactivations", {"proofs": [proof]}).json()["items"][0]["state"] == "already"
    licence.refresh_from_db()
    assert licence.seats_used == 0
    assert [entry.verb for entry in Entry.objects.filter(subject=f"licence:{licence.code}")].count("licence.deactivated") == 1


def test_a9_an_offline_device_is_the_same_device_online() -> None:
    licence, program = make.licence(), Program()
    online = Api().post("activations", activation_body(licence, program.facts)).json()
    file = asked(licence, program)
    assert file.status_code == 200
    assert claims_in(file.json()["certificates"][0])["activation"] == online["activation"]
    assert Activation.objects.get().device_key == program.public
    assert ActivationToken.objects.count() == 1
    licence.refresh_from_db()
    assert licence.seats_used == 1


def test_a9_limits_and_refusals_are_those_of_an_activation() -> None:
    licence = make.licence(terms=make.Terms(seats=1, through_major=9))
    assert code_of(asked(licence, Program())) == (409, "version.not_covered")
    body = {"request": Program().request(key=queries.key_of(licence), app_version="9.3")}
    assert Api().post("offline/activations", body).status_code == 201
    body = {"request": Program().request(key=queries.key_of(licence), app_version="9.3")}
    assert code_of(Api().post("offline/activations", body)) == (409, "licence.activation_limit")
    assert Activation.objects.count() == 1


def test_x4_while_a_payment_is_disputed_an_offline_certificate_is_short() -> None:
    from podpora.base.decisions import allow
    from podpora.licensing.rules.certificate import lease_end
    from podpora.licensing.values import Granted

    at = datetime(2026, 3, 16, tzinfo=UTC)
    disputed = Granted(allow("licence.suspended_payment"), ttl=timedelta(days=300))
    assert lease_end(disputed, at) == at + timedelta(days=14)
    assert lease_end(Granted(allow("licence.suspended_payment"), ttl=timedelta(hours=1)), at) == at + timedelta(hours=1)
    assert lease_end(Granted(allow("licence.valid"), ttl=timedelta(days=300)), at) == at + timedelta(days=300)


@pytest.mark.parametrize("hours", [0, -1, 8785, 2**60, "24", 1.5, None, True])
def test_a9_the_time_to_live_has_limits(hours: Any) -> None:
    refused = asked(make.licence(), Program(), ttl_hours=hours)
    assert refused.status_code == 422
    assert set(refused.json()["error"]["fields"]) == {"ttl_hours"}
    assert not Activation.objects.exists()


def test_who_may_the_bearer_of_the_key() -> None:
    licence = make.licence()
    request = Program().request()
    assert code_of(Api().post("offline/activations", {"request": request})) == (422, "offline.licence_needed")
    assert Api().post("offline/activations", {"request": request, "key": queries.key_of(licence)}).status_code == 201
    assert code_of(Api().post("offline/activations", {"request": request, "key": "PK-1"})) == (422, "licence.key_mistyped")
    actions.replace_key(licence, by=make.BY, at=make.BOUGHT)
    assert code_of(asked(licence, Program())) == (404, "licence.not_found")  # the licence in hand has the old key still
    licence.refresh_from_db()
    foreign = Program().request(key=queries.key_of(licence), product="other")
    assert code_of(Api().post("offline/activations", {"request": foreign})) == (404, "licence.not_found")


def test_who_may_a_member_who_looks_after_devices() -> None:
    firm = people.company()
    admin, viewer, stranger = people.member(firm, Role.ADMIN), people.member(firm, Role.VIEWER), people.person()
    licence = make.licence(firm)
    body = {"request": Program().request(), "licence": licence.code}
    assert Api().post("offline/activations", body).status_code == 401
    for person, scopes, status in ((viewer, ("licences",), 404), (stranger, ("licences",), 404), (admin, ("tickets",), 403)):
        assert Api(token(*scopes, person=person)).post("offline/activations", body).status_code == status
    assert not Activation.objects.exists()
    assert Api(token("licences", person=admin)).post("offline/activations", body).status_code == 201
    other = {"request": Program().request(product="other"), "licence": licence.code}
    assert code_of(Api(token("licences", person=admin)).post("offline/activations", other)) == (409, "licence.product_mismatch")


def test_guessing_keys_by_request_files_is_limited_like_elsewhere() -> None:
    licence = make.licence()
    for _ in range(20):
        Api().post("offline/activations", {"request": Program().request(key="PK" + "A" * 23)})
    assert code_of(asked(licence, Program())) == (429, "request.too_many")
    assert code_of(Api().post("activations", activation_body(licence))) == (429, "request.too_many")


@pytest.mark.parametrize("name", list(spoilt_headers(Program(), REQUEST_TYPE)))
def test_s12_no_spoilt_request_is_accepted_and_nothing_is_written(name: str) -> None:
    licence, program = make.licence(), Program()
    header = spoilt_headers(program, REQUEST_TYPE)[name]
    text = program.jws(header, program.request_claims(key=queries.key_of(licence)))
    status, code = code_of(Api().post("offline/activations", {"request": text}))
    assert (status, code.partition(".")[0]) == (422, "offline")
    assert not Device.objects.exists()
    assert not Activation.objects.exists()


@pytest.mark.parametrize(
    "text", ["x", "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30.", "\u0000", "{}", "é" * 100, "A" * 65_536, "[" * 5000]
)
def test_garbage_is_refused_with_a_code(text: str) -> None:
    for path, body in (("offline/activations", {"request": text}), ("offline/deactivations", {"proofs": [text]})):
        answer = Api().post(path, body)
        assert answer.status_code in (200, 422)
        told = answer.json()
        assert told["items"][0]["state"] == "refused" if answer.status_code == 200 else told["error"]["fields"]


def test_a_request_of_ten_megabytes_is_refused_quickly() -> None:
    assert Api().post("offline/activations", {"request": "A" * 10_000_000}).status_code == 413
    assert code_of(upload("offline/activations", "request", [("x.podpora-request", b"A" * 10_000_000)])) == (
        422,
        "offline.too_large",
    )


def test_the_file_itself_can_be_sent() -> None:
    licence, program = make.licence(), Program()
    raw = (program.request() + "\n").encode()
    answer = upload("offline/activations", "request", [("pc.podpora-request", raw)], key=queries.key_of(licence), ttl_hours="48")
    assert answer.status_code == 201
    assert answer.json()["items"][0]["request"] == "pc.podpora-request"
    told = claims_in(answer.json()["certificates"][0])
    assert told["exp"] - told["iat"] == 48 * 3600
    proof = program.proof(answer.json()["certificates"][0]).encode()
    back = upload("offline/deactivations", "proofs", [("pc.podpora-proof", proof)])
    assert [item["state"] for item in back.json()["items"]] == ["deactivated"]
    assert code_of(upload("offline/activations", "request", [("a", raw), ("b", raw)]))[0] == 422
    assert code_of(upload("offline/activations", "other", [("a", raw)]))[0] == 422
    assert code_of(upload("offline/activations", "request", []))[0] == 422


def test_a_bundle_for_computers_that_never_see_a_network() -> None:
    firm = people.company()
    admin = token("licences", person=people.member(firm, Role.ADMIN))
    licence, second, strangers = make.licence(firm, make.Terms(seats=2)), make.licence(firm), make.licence()
    programs = [Program() for _ in range(5)]
    files = {
        "a/pc-1.podpora-request": programs[0].request(), "pc-2.podpora-request": programs[1].request(),
        "pc-3.podpora-request": programs[2].request(), "pc-4.podpora-request": programs[3].request(key=queries.key_of(second)),
        "pc-5.podpora-request": programs[4].request(key=queries.key_of(strangers)), "bad.podpora-request": "x",
        "__MACOSX/pc-1": "x", ".DS_Store": "x",
    }  # fmt: skip
    raw = zipped({name: text.encode() for name, text in files.items()})
    answer = upload("offline/bundles", "requests", [("all.zip", raw)], admin, licence=licence.code, ttl_hours="720")
    assert answer.status_code == 200
    told = answer.json()
    assert [(item["request"], item["state"], item["code"]) for item in told["items"]] == [
        ("pc-1.podpora-request", "given", "ok"), ("pc-2.podpora-request", "given", "ok"),
        ("pc-3.podpora-request", "refused", "licence.activation_limit"), ("pc-4.podpora-request", "given", "ok"),
        ("pc-5.podpora-request", "refused", "licence.not_found"), ("bad.podpora-request", "refused", "offline.not_readable"),
    ]  # fmt: skip
    assert [claims_in(text)["sub"] for text in told["certificates"]] == [licence.code, licence.code, second.code]
    assert told["keys"]
    again = Api(admin).post("offline/bundles", {"requests": list(files.values())[:2], "licence": licence.code})
    assert [item["state"] for item in again.json()["items"]] == ["given", "given"]
    assert Activation.objects.count() == 3
    assert Api(token("licences", person=people.person())).post(
        "offline/bundles", {"requests": [programs[0].request()], "licence": licence.code}
    ).status_code == 404  # fmt: skip


@pytest.mark.parametrize(("raw", "code"), [
    (b"PK\x03\x04 not a zip", "offline.archive_not_readable"),
    (zipped({f"{n}": b"x" for n in range(501)}), "offline.too_many"),
    (zipped({"a": b"x" * 200})[:-30], "offline.archive_not_readable"),
    (zipped({"a": b"x" * 200}, zipfile.ZIP_BZIP2), "offline.archive_not_readable"),
    (b"A" * 4_500_000, "offline.too_large"),
], ids=["no archive", "too many", "cut", "another method", "too large"])  # fmt: skip
def test_s49_archives_that_are_no_archives_are_refused(raw: bytes, code: str) -> None:
    firm = people.company()
    licence = make.licence(firm)
    admin = token("licences", person=people.member(firm, Role.ADMIN))
    assert code_of(upload("offline/bundles", "requests", [("all.zip", raw)], admin, licence=licence.code)) == (422, code)
    assert code_of(upload("offline/deactivations", "proofs", [("all.zip", raw)])) == (422, code)


def test_s49_a_bomb_is_read_only_until_it_is_seen_to_be_too_large() -> None:
    bomb = zipped({f"{n}.podpora-proof": b"\0" * 8_000_000 for n in range(20)})
    assert len(bomb) < 200_000
    answer = upload("offline/deactivations", "proofs", [("all.zip", bomb)])
    assert Counter(item["code"] for item in answer.json()["items"]) == {"offline.too_large": 20}


def test_s34_a_proof_of_another_key_frees_nothing() -> None:
    licence, program = make.licence(), Program()
    certificate = asked(licence, program).json()["certificates"][0]
    other = Program(program.facts).proof(certificate)
    unknown = program.proof(certificate, activation="V-222222222222")
    elsewhere = program.proof(certificate, licence="L-22222222")
    told = Api().post("offline/deactivations", {"proofs": [other, unknown, elsewhere]}).json()["items"]
    assert told == [{"activation": None, "licence": None, "state": "refused", "code": "offline.proof_unknown"}] * 3
    assert Activation.objects.get().is_active
    for name, header in spoilt_headers(program, PROOF_TYPE).items():
        text = program.jws(header, program.proof_claims(certificate))
        assert Api().post("offline/deactivations", {"proofs": [text]}).json()["items"][0]["state"] == "refused", name
    assert Activation.objects.get().is_active


def test_s34_an_activation_without_a_key_has_no_proofs() -> None:
    licence, program = make.licence(), Program()
    online = Api().post("activations", activation_body(licence, program.facts)).json()
    told = Api().post("offline/deactivations", {"proofs": [program.proof(online["certificate"])]}).json()
    assert told["items"][0]["code"] == "offline.proof_unknown"


def test_an_older_proof_does_not_take_the_seat_of_a_device_that_was_activated_again() -> None:
    licence, program = make.licence(), Program()
    old = program.proof(asked(licence, program).json()["certificates"][0])
    new = asked(licence, program).json()["certificates"][0]
    told = Api().post("offline/deactivations", {"proofs": [old]}).json()["items"][0]
    assert (told["state"], told["code"]) == ("refused", "licence.stale_serial")
    assert Activation.objects.get().is_active
    states = Api().post("offline/deactivations", {"proofs": [program.proof(new), old]}).json()["items"]
    assert [item["state"] for item in states] == ["deactivated", "already"]


def test_a_proof_of_before_does_not_free_the_seat_of_a_later_activation() -> None:
    licence, program = make.licence(), Program()
    proof = program.proof(asked(licence, program).json()["certificates"][0])
    Api().post("offline/deactivations", {"proofs": [proof]})
    assert asked(licence, program).status_code == 201
    assert Api().post("offline/deactivations", {"proofs": [proof]}).json()["items"][0]["state"] == "already"
    licence.refresh_from_db()
    assert licence.seats_used == 1


@pytest.mark.parametrize(
    "body", [{}, {"proofs": []}, {"proofs": ["x"] * 501}, {"proofs": "x"}, {"proofs": [1]}, {"proof": ["x"]}, []]
)
def test_bodies_of_another_form_name_the_field(body: Any) -> None:
    refused = Api().post("offline/deactivations", json.dumps(body))
    assert refused.status_code == 422


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_proof_twenty_times_at_once_frees_one_seat() -> None:
    licence, program = make.licence(), Program()
    proof = program.proof(asked(licence, program).json()["certificates"][0])
    ends = at_once(
        [lambda: Api().post("offline/deactivations", {"proofs": [proof]}).json()["items"][0]["state"] for _ in range(20)]
    )
    assert Counter(end.value for end in ends) == {"deactivated": 1, "already": 19}
    licence.refresh_from_db()
    assert licence.seats_used == 0
