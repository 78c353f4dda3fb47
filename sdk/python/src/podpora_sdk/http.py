"""Talking to the server: one request, one JSON answer, or a Refusal that says what was wrong. Never waits for ever.

Only standard library. No redirects (an answer from another place is not the server's), no cookies, no compression, 1 MiB at most, 10
seconds for each step and 30 in all, TLS checked by the system's certificates. The system's proxy settings are used.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from podpora_sdk.errors import ConfigurationError, Refusal

UNREACHABLE = "server.unreachable"
INVALID = "server.answer_invalid"
BUSY = "server.busy"
LONGEST = 1_048_576
STEP, WHOLE = 10.0, 30.0


@dataclass(frozen=True)
class Answer:
    """A JSON answer: 2xx, 304 or an error that has our form. `body` is empty for 204 and 304."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def retry_after(self) -> int | None:
        return seconds_of(self.headers.get("retry-after", ""))


@dataclass(frozen=True)
class Call:
    """One request. `data` is the body as it is sent."""

    method: str
    path: str
    data: bytes | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """How a call reaches the server. Hand in your own to use another HTTP library."""

    def send(self, call: Call) -> Answer: ...


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class UrllibTransport:
    """The transport of the standard library."""

    def __init__(self, server: str, *, context: ssl.SSLContext | None = None, step: float = STEP, whole: float = WHOLE) -> None:
        self._base = base_address(server)
        self._step, self._whole = step, whole
        secure = urllib.request.HTTPSHandler(context=context) if context else urllib.request.HTTPSHandler()
        handlers: list[urllib.request.BaseHandler] = [_NoRedirects(), secure]
        if urllib.parse.urlsplit(self._base).hostname in LOOPBACK:
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def send(self, call: Call) -> Answer:
        """Refusal `server.unreachable` or `server.answer_invalid`; every answer of our form is returned, also errors."""
        headers = {"Accept": "application/json", "Content-Type": call.content_type, "User-Agent": "podpora-sdk/0.1"}
        request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
            self._base + call.path, data=call.data, headers=headers | dict(call.headers), method=call.method
        )
        deadline = time.monotonic() + self._whole
        try:
            try:
                response = self._opener.open(request, timeout=self._step)
            except urllib.error.HTTPError as problem:
                response = problem
            with response:
                return _answer(response.status, dict(response.headers.items()), _read(response, deadline))
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise Refusal(UNREACHABLE, f"{type(problem).__name__}: {problem}"[:200]) from None


def _read(response: Any, deadline: float) -> bytes:
    """At most 1 MiB and until the deadline, however slowly it drips."""
    raw = b""
    while piece := response.read1(65_536):
        raw += piece
        if len(raw) > LONGEST:
            raise Refusal(INVALID, "the answer is too long")
        if time.monotonic() > deadline:
            raise Refusal(UNREACHABLE, "the answer took too long")
    expected = response.headers.get("Content-Length")
    if expected is not None and expected.isdigit() and int(expected) != len(raw) and response.status != 304:
        raise Refusal(UNREACHABLE, "the answer was cut off")
    return raw


def _answer(status: int, raw_headers: Mapping[str, str], raw: bytes) -> Answer:
    headers = {name.lower(): value for name, value in raw_headers.items()}
    if status in (204, 304):
        return Answer(status, {}, headers)
    if 300 <= status < 400:
        raise Refusal(INVALID, f"the server sends elsewhere ({status})")
    if status in (429, 502, 503, 504):
        return Answer(status, _json(headers, raw) or {}, headers)
    body = _json(headers, raw)
    if body is None or (status >= 400 and not isinstance(body.get("error"), dict)):
        code = UNREACHABLE if status >= 500 else INVALID
        raise Refusal(code, f"the answer ({status}) is not of our form")
    return Answer(status, body, headers)


def _json(headers: Mapping[str, str], raw: bytes) -> dict[str, Any] | None:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        return None
    try:
        value = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


LOOPBACK = ("localhost", "127.0.0.1", "::1")


def base_address(server: str) -> str:
    """`https://licences.vendor.example` -> the root of its API. Plain http only to one's own computer. ConfigurationError."""
    parts = urllib.parse.urlsplit(server)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ConfigurationError(f"{server!r} is not the address of a server (https://licences.vendor.example).")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ConfigurationError("The server's address must begin with https://.")
    return f"{server.rstrip('/')}/api/v1/"


def seconds_of(text: str) -> int | None:
    """`Retry-After`: seconds or a date. At most a day, so that a wrong answer can't silence a program."""
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), 86_400)
    try:
        wait = parsedate_to_datetime(text).timestamp() - time.time()  # noqa: TID251 - against the server's own date
    except (TypeError, ValueError):
        return None
    return int(min(max(wait, 0), 86_400))
