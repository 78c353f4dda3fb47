"""One request to a receiver of webhooks: the name is resolved once, the address is judged, and the connection goes to that address."""

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from podpora.audit import rules
from podpora.audit.rules.guarding import is_own
from podpora.base.clock import monotonic

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection

CONNECT_SECONDS, READ_SECONDS, ALL_SECONDS = 5.0, 10.0, 20.0
READ_MOST = 4096

Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try. `status` None: there was no answer, and `error` says why."""

    status: int | None = None
    error: str = ""
    address: str = ""
    milliseconds: int = 0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def resolve(host: str, port: int) -> list[str]:
    """Every address of the name. OSError if it has none."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def post(url: str, body: bytes, headers: Mapping[str, str], own_hosts: frozenset[str], resolver: Resolver | None = None) -> Answer:
    """Send it, follow nothing, read a little. Never raises: whatever goes wrong is in the answer (S60)."""
    return _ask(url, Letter("POST", body, headers), own_hosts, resolver)


def get(
    url: str, headers: Mapping[str, str], own_hosts: frozenset[str], *, most: int = READ_MOST, resolver: Resolver | None = None
) -> Answer:
    """Fetch what stands at an address, at most so many bytes, by the same rules as `post`. Never raises (B9)."""
    return _ask(url, Letter("GET", None, headers, most), own_hosts, resolver)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is asked, and how much of the answer is read."""

    method: str
    body: bytes | None
    headers: Mapping[str, str]
    most: int = READ_MOST


def _ask(url: str, letter: Letter, own_hosts: frozenset[str], resolver: Resolver | None) -> Answer:
    started = monotonic()
    address = ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        rules.check_url(url, own_hosts)
        address = _judged((resolver or resolve)(host, port), may_be_private=is_own(url, own_hosts))
        if not address:
            return Answer(error="the address is not on the open Internet")
        status, told, read = _request(url, address, port, letter)
    except Exception as problem:  # a receiver's answer must not hurt the worker, whatever it is
        return Answer(None, f"{type(problem).__name__}: {problem}"[:300], address, _since(started))
    return Answer(status, "", address, _since(started), read, told)


def _judged(addresses: list[str], *, may_be_private: bool) -> str:
    """The address to connect to; none if any of them is not allowed, so that luck decides nothing."""
    allowed = addresses and (may_be_private or all(rules.may_connect(address) for address in addresses))
    return addresses[0] if allowed else ""


def _request(url: str, address: str, port: int, letter: Letter) -> tuple[int, dict[str, str], bytes]:
    import urllib3  # only where webhooks are sent: not in every process
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.util import Timeout

    parts = urlsplit(url)
    timeout = Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    connection: HTTPConnection
    if parts.scheme == "https":
        connection = HTTPSConnection(
            address, port, timeout=CONNECT_SECONDS, ssl_context=ssl.create_default_context(), server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
        )  # fmt: skip
    else:
        connection = HTTPConnection(address, port, timeout=CONNECT_SECONDS)
    watch = threading.Timer(ALL_SECONDS, _cut, [connection])  # a receiver that drips one byte at a time holds no worker
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        if connection.sock is not None:
            connection.sock.settimeout(timeout.read_timeout)
        path = urllib3.util.Url(path=parts.path or "/", query=parts.query or None).url
        headers = {**letter.headers, "Host": parts.netloc}
        connection.request(letter.method, path, body=letter.body, headers=headers, preload_content=False)
        response = connection.getresponse()
        read = response.read(letter.most, decode_content=False)
        return response.status, dict(response.headers), read
    finally:
        watch.cancel()
        connection.close()


def _cut(connection: "HTTPConnection") -> None:
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _since(started: float) -> int:
    return int((monotonic() - started) * 1000)
