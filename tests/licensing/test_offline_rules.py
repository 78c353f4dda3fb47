"""Files of devices without a network: what is read, and what is not (A-9, S12, S32). Pure: no database."""

import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from podpora.licensing.rules import offline
from podpora.licensing.values import Unreadable
from tests.make.offline import TWICE, Program, decoded, encoded, spoilt_headers

PROGRAM = Program()
REQUEST = PROGRAM.request(key="PK-1")
CERTIFICATE_CLAIMS = {"activation": "V-ABCDEFGHJKMN", "sub": "L-23456789", "serial": 7}
CERTIFICATE = f"{encoded({})}.{encoded(CERTIFICATE_CLAIMS)}.x"
PROOF = PROGRAM.proof(CERTIFICATE)


def code_of(text: str, read: Any = offline.read_request) -> str:
    with pytest.raises(Unreadable) as refused:
        read(text)
    return refused.value.code


def test_a9_a_request_is_read_with_all_it_says() -> None:
    found = offline.read_request(f"\n {REQUEST}\r\n")
    assert (found.product, found.key, found.nonce, found.app_version, found.major) == ("postak", "PK-1", "n-1", "10.1.0", 10)
    assert found.device.fingerprint == PROGRAM.facts.fingerprint
    assert (found.device.name, found.device.platform) == (PROGRAM.facts.name, "windows")
    assert found.device.public_key == PROGRAM.public
    assert offline.read_request(PROGRAM.request(nonce=None)).nonce == ""


def test_a9_a_proof_is_read_with_all_it_says() -> None:
    found = offline.read_proof(PROOF)
    assert (found.activation, found.licence, found.serial, found.public_key) == ("V-ABCDEFGHJKMN", "L-23456789", 7, PROGRAM.public)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_another_implementation_of_jws_makes_files_that_are_read() -> None:
    key = OKPKey.generate_key("Ed25519")
    public = key.as_dict(private=False)
    header = {"alg": "EdDSA", "typ": offline.REQUEST_TYPE, "jwk": {name: public[name] for name in ("kty", "crv", "x")}}
    text = jws.serialize_compact(header, json.dumps(PROGRAM.request_claims()), key, algorithms=["EdDSA"])
    assert offline.read_request(text).device.public_key == public["x"]


@pytest.mark.parametrize(("name", "header"), list(spoilt_headers(PROGRAM, offline.REQUEST_TYPE).items()))
def test_s12_any_other_header_is_refused(name: str, header: Any) -> None:
    assert code_of(PROGRAM.jws(header, PROGRAM.request_claims())) in ("offline.not_readable", "offline.signature_invalid")


def test_s12_hs256_with_the_public_key_as_its_secret_is_refused() -> None:
    unsigned = f"{encoded(PROGRAM.header(offline.REQUEST_TYPE) | {'alg': 'HS256'})}.{encoded(PROGRAM.request_claims())}"
    forged = hmac.new(PROGRAM.public.encode(), unsigned.encode(), "sha256").digest()
    assert code_of(f"{unsigned}.{encoded(forged)}") == "offline.not_readable"


def test_s12_one_kind_of_file_never_passes_as_another() -> None:
    assert code_of(PROOF) == "offline.other_file"
    assert code_of(REQUEST, offline.read_proof) == "offline.other_file"
    swapped = PROGRAM.jws(PROGRAM.header(offline.REQUEST_TYPE), PROGRAM.proof_claims(CERTIFICATE))
    assert code_of(swapped) == "offline.not_readable"


def test_s32_a_signature_of_another_file_or_key_is_refused() -> None:
    body, mine = REQUEST.rpartition(".")[::2]
    others = [PROGRAM.request(), Program(PROGRAM.facts).request(key="PK-1"), PROOF]
    for other in others:
        assert code_of(f"{body}.{other.rpartition('.')[2]}") == "offline.signature_invalid"
    for signature in ("", encoded(b""), encoded(b"\x00" * 64), mine[:-2], mine + "AA"):
        assert code_of(f"{body}.{signature}") in ("offline.signature_invalid", "offline.not_readable")


@pytest.mark.parametrize("spoil", [
    lambda h, p, s: f"{h}.{p}", lambda h, p, s: f"{h}.{p}.{s}.", lambda h, p, s: f"{h}.{p}.{s}.{s}", lambda h, p, s: f"{h}=.{p}.{s}",
    lambda h, p, s: f"{h}.{p}=.{s}", lambda h, p, s: f"{h}.{p}.{s}==", lambda h, p, s: f"{h}. {p}.{s}", lambda h, p, s: f"{h}\n.{p}.{s}",
    lambda h, p, s: f".{p}.{s}", lambda h, p, s: f"{h}..{s}", lambda h, p, s: f"{h}.{p}.{s}\x00", lambda h, p, s: f"{h}.{p}.{s}é",
    lambda h, p, s: "",
    lambda h, p, s: "..", lambda h, p, s: f"{h}+.{p}.{s}", lambda h, p, s: f"/{h}.{p}.{s}",
    lambda h, p, s: json.dumps({"payload": p, "signature": s}),
])  # fmt: skip
def test_s32_another_form_or_trailing_data_is_refused(spoil: Any) -> None:
    assert code_of(spoil(*REQUEST.split("."))) in ("offline.not_readable", "offline.signature_invalid")


