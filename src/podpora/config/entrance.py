"""The door of a web process: requests are taken in as they come, and only whole ones take one of its few threads.

A thread that waits for the rest of a body, or for a slow reader of an answer, serves nobody else: one telephone in a tunnel would stop a
whole embedded installation. So bodies are gathered here, beside each other, on the loop (to disk when they are large); who is too slow is
cut off (S65, F22), and a body that ended too soon never reaches a page. Answers that are sent in pieces take a thread for each piece only.
"""

import asyncio
import io
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from typing import IO, Any

from django.db import connection

from podpora.config.wsgi import application
from podpora.web.crawlers import is_crawler

log = logging.getLogger(__name__)

SILENCE = 20.0  # seconds without a byte, in either direction
AT_ONCE = 30.0  # seconds that any body may take; longer ones have to come at least so fast:
SLOWEST = 4096  # bytes a second
IN_MEMORY = 256 * 1024
MOST = (
    260 * 1024 * 1024
)  # ten files of 20 MB and their form; what says that it is more is not read, the page refuses it by its length
PLAIN = [("content-type", "text/plain; charset=utf-8")]
LAST = [*PLAIN, ("connection", "close")]  # where a body was not read, nobody may take what follows for another request
THREADS = 1 if connection.vendor == "sqlite" else 4  # SQLite has one writer, and threads would only wait

Environ = dict[str, Any]
Headers = list[tuple[str, str]]


class Unfit(Exception):
    """A request that reaches no page: status and one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Entrance:
    """The RSGI application around the WSGI one."""

    def __init__(self, application: Callable[..., Iterable[bytes]], threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="web")
        self._slow_lane = asyncio.Semaphore(1)  # crawlers wait for each other, so people wait for one of them at most

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        environ = environ_of(scope)
        try:
            environ["wsgi.input"] = await _gathered(environ, protocol)
        except Unfit as problem:
            protocol.response_str(problem.status, LAST, f"{problem}\n")
            return
        try:
            async with self._slow_lane if is_crawler(environ.get("HTTP_USER_AGENT", "")) else nullcontext():
                status, headers, found = await self._in_thread(self._answer, environ)
        finally:
            environ["wsgi.input"].close()
        if isinstance(found, bytes):
            protocol.response_bytes(status, headers, found)
        else:
            await self._send(protocol.response_stream(status, headers), found)

    def _answer(self, environ: Environ) -> tuple[int, Headers, bytes | Iterable[bytes]]:
        told: list[Any] = [500, PLAIN]

        def start_response(status: str, headers: Headers, _exc_info: Any = None) -> None:
            told[:] = int(status[:3]), headers

        found = self._application(environ, start_response)
        if isinstance(found, list) or not getattr(found, "streaming", False):
            body = b"".join(found)
            _close(found)
            return told[0], told[1], body
        return told[0], told[1], found

    async def _send(self, transport: Any, pieces: Iterable[bytes]) -> None:
        """Piece by piece, as fast as the other side takes them; who takes none for too long is left."""
        source = iter(pieces)
        try:
            while (piece := await self._in_thread(_next, source)) is not None:
                await asyncio.wait_for(transport.send_bytes(piece), SILENCE)
        except TimeoutError:
            log.info("An answer was not taken; left.")
        finally:
            await self._in_thread(_close, pieces)

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


def _next(source: Iterator[bytes]) -> bytes | None:
    return next(source, None)


def _close(found: Any) -> None:
    with suppress(AttributeError):
        found.close()


async def _gathered(environ: Environ, protocol: Any) -> IO[bytes]:
    """The whole body. Unfit when it does not come, or not as it said."""
    if environ.get("HTTP_HOST", ",").count(","):
        raise Unfit(400, "The request does not say for which one host it is.")
    if "HTTP_TRANSFER_ENCODING" in environ:  # where such a body breaks off, it looks whole to us
        raise Unfit(411, "Send the length of the body (Content-Length).")
    told = environ.get("CONTENT_LENGTH") or "0"
    if not told.isascii() or not told.isdigit() or not 0 < int(told[:12]) <= MOST:
        return io.BytesIO()
    body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed when the page has answered
    try:
        if await _read(protocol, body, int(told)) != int(told):
            raise Unfit(400, "The body of the request is not whole.")
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


async def _read(protocol: Any, body: IO[bytes], told: int) -> int:
    """How many bytes came; not more than were told."""
    loop, size = asyncio.get_running_loop(), 0
    began, pieces = loop.time(), aiter(protocol)
    while size < told:
        try:
            piece = await asyncio.wait_for(anext(pieces), SILENCE)
        except StopAsyncIteration:
            break
        except TimeoutError:
            raise Unfit(408, "The request came too slowly.") from None
        size += len(piece)
        body.write(piece)
        spent = loop.time() - began
        if spent > AT_ONCE and size < spent * SLOWEST:
            raise Unfit(408, "The request came too slowly.")
    return size


def environ_of(scope: Any) -> Environ:
    """The request as WSGI says it (PEP 3333). A header with an underscore is left out: it would pass for another one."""
    host, _colon, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method, "SCRIPT_NAME": "", "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string, "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"), "SERVER_NAME": host, "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}", "wsgi.version": (1, 0), "wsgi.url_scheme": scope.scheme, "wsgi.errors": sys.stderr,
        "wsgi.multithread": THREADS > 1, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in environ else value
    return environ


entrance = Entrance(application, THREADS)
