"""A ticket from the program: text, files, and diagnostics that were redacted here and shown before (SC-11)."""

from __future__ import annotations

import json
import platform
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from podpora_sdk import device
from podpora_sdk.answers import Result, State
from podpora_sdk.errors import Refusal
from podpora_sdk.holding import Holding
from podpora_sdk.http import Call
from podpora_sdk.server import Server

MOST_FILES, LARGEST_FILE, LARGEST = 10, 20_971_520, 33_000_000
_KEY = re.compile(r"\bPK[0-9A-Z]{3}(?:[-\s]?[0-9A-Z]{5}){4}\b", re.IGNORECASE)
_JWT = re.compile(r"\b[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}\b")
_SECRET = re.compile(
    r"(?i)\b(password|passwd|pwd|passphrase|secret|api[_-]?key|token|authorization|heslo)\b(\"?\s*[:=]\s*\"?)(?:Bearer\s+|Basic\s+)?[^\s\",;]+"
)
_BEARER = re.compile(r"(?i)\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}")
_LOGIN = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@:]+:[^\s/@]+@")


def redacted(text: str, home: str = "") -> str:
    """The text without licence keys, tokens, passwords and the name in the home folder's path."""
    for pattern, instead in ((_KEY, "PK…"), (_JWT, "…"), (_SECRET, r"\1\2…"), (_BEARER, r"\1 …"), (_LOGIN, r"\1…@")):
        text = pattern.sub(instead, text)
    return text.replace(home, "~") if len(home) > 3 else text


class Reporter:
    def __init__(self, holding: Holding, server: Server, app_version: str) -> None:
        self._holding, self._server, self._version = holding, server, app_version

    def diagnostics(self, state: State) -> dict[str, Any]:
        """Facts that a technician asks for first. No key, no token, no raw identifier, no name of the user."""
        judged = self._holding.judged()
        return {
            "product": self._holding.identity.product, "app_version": self._version, "system": platform.platform()[:100],
            "machine": platform.machine(), "python": platform.python_version(), "language": self._server.language,
            "licence": state.licence, "activation": state.activation, "device": state.device, "edition": state.edition,
            "state": state.reason, "may_run": state.may_run, "support_through": str(state.support_through or ""),
            "lease_ends_at": state.lease_ends_at.isoformat() if state.lease_ends_at else "",
            "last_contact_at": state.last_contact_at.isoformat() if state.last_contact_at else "",
            "fingerprint_parts": sorted(self._holding.fingerprint()), "platform": device.platform_name(),
            "clock_is_back": judged.is_back, "store": state.store_problem or "ok", "keys": self._holding.ring.kids,
        }  # fmt: skip

    def send(self, text: str, files: Sequence[Path | str], *, diagnostics: Mapping[str, Any], told: Mapping[str, str]) -> Result:
        """`POST tickets` as a form, with the device's token. `told`: further fields (subject, queue, email, reference)."""
        token = self._holding.doc().get("token")
        if not isinstance(token, str) or not token:
            return self._server.result("licence.not_activated")
        fields = {"text": text, "version": self._version[:30], "platform": device.platform_name()}
        fields |= {"reference": secrets.token_hex(16)} | {name: value.strip() for name, value in told.items() if value.strip()}
        if diagnostics:
            fields["diagnostics"] = redacted(json.dumps(dict(diagnostics), ensure_ascii=False, indent=1), str(Path.home()))
        data, content_type = form(fields, _read(files))
        headers = {
            "Authorization": f"Bearer {token}", "Accept-Language": self._server.language, "Idempotency-Key": secrets.token_urlsafe(18),
        }  # fmt: skip
        answer = self._server.send(Call("POST", "tickets", data, content_type, headers))
        if answer.status not in (200, 201):
            return self._server.refused(answer)
        return replace(self._server.result("ok", ok=True, says="done.sent"), data=answer.body)


def _read(files: Sequence[Path | str]) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for path in map(Path, files):
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise Refusal("file.too_big", f"{path.name} is too big", name=path.name)
            found.append((path.name, path.read_bytes()))
        except OSError:
            raise Refusal("file.not_readable", f"{path.name} can't be read", name=path.name) from None
    if len(found) > MOST_FILES or sum(len(raw) for _, raw in found) > LARGEST:
        raise Refusal("file.too_many", "too many files, or too big together")
    return found


def form(fields: Mapping[str, str], files: Sequence[tuple[str, bytes]]) -> tuple[bytes, str]:
    """A multipart/form-data body and its content type."""
    boundary = f"podpora-{secrets.token_hex(16)}"
    parts = []
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for file_name, raw in files:
        safe = "".join(c for c in file_name if c.isprintable() and c not in '"\\')[:120] or "file"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{safe}"\r\n'
        parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + raw + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"
