"""Cases for settings bundles, files of devices without a network, fingerprints, release manifests."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.vectors.making import (
    ACTIVATION,
    DAY,
    DEVICE,
    ISSUER,
    LICENCE,
    NOW,
    OTHER_DEVICE,
    OTHER_PARTS,
    PARTS,
    PINNED,
    PRODUCT,
    RAW,
    SECOND,
    STRANGER,
    announcement,
    b64,
    certificate,
    claims,
    compact,
    device_hash,
    hashed,
    header,
    jwk,
    signed,
    x_of,
)

MALFORMED, SIGNATURE, UNKNOWN = "licence.certificate_malformed", "licence.signature_invalid", "licence.unknown_key"
Case = dict[str, Any]
VALUES = {
    "theme": {"value": "dark", "mode": "default", "from": "company"},
    "proxy.mode": {"value": "manual", "mode": "forced", "from": "group:OFFICE"},
    "signature": {"value": "Best regards", "mode": "initial", "from": "company"},
}


def bundle_claims() -> dict[str, Any]:
    return {
        "iss": ISSUER, "org": "C-ACME", "device": device_hash(PARTS), "revision": 9, "iat": NOW - DAY, "exp": NOW + 29 * DAY,
        "schema": "10.2", "values": VALUES,
    }  # fmt: skip


def bundle(private: Any = PINNED, typ: str = "podpora-settings+jwt", **changed: Any) -> str:
    return signed(header(typ, private), bundle_claims() | changed, private)


def _bundle_case(name: str, why: str, text: str, code: str = "ok", *, released: bool = False, **more: Any) -> Case:
    """`released`: the bundle's time is over, so what it locks is locked no more (CS-20)."""
    expected = {"accepted": code == "ok", "code": code} | ({"released": released} if code == "ok" else {})
    return {"name": name, "why": why, "bundle": text, **more, "expected": expected}


def settings() -> list[Case]:
    case = _bundle_case
    held = {"revision": 9, "issued_at": NOW - DAY}
    return [
        case("valid", "The first bundle of a device.", bundle()),
        case("newer", "A higher revision; also one that brings back an older content (CS-7).", bundle(revision=10), held=held),
        case("same-again", "The same revision, issued again with a later end.", bundle(iat=NOW), held=held),
        case("stale", "A lower revision, correctly signed (CS-8).", bundle(revision=7), "settings.stale_revision", held=held),
        case("other-device", "Another device's bundle (CS-9).", bundle(device=device_hash(OTHER_PARTS)), "settings.wrong_device"),
        case(
            "other-organisation",
            "Another organisation's bundle.",
            bundle(org="C-OTHER"),
            "settings.wrong_device",
            organisation="C-ACME",
        ),
        case("unknown-key", "Signed by nobody that is trusted (CS-10).", bundle(STRANGER), UNKNOWN),
        case("announced-key", "Signed by an announced key (CS-11).", bundle(SECOND), announcements=[announcement()]),
        case(
            "wrong-signature",
            "The pinned kid, another key.",
            signed(header("podpora-settings+jwt"), json.loads("{}"), STRANGER),
            SIGNATURE,
        ),
        case("certificate-as-bundle", "A certificate is no bundle.", certificate(), MALFORMED),
        case("no-mode", "A value without a mode.", bundle(values={"theme": {"value": 1}}), MALFORMED),
        case("unknown-mode", "A mode that there is not.", bundle(values={"theme": {"value": 1, "mode": "must"}}), MALFORMED),
        case("no-device", "No device.", bundle(device=""), MALFORMED),
        *rotated_bundles(),
        *ended_bundles(),
        *forged_bundles(),
        *changed_claims(),
    ]


def rotated_bundles() -> list[Case]:
    """CS-11: the new key counts because the old one said so; the old one only as long as was said."""
    case, over = _bundle_case, announcement(until=NOW - DAY)
    return [
        case("old-key-in-overlap", "The old key, before its time is over.", bundle(iat=NOW), announcements=[announcement()]),
        case("old-key-after-overlap", "The old key, when its time is over.", bundle(iat=NOW), UNKNOWN, announcements=[over]),
        case("old-key-recorded", "Signed in the old key's time, but it comes in new.", bundle(iat=NOW - 3 * DAY), UNKNOWN, announcements=[over]),
        case("new-key-after-overlap", "The new key, when the old one's time is over.", bundle(SECOND), announcements=[over]),
        case("announced-by-a-stranger", "A key that nobody trusted announced.", bundle(SECOND), UNKNOWN, announcements=[announcement(by=STRANGER)]),
    ]  # fmt: skip


