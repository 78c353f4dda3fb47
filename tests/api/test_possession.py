"""S34 over HTTP: a token that was copied is of no use without the installation's key; who has no key goes on as before."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from podpora.licensing.models import ActivationToken, Licence
from tests.make import licensing as make
from tests.make.api import Api, activation_body
from tests.make.offline import Program, claims_in

pytestmark = pytest.mark.django_db
NOW = make.BOUGHT + timedelta(days=2)
REFRESH = "activations/me/refresh"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def activated(licence: Licence, program: Program, *, bound: bool = True) -> Any:
    body = activation_body(licence, program.facts)
    if bound:
        body["device"]["public_key"] = program.public
    made = Api().post("activations", body)
    assert made.status_code in (200, 201)
    return made.json()


def refresh(token: str, proof: str | None = None, **more: Any) -> Any:
    raw = json.dumps({"app_version": "10.1.0", "nonce": "n", **more})
    return Api(token).post(REFRESH, raw, **({"Podpora_Proof": proof} if proof is not None else {}))


def body(**more: Any) -> bytes:
    return json.dumps({"app_version": "10.1.0", "nonce": "n", **more}).encode()


def code_of(response: Any) -> Any:
    return response.status_code, response.json()["error"]["code"]


def test_s34_a_certificate_names_the_key_of_its_installation() -> None:
    program = Program()
    done = activated(make.licence(), program)
    key = {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": program.public}}
    assert claims_in(done["certificate"])["cnf"] == key
    again = refresh(done["token"], program.possession(done["token"], body(), NOW))
    assert (again.status_code, claims_in(again.json()["certificate"])["cnf"]) == (200, key)


def test_s34_a_copied_token_is_not_refreshed_without_the_key() -> None:
    program, thief = Program(), Program()
    token = activated(make.licence(), program)["token"]
    proofs = {
        "none": None, "empty": "", "garbage": "a.b.c", "the thief's own key": thief.possession(token, body(), NOW),
        "of another token": program.possession("pd_other", body(), NOW), "of another body": program.possession(token, body(nonce="old"), NOW),
        "of another call": program.possession(token, body(), NOW, call="activations/me"),
    }  # fmt: skip
    for what, proof in proofs.items():
        assert code_of(refresh(token, proof)) == (409, "licence.device_key_needed"), what
    old = ActivationToken.objects.get()
    assert (old.serial, old.told_serial) == (old.activation.serial, None)


def test_s34_a_recorded_call_is_of_no_use_five_minutes_later() -> None:
    program = Program()
    token = activated(make.licence(), program)["token"]
    for off in (timedelta(seconds=-301), timedelta(seconds=301)):
        refused = refresh(token, program.possession(token, body(), NOW + off))
        assert code_of(refused) == (409, "licence.device_proof_old")
        assert refused.headers["Podpora-Time"] == refused.json()["error"]["reasons"][0]["facts"]["server_time"]
    assert refresh(token, program.possession(token, body(), NOW - timedelta(seconds=299))).status_code == 200


def test_an_installation_without_a_key_refreshes_as_before() -> None:
    done = activated(make.licence(), Program(), bound=False)
    assert "cnf" not in claims_in(done["certificate"])
    found = refresh(done["token"])
    assert (found.status_code, "cnf" in claims_in(found.json()["certificate"])) == (200, False)
    assert refresh(done["token"], "whatever").status_code == 200


def test_a16_two_users_of_one_computer_each_have_their_own_key() -> None:
    licence, one = make.licence(), Program()
    other = Program(one.facts)
    tokens = [activated(licence, program)["token"] for program in (one, other)]
    for program, token in zip((one, other), tokens, strict=True):
        found = refresh(token, program.possession(token, body(), NOW)).json()
        assert claims_in(found["certificate"])["cnf"]["jwk"]["x"] == program.public
    assert code_of(refresh(tokens[0], other.possession(tokens[0], body(), NOW))) == (409, "licence.device_key_needed")


def test_a9_an_offline_certificate_names_the_key_of_its_request() -> None:
    program, licence = Program(), make.licence()
    sent = program.request(key=activation_body(licence)["key"])
    found = Api().post("offline/activations", {"request": sent})
    assert found.status_code in (200, 201), found.content
    assert claims_in(found.json()["certificates"][0])["cnf"]["jwk"]["x"] == program.public


def test_a5_who_lost_its_key_activates_again_and_keeps_its_seat() -> None:
    licence, before = make.licence(), Program()
    activated(licence, before)
    after = Program(before.facts)
    token = activated(licence, after)["token"]
    assert refresh(token, after.possession(token, body(), NOW)).status_code == 200
    licence.refresh_from_db()
    assert licence.seats_used == 1


def test_s35_nobody_talks_the_server_out_of_signing() -> None:
    """An older version of the API is gone (410); an installation with a key can't pass for one from before there were keys."""
    client, program = Client(), Program()
    given = activated(make.licence(), program)
    for address in ("v0/activations", "v0/activations/me/refresh", "v0", "v00/validate"):
        answer = client.post(f"/api/{address}", b"{}", content_type="application/json")
        assert code_of(answer) == (410, "request.version_gone"), address
    assert client.get("/api/v2/keys").status_code == client.get("/api/activations").status_code == 404
    header = json.loads(base64.urlsafe_b64decode(given["certificate"].split(".")[0] + "=="))
    assert (header["alg"], header["typ"]) == ("EdDSA", "podpora-licence+jwt")
    asked = [{"signature": False}, {"alg": "none"}, {"certificate": "none"}, {"public_key": None}, {"device": {"public_key": ""}}]
    for more in asked:  # fields that are none of ours change nothing: unsigned calls are refused, whatever they ask for
        answer = refresh(given["token"], None, **more)
        assert answer.status_code in (409, 422) and "certificate" not in answer.json(), more
