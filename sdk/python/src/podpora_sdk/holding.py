"""What this installation holds: its certificate, keys, marks, the server's last word. In memory and in the store, thread-safe.

Every change goes through the store's lock as read, change, write; so two processes never mix half of each, and an older certificate
never replaces a newer one whichever of them comes last.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from podpora_sdk import certificate as certificates
from podpora_sdk import device
from podpora_sdk.certificate import Certificate
from podpora_sdk.clock import WRITE_EVERY, Clock, Judged
from podpora_sdk.errors import Refusal
from podpora_sdk.keyring import KeyRing
from podpora_sdk.store import Doc, Keeps

STALE = "licence.stale_serial"
NOT_OURS = "server.answer_invalid"
MOST_HASHES = 8


@dataclass(frozen=True)
class Identity:
    """For which program and from whom a certificate has to be."""

    product: str
    issuer: str | None
    raw_parts: device.RawParts


class Holding:
    """The checked state. `doc` is what stands in the store; nothing of it is believed without its signature."""

    def __init__(self, store: Keeps, ring: KeyRing, clock: Clock, identity: Identity) -> None:
        self.store, self.ring, self.clock, self.identity = store, ring, clock, identity
        self._lock = threading.RLock()
        self._stamp: object = None
        self._doc: Doc | None = None
        self._certificate: Certificate | None = None
        self._problem = ""
        self._fingerprint: dict[str, str] | None = None
        self._is_read = False  # the marks on disk are read once: later this process knows better, also that the clock ran ahead
        self._mark = 0
        self._mark_written = 0

    # --- reading

    def doc(self) -> Doc:
        """The state as it stands in the store now; read again when another process has written."""
        with self._lock:
            stamp = self.store.stamp()
            if self._doc is None or stamp != self._stamp:
                self._stamp = stamp
                self._doc = self.store.load()
                self.ring.learn(_list(self._doc.get("announcements")))
                self._certificate, self._problem = self._checked(self._doc)
                self._mark = max(self._mark, self._issued()) if self._is_read else max(self.store.mark(), self._issued())
                self._is_read = True
            return self._doc

    def certificate(self) -> tuple[Certificate | None, str]:
        """The certificate that holds, and why there is none although one is stored."""
        with self._lock:
            self.doc()
            return self._certificate, self._problem

    def fingerprint(self) -> dict[str, str]:
        """The parts of this device; read once, because some systems are slow."""
        with self._lock:
            if self._fingerprint is None:
                self._fingerprint = device.fingerprint(self.identity.product, self.installation, self.identity.raw_parts)
            return self._fingerprint

    def installation(self) -> str:
        return self._made("installation", lambda: secrets.token_hex(16))

    def device_key(self) -> Any:
        """The installation's own private key; made at the first use."""
        try:
            return device.private_key(self._made("device_key", device.new_key))
        except (Refusal, ValueError):
            self.change(lambda doc: doc.pop("device_key", None))
            return device.private_key(self._made("device_key", device.new_key))

    def judged(self) -> Judged:
        """The time to judge by; remembers it as the last run, at most once an hour on disk."""
        with self._lock:
            self.doc()
            judged = self.clock.judged(self._mark)
            if not judged.is_back and judged.now > self._mark:
                self._mark = judged.now
                if judged.now - self._mark_written >= WRITE_EVERY:
                    self._mark_written = judged.now
                    self.store.set_mark(judged.now)
            return judged

    def _made(self, name: str, make: Callable[[], str]) -> str:
        with self._lock:
            value = self.doc().get(name)
            if not isinstance(value, str) or not value:
                self.change(lambda doc: doc.setdefault(name, make()))
                value = self.doc()[name]
            return str(value)

    def _issued(self) -> int:
        return max(self._certificate.issued_at, self._certificate.server_time) if self._certificate else 0

    def _checked(self, doc: Doc) -> tuple[Certificate | None, str]:
        text = doc.get("certificate")
        if not isinstance(text, str) or not text:
            return None, ""
        try:
            found = certificates.read(text, self.ring)
            self._belongs(found, doc)
        except Refusal as refusal:
            return None, refusal.code
        return found, ""

    def _belongs(self, found: Certificate, doc: Doc) -> None:
        identity, key = self.identity, device.public_of(doc.get("device_key")) if found.device_key else ""
        certificates.belongs(
            found, product=identity.product, issuer=identity.issuer, fingerprint=self.fingerprint(), device_key=key
        )

    # --- changing

    def change(self, change: Callable[[Doc], Any]) -> bool:
        """Change the state under the store's lock. False when it could only be kept in memory."""
        with self._lock:
            written = self.store.update(lambda doc: (change(doc), None)[1])
            self._stamp = object()  # read it again at the next look
            self.doc()
            return written

    def accept(self, text: str, *, nonce: str | None = None, more: Mapping[str, Any] | None = None) -> Certificate:
        """Take a new certificate. `nonce`: of the request that it answers, echoed inside (S31). Refusal leaves all as it was.

        Checked here and not by the program: form, signature, key and its time, product, device, nonce, age.
        """
        with self._lock:
            now = self.judged().now
            found = certificates.read(text, self.ring, now=now if nonce is None else None)
            self._belongs(found, self.doc())
            if nonce is not None and found.nonce != nonce:
                raise Refusal(NOT_OURS, "the certificate does not answer this request")
            self._refuse_older(found)
            answers_file = nonce is None and found.nonce in _list(self.doc().get("pending"))
            self.change(lambda doc: self._take(doc, found, more or {}))
            self._know_time(found, online=nonce is not None, answers_file=answers_file)
            return found

    def _refuse_older(self, found: Certificate) -> None:
        """An older file never replaces a newer one; nothing of an activation that was given back comes back."""
        ended = self.doc().get("ended")
        if isinstance(ended, dict) and found.serial <= _int(ended.get(found.activation), -1):
            raise Refusal(STALE, "this activation was given back")
        if self._certificate is not None and is_older(found, self._certificate):
            raise Refusal(STALE, "a newer certificate is there")

    def _take(self, doc: Doc, found: Certificate, more: Mapping[str, Any]) -> None:
        """Under the store's lock: another process may have been faster with a newer one, which then stays."""
        other, _ = self._checked(doc)
        if other is None or not is_older(found, other):
            hashes = _list(doc.get("hashes")) if doc.get("activation") == found.activation else []
            doc["hashes"] = [*(known for known in hashes if known != found.device), found.device][-MOST_HASHES:]
            doc["certificate"], doc["activation"] = found.text, found.activation
        doc.update(more)
        doc.pop("verdict", None)
        doc["announcements"] = self.ring.announcements
        doc["pending"] = [nonce for nonce in _list(doc.get("pending")) if nonce != found.nonce]

    def _know_time(self, found: Certificate, *, online: bool, answers_file: bool) -> None:
        """What answers our own nonce is no replay: it may also lower a mark that once ran ahead. Anything else only raises it.

        An offline answer may too: a computer without a network whose clock stood in 2040 once would otherwise never find back. Who
        keeps such a file for later gains its time to live once, not more: its nonce is used up and the serial has moved on.
        """
        if online:
            self.clock.anchor(found.server_time)
        known = max(found.server_time, found.issued_at)
        self._mark = self._mark_written = known if online or answers_file else max(self._mark, known)
        self.store.set_mark(self._mark)

    def verdict(self, code: str, message: str, next_steps: Iterable[Mapping[str, str]]) -> None:
        """The server's last word instead of a certificate (A-5)."""
        told = {"code": code, "message": message, "next": [dict(step) for step in next_steps], "serial": self._serial()}
        self.change(lambda doc: doc.__setitem__("verdict", told))

    def _serial(self) -> int:
        return self._certificate.serial if self._certificate else 0

    def end(self, *, keep: Mapping[str, Any] | None = None) -> bool:
        """Give the certificate up for good: it is gone, and no file of its activation up to this serial is taken again."""
        found, _ = self.certificate()

        def ended(doc: Doc) -> None:
            if found is not None:
                tombs = doc.get("ended")
                doc["ended"] = {**(tombs if isinstance(tombs, dict) else {}), found.activation: found.serial}
            for name in ("certificate", "token", "activation", "verdict", "settings", "settings_etag", "hashes", "key"):
                doc.pop(name, None)
            doc.update(keep or {})

        return self.change(ended)

    def learn(self, announcements: Iterable[Any]) -> None:
        if self.ring.learn(announcements):
            self.change(lambda doc: doc.__setitem__("announcements", self.ring.announcements))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _int(value: Any, otherwise: int) -> int:
    return value if type(value) is int else otherwise


def is_older(one: Certificate, other: Certificate) -> bool:
    """Of one activation the serial says it; of two activations the instant of issue."""
    if one.activation == other.activation:
        return one.serial < other.serial
    return one.issued_at < other.issued_at
