"""`podpora mail listen`: a small SMTP and LMTP server for the addresses of our mailboxes, and for nobody else's.

"250 … kept" is said after the commit, never before: a server that is killed at any moment has either kept the mail or not
said so, and the sender brings it again; what was kept already is known again (TH-1).
4xx: the database is away, the mailbox is paused, too much at once. 550: not our address (no relay). 552: too large.
"""

import asyncio
import logging
import os
import signal
import ssl
import stat
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections, connection

from podpora.base import clock
from podpora.mail import actions, queries, rules
from podpora.mail.values import Source

log = logging.getLogger(__name__)
T = TypeVar("T")

LARGEST = 50 * 1024 * 1024
LONGEST_LINE = 4 * 1024 * 1024  # programs write lines that no standard allows
MOST_RECIPIENTS = 100
MOST_MAILS = 500  # on one connection
MOST_CONNECTIONS = 200
MOST_OF_ONE = 50  # connections from one address
SILENCE = 120.0  # seconds in which nothing comes
LONGEST_SESSION = 1_800.0
THREADS = 8
BEAT = 30.0  # seconds between two signs of life
PATIENCE = 20.0  # seconds that a mail which is just being kept has at the end

LATER = "451 4.3.0 It can't be kept now: please try again later"


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen: a host and a port, or the path of a socket."""

    protocol: Source
    host: str = ""
    port: int = 0
    path: str = ""


@dataclass(slots=True)
class Room:
    """How many are inside."""

    of: Counter[str] = field(default_factory=Counter)
    all: int = 0
    keeping: int = 0  # mails that are just being written

    def lets_in(self, peer: str) -> bool:
        return self.all < MOST_CONNECTIONS and self.of[peer] < MOST_OF_ONE


class _Polite:
    """What both protocols share: a limit of connections and of their time."""

    line_length_limit = LONGEST_LINE
    room: Room
    transport: Any
    loop: asyncio.AbstractEventLoop
    _came_from: str | None = None
    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        if self._came_from is None:
            peer = _peer(transport)
            if not self.room.lets_in(peer):
                transport.write(b"421 4.7.0 Too many connections: please try again later\r\n")
                transport.close()
                return
            self._came_from = peer
            self.room.of[peer] += 1
            self.room.all += 1
            self._end = self.loop.call_later(LONGEST_SESSION, transport.abort)
        super().connection_made(transport)  # type: ignore[misc]

    def connection_lost(self, error: Exception | None) -> None:
        if self._came_from is None:
            return  # was never let in
        self.room.of[self._came_from] -= 1
        self.room.all -= 1
        if self.room.of[self._came_from] <= 0:
            del self.room.of[self._came_from]
        self._came_from = None
        if self._end:
            self._end.cancel()
        super().connection_lost(error)  # type: ignore[misc]

    def data_received(self, data: bytes) -> None:
        """Whatever comes is no silence: a large mail on a slow line takes longer than one command may."""
        super().data_received(data)  # type: ignore[misc]
        if self._came_from is not None:
            self._reset_timeout()  # type: ignore[attr-defined]

    def _timeout_cb(self) -> None:
        """Silence. Not closed but cut: who reads no answers would stay for ever otherwise."""
        if self.transport is not None:
            self.transport.abort()

    def eof_received(self) -> bool | None:
        return super().eof_received() if self._came_from is not None else None  # type: ignore[misc]


class SmtpLine(_Polite, SMTP):
    """One connection of SMTP."""


class LmtpLine(_Polite, LMTP):
    """One connection of LMTP: an answer for each recipient, also when all of them are the same."""

    _is_after_data = False

    async def push(self, status: Any) -> None:
        if self._is_after_data and isinstance(status, str) and "\n" not in status and self.envelope is not None:
            status = "\r\n".join([status] * max(1, len(self.envelope.rcpt_tos)))
        self._is_after_data = isinstance(status, str) and status.startswith("354")
        await super().push(status)


class Door:
    """What is answered to the commands of one protocol. The database is asked in threads."""

    def __init__(self, protocol: Source, room: Room, threads: ThreadPoolExecutor) -> None:
        self.protocol, self.room, self.threads = protocol, room, threads

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", *responses[-1:]]

    handle_LHLO = handle_EHLO  # noqa: N815

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if getattr(session, "mails", 0) >= MOST_MAILS:
            return "421 4.7.0 Enough on this connection: please open another one"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients: please send the mail again for the rest"
        answer = await self._in_thread(lambda: judged(address))
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.original_content or b""
        if not raw.strip():
            return "554 5.6.0 This is not a mail: it is empty"
        sender = (envelope.mail_from or "").strip("<>")
        session.mails = getattr(session, "mails", 0) + 1  # type: ignore[attr-defined]
        if self.protocol is Source.LMTP:
            return await self._each(raw, sender, list(envelope.rcpt_tos))
        return await self._in_thread(lambda: _kept(raw, self.protocol, sender, envelope.rcpt_tos))

    async def _each(self, raw: bytes, sender: str, recipients: list[str]) -> str:
        """LMTP: mailboxes one by one, and an answer for each recipient in his place."""
        groups: list[list[str]] = await self._groups(recipients)
        answers: dict[str, str] = {}
        for group in groups:
            answer = await self._in_thread(lambda group=group: _kept(raw, self.protocol, sender, group))  # type: ignore[misc]
            answers |= dict.fromkeys(group, answer)
        return "\r\n".join(answers.get(one, LATER) for one in recipients)

    async def _groups(self, recipients: list[str]) -> list[list[str]]:
        def read() -> list[list[str]]:
            return [addresses for _box, addresses in queries.by_mailbox(recipients)]

        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, _with_connection, read)
        except Exception:
            return []

    async def handle_exception(self, error: Exception) -> str:
        log.error("a session failed: %s: %s", type(error).__name__, error)
        return LATER

    async def _in_thread(self, ask: Callable[[], str]) -> str:
        self.room.keeping += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, _with_connection, ask)
        except Exception as problem:  # whatever it is: the sender keeps the mail
            log.warning("mail is put off: %s: %s", type(problem).__name__, problem)
            return LATER
        finally:
            self.room.keeping -= 1


def judged(address: str) -> str:
    """The answer to a recipient: is this an address of ours, and does it take mail now?"""
    bare = rules.bare_address(address)
    box = queries.mailbox_for([bare])
    if box is not None:
        return "250 2.1.5 OK" if box.is_active else "450 4.2.1 This mailbox is paused: please try again later"
    local, _at, domain = bare.rpartition("@")
    domains = {one.rpartition("@")[2] for one in queries.own_addresses()}
    is_postmaster = bare == "postmaster" or (local == "postmaster" and domain in domains)  # RFC 5321 4.5.1
    if is_postmaster or (domain in domains and queries.bounced_code(address)):
        return "250 2.1.5 OK"
    return "550 5.1.1 There is no such mailbox here"


def _kept(raw: bytes, protocol: Source, sender: str, recipients: Sequence[str]) -> str:
    stored = actions.receive(raw, source=protocol, envelope_from=sender, recipients=recipients, at=clock.now())
    return f"250 2.0.0 {' '.join(one.code for one in stored)} kept"


def _with_connection(ask: Callable[[], T]) -> T:
    """A thread's own connection; one that the database closed is not used again."""
    close_old_connections()
    try:
        return ask()
    except Exception:
        connection.close()
        raise