def ended_bundles() -> list[Case]:
    """CS-20: after `exp` values stay and locks go; it is no reason to refuse."""
    case = _bundle_case
    return [
        case("last-second", "The last second of its time.", bundle(exp=NOW)),
        case("expired", "Its time is over: taken, and nothing is locked.", bundle(exp=NOW - 1), released=True),
        case("expired-and-stale", "Older than the held one, too.", bundle(revision=7, exp=NOW - 1), "settings.stale_revision",
             held={"revision": 9, "issued_at": NOW - DAY}),
        case("issued-earlier", "The same revision, issued earlier.", bundle(iat=NOW - 2 * DAY), "settings.stale_revision",
             held={"revision": 9, "issued_at": NOW - DAY}),
        case("device-before-revision", "Another device's, and an older one: the device counts.", bundle(device=device_hash(OTHER_PARTS), revision=7),
             "settings.wrong_device", held={"revision": 9, "issued_at": NOW - DAY}),
    ]  # fmt: skip


def forged_bundles() -> list[Case]:
    """What somebody in between could change in the form, one thing each."""
    case, whole, typ, told = _bundle_case, bundle(), "podpora-settings+jwt", bundle_claims()
    head, payload, signature = whole.split(".")
    other = bundle(values={"proxy.mode": {"value": "none", "mode": "forced", "from": "company"}}).split(".")
    return [
        case("other-payload", "The payload of another bundle under this signature.", f"{head}.{other[1]}.{signature}", SIGNATURE),
        case("other-signature", "The signature of another bundle.", f"{head}.{payload}.{other[2]}", SIGNATURE),
        case("no-signature", "The signature is taken away.", f"{head}.{payload}.", SIGNATURE),
        case("short-signature", "Half of the signature.", f"{head}.{payload}.{signature[:40]}", SIGNATURE),
        case("two-parts", "Only two parts.", f"{head}.{payload}", MALFORMED),
        case("four-parts", "A part too many.", f"{whole}.{signature}", MALFORMED),
        case("line-end", "A line's end behind it.", f"{whole}\n", MALFORMED),
        case("padding", "Base64 with padding.", f"{head}.{payload}.{signature}==", MALFORMED),
        case("alg-none", "No algorithm.", signed({**header(typ), "alg": "none"}, told), SIGNATURE),
        case("alg-hs256", "The public key as a secret.", signed({**header(typ), "alg": "HS256"}, told), SIGNATURE),
        case("own-key", "It brings its own key.", signed({**header(typ), "jwk": jwk(STRANGER)}, told, STRANGER), MALFORMED),
        case(
            "key-address",
            "It names an address for its key.",
            signed({**header(typ), "jku": "https://evil.example"}, told),
            MALFORMED,
        ),
        case("kid-is-a-path", "A path as kid.", signed({**header(typ), "kid": "../../key"}, told), UNKNOWN),
        case("release-as-bundle", "A release manifest is no bundle.", signed(header("podpora-release+jwt"), told), MALFORMED),
    ]


def changed_claims() -> list[Case]:
    """Claims that are not what they have to be, though the signature holds."""
    case, typ, told = _bundle_case, "podpora-settings+jwt", bundle_claims()
    twice = compact(told)[:-1] + b',"revision":10}'

    def of(changed: dict[str, Any]) -> str:
        return signed(header(typ), told | changed)

    return [
        case("member-twice", "A claim twice.", signed(header(typ), twice), MALFORMED),
        case("behind-the-object", "Something behind the object.", signed(header(typ), compact(told) + b"{}"), MALFORMED),
        case("not-a-number", "NaN as a value.", signed(header(typ), compact(told).replace(b'"dark"', b"NaN")), MALFORMED),
        case("revision-is-text", "The revision as a text.", of({"revision": "9"}), MALFORMED),
        case("revision-is-true", "true is no number.", of({"revision": True}), MALFORMED),
        case("revision-is-negative", "A revision below 0.", of({"revision": -1}), MALFORMED),
        case("values-is-a-list", "The values as a list.", of({"values": [VALUES]}), MALFORMED),
        case("value-is-bare", "A value that is no object.", of({"values": {"theme": "dark"}}), MALFORMED),
        case("no-value", "A mode without a value.", of({"values": {"theme": {"mode": "forced"}}}), MALFORMED),
        case("null-is-a-value", "null stands there: it is a value.", of({"values": {"theme": {"value": None, "mode": "default", "from": "company"}}})),
        case("no-organisation", "No organisation.", of({"org": ""}), MALFORMED),
        case("further-claim", "A claim that is not known is ignored.", of({"colour": "blue"})),
        case("empty", "No values: everything is given back.", of({"values": {}})),
    ]  # fmt: skip


