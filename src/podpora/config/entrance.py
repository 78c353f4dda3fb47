"""The door of a web process: requests are taken in as they come, and only whole ones take one of its few threads.

The hot calls of devices are answered on the loop itself where the database is a file beside us: they wait for nothing, so a thread
would only be a detour. Everything else:

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
from functools import lru_cache
from typing import IO, Any

from django.db import close_old_connections, connection

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
IS_BESIDE_US = connection.vendor == "sqlite"
THREADS = 1 if IS_BESIDE_US else 4  # SQLite has one writer, and threads would only wait
RENEWED = 60.0  # seconds after which the loop's own connection is looked at

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]
Quick = Callable[[Environ], Answer | None]


class Unfit(Exception):
    """A request that reaches no page: status and one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Entrance:
    """The RSGI application around the WSGI one. `quick`: answers at once what needs no thread, or gives None."""

    def __init__(self, application: Callable[..., Iterable[bytes]], threads: int, quick: Quick | None = None) -> None:
        self._application, self._quick = application, quick
        self._renew_at = 0.0
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="web")
        self._slow_lane = asyncio.Semaphore(1)  # crawlers wait for each other, so people wait for one of them at most

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        environ = environ_of(scope)
        try:
            environ["wsgi.input"] = await _gathered(environ, protocol)
        except Unfit as problem:
            protocol.response_str(problem.status, LAST, f"{problem}\n")
            return
        if self._quick is not None and (answer := self._on_the_loop(self._quick, environ)) is not None:
            protocol.response_bytes(*answer)
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

    def _on_the_loop(self, quick: Quick, environ: Environ) -> Answer | None:
        """Django takes a database on a running loop for a mistake, so while this lasts it sees none, only this thread."""
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        try:
            if loop.time() > self._renew_at:
                self._renew_at = loop.time() + RENEWED
                close_old_connections()
            return quick(environ)
        finally:
            asyncio._set_running_loop(loop)

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
    body = io.BytesIO() if int(told) <= IN_MEMORY else tempfile.TemporaryFile()  # noqa: SIM115  # closed when the page has answered
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
    began = loop.time()
    try:
        async with asyncio.timeout(SILENCE) as patience:
            async for piece in protocol:
                size += len(piece)
                body.write(piece)
                if size >= told:
                    break
                now = loop.time()
                if now - began > AT_ONCE and size < (now - began) * SLOWEST:
                    raise TimeoutError
                patience.reschedule(now + SILENCE)
    except TimeoutError:
        raise Unfit(408, "The request came too slowly.") from None
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
        key = _key_of(name)
        if not key:
            continue
        environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in environ else value
    return environ


@lru_cache(maxsize=512)
def _key_of(header: str) -> str:
    """How the environment calls it; empty for one that is left out."""
    key = "" if "_" in header else header.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH", "") else f"HTTP_{key}"


def _at_once(environ: Environ) -> Answer | None:
    return application.at_once(environ, may_write=False)


entrance = Entrance(application, THREADS, _at_once if IS_BESIDE_US else None)