def _peer(transport: Any) -> str:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if isinstance(peer, tuple) else "socket"


@dataclass(frozen=True, slots=True)
class Listener:
    """The server: addresses, the name that it says, and a certificate for STARTTLS if there is one."""

    addresses: Sequence[Address]
    hostname: str
    tls: ssl.SSLContext | None = None

    def run(self, ready: Callable[[list[str]], None]) -> None:
        """Serve until SIGTERM or SIGINT; `ready` hears where. Mails that are just being kept are kept first."""
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd writes every command down
        asyncio.run(self._run(ready))

    async def _run(self, ready: Callable[[list[str]], None]) -> None:
        loop, room, stop = asyncio.get_running_loop(), Room(), asyncio.Event()
        with ThreadPoolExecutor(THREADS, thread_name_prefix="mail") as threads:
            servers = [await self._open(address, room, threads) for address in self.addresses]
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, stop.set)
            ready([_shown(address, server) for address, server in zip(self.addresses, servers, strict=True)])
            name = f"{'+'.join(sorted({address.protocol.upper() for address in self.addresses}))} {self.hostname}"
            while not stop.is_set():
                await _try(threads, lambda: actions.note_listener(name, at=clock.now()))
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), BEAT)
            for server in servers:
                server.close()
            deadline = loop.time() + PATIENCE
            while room.keeping and loop.time() < deadline:
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.05)  # the answer to the last of them leaves
            for address in self.addresses:
                if address.path:
                    Path(address.path).unlink(missing_ok=True)
            await _try(threads, lambda: actions.forget_listener(name))

    async def _open(self, address: Address, room: Room, threads: ThreadPoolExecutor) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        door = Door(address.protocol, room, threads)
        line = LmtpLine if address.protocol is Source.LMTP else SmtpLine

        def made() -> Any:
            new = line(
                door, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname=self.hostname, ident="Podpora", tls_context=self.tls,
                timeout=SILENCE, loop=loop,
            )  # fmt: skip
            new.room = room
            return new

        if address.path:
            _clear(Path(address.path))
            server = await loop.create_unix_server(made, address.path)
            os.chmod(address.path, 0o660)  # noqa: PTH101
            return server
        return await loop.create_server(made, address.host, address.port, backlog=256)


async def _try(threads: ThreadPoolExecutor, write: Callable[[], None]) -> None:
    """Written down if it can be: a database that is away stops no listener."""
    try:
        await asyncio.get_running_loop().run_in_executor(threads, _with_connection, write)
    except Exception as problem:
        log.warning("the listener could not say that it lives: %s", problem)


def _clear(path: Path) -> None:
    """A socket that a killed server left."""
    if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
        path.unlink()


def _shown(address: Address, server: asyncio.Server) -> str:
    where = address.path
    if not where:
        host, port = server.sockets[0].getsockname()[:2]
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"{address.protocol.upper()} on {where}"
