"""Cases for a certificate: may it be taken, and may the program run then?"""

from __future__ import annotations

from typing import Any

from tests.vectors.making import (
    ACTIVATION,
    DAY,
    DEVICE,
    ISSUER,
    MISSING,
    NOW,
    OTHER_DEVICE,
    OTHER_PARTS,
    PARTS,
    PINNED,
    SECOND,
    STRANGER,
    announcement,
    b64,
    certificate,
    claims,
    compact,
    header,
    jwk,
    kid_of,
    signed,
    x_of,
)

MALFORMED, SIGNATURE, UNKNOWN = "licence.certificate_malformed", "licence.signature_invalid", "licence.unknown_key"
Case = dict[str, Any]


def taken(name: str, why: str, text: str, code: str = "licence.valid", *, run: bool = True, **more: Any) -> Case:
    """The certificate is taken; then `code` and whether the program may run, and `warnings` besides the code."""
    expected = {"accepted": True, "code": code, "may_run": run, "warnings": more.pop("warnings", [])}
    return {"name": name, "why": why, "certificate": text, **more, "expected": expected}


def refused(name: str, why: str, text: str, code: str, **more: Any) -> Case:
    return {"name": name, "why": why, "certificate": text, **more, "expected": {"accepted": False, "code": code}}


def all_cases() -> list[Case]:
    return [*valid(), *ends(), *devices(), *installations(), *ages(), *keys(), *forms(), *headers(), *claim_forms()]


def valid() -> list[Case]:
    subscription = {"all": True, "through_major": None, "until": "2026-10-31"}
    by_date = {"all": False, "through_major": None, "updates_until": "2026-06-30", "until": None}
    return [
        taken("valid", "A perpetual licence through version 10.", certificate()),
        taken("valid-all-versions", "Lifetime updates.", certificate(run={"all": True, "through_major": None, "until": None}), version="99.0"),
        taken("valid-subscription", "Ends on a day, which is not over.", certificate(run=subscription, kind="subscription")),
        taken("valid-older-version", "What is older than the covered version is covered.", certificate(), version="8.4.1"),
        taken("valid-unknown-claims", "A claim that is not known is ignored.", certificate(further={"x": 1}, nonce="abc")),
        taken("valid-by-date", "Covers what was released until a day; the release's own day is compiled in.", certificate(run=by_date), released_on="2026-06-30"),
        taken("by-date-too-new", "Released a day later.", certificate(run=by_date), "version.not_covered", run=False, released_on="2026-07-01"),
        taken("by-date-unknown-day", "A program that does not say when it was released is not covered by date.", certificate(run=by_date), "version.not_covered", run=False),
        taken("version-not-covered", "Version 11 under a licence through 10. The licence is fine.", certificate(), "version.not_covered", run=False, version="11.0"),
        taken("notice-end-of-life", "A notice warns and stops nothing.", certificate(notices=["version.end_of_life"]), "version.end_of_life"),
        taken("notice-unknown", "A notice that is not known is shown or ignored, never obeyed.", certificate(notices=["licence.anything"])),
        taken("support-ended", "Support ended, which never stops the program.", certificate(support_through="2026-09-20"), "support.expired"),
        taken("support-last-day", "On its last day, and until that day is over everywhere on Earth, support goes on.", certificate(support_through="2026-09-21")),
        taken("issuer-pinned", "The issuer is the one that the program wants.", certificate(), issuer=ISSUER),
        refused("issuer-other", "Another issuer than the one that the program wants.", certificate(), "licence.product_mismatch", issuer="https://elsewhere.example"),
        refused("product-other", "A certificate of another product of the same vendor.", certificate(product="other"), "licence.product_mismatch"),
    ]  # fmt: skip


