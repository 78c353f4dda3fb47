"""The door of a web process, with real sockets: S64 requests within requests, S65 those that hang, S66 bodies that are not whole."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from podpora.config import entrance
from podpora.config.entrance import Entrance
from tests.server import Site, served

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served("serve", tmp_path_factory.mktemp("entrance"), "--no-worker") as site:
        yield _port_of(site)


def _port_of(site: Site) -> int:
    return int(site.url.rpartition(":")[2])


def sent(port: int, *lines: str, rest: bytes = b"") -> bytes:
    """What comes back until the server closes or has nothing more to say."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + rest)
        answer = b""
        while part := _received(connection, first=not answer):
            answer += part
        return answer


def _received(connection: socket.socket, *, first: bool) -> bytes:
    connection.settimeout(10 if first else 0.3)
    try:
        return connection.recv(65536)
    except (TimeoutError, ConnectionResetError):
        return b""


HOST = "Host: 127.0.0.1"
WITHIN = b"GET /within HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([HOST, "Content-Length: 4", CHUNKED], 411), ([HOST, CHUNKED, "Content-Length: 4"], 411), ([HOST, CHUNKED], 411),
        ([HOST, "Content-Length: 0", f"Content-Length: {len(WITHIN)}"], 400), ([HOST, "Content-Length: 0, 5"], 400),
        ([HOST, "Content-Length: +0"], 400), ([HOST, "Content-Length: -1"], 400), ([HOST, "Content-Length: 0x10"], 400),
        ([HOST, "Transfer-Encoding : chunked"], 400), ([HOST, "Transfer-Encoding: xchunked"], 400),
        ([HOST, "Transfer-Encoding: identity", "Content-Length: 0"], 400), ([HOST, "X: a", " Content-Length: 5"], 400),
        ([HOST, "Host: evil.example"], 400), ([], 400), ([HOST, f"X: {'a' * 1_000_000}"], 431), ([HOST, *("X: a",) * 2000], 431),
    ],
)  # fmt: skip
def test_s64_no_request_comes_within_another(port: int, headers: list[str], status: int) -> None:
    has_body = any("Content-Length" in header or "Transfer-Encoding" in header for header in headers)
    answer = sent(port, "POST /language/ HTTP/1.1", *headers, rest=b"0\r\n\r\n" + WITHIN if has_body else b"")
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer[:100]
    assert answer.count(b"HTTP/1.1 ") == 1


def test_s67_what_was_sent_is_not_sent_back(port: int) -> None:
    answer = sent(port, "TRACE / HTTP/1.1", HOST, "Cookie: sessionid=planted")
    assert answer.startswith(b"HTTP/1.1 405 ") and b"planted" not in answer


def test_s65_who_sends_nothing_more_stops_nobody(port: int) -> None:
    """Each of these waited for would keep the only thread (SQLite) to itself."""
    json = ["Content-Type: application/json", "Content-Length: 100"]
    form = ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 100", "Sec-Fetch-Site: same-origin"]
    hung = []
    for start in (
        ["POST /api/v1/activations HTTP/1.1", HOST, *json],
        ["POST /shop/cart/add/ HTTP/1.1", HOST, *form],
        ["GET / HTTP/1.1", HOST],
        [],
    ):
        for _ in range(25):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.sendall("\r\n".join([*start, "", "{"]).encode() if "POST" in start[:1] else "\r\n".join(start).encode())
            hung.append(connection)
    for _ in range(10):
        assert sent(port, "GET /levels/ HTTP/1.1", HOST, "Connection: close").startswith(b"HTTP/1.1 200 ")
    for connection in hung:
        connection.close()


# The same without sockets: with its limits of time made small.


class Sender:
    """The other side of one request: sends these pieces, then is silent or has gone; takes what it is given, or nothing."""

    def __init__(self, *pieces: bytes, stays: bool = False, takes: bool = True) -> None:
        self.pieces, self.stays, self.takes = pieces, stays, takes
        self.status, self.got = 0, b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await asyncio.sleep(0.01)
            yield piece
        if self.stays:
            await asyncio.sleep(60)

    def response_str(self, status: int, _headers: Any, body: str) -> None:
        self.status, self.got = status, body.encode()

    def response_bytes(self, status: int, _headers: Any, body: bytes) -> None:
        self.status, self.got = status, body

    def response_stream(self, status: int, _headers: Any) -> "Sender":
        self.status = status
        return self

    async def send_bytes(self, piece: bytes) -> None:
        if not self.takes:
            await asyncio.sleep(60)
        self.got += piece


class Pieces:
    streaming, closed = True, False

    def __iter__(self) -> Iterator[bytes]:
        return iter((b"one", b"two"))

    def close(self) -> None:
        self.closed = True


def asked(sender: Sender, answer: Any = None, **headers: str) -> list[bytes]:
    """Returns the bodies that reached the application."""
    reached: list[bytes] = []

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        reached.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return answer if answer is not None else [b"ok"]

    scope = SimpleNamespace(method="POST", path="/ž", query_string="", client="192.0.2.1:5", server="127.0.0.1:80", http_version="1.1",
                            scheme="http", headers={"host": "x", **{name.replace("_", "-"): value for name, value in headers.items()}})  # fmt: skip
    asyncio.run(Entrance(application, 1).__rsgi__(scope, sender))
    return reached


@pytest.mark.parametrize(
    ("sender", "length", "status", "reached"),
    [
        (Sender(b"ab", b"c"), "3", 200, [b"abc"]), (Sender(b"a" * 300_000, b"b"), "300001", 200, [b"a" * 300_000 + b"b"]),
        (Sender(), "0", 200, [b""]), (Sender(b"{}"), str(2**30), 200, [b""]), (Sender(b"{}"), "x", 200, [b""]),
        (Sender(b"ab"), "3", 400, []), (Sender(b"ab", b"cd"), "3", 400, []), (Sender(b"ab", stays=True), "3", 408, []),
        (Sender(*(b"a",) * 40), "40", 408, []),
    ],
)  # fmt: skip
def test_s66_s65_only_whole_bodies_reach_a_page_and_slow_ones_are_cut(
    sender: Sender, length: str, status: int, reached: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "SILENCE", 0.2)
    monkeypatch.setattr(entrance, "AT_ONCE", 0.2)
    assert asked(sender, content_length=length) == reached
    assert sender.status == status


@pytest.mark.parametrize(("takes", "got"), [(True, b"onetwo"), (False, b"")])
def test_f22_an_answer_in_pieces_ends_also_when_nobody_takes_it(takes: bool, got: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "SILENCE", 0.1)
    pieces, sender, began = Pieces(), Sender(takes=takes), time.monotonic()
    asked(sender, pieces)
    assert (sender.got, pieces.closed) == (got, True)
    assert time.monotonic() - began < 30


def test_s04_a_header_with_an_underscore_is_not_another_one() -> None:
    scope = SimpleNamespace(method="GET", path="/ž%", query_string="q=1", client="[::1]:5", server="[::1]:80", http_version="1.1", scheme="http",
                            headers={"x_forwarded_for": "1.2.3.4", "cookie": "a=1", "content-type": "text/plain"})  # fmt: skip
    environ = entrance.environ_of(scope)
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert (environ["REMOTE_ADDR"], environ["PATH_INFO"].encode("latin-1").decode()) == ("::1", "/ž%")
    assert (environ["HTTP_COOKIE"], environ["CONTENT_TYPE"]) == ("a=1", "text/plain")
