"""Coming to a licence, asking how it stands, leaving: with the server (A-1..A-16) and by files (A-9)."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from podpora_sdk import device, offline
from podpora_sdk.answers import Result
from podpora_sdk.decision import VERDICTS
from podpora_sdk.errors import Refusal
from podpora_sdk.holding import Holding
from podpora_sdk.http import Answer
from podpora_sdk.server import INVALID, Server, device_of
from podpora_sdk.store import Doc

NOT_ACTIVATED = "licence.not_activated"
REFRESH = "activations/me/refresh"
PROOF_OLD = "licence.device_proof_old"
MOST_PENDING = 16


class Activation:
    """One device's dealings with its licence. One at a time in this process; state() never waits for it."""

    def __init__(self, holding: Holding, server: Server, app_version: str, name: str) -> None:
        self._holding, self._server, self._version, self._name = holding, server, app_version, name
        self._busy = threading.Lock()

    # --- with the server

    def start_trial(self) -> Result:
        """Start or continue this device's trial (A-15)."""
        body = {"product": self._holding.identity.product, "device": self.described(), "app_version": self._version}
        return self._come("trials", body, says="done.trial")

    def activate(self, key: str, *, owner_proof: str = "", replaced: str = "") -> Result:
        """Take a seat, or get back the one that the device has."""
        body: dict[str, Any] = {
            "key": key, "device": self.described(), "app_version": self._version, "product": self._holding.identity.product,
        }  # fmt: skip
        if owner_proof:
            body["owner_proof"] = owner_proof
        if replaced:
            body["replace"] = replaced
        kept = {"key": key} if self._holding.store.is_private else {}
        return self._come("activations", body, kept, says="done.activated")

    def _come(self, path: str, body: Mapping[str, Any], kept: Mapping[str, Any] | None = None, *, says: str) -> Result:
        with self._busy:
            nonce = secrets.token_urlsafe(16)
            try:
                answer = self._server.call("POST", path, {**body, "nonce": nonce})
                if answer.status not in (200, 201):
                    return self._server.refused(answer)
                more: dict[str, Any] = {**(kept or {}), "token": _text(answer, "token"), "device": _text(answer, "device")}
                return self._take(answer, nonce, more, says)
            except Refusal as refusal:
                return self._failed(refusal)

    def refresh(self) -> Result:
        """A new certificate with today's rights (EOL-9). What the server says instead is remembered (A-5)."""
        with self._busy:
            token, (found, _) = self._token(), self._holding.certificate()
            if not token:
                return self._server.result(NOT_ACTIVATED)
            nonce, judged = secrets.token_urlsafe(16), self._holding.judged()
            body: dict[str, Any] = {
                "app_version": self._version, "fingerprint": self._holding.fingerprint(), "nonce": nonce,
                "serial": found.serial if found else 0, "clock": _instant(judged.clock),
            }  # fmt: skip
            try:
                answer = self._asked_with_key(body, token, judged.clock)
                if answer.status == 200:
                    return self._take(answer, nonce, {}, "done.refreshed")
                result = self._server.refused(answer)
            except Refusal as refusal:
                return self._failed(refusal)
            if answer.status == 409 and result.code in VERDICTS:
                told = [{"kind": step.kind, "label": step.label, "url": step.url} for step in result.next]
                self._holding.verdict(result.code, result.message, told)
            return result

    def _asked_with_key(self, body: Mapping[str, Any], token: str, now: int) -> Answer:
        """A refresh, signed with the installation's key (S34). A clock that is wrong is told so, and the server's is taken for it."""

        def ask(at: int) -> Answer:
            key = self._holding.device_key()
            return self._server.call(
                "POST",
                REFRESH,
                body,
                token=token,
                prove=lambda sent: offline.possession(REFRESH, token=token, body=sent, key=key, now=at),
            )

        answer = ask(now)
        theirs = _their_time(answer)
        return ask(theirs) if theirs is not None else answer

    def deactivate(self) -> Result:
        """Give the seat back. Only when the server has taken it is the certificate given up here."""
        with self._busy:
            token = self._token()
            if not token:
                return self._server.result(NOT_ACTIVATED)
            try:
                answer = self._server.call("DELETE", "activations/me", token=token)
            except Refusal as refusal:
                return self._failed(refusal)
            if answer.status not in (204, 401):  # 401: the server does not know it, so it holds no seat either
                return self._server.refused(answer)
            self._holding.end()
            return self._server.result("ok", ok=True, says="done.deactivated")

    def register_free(self, email: str) -> Result:
        """Ask for a FREE key by e-mail; the answer is the same whoever asks (A-13)."""
        body = {"product": self._holding.identity.product, "email": email, "language": self._server.language}
        return self._asked(lambda: self._server.call("POST", "registrations", body), says="done.registered")

    def devices(self, owner_token: str) -> Result:
        """The licence's devices, for its owner (an API token with the scope `licences`)."""
        found, _ = self._holding.certificate()
        if found is None:
            return self._server.result(NOT_ACTIVATED)
        result = self._asked(lambda: self._server.call("GET", f"licences/{found.licence}/devices?limit=100", token=owner_token))
        items = result.data.get("items")
        return replace(
            result, devices=tuple(device_of(one) for one in items if isinstance(one, dict)) if isinstance(items, list) else ()
        )

    def free_device(self, code: str, owner_token: str) -> Result:
        """Take another device off its seat (A-4), as its owner."""
        found, _ = self._holding.certificate()
        if found is None:
            return self._server.result(NOT_ACTIVATED)
        if not code.replace("-", "").isalnum():
            return self._server.result("server.refused")
        return self._asked(lambda: self._server.call("DELETE", f"licences/{found.licence}/devices/{code}", token=owner_token))

    def _asked(self, call: Callable[[], Answer], says: str = "") -> Result:
        with self._busy:
            try:
                answer = call()
            except Refusal as refusal:
                return self._failed(refusal)
        if answer.status >= 300:
            return self._server.refused(answer)
        return replace(self._server.result("ok", ok=True, says=says), data=answer.body)

    # --- by files

    def request_file(self, key: str = "") -> Result:
        """The request file for a device without a network."""
        nonce, judged = secrets.token_urlsafe(16), self._holding.judged()
        described = self.described()
        del described["public_key"]
        claims: dict[str, Any] = {"product": self._holding.identity.product, **({"key": key} if key else {}), "device": described}
        claims |= {"app_version": self._version, "nonce": nonce, "iat": judged.clock}

        def wait(doc: Doc) -> None:
            pending = doc.get("pending")
            doc["pending"] = [*(pending if isinstance(pending, list) else []), nonce][-MOST_PENDING:]

        self._holding.change(wait)
        text = offline.request(claims, self._holding.device_key())
        return replace(
            self._server.result("ok", ok=True, says="done.request"),
            file=text,
            data={"name": _file_name(self._name) + offline.REQUEST_SUFFIX},
        )

    def install(self, file: offline.LicenceFile) -> Result:
        """Take the certificate of this device out of a certificate file. The best reason counts when none fits."""
        self._holding.learn(file.announcements)
        refusals: list[Refusal] = []
        taken = False
        for text in file.certificates:
            try:
                self._holding.accept(text)
                taken = True
            except Refusal as refusal:
                refusals.append(refusal)
        if taken:
            return self._server.result("ok", ok=True, says="done.activated")
        return self._failed(
            min(refusals, key=_weight) if refusals else Refusal(offline.NOT_READABLE, "there is no certificate in it")
        )

    def proof_file(self) -> Result:
        """Give the licence up on this device and get the proof of it. Once given, the same proof again."""
        found, _ = self._holding.certificate()
        kept = self._holding.doc().get("proof")
        if found is None:
            if isinstance(kept, str) and kept:
                return self._proven(kept)
            return self._server.result("offline.nothing_to_release")
        text = offline.proof(found, self._holding.device_key(), now=self._holding.judged().clock)
        if not self._holding.change(lambda doc: None) or not self._holding.end(keep={"proof": text}):
            return self._server.result("store.read_only")  # who can't note that it is given up must not prove it
        return self._proven(text)

    def _proven(self, text: str) -> Result:
        return replace(
            self._server.result("ok", ok=True, says="done.proof"),
            file=text,
            data={"name": _file_name(self._name) + offline.PROOF_SUFFIX},
        )

    # --- shared

    def described(self) -> dict[str, Any]:
        """This device as it is sent."""
        return {
            "fingerprint": self._holding.fingerprint(), "name": self._name, "platform": device.platform_name(),
            "public_key": device.public_x(self._holding.device_key()),
        }  # fmt: skip

    def _take(self, answer: Answer, nonce: str, more: dict[str, Any], says: str) -> Result:
        text = answer.body.get("certificate")
        if not isinstance(text, str):
            raise Refusal(INVALID, "there is no certificate in the answer")
        self._known_announcements(text)
        contact = {"last_contact": self._holding.judged().clock, **{name: value for name, value in more.items() if value}}
        self._holding.accept(text, nonce=nonce, more=contact)
        return self._server.result("ok", ok=True, says=says)

    def _known_announcements(self, text: str) -> None:
        """A certificate of a key that is new to us: the server's announcements lead to it, or do not (CS-11)."""
        try:
            self._holding.ring.key(_kid(text))
        except Refusal:
            announced = self._server.call("GET", "keys").body.get("announcements")
            self._holding.learn(announced if isinstance(announced, list) else ())

    def _failed(self, refusal: Refusal) -> Result:
        result = self._server.result(refusal.code, **refusal.facts)
        return replace(result, data={"why": refusal.why}) if refusal.why else result

    def _token(self) -> str:
        token = self._holding.doc().get("token")
        return token if isinstance(token, str) else ""


def _kid(text: str) -> str:
    from podpora_sdk import jws

    return str(jws.parse(text).header.get("kid", ""))


def _text(answer: Answer, name: str) -> str:
    value = answer.body.get(name)
    return value if isinstance(value, str) and len(value) <= 2000 and value.isascii() and value.isprintable() else ""


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _their_time(answer: Answer) -> int | None:
    """The server's time, when it says that ours is too far from it to believe what we signed."""
    error = answer.body.get("error")
    if answer.status != 409 or not isinstance(error, dict) or error.get("code") != PROOF_OLD:
        return None
    try:
        told = datetime.strptime(answer.headers.get("podpora-time", ""), "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None
    return int(told.timestamp())


def _weight(refusal: Refusal) -> int:
    """Of many certificates in a bundle most are other devices'; the reason of our own says more."""
    order = ("licence.stale_serial", "licence.unknown_key", "licence.signature_invalid", "licence.certificate_malformed")
    return order.index(refusal.code) if refusal.code in order else len(order)


def _file_name(name: str) -> str:
    return (
        "".join(character if character.isalnum() and character.isascii() else "-" for character in name).strip("-")[:60] or "device"
    )
