"""A small vendor: gives real certificates for its own key, and lies, stumbles or sleeps when a test says so."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.vectors.making import ACTIVATION, DAY, MISSING, NOW, PINNED, claims, device_hash, header, jwk, signed

Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Vendor:
    """What the server knows. `instead`: answers in its place, if it answers at all."""

    url: str = ""
    now: int = NOW
    serial: int = 0
    key: Any = PINNED
    announcements: list[str] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    refusal: dict[str, Any] | None = None
    instead: Callable[[Request], Reply | None] = lambda request: None
    seen: list[Request] = field(default_factory=list)
    bundle: str = ""
    device_key: str = ""  # of the installation that activated

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.seen if request.path == path]

    def answer(self, request: Request) -> Reply:
        self.seen.append(request)
        reply = self.instead(request)
        if reply is not None:
            return reply
        if self.refusal is not None:
            return json_reply(409, {"error": self.refusal})
        match (request.method, request.path.partition("?")[0]):
            case ("POST", "activations" | "trials"):
                given = {"activation": ACTIVATION, "licence": "L-1", "device": "D-1", "token": "device-token"}
                return json_reply(
                    201, given | {"certificate": self.certificate(request.body, request.body["device"]["fingerprint"])}
                )
            case ("POST", "activations/me/refresh"):
                return json_reply(200, {"certificate": self.certificate(request.body, request.body["fingerprint"])})
            case ("DELETE", "activations/me"):
                return 204, {}, b""
            case ("GET", "keys"):
                return json_reply(200, {"keys": [jwk(self.key)], "announcements": self.announcements})
            case ("GET", "settings"):
                return self.settings(request)
            case ("POST", "settings/report"):
                return json_reply(200, {})
            case ("POST", "tickets"):
                return json_reply(201, {"code": "T-1042"})
        return json_reply(404, {"error": {"code": "not_found", "message": "Not there."}})

    def settings(self, request: Request) -> Reply:
        if not self.bundle:
            return json_reply(404, {"error": {"code": "not_found", "message": "Not there."}})
        if request.headers.get("If-None-Match") == '"r1"':
            return 304, {"ETag": '"r1"'}, b""
        status, headers, raw = json_reply(200, {"bundle": self.bundle})
        return status, headers | {"ETag": '"r1"'}, raw

    def certificate(self, body: Any, parts: Any) -> str:
        self.serial += 1
        made = claims(
            parts=parts,
            serial=self.serial,
            iat=self.now,
            server_time=self.now,
            exp=self.now + 30 * DAY,
            refresh_after=self.now + DAY,
        )
        self.device_key = body.get("device", {}).get("public_key") or self.device_key
        bound = {"cnf": {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": self.device_key}}} if self.device_key else {}
        made |= {"device": device_hash(parts), "nonce": body["nonce"]} | bound | self.claims
        made = {name: value for name, value in made.items() if value is not MISSING}
        return signed(header(private=self.key), made, self.key)


def json_reply(status: int, value: Any, **headers: str) -> Reply:
    return status, {"Content-Type": "application/json", **headers}, json.dumps(value).encode()


@contextmanager
def serving() -> Iterator[Vendor]:
    """The vendor behind a real socket."""
    vendor = Vendor()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(vendor))
    vendor.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def handler_of(vendor: Vendor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_json = self.headers.get("Content-Type") == "application/json"
            body = json.loads(raw) if raw and is_json else raw
            path = self.path.removeprefix("/api/v1/")
            try:
                status, headers, content = vendor.answer(Request(self.command, path, dict(self.headers), body))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers and status not in (204, 304):
                    self.send_header("Content-Length", str(len(content)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(content)
            except ConnectionError:
                pass  # the program has hung up
            self.close_connection = True

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
