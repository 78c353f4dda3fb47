"""Certificates, checked by an independent library (joserfc), and the rotation of the key that signs them."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet, OKPKey

from podpora.journeys import activation as journey
from podpora.licensing import actions, queries
from podpora.licensing.models import SigningKey
from podpora.licensing.rules import device_hash
from podpora.licensing.rules.certificate import next_serial
from podpora.licensing.values import Contact, LicenceState
from tests.make import licensing as make
from tests.make.api import Api, activation_body

# RFC 9864 gives EdDSA with Ed25519 the new name "Ed25519"; libraries of today know both, those of yesterday only the old one.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:EdDSA is deprecated")]
LATER = make.BOUGHT + timedelta(days=400)


SERIAL = int(make.BOUGHT.timestamp()) * 1_000_000


def verified(certificate: str, *, at: datetime = make.BOUGHT) -> Any:
    """Header and claims, by the published keys."""
    return jwt.decode(certificate, KeySet.import_key_set(queries.jwk_set(at=at)), algorithms=["EdDSA"])


def test_the_certificate_says_what_the_licence_gives() -> None:
    device = make.device()
    licence = make.licence()
    token = verified(make.activated(licence, device).certificate)
    assert token.header == {"alg": "EdDSA", "typ": "podpora-licence+jwt", "kid": SigningKey.objects.get().kid}
    claims = token.claims
    expected = {
        "sub": licence.code, "product": "postak", "edition": "pro", "kind": "one-time", "seats": 3, "holder": licence.customer.name,
        "run": {"all": False, "through_major": 10, "until": None}, "support_through": "2027-03-10", "features": {"commercial": True},
        "device": device_hash(device.fingerprint), "serial": SERIAL, "notices": [], "iss": "http://127.0.0.1:8000",
    }  # fmt: skip
    assert {name: claims[name] for name in expected} == expected
    assert claims["jti"]
    assert claims["exp"] - claims["iat"] == 30 * 86400
    assert claims["iat"] == claims["server_time"] == int(make.BOUGHT.timestamp()) < claims["refresh_after"]


def test_the_serial_only_grows() -> None:
    licence, device = make.licence(), make.device()
    first = make.activated(licence, device)
    again = make.activated(licence, device)
    refreshed = journey.refresh(again.activation, Contact("10.1", 10), by=make.BY, at=make.BOUGHT)
    serials = [verified(done.certificate).claims["serial"] for done in (first, again, refreshed)]
    assert serials == [SERIAL, SERIAL + 1, SERIAL + 2]
    assert len({verified(done.certificate).claims["jti"] for done in (first, again, refreshed)}) == 3


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("newest", "seen_at", "at", "serial", "is_written"), [
    (0, make.BOUGHT, make.BOUGHT, SERIAL, False),
    (SERIAL - 1, make.BOUGHT, make.BOUGHT, SERIAL, False),
    (SERIAL, make.BOUGHT, make.BOUGHT, SERIAL + 1, True),
    (SERIAL + 9, make.BOUGHT, make.BOUGHT, SERIAL + 10, True),
    (SERIAL, make.BOUGHT, make.BOUGHT + HOUR, SERIAL + 3_600_000_000, False),
    (SERIAL, make.BOUGHT, make.BOUGHT - HOUR, SERIAL + 3_600_000_001, True),
    (SERIAL + 3_600_000_001, make.BOUGHT, make.BOUGHT - HOUR, SERIAL + 3_600_000_002, True),
    (0, make.BOUGHT, make.BOUGHT - 400 * HOUR, SERIAL + 3_600_000_001, True),
])  # fmt: skip
def test_f19_the_serial_grows_also_when_the_clock_is_set_back(
    newest: int, seen_at: datetime, at: datetime, serial: int, is_written: bool
) -> None:
    assert next_serial(newest, seen_at, at) == (serial, is_written)


def test_f19_refreshes_after_the_clock_was_set_back_have_greater_serials_than_before() -> None:
    activation = make.activated(make.licence(), at=LATER).activation
    instants = [LATER + HOUR, LATER + 2 * HOUR, LATER - 30 * HOUR, LATER - 29 * HOUR, LATER + 5 * HOUR]
    found = [journey.refresh(activation, Contact("10.1", 10), by=make.BY, at=at).certificate for at in instants]
    serials = [verified(certificate, at=LATER).claims["serial"] for certificate in found]
    assert serials == sorted(set(serials))


def test_the_end_of_support_is_a_notice_and_not_an_end() -> None:
    done = make.activated(make.licence(), at=LATER)
    claims = verified(done.certificate, at=LATER).claims
    assert claims["notices"] == ["support.expired"]
    assert claims["run"] == {"all": False, "through_major": 10, "until": None}
    assert claims["support_through"] == "2027-03-10"


def test_x4_a_disputed_licence_gets_the_shortest_lease() -> None:
    licence, device = make.licence(), make.device()
    make.activated(licence, device)
    actions.set_state(licence, LicenceState.SUSPENDED, by=make.BY, at=make.BOUGHT)
    claims = verified(make.activated(licence, device).certificate).claims
    assert claims["exp"] - claims["iat"] >= 14 * 86400


def test_s12_s32_what_was_changed_does_not_verify() -> None:
    certificate = make.activated(make.licence()).certificate
    other = make.activated(make.licence()).certificate
    head, body, signature = certificate.split(".")
    swapped = f"{head}.{other.split('.')[1]}.{signature}"
    with pytest.raises(BadSignatureError):
        verified(swapped)
    claims = json.loads(base64.urlsafe_b64decode(body + "==")) | {"seats": 999}
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    with pytest.raises(BadSignatureError):
        verified(f"{head}.{changed}.{signature}")


def test_cs11_f28_a_new_key_is_announced_by_the_old_one() -> None:
    certificate = make.activated(make.licence()).certificate
    old = SigningKey.objects.get()
    new = actions.rotate_signing_key(overlap=timedelta(days=90), by=make.BY, at=make.BOUGHT)
    assert verified(make.activated(make.licence()).certificate).header["kid"] == new.kid
    assert verified(certificate).header["kid"] == old.kid

    found = queries.jwk_set(at=make.BOUGHT)
    assert [(key["kid"], key["status"]) for key in found["keys"]] == [(new.kid, "active"), (old.kid, "retiring")]
    pinned = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": old.public})
    announcement = jws.deserialize_compact(found["announcements"][0], pinned, algorithms=["EdDSA"])
    assert announcement.headers()["typ"] == "podpora-key+jwt"
    assert json.loads(announcement.payload)["jwk"]["x"] == new.public

    old.refresh_from_db()
    assert old.expires_at == make.BOUGHT + timedelta(days=90)
    after = queries.jwk_set(at=old.expires_at)
    assert [key["kid"] for key in after["keys"]] == [new.kid]
    assert after["announcements"]  # whoever pinned the old key still finds the way


def test_three_rotations_make_a_chain() -> None:
    actions.ensure_signing_key(at=make.BOUGHT)
    for _ in range(3):
        actions.rotate_signing_key(overlap=timedelta(days=90), by=make.BY, at=make.BOUGHT)
    trusted = {SigningKey.objects.order_by("id")[0].kid: SigningKey.objects.order_by("id")[0].public}
    for text in queries.jwk_set(at=make.BOUGHT)["announcements"]:
        kid = json.loads(base64.urlsafe_b64decode(text.split(".")[0] + "=="))["kid"]
        key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": trusted[kid]})
        told = json.loads(jws.deserialize_compact(text, key, algorithms=["EdDSA"]).payload)
        trusted[told["sub"]] = told["jwk"]["x"]
    assert set(trusted) == set(SigningKey.objects.values_list("kid", flat=True))


def test_the_private_half_is_nowhere_in_the_clear() -> None:
    row = actions.ensure_signing_key(at=make.BOUGHT)
    raw = queries.keys.private_key(row).private_bytes_raw()
    sealed = row.private_sealed
    for form in (raw.hex(), base64.urlsafe_b64encode(raw).decode().rstrip("="), base64.b64encode(raw).decode().rstrip("=")):
        assert form not in sealed
        assert form not in repr(row) + str(row.__dict__)


def test_a_certificate_over_http_verifies_with_the_keys_over_http() -> None:
    certificate = Api().post("activations", activation_body(make.licence())).json()["certificate"]
    keys = Api().get("keys")
    assert keys.status_code == 200
    token = jwt.decode(certificate, KeySet.import_key_set(keys.json()), algorithms=["EdDSA"])
    assert token.claims["exp"] - token.claims["iat"] >= 14 * 86400
    assert datetime.fromtimestamp(token.claims["iat"], UTC)


def test_s31_the_nonce_of_the_call_comes_back_in_the_certificate() -> None:
    licence, device = make.licence(), make.device()
    done = journey.activate(licence, device, Contact("10.1.0", 10, nonce="n-1"), by=make.BY, at=make.BOUGHT)
    assert verified(done.certificate).claims["nonce"] == "n-1"
    again = journey.refresh(done.activation, Contact("10.1.0", 10), by=make.BY, at=make.BOUGHT)
    assert "nonce" not in verified(again.certificate).claims