def ends() -> list[Case]:
    trial = {"all": True, "through_major": None, "until": "2026-09-21"}
    over = {"all": True, "through_major": None, "until": "2026-09-20"}
    earth = 1_789_992_000  # 2026-09-21T12:00:00Z: the 20th is over everywhere on Earth
    old = {"iat": NOW - 60 * DAY, "exp": NOW - 30 * DAY, "refresh_after": NOW - 59 * DAY, "server_time": NOW - 60 * DAY}
    sub = {"all": True, "through_major": None, "until": "2027-09-20"}
    return [
        taken("lease-ended-perpetual", "The lease is over, the right is for ever: it runs and asks for a refresh.", certificate(**old), "licence.lease_ended"),
        taken("lease-ended-perpetual-strict", "The same where the vendor chose strict leases.", certificate(**old), "licence.lease_ended", run=False, strict_lease=True),
        taken("lease-ended-subscription", "The lease of a right that ends is over: refresh first.", certificate(run=sub, kind="subscription", **old), "licence.lease_ended", run=False),
        taken("lease-last-second", "The lease ends after its last second.", certificate(exp=NOW)),
        taken("trial-last-day", "The last day counts whole.", certificate(run=trial, kind="trial")),
        taken("trial-over", "The day after.", certificate(run=over, kind="trial"), "licence.expired", run=False),
        taken("trial-last-second-on-earth", "The 20th is not over yet in the last time zone.", certificate(run=over, kind="trial"), now=earth - 1),
        taken("trial-first-second-after", "Now it is over everywhere.", certificate(run=over, kind="trial"), "licence.expired", run=False, now=earth),
        taken("grace", "The renewal waits for its payment, says the server.", certificate(run=over, kind="subscription", notices=["licence.expired_in_grace"]), "licence.expired_in_grace"),
        taken("clock-back-perpetual", "The clock stands three days before what is known: warn, ask for a refresh, lock nothing.", certificate(), "licence.clock_tampered", now=NOW - 3 * DAY, mark=NOW),
        taken("clock-back-two-days", "48 hours are tolerated.", certificate(), now=NOW - 2 * DAY, mark=NOW),
        taken("clock-back-trial", "Who turns the clock back gains no days: judged by the mark.", certificate(run=over, kind="trial"), "licence.expired", run=False, now=NOW - 30 * DAY, mark=NOW, warnings=["licence.clock_tampered"]),
    ]  # fmt: skip


def devices() -> list[Case]:
    drifted = {**PARTS, "disk": OTHER_PARTS["disk"], "network": OTHER_PARTS["network"]}
    three = {**OTHER_PARTS, "machine": PARTS["machine"]}
    lone = {"machine": PARTS["machine"]}
    forged = claims()
    forged["fingerprint"] = {"match": 2, "parts": dict(OTHER_PARTS)}
    return [
        taken("two-of-four", "A new disk and a new network card: two of four parts are equal.", certificate(), fingerprint=drifted),
        refused("one-of-four", "A clone of the disk in another computer: one part is equal.", certificate(), "licence.wrong_device", fingerprint=three),
        refused("device-other", "Another device's certificate.", certificate(parts=OTHER_PARTS), "licence.wrong_device"),
        refused("one-readable-part", "One part is not enough against a device of which four are known.", certificate(), "licence.wrong_device", fingerprint=lone),
        taken("one-known-part", "A device of which only one part was ever known, and is read.", certificate(parts=lone), fingerprint=lone),
        refused("one-known-of-four-read", "One guessed part never stands for a device that reads four.", certificate(parts=lone), "licence.wrong_device"),
        refused("device-not-the-hash", "`device` is not the hash of the parts.", signed(header(), forged), MALFORMED),
        refused("match-zero", "match 0 would fit every device.", certificate(fingerprint={"match": 0, "parts": PARTS}), MALFORMED),
        refused("match-one-of-four", "match 1 is raised to half of the parts that both name.", certificate(fingerprint={"match": 1, "parts": PARTS}), "licence.wrong_device", fingerprint=three),
    ]  # fmt: skip