def request_text(private: Any = DEVICE, **changed: Any) -> str:
    made: dict[str, Any] = {
        "v": 1, "product": PRODUCT, "key": "PK234-56789-ABCDE-FGHJK-MNPQR",
        "device": {"fingerprint": PARTS, "name": "Jana's laptop", "platform": "windows 11"},
        "app_version": "10.2.1", "nonce": "N2x5dGhpcy1pcy1hLW5vbmNl", "iat": NOW,
    } | changed  # fmt: skip
    return signed(device_header("podpora-request+jwt", private), made, private)


def device_header(typ: str, private: Any = DEVICE) -> dict[str, Any]:
    return {"alg": "EdDSA", "typ": typ, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": x_of(private)}}


def proof_text(private: Any = DEVICE, **changed: Any) -> str:
    made: dict[str, Any] = {
        "v": 1, "activation": ACTIVATION, "licence": LICENCE, "device": device_hash(PARTS), "serial": 7, "jti": "Zk3vWq0sT1", "iat": NOW,
    } | changed  # fmt: skip
    return signed(device_header("podpora-deactivation+jwt", private), made, private)


def requests() -> list[Case]:
    def case(name: str, why: str, text: str, code: str = "ok", typ: str = "podpora-request+jwt") -> Case:
        return {"name": name, "why": why, "text": text, "typ": typ, "expected": {"accepted": code == "ok", "code": code}}

    other = signed(device_header("podpora-request+jwt", DEVICE), {"v": 1}, OTHER_DEVICE)
    extra = signed({**device_header("podpora-request+jwt"), "kid": "x"}, {"v": 1})
    proof = "podpora-deactivation+jwt"
    return [
        case("request", "Signed by the key that it carries.", request_text()),
        case("proof", "The same for a proof of deactivation.", proof_text(), typ=proof),
        case("request-other-key", "It carries another key than the one that signed.", other, SIGNATURE),
        case("request-further-member", "A header member more.", extra, MALFORMED),
        case("request-by-kid", "No key in the header.", signed(header("podpora-request+jwt"), {"v": 1}), MALFORMED),
        case("proof-as-request", "A proof in the place of a request.", proof_text(), MALFORMED),
        case("request-as-proof", "And the other way round.", request_text(), MALFORMED, typ=proof),
    ]


TOKEN, BODY = "pd_2N0pR4nD0mT3xT", '{"app_version": "10.2.1", "nonce": "bm9uY2U"}'


def possession_text(private: Any = DEVICE, **changed: Any) -> str:
    made: dict[str, Any] = {
        "v": 1, "call": "activations/me/refresh", "token": b64(hashlib.sha256(TOKEN.encode()).digest()),
        "body": b64(hashlib.sha256(BODY.encode()).digest()), "iat": NOW,
    } | changed  # fmt: skip
    return signed(device_header("podpora-possession+jwt", private), made, private)


def possessions() -> list[Case]:
    needed, old = "licence.device_key_needed", "licence.device_proof_old"

    def case(name: str, why: str, text: str, code: str = "ok", **more: Any) -> Case:
        return {"name": name, "why": why, "proof": text, **more, "expected": {"accepted": code == "ok", "code": code}}

    borrowed = signed(device_header("podpora-possession+jwt", DEVICE), json.loads("{}"), OTHER_DEVICE)
    return [
        case("held", "Signed with the key that the installation registered.", possession_text()),
        case("four-minutes-slow", "Clocks are never quite right.", possession_text(iat=NOW - 240)),
        case("none", "No proof came with the call.", "", needed),
        case("garbage", "No JWS.", "garbage", needed),
        case("other-key", "Signed by another installation: the token was copied.", possession_text(OTHER_DEVICE), needed),
        case("borrowed-key", "It carries the right key, and another one signed.", borrowed, needed),
        case("other-token", "Made for another token.", possession_text(), needed, token="pd_another"),
        case("other-body", "Made for another body: a recorded proof with a nonce of one's own.", possession_text(), needed, body=BODY + " "),
        case("other-call", "Made for another call.", possession_text(call="activations/me"), needed),
        case("other-typ", "A proof of deactivation.", proof_text(), needed),
        case("further-claim", "A claim that is not named.", possession_text(nbf=NOW), needed),
        case("version-2", "Another version.", possession_text(v=2), needed),
        case("too-old", "Recorded more than five minutes ago.", possession_text(iat=NOW - 301), old),
        case("too-early", "A clock that runs ahead by more than five minutes.", possession_text(iat=NOW + 301), old),
    ]  # fmt: skip


def offline_file(**changed: Any) -> str:
    made = {
        "podpora": "offline", "v": 1, "certificates": [certificate(parts=OTHER_PARTS, activation="V-OTHER"), certificate()],
        "settings": [bundle()], "releases": [release()], "keys": [jwk(PINNED)], "announcements": [], "items": [],
    } | changed  # fmt: skip
    return json.dumps(made, ensure_ascii=False)


def files() -> list[Case]:
    def case(name: str, why: str, text: str, code: str = "ok") -> Case:
        return {"name": name, "why": why, "file": text, "expected": {"accepted": code == "ok", "code": code}}

    untrusted = offline_file(certificates=[certificate(STRANGER)], keys=[jwk(STRANGER)])
    announced = offline_file(certificates=[certificate(SECOND)], announcements=[announcement()])
    return [
        case("bundle", "For many devices: one's own is taken.", offline_file()),
        case("further-members", "Unknown members are ignored.", offline_file(anything=1)),
        case(
            "only-others",
            "None is for this device.",
            offline_file(certificates=[certificate(parts=OTHER_PARTS)]),
            "licence.wrong_device",
        ),
        case("key-in-the-file", "A key that stands in the file alone is not trusted.", untrusted, UNKNOWN),
        case("announced-in-the-file", "A key that is announced in the file is.", announced),
        case("version-2", "Another version.", offline_file(v=2), "offline.not_readable"),
        case("other-kind", "Not such a file.", offline_file(podpora="online"), "offline.not_readable"),
        case("twice", "A member twice.", offline_file()[:-1] + ', "v": 1}', "offline.not_readable"),
        case("no-list", "certificates is no list.", offline_file(certificates=certificate()), "offline.not_readable"),
        case("empty", "No certificate in it.", offline_file(certificates=[]), "offline.not_readable"),
    ]


def release(private: Any = PINNED, **changed: Any) -> str:
    file = {"platform": "windows", "url": "https://dl.vendor.example/postak-10.3.0.exe", "sha256": "ab" * 32, "size": 48_000_000}
    made = {
        "iss": ISSUER, "iat": NOW - DAY, "product": PRODUCT, "version": "10.3.0", "channel": "stable", "released_on": "2026-09-20",
        "major": 10, "files": [file], "min_from": "", "security": False, "notes_url": "https://vendor.example/10.3", "serial": 12,
    } | changed  # fmt: skip
    return signed(header("podpora-release+jwt", private), made, private)


def releases() -> list[Case]:
    def case(name: str, why: str, text: str, code: str = "ok", **more: Any) -> Case:
        return {"name": name, "why": why, "manifest": text, **more, "expected": {"accepted": code == "ok", "code": code}}

    plain = [{"platform": "linux", "url": "http://dl.vendor.example/x", "sha256": "ab" * 32, "size": 1}]
    return [
        case("valid", "The newest release.", release()),
        case("stale", "An older manifest than the known one (S37).", release(serial=11), "release.stale", held_serial=12),
        case("unsigned-key", "Signed by nobody that is trusted.", release(STRANGER), UNKNOWN),
        case("other-product", "Another product's release.", release(product="other"), "licence.product_mismatch"),
        case("plain-address", "A download without TLS.", release(files=plain), MALFORMED),
        case("certificate-as-release", "A certificate is no manifest.", signed(header(), claims()), MALFORMED),
    ]


def fingerprints() -> dict[str, Any]:
    part = [{"name": name, "raw": raw, "product": PRODUCT, "hashed": hashed(raw)} for name, raw in RAW.items()]
    sets = [
        {"parts": parts, "device": device_hash(parts)} for parts in (PARTS, OTHER_PARTS, {"machine": PARTS["machine"]}, {"é": "ž"})
    ]
    pairs = []
    for equal in range(5):
        given = {name: PARTS[name] if number < equal else OTHER_PARTS[name] for number, name in enumerate(PARTS)}
        pairs.append({"given": given, "known": PARTS, "match": 2, "same": equal >= 2})
    few = {name: PARTS[name] for name in ("machine", "board")}
    pairs += [
        {"given": few, "known": PARTS, "match": 2, "same": True},
        {"given": {"machine": PARTS["machine"]}, "known": PARTS, "match": 2, "same": False},
        {"given": {"machine": PARTS["machine"]}, "known": {"machine": PARTS["machine"]}, "match": 2, "same": True},
        {"given": {}, "known": PARTS, "match": 2, "same": False},
    ]
    many = {f"part{number}": str(number) for number in range(8)}
    half = {name: value if number < 4 else "x" for number, (name, value) in enumerate(many.items())}
    less = {name: value if number < 3 else "x" for number, (name, value) in enumerate(many.items())}
    pairs += [{"given": half, "known": many, "match": 2, "same": True}, {"given": less, "known": many, "match": 2, "same": False}]
    return {"parts": part, "sets": sets, "pairs": pairs}
