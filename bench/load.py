"""Requests over kept-alive connections, each with the time that its answer took."""

import re
import selectors
import socket
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


Maker = Callable[[int], Request]  # the n-th request


@dataclass(slots=True)
class Load:
    """What came of it."""

    seconds: float
    times: list[float]
    statuses: Counter[int]
    own: float = 0.0  # seconds of processor time of the one that asked

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share was answered."""
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


def run(url: str, make: Maker, *, connections: int, count: int) -> Load:
    """So many requests over so many connections at once.

    One thread with plain sockets: what asks has to cost less than what answers, or the client is what is measured.
    """
    parts = urllib.parse.urlsplit(url)
    head = f"Host: {parts.netloc}\r\n"
    waiting = selectors.DefaultSelector()
    numbers = iter(range(count))
    load = Load(0.0, [], Counter())
    begin, used = time.perf_counter(), time.process_time()
    for _ in range(min(connections, count)):
        line = _Line(socket.create_connection((parts.hostname or "", parts.port or 80), timeout=60))
        line.ask(_written(make(next(numbers)), head))
        waiting.register(line.socket, selectors.EVENT_READ, line)
    while waiting.get_map():
        for key, _events in waiting.select(60) or _silence():
            line = key.data
            if not line.has_answer():
                continue
            load.times.append(time.perf_counter() - line.asked_at)
            load.statuses[line.status] += 1
            number = next(numbers, None)
            if number is None:
                waiting.unregister(line.socket)
                line.socket.close()
            else:
                line.ask(_written(make(number), head))
    load.seconds, load.own = time.perf_counter() - begin, time.process_time() - used
    return load


def _silence() -> NoReturn:
    raise TimeoutError("the server did not answer for a minute")


def _written(request: Request, head: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    body = request.body.encode()
    length = f"Content-Length: {len(body)}\r\n" if body or request.method != "GET" else ""
    return f"{request.method} {request.path} HTTP/1.1\r\n{head}{lines}{length}\r\n".encode() + body


@dataclass(slots=True)
class _Line:
    """One connection, with one question at a time."""

    socket: socket.socket
    asked_at: float = 0.0
    status: int = 0
    received: bytes = b""
    needed: int = 0  # bytes of the answer; 0 while its head is not here

    def ask(self, request: bytes) -> None:
        self.received, self.needed = b"", 0
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)

    def has_answer(self) -> bool:
        """Read what came; is it whole?"""
        came = self.socket.recv(262_144)
        if not came:
            raise ConnectionError(f"the server hung up: {self.received[:200]!r}")
        self.received += came
        if not self.needed:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.status = int(self.received[9:12])
            head = self.received[:end].lower()
            if b"transfer-encoding: chunked" in head:
                return self.received.endswith(b"0\r\n\r\n")
            length = re.search(rb"\r\ncontent-length: *(\d+)", head)
            self.needed = end + 4 + (int(length[1]) if length else 0)
        return len(self.received) >= self.needed
