"""The calls of the server's device API (API.md), each turned into a Result. Nothing here decides whether the program may run."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from podpora_sdk.answers import Device, Next, Result
from podpora_sdk.errors import Refusal
from podpora_sdk.http import BUSY, INVALID, UNREACHABLE, Answer, Call, Transport
from podpora_sdk.texts import sentence, steps

NONE: Mapping[str, str] = {}
TOKEN_UNKNOWN = "server.token_unknown"  # noqa: S105 - a code


class Server:
    """One vendor's server, in one language."""

    def __init__(self, transport: Transport, address: str, language: str) -> None:
        self._transport = transport
        self.address = address
        self.language = language

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        token: str = "",
        headers: Mapping[str, str] = NONE,
        prove: Callable[[bytes], str] | None = None,
    ) -> Answer:
        """Send it. A POST carries an Idempotency-Key, and is sent once more when the answer was lost on the way (A-8).

        `prove`: makes the proof that the installation holds its key (S34), of the body as it is sent. Such a call changes nothing when it
        comes twice, and needs no Idempotency-Key.
        """  # fmt: skip
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        sent = {"Accept-Language": self.language, **headers}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if prove is not None:
            sent["Podpora-Proof"] = prove(data or b"")
        elif method == "POST":
            sent["Idempotency-Key"] = secrets.token_urlsafe(18)
        call = Call(method, path, data, headers=sent)
        try:
            return self._transport.send(call)
        except Refusal as refusal:
            if refusal.code != UNREACHABLE or method != "POST" or "cut off" not in refusal.why:
                raise
            return self._transport.send(call)

    def send(self, call: Call) -> Answer:
        """A call that is made already (a form with files)."""
        return self._transport.send(call)

    def refused(self, answer: Answer) -> Result:
        """An error of the API as a Result: the server's code, its sentence and its next steps."""
        if answer.status in (429, 502, 503, 504):
            return self.result(BUSY, retry_after=answer.retry_after)
        error = answer.body.get("error")
        error = error if isinstance(error, dict) else {}
        code, message = str(error.get("code", "server.refused")), str(error.get("message", ""))
        reasons = [reason for reason in _list(error.get("reasons")) if isinstance(reason, dict)]
        fields = error.get("fields")
        fields = {str(name): tuple(map(str, _list(codes))) for name, codes in fields.items()} if isinstance(fields, dict) else {}
        if answer.status == 401:
            code, message = TOKEN_UNKNOWN, ""
        elif fields and not code.startswith("licence."):
            known = [one for codes in fields.values() for one in codes if one.startswith("licence.")]
            code, message = (known[0], "") if known else (code, message)
        told = tuple(step for reason in reasons for step in next_of(reason.get("next")))
        devices = tuple(
            device_of(one) for one in _list(error.get("devices") or answer.body.get("devices")) if isinstance(one, dict)
        )
        local = steps(code, self.language, self.address)
        own = tuple(step for step in local if not step.url)
        return Result(
            False, code, message or sentence(code, self.language), (*own, *told) if told else local, devices=devices, fields=fields,
            retry_after=answer.retry_after, data=answer.body,
        )  # fmt: skip

    def result(self, code: str, *, ok: bool = False, retry_after: int | None = None, says: str = "", **facts: Any) -> Result:
        """A Result with the SDK's own sentence and next steps. `says`: the code whose sentence it is, where that says more."""
        told = says or code
        return Result(
            ok, code, sentence(told, self.language, **facts), steps(told, self.language, self.address), retry_after=retry_after
        )


def next_of(value: Any) -> tuple[Next, ...]:
    """The server's `next` list."""
    found = [step for step in _list(value) if isinstance(step, dict)]
    return tuple(Next(str(s.get("kind", "")), str(s.get("label", "")), address_of(s.get("url"))) for s in found)


def address_of(value: Any) -> str:
    """An address that may be opened in a browser: https, or http to one's own computer; anything else is dropped."""
    text = str(value or "")
    return text if text.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")) else ""


def device_of(value: Mapping[str, Any]) -> Device:
    return Device(
        **{name: str(value.get(name) or "") for name in ("code", "name", "platform", "app_version", "last_seen_at", "state")}
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


__all__ = ["BUSY", "INVALID", "TOKEN_UNKNOWN", "UNREACHABLE", "Server", "device_of", "next_of"]
