"""For the program on the device (API.md)."""

from typing import Any

import pytest

from podpora.licensing import actions, queries
from podpora.licensing.models import Activation, Device
from podpora.people.values import Role
from tests.make import licensing as make
from tests.make import people
from tests.make.api import Api, activation_body, token

pytestmark = pytest.mark.django_db


def error(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = response.json()["error"]
    assert set(found) >= {"code", "message", "reasons"}
    return found


def test_the_story_of_a_device() -> None:
    licence = make.licence()
    body = activation_body(licence)
    first = Api().post("activations", body)
    assert first.status_code == 201
    assert set(first.json()) == {"activation", "licence", "device", "token", "certificate"}
    again = Api().post("activations", body)
    assert again.status_code == 200
    assert again.json()["activation"] == first.json()["activation"]

    program = Api(again.json()["token"])
    me = program.get("activations/me").json()
    assert (me["state"], me["licence"], me["seats"]) == ("active", licence.code, {"total": 3, "used": 1})
    assert me["run"]["allowed"] is True
    refreshed = program.post("activations/me/refresh", {"app_version": "10.2.0"})
    assert refreshed.status_code == 200
    assert set(refreshed.json()) == {"activation", "licence", "device", "certificate"}
    assert Device.objects.get().app_version == "10.2.0"

    assert program.delete("activations/me").status_code == 204
    assert program.delete("activations/me").status_code == 204
    licence.refresh_from_db()
    assert licence.seats_used == 0
    gone = program.get("activations/me").json()
    assert (gone["state"], gone["decision"]["code"]) == ("deactivated", "licence.deactivated")
    refused = program.post("activations/me/refresh", {"app_version": "10.2.0"})
    assert (refused.status_code, error(refused)["code"]) == (409, "licence.deactivated")


def test_a1_the_limit_shows_devices_only_to_a_proven_owner() -> None:
    owner = people.person()
    licence = make.licence(people.customer_of(owner), make.Terms(seats=1))
    taken = make.activated(licence).activation.device
    body = activation_body(licence)
    for sent in ({}, {"owner_proof": owner.email}, {"owner_proof": "x"}, {"owner_proof": token(person=people.person())}):
        refused = Api().post("activations", body | sent)
        assert (refused.status_code, error(refused)["code"]) == (409, "licence.activation_limit")
        assert "devices" not in error(refused)
        assert taken.name not in refused.content.decode()
        assert {step["kind"] for step in error(refused)["reasons"][0]["next"]} == {"read", "buy", "ask"}
    for proof in (_asked_proof(licence.code, owner), token("licences", person=owner)):
        refused = Api().post("activations", body | {"owner_proof": proof})
        assert [device["code"] for device in error(refused)["devices"]] == [taken.code]


def _asked_proof(code: str, owner: Any) -> str:
    answer = Api(token("licences", person=owner)).post(f"licences/{code}/owner-proofs")
    assert answer.status_code == 201
    return str(answer.json()["owner_proof"])


def test_a1_a_proven_owner_may_free_one_in_the_same_moment() -> None:
    owner = people.person()
    licence = make.licence(people.customer_of(owner), make.Terms(seats=1))
    taken = make.activated(licence).activation
    body = activation_body(licence) | {"replace": taken.device.code}
    assert Api().post("activations", body).json()["error"]["fields"] == {"owner_proof": ["required"]}
    done = Api().post("activations", body | {"owner_proof": token(person=owner)})
    assert done.status_code == 201
    taken.refresh_from_db()
    licence.refresh_from_db()
    assert (taken.state, licence.seats_used) == ("deactivated", 1)


def test_a_proof_is_for_one_licence_and_for_those_who_look_after_it(at: Any) -> None:
    firm = people.company()
    viewer, admin = people.member(firm, Role.VIEWER), people.member(firm, Role.ADMIN)
    licence, other = make.licence(firm), make.licence(firm)
    assert Api(token("licences", person=viewer)).post(f"licences/{licence.code}/owner-proofs").status_code == 404
    proof = actions.prove_ownership(licence, admin, at=at)
    assert queries.owner_proof_holds(proof, licence, at=at)
    assert not queries.owner_proof_holds(proof, other, at=at)
    assert not queries.owner_proof_holds(proof, licence, at=at.replace(hour=at.hour + 1))
    admin.memberships.all().delete()
    assert not queries.owner_proof_holds(proof, licence, at=at)


@pytest.mark.parametrize("key", ["", "x" * 201, 7, None, ["PK"], {"a": 1}])
def test_a_key_of_the_wrong_kind_names_the_field(key: Any) -> None:
    body = activation_body(make.licence()) | {"key": key}
    refused = Api().post("activations", body)
    assert refused.status_code == 422
    assert set(error(refused)["fields"]) == {"key"}


def test_a12_a_mistyped_key_is_named_as_such() -> None:
    body = activation_body(make.licence())
    wrong = body["key"][:-1] + ("2" if body["key"][-1] != "2" else "3")
    refused = Api().post("activations", body | {"key": wrong})
    assert (refused.status_code, error(refused)["code"]) == (422, "licence.key_mistyped")
    assert error(refused)["fields"] == {"key": ["licence.key_mistyped"]}
    assert Api().post("activations", body | {"key": f" {body['key'].lower().replace('-', ' ')} "}).status_code == 201


def test_s30_unknown_replaced_and_foreign_keys_look_alike() -> None:
    licence = make.licence()
    body = activation_body(licence)
    actions.replace_key(licence, by=make.BY, at=make.BOUGHT)
    unknown = activation_body(make.licence())
    queries.licence_by_key(unknown["key"]).delete()  # type: ignore[union-attr]
    foreign = activation_body(licence, product="another-program")
    answers = [Api().post("activations", sent) for sent in (body, unknown, foreign)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert error(answers[0])["code"] == "licence.not_found"


def test_s30_guessing_is_slowed_down() -> None:
    body = activation_body(make.licence())
    wrong = body | {"key": "PK222-22222-22222-22222-22222"}
    codes = [Api().post("activations", wrong).status_code for _ in range(21)]
    assert codes[:20] == [422] * 20
    assert codes[20] == 429
    right = Api().post("activations", body)
    assert right.status_code == 429
    assert 1 <= int(right.headers["Retry-After"]) <= 60


FINGERPRINTS: list[Any] = [
    {}, {f"part{n}": "h" * 20 for n in range(1000)}, [], "x", 7, None, {"machine": 7}, {"machine": ""}, {"machine": "h" * 257},
    {"": "hash-of-it"}, {"a" * 65: "hash-of-it"}, {"machine": None}, {"machine": {"a": "b"}}, {"machine": "ha\tsh"}, {"ma\nchine": "hash"},
    {"machine": "hash\x00hash"},
]  # fmt: skip


@pytest.mark.parametrize("fingerprint", FINGERPRINTS)
def test_a_fingerprint_that_is_none_writes_nothing(fingerprint: Any) -> None:
    body = activation_body(make.licence())
    body["device"]["fingerprint"] = fingerprint
    refused = Api().post("activations", body)
    assert refused.status_code == 422
    assert all(field.startswith("device.fingerprint") for field in error(refused)["fields"])
    assert not Device.objects.exists()
    assert not Activation.objects.exists()


@pytest.mark.parametrize("change", [
    {"app_version": ""}, {"app_version": "ten"}, {"app_version": "1" * 31}, {"app_version": 10}, {"app_version": "１０.1"},
    {"app_version": "99999.1"}, {"app_version": None}, {"device": None}, {"device": []}, {"device": {}}, {"seats": 99}, {"product": 7},
    {"owner_proof": ""}, {"owner_proof": "x" * 2001}, {"replace": "D-" * 20},
])  # fmt: skip
def test_other_fields_that_cannot_be_used(change: dict[str, Any]) -> None:
    refused = Api().post("activations", activation_body(make.licence()) | change)
    assert refused.status_code == 422
    assert next(iter(error(refused)["fields"])).split(".")[0] == next(iter(change))
    assert not Activation.objects.exists()


@pytest.mark.parametrize(
    "sent", ["", "pd_", "pd_nobody", "x" * 5000, "pd_\udcff".encode("utf-8", "surrogateescape").decode("latin-1")]
)
def test_a_credential_that_is_none(sent: str) -> None:
    for caller in (Api(sent), Api(Authorization=f"Basic {sent}"), Api(token("all"))):
        refused = caller.get("activations/me")
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")
        assert error(refused)["code"] in ("token.missing", "token.not_valid")


def test_a_refresh_by_another_device_is_refused() -> None:
    device = make.device()
    done = make.activated(make.licence(), device)
    program = Api(done.token)
    stranger = {"app_version": "10.1.0", "fingerprint": dict(make.device().fingerprint)}
    assert error(program.post("activations/me/refresh", stranger))["code"] == "licence.fingerprint_mismatch"
    renewed = dict(device.fingerprint) | {"disk": "another-disk", "network": "another-network"}
    assert program.post("activations/me/refresh", {"app_version": "10.1.0", "fingerprint": renewed}).status_code == 200


@pytest.mark.parametrize("fingerprint", [
    {"a": "1"}, {"Machine ID": "x y z", "síť": "hodnota"}, {"n" * 64: "v" * 256}, {f"p{n}": "v" for n in range(32)},
    {"machine": "{sha256:9f86d081}/|~", "board": "none"},
])  # fmt: skip
def test_a2_any_printable_parts_make_a_fingerprint(fingerprint: dict[str, str]) -> None:
    licence = make.licence()
    body = activation_body(licence) | {"device": {"fingerprint": fingerprint, "name": "PC", "platform": "linux"}}
    assert [Api().post("activations", body).status_code for _ in range(2)] == [201, 200]


@pytest.mark.parametrize(("fingerprint", "field", "code"), [
    ({}, "device.fingerprint", "too_few"), ({f"p{n}": "v" for n in range(1000)}, "device.fingerprint", "too_many"),
    ({"a": ""}, "device.fingerprint.a", "too_short"), ({"a": 1}, "device.fingerprint.a", "wrong_type"),
    ({"a": "v" * 257}, "device.fingerprint.a", "too_long"), ({"a": "x\ty"}, "device.fingerprint.a", "invalid_characters"),
    ([], "device.fingerprint", "wrong_type"), (None, "device.fingerprint", "wrong_type"), ("x", "device.fingerprint", "wrong_type"),
])  # fmt: skip
def test_a_fingerprint_that_is_none(fingerprint: Any, field: str, code: str) -> None:
    body = activation_body(make.licence()) | {"device": {"fingerprint": fingerprint, "name": "PC", "platform": "linux"}}
    refused = Api().post("activations", body)
    assert (refused.status_code, error(refused)["fields"]) == (422, {field: [code]})


@pytest.mark.parametrize("version", ["10", "10.2.1", "v10.1", "10.2.1-beta2", "10.2.1 (Build 345)", "10.2.1.4567", "10.1b"])
def test_versions_as_programs_write_them(version: str) -> None:
    licence = make.licence()
    assert Api().post("activations", activation_body(licence) | {"app_version": version}).status_code == 201


@pytest.mark.parametrize("version", ["", "latest", "99999.1", "-1", "10..1", "x" * 51])
def test_what_is_no_version_is_told_with_all_else_that_is_wrong(version: str) -> None:
    refused = Api().post("activations", {"key": 1, "app_version": version, "device": {"fingerprint": {}}})
    assert set(error(refused)["fields"]) == {"key", "app_version", "device.fingerprint"}