def installations() -> list[Case]:
    def cnf(**changed: Any) -> dict[str, Any]:
        return {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": x_of(DEVICE)} | changed}

    def torn(name: str, why: str, found: Any) -> Case:
        return refused(f"cnf-{name}", why, certificate(cnf=found), MALFORMED)

    more = cnf() | {"kid": "x", "further": 1}
    return [
        taken("cnf-own", "Bound to the key of this installation (RFC 7800).", certificate(cnf=cnf())),
        taken("cnf-further", "Further members beside `jwk`, and in it, are ignored.", certificate(cnf=more | {"jwk": cnf()["jwk"] | {"use": "sig"}})),
        taken("cnf-missing", "Without `cnf` it is bound by its fingerprint alone, also where the installation has a key.", certificate()),
        refused("cnf-other", "The same fingerprint, but another installation's key: a copy.", certificate(cnf=cnf(x=x_of(OTHER_DEVICE))), "licence.wrong_device"),
        refused("cnf-no-key-here", "It names a key, and this installation has none.", certificate(cnf=cnf()), "licence.wrong_device", device_key=""),
        refused("cnf-and-device-other", "Right key, wrong fingerprint.", certificate(cnf=cnf()), "licence.wrong_device", fingerprint=OTHER_PARTS),
        torn("null", "`cnf` is null.", None),
        torn("text", "`cnf` is a text.", x_of(DEVICE)),
        torn("empty", "No `jwk` in it: a way of confirming that is not known is not ignored.", {}),
        torn("thumbprint", "Another way of confirming.", {"jkt": kid_of(DEVICE)}),
        torn("kty", "A key of another kind.", cnf(kty="EC")),
        torn("crv", "Another curve.", cnf(crv="X25519")),
        torn("short", "31 bytes.", cnf(x=b64(bytes(31)))),
        torn("padded", "Not in canonical base64url.", cnf(x=x_of(DEVICE) + "=")),
    ]  # fmt: skip


def ages() -> list[Case]:
    same = {"activation": ACTIVATION, "serial": 7, "issued_at": NOW - DAY}
    return [
        taken("serial-same", "The same file again changes nothing.", certificate(), held=same),
        taken("serial-newer", "A newer one replaces it.", certificate(serial=8), held=same),
        refused("serial-older", "An older file never replaces a newer one.", certificate(serial=6), "licence.stale_serial", held=same),
        taken("other-activation-newer", "Activated under another licence: the later issue counts.", certificate(activation="V-OTHER", serial=1, iat=NOW - DAY + 1), held=same),
        refused("other-activation-older", "A file of another activation that was issued earlier.", certificate(activation="V-OTHER", serial=99, iat=NOW - DAY - 1), "licence.stale_serial", held=same),
        refused("given-back", "A proof of deactivation was made: nothing of that activation is taken again.", certificate(), "licence.stale_serial", ended={ACTIVATION: 7}),
        taken("given-back-and-again", "Activated again afterwards, under the same activation.", certificate(serial=8), ended={ACTIVATION: 7}),
    ]  # fmt: skip


def keys() -> list[Case]:
    by_second = certificate(SECOND)
    late = {"iat": NOW - DAY, "server_time": NOW - DAY}
    over = announcement(until=NOW - 10 * DAY)
    third = announcement(STRANGER, SECOND)
    false_kid = announcement(jwk=jwk(SECOND) | {"kid": kid_of(PINNED)}, sub=kid_of(PINNED))
    swapped = announcement(jwk=jwk(STRANGER) | {"kid": kid_of(SECOND)})
    return [
        refused("key-unknown", "A key that is neither pinned nor announced.", by_second, UNKNOWN),
        refused("key-wrong", "The pinned kid, but another key's signature.", signed(header(), claims(), STRANGER), SIGNATURE),
        taken("key-announced", "A new key, announced by the pinned one.", by_second, announcements=[announcement()]),
        taken("key-chain", "Announced by one that was announced, in any order.", certificate(STRANGER), announcements=[third, announcement()]),
        taken("key-old-in-overlap", "The old key still signs until the overlap ends.", certificate(), announcements=[announcement()]),
        refused("key-old-after-overlap", "Signed by the old key after its time.", certificate(**late), UNKNOWN, announcements=[over]),
        refused("key-old-back-dated", "Signed in the old key's time, but it comes in new after it.", certificate(iat=NOW - 20 * DAY), UNKNOWN, announcements=[over]),
        refused("announcement-by-stranger", "Announced by a key that nobody trusts.", by_second, UNKNOWN, announcements=[announcement(by=STRANGER)]),
        refused("announcement-of-other-typ", "A certificate is no announcement.", by_second, UNKNOWN, announcements=[signed(header(), claims(jwk=jwk(SECOND)))]),
        refused("announcement-false-kid", "The kid of the pinned key for another key: the kid is the thumbprint.", signed(header(), claims(), SECOND), SIGNATURE, announcements=[false_kid]),
        refused("announcement-swapped-key", "Another key under an announced kid.", by_second, UNKNOWN, announcements=[swapped]),
        refused("announcement-wrong-sub", "`sub` is not the thumbprint of the key.", by_second, UNKNOWN, announcements=[announcement(sub="WIsb_t6O6KlLpMVH")]),
        refused("announcement-wrong-kid", "`jwk.kid` is not the thumbprint of the key.", by_second, UNKNOWN, announcements=[announcement(jwk=jwk(SECOND) | {"kid": "WIsb_t6O6KlLpMVH"})]),
        refused("announcement-wrong-replaces", "`replaces` is not the key that signs.", by_second, UNKNOWN, announcements=[announcement(replaces="WIsb_t6O6KlLpMVH")]),
        taken("announcement-broken", "One that does not hold is ignored; the others count.", by_second, announcements=["garbage", announcement()[:-2], announcement()]),
    ]  # fmt: skip


def forms() -> list[Case]:
    text = certificate()
    head, body, signature = text.split(".")
    other = certificate(holder="Somebody else").split(".")
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    stray = signature[:-1] + last[last.index(signature[-1]) + 1]
    return [
        refused("empty", "Nothing.", "", MALFORMED),
        refused("two-parts", "No signature.", f"{head}.{body}", MALFORMED),
        refused("empty-signature", "Stripped of its signature.", f"{head}.{body}.", SIGNATURE),
        refused("four-parts", "Something behind it.", f"{text}.e30", MALFORMED),
        refused("trailing-space", "White space is not part of the form.", text + " ", MALFORMED),
        refused("trailing-newline", "Nor is a line's end.", text + "\n", MALFORMED),
        refused("padding", "Base64 with padding.", f"{head}.{body}.{signature}==", MALFORMED),
        refused("standard-base64", "The other alphabet.", f"{head}.{b64(b'{}')}+/.{signature}", MALFORMED),
        refused("stray-bits", "The last character has bits that count for nothing: not canonical.", f"{head}.{body}.{stray}", MALFORMED),
        refused("swapped-claims", "Claims of one certificate, signature of another.", f"{head}.{other[1]}.{signature}", SIGNATURE),
        refused("swapped-signature", "Signature of another certificate.", f"{head}.{body}.{other[2]}", SIGNATURE),
        refused("short-signature", "63 bytes.", f"{head}.{body}.{b64(bytes(63))}", SIGNATURE),
        refused("cut-off", "Cut in the middle.", text[: len(text) // 2], MALFORMED),
        refused("other-letters", "Not ASCII.", text.replace("e", "е", 1), MALFORMED),
    ]  # fmt: skip


def headers() -> list[Case]:
    body = claims()
    none = b64(compact({"alg": "none", "typ": "podpora-licence+jwt", "kid": kid_of(PINNED)}))
    twice = f'{{"alg":"none","alg":"EdDSA","typ":"podpora-licence+jwt","kid":"{kid_of(PINNED)}"}}'.encode()
    return [
        refused("alg-none", "No algorithm, no signature.", f"{none}.{b64(compact(body))}.", SIGNATURE),
        refused("alg-none-signed", "No algorithm, though a signature is there.", signed(header(alg="none"), body), SIGNATURE),
        refused("alg-hs256", "A secret-key algorithm with the public key as the secret.", hs256(), SIGNATURE),
        refused("alg-other-case", "eddsa is not EdDSA.", signed(header(alg="eddsa"), body), SIGNATURE),
        refused("typ-settings", "A settings bundle is no certificate.", signed(header("podpora-settings+jwt"), body), MALFORMED),
        refused("typ-key", "The announcement of a key is no certificate.", announcement(), MALFORMED),
        refused("typ-missing", "No typ.", signed({"alg": "EdDSA", "kid": kid_of(PINNED)}, body), MALFORMED),
        refused("kid-traversal", "A kid is looked up among trusted keys, never followed.", signed(header(kid="../../etc/passwd"), body), UNKNOWN),
        refused("kid-not-text", "A kid that is a list.", signed(header(kid=[kid_of(PINNED)]), body), MALFORMED),
        refused("kid-missing", "No kid.", signed({"alg": "EdDSA", "typ": "podpora-licence+jwt"}, body), MALFORMED),
        refused("header-jwk", "A key that the header brings itself.", signed(header(jwk=jwk(STRANGER)), body, STRANGER), MALFORMED),
        refused("header-jku", "An address of a key.", signed(header(jku="https://elsewhere.example/keys"), body), MALFORMED),
        refused("header-crit", "Any further member.", signed(header(crit=["exp"]), body), MALFORMED),
        refused("header-twice", "A member twice.", signed(twice, body), MALFORMED),
        refused("header-not-object", "A list.", signed(b"[]", body), MALFORMED),
        refused("signed-by-device", "The device's own key signs nothing of the vendor's.", signed(header(private=DEVICE), body, DEVICE), UNKNOWN),
    ]  # fmt: skip


def hs256() -> str:
    import hashlib
    import hmac

    unsigned = f"{b64(compact(header(alg='HS256')))}.{b64(compact(claims()))}"
    return f"{unsigned}.{b64(hmac.new(jwk(PINNED)['x'].encode(), unsigned.encode(), hashlib.sha256).digest())}"


def claim_forms() -> list[Case]:
    body = compact(claims())
    deep = b'{"a":' * 40 + b"1" + b"}" * 40
    shapes: dict[str, tuple[str, bytes]] = {
        "claims-twice": ("A claim twice.", body[:-1] + b',"product":"other"}'),
        "claims-twice-inside": ("A member twice inside of another.", body.replace(b'"all":false', b'"all":false,"all":true')),
        "claims-nan": ("NaN is no number.", body.replace(b'"seats":3', b'"seats":NaN')),
        "claims-trailing": ("Something behind the object.", body + b"{}"),
        "claims-not-utf8": ("Bytes that are no UTF-8.", body.replace("á".encode(), b"\xe1")),
        "claims-bom": ("A byte order mark.", b"\xef\xbb\xbf" + body),
        "claims-list": ("A list.", b"[" + body + b"]"),
        "claims-deep": ("Nested too deeply.", body[:-1] + b',"x":' + deep + b"}"),
        "claims-huge-number": ("Beyond 2^53.", body.replace(b'"seats":3', b'"seats":9007199254740993')),
        "claims-half-character": ("Half of a surrogate pair.", body.replace(b'"holder":"', b'"holder":"\\ud800')),
    }
    wrong: dict[str, Any] = {
        "sub": MISSING, "activation": "", "serial": "7", "iat": 1.5, "exp": True, "product": MISSING, "device": 5, "fingerprint": {"match": 2},
        "run": None, "seats": None, "holder": None, "features": [], "notices": "x", "support_through": "10. 3. 2027", "server_time": -1,
    }  # fmt: skip
    found = [refused(name, why, signed(header(), raw), MALFORMED) for name, (why, raw) in shapes.items()]
    found += [
        refused(f"claim-{name}", f"{name} is missing or of another type.", certificate(**{name: value}), MALFORMED)
        for name, value in wrong.items()
    ]
    found.append(refused("lease-before-issue", "The lease ends before it begins.", certificate(exp=NOW - 2 * DAY), MALFORMED))
    found.append(refused("date-by-week", "A date in another form.", certificate(support_through="2026-W40-1"), MALFORMED))
    return found