def test_s32_base64_that_means_the_same_in_another_form_is_refused() -> None:
    """The last character of a signature has bits that count for nothing: only one of its forms is the right one."""
    head, last = REQUEST[:-1], REQUEST[-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for other in alphabet[alphabet.index(last) + 1 : alphabet.index(last) + 4]:
        assert code_of(head + other) in ("offline.not_readable", "offline.signature_invalid")


def test_s32_duplicate_members_are_refused_wherever_they_stand() -> None:
    assert code_of(PROGRAM.jws(TWICE % PROGRAM.public, PROGRAM.request_claims())) == "offline.not_readable"
    header = PROGRAM.header(offline.REQUEST_TYPE)
    plain = json.dumps(PROGRAM.request_claims())
    for twice in (
        '{"v":1,' + plain[1:],
        plain.replace('"name":', '"name":"x","name":'),
        plain.replace('"machine":', '"machine":"x","machine":'),
    ):
        assert code_of(PROGRAM.jws(header, twice)) == "offline.not_readable"


@pytest.mark.parametrize("changes", [
    {"v": 2}, {"v": True}, {"v": "1"}, {"v": 1.0}, {"product": ""}, {"product": "x" * 41}, {"product": 7}, {"key": ""}, {"key": "x" * 201},
    {"device": []}, {"device": {}}, {"device": {"fingerprint": {}}}, {"device": {"fingerprint": {f"p{n}": "x" for n in range(1000)}}},
    {"device": {"fingerprint": {"": "x"}}}, {"device": {"fingerprint": {"a": ""}}}, {"device": {"fingerprint": {"a": 1}}},
    {"device": {"fingerprint": {"a" * 65: "x"}}}, {"device": {"fingerprint": {"a": "x" * 257}}}, {"device": {"fingerprint": {"a": "\x00"}}},
    {"device": {"fingerprint": {"a": "x"}, "name": "x" * 101}}, {"device": {"fingerprint": {"a": "x"}, "name": "\ud800"}},
    {"device": {"fingerprint": {"a": "x"}, "name": None}}, {"device": {"fingerprint": {"a": "x"}, "owner": "x"}}, {"app_version": ""},
    {"app_version": "ten"}, {"app_version": "١٠.١"}, {"app_version": "1." * 30}, {"nonce": ""}, {"nonce": "a\tb"}, {"nonce": "x" * 65},
    {"nonce": "é"},
    {"iat": -1}, {"iat": 1.5}, {"iat": True}, {"iat": 2**53}, {"iat": "now"}, {"licence": "L-1"}, {"seats": 500},
])  # fmt: skip
def test_claims_that_are_not_as_they_have_to_be_are_refused(changes: dict[str, Any]) -> None:
    assert code_of(PROGRAM.request(**changes)) == "offline.not_readable"


@pytest.mark.parametrize("name", ["v", "product", "device", "app_version", "iat"])
def test_missing_claims_are_refused(name: str) -> None:
    assert code_of(PROGRAM.request(**{name: None})) == "offline.not_readable"


@pytest.mark.parametrize(
    "payload", ["", "[]", "1", "null", "{", '{"v":1', "[" * 3000, '{"v":NaN}', '{"v":1e999}', "\ufeff{}", b"\xff\xfe", "9" * 5000]
)
def test_payloads_that_are_not_an_object_are_refused(payload: Any) -> None:
    assert code_of(PROGRAM.jws(PROGRAM.header(offline.REQUEST_TYPE), payload)) == "offline.not_readable"


def test_size_is_looked_at_first() -> None:
    assert code_of("x" * 10_000_000) == "offline.too_large"
    assert code_of(REQUEST + "A" * offline.REQUEST_BYTES) == "offline.too_large"
    assert code_of(PROOF + "A" * offline.PROOF_BYTES, offline.read_proof) == "offline.too_large"


def test_the_largest_request_that_the_form_allows_fits() -> None:
    parts = {chr(0x20000 + n) * 64: chr(0x1F600) * 256 for n in range(32)}
    text = PROGRAM.jws(
        PROGRAM.header(offline.REQUEST_TYPE), json.dumps(PROGRAM.request_claims(device={"fingerprint": parts}), ensure_ascii=False)
    )
    assert len(offline.read_request(text).device.fingerprint) == 32


@given(st.data())
def test_s32_a_request_with_any_one_character_changed_is_refused(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(REQUEST) - 1))
    other = data.draw(st.sampled_from("ABCXYZabcxyz0189-_.=é\x00 ").filter(lambda c: c != REQUEST[place]))
    code_of(REQUEST[:place] + other + REQUEST[place + 1 :])


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300).map(lambda raw: raw.decode("latin-1"))))
def test_garbage_is_refused_whatever_it_is(text: str) -> None:
    code_of(text)
    code_of(text, offline.read_proof)
    code_of(PROGRAM.jws(text.encode("utf-8", "replace"), text.encode("utf-8", "replace")))


def test_the_proof_is_as_strict() -> None:
    for name, header in spoilt_headers(PROGRAM, offline.PROOF_TYPE).items():
        assert code_of(PROGRAM.jws(header, PROGRAM.proof_claims(CERTIFICATE)), offline.read_proof), name
    for changes in ({"serial": -1}, {"serial": "7"}, {"jti": ""}, {"activation": ""}, {"licence": "L" * 21}, {"more": 1}, {"v": 2}):
        assert code_of(PROGRAM.proof(CERTIFICATE, **changes), offline.read_proof) == "offline.not_readable"
    assert decoded(PROOF.split(".")[0])["typ"] == offline.PROOF_TYPE
