"""A connection to an IMAP server: judged by its address, TLS verified, logged in, with the folder open for reading."""

import imaplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from podpora.audit.rules.guarding import may_connect
from podpora.base.sealing import CannotOpen
from podpora.mail import queries, rules
from podpora.mail.actions.imap_line import Pinned
from podpora.mail.models import Mailbox
from podpora.mail.values import After, Security, Trial
from podpora.mail.values.mailboxes import GUARDED, NO_FOLDER, NO_TLS, NOT_LET_IN, NOT_REACHED, WORKS

TIMEOUT = 30.0
TRIAL_TIMEOUT = 8.0
SHOWN = 200  # characters of what a server said
Resolver = Callable[[str, int], list[str]]


class Unreachable(Exception):
    """There is no way in: the reason code, and what the server said."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(f"{code}: {said}" if said else code)
        self.code, self.said = code, said


def resolve(host: str, port: int) -> list[str]:
    """Every address of the name. OSError if it has none."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


class Client(IMAPClient):  # type: ignore[misc]  # it has no types
    """IMAPClient over a connection to a judged address, which hears of new mail in whatever moment the server tells of it."""

    def __init__(self, host: str, port: int, security: Security, address: str, timeout: float) -> None:
        self._address, self._tls, self._seconds = address, security is Security.TLS, timeout
        self._context = ssl.create_default_context()
        super().__init__(host, port, use_uid=True, ssl=self._tls, ssl_context=self._context, timeout=timeout)

    def _create_IMAP4(self) -> Any:  # noqa: N802
        return Pinned(self.host, self._address, self.port, self._context if self._tls else None, self._seconds)

    def is_behind(self) -> bool:
        """Did the server tell of changes since the folder was opened, among its answers to other questions?"""
        told = self._imap.untagged_responses
        return len(told.get("EXISTS", ())) > 1 or "EXPUNGE" in told

    def idle(self) -> None:
        """Begin to listen (RFC 2177). What the server tells before it says that it listens too is for `is_behind`."""
        if not self.has_capability("IDLE"):  # asked now: while it listens a server answers no questions
            raise IMAPClientError("the server does not listen")
        self._idle_tag = self._imap._command("IDLE")
        while self._imap._get_response() is not None:  # None: the server listens
            if self._imap.tagged_commands.get(self._idle_tag):
                raise IMAPClientError("the server does not listen, though it said that it can")

    @property
    def mails(self) -> int:
        """How many there were when the folder was opened."""
        return int((self._imap.untagged_responses.get("EXISTS") or [b"0"])[0])

    def told(self, seconds: float) -> list[bytes]:
        """What the server tells while it listens, waited for so long: [] is nothing. Raises IMAPClientAbortError when it has hung up."""
        lines: list[bytes] = []
        try:
            while self._imap.has_line(0 if lines else seconds):
                lines.append(bytes(self._imap._get_line()))
        except IMAPClientAbortError:
            if not lines:
                raise
        return lines


def connected(box: Mailbox, *, timeout: float = TIMEOUT, resolver: Resolver | None = None) -> Client:
    """A client that is logged in. Raises Unreachable."""
    address = _judged(box, resolver or resolve)
    security = Security(box.imap_security)
    try:
        client = Client(box.imap_host, box.imap_port, security, address, timeout)
    except ssl.SSLError as problem:
        raise Unreachable(NO_TLS, said(problem)) from None
    except (OSError, IMAPClientError, imaplib.IMAP4.error) as problem:
        raise Unreachable(NOT_REACHED, said(problem)) from None
    try:
        if security is Security.STARTTLS:
            client.starttls(client._context)
        client.login(box.imap_user, queries.secret_of(box))
    except ssl.SSLError as problem:
        code, told = NO_TLS, said(problem)
    except (LoginError, CannotOpen, UnicodeError) as problem:
        code, told = NOT_LET_IN, said(problem)
    except (OSError, IMAPClientError, imaplib.IMAP4.error) as problem:
        code, told = NOT_REACHED, said(problem)
    else:
        return client
    leave(client)
    raise Unreachable(code, told)


def _judged(box: Mailbox, resolver: Resolver) -> str:
    """The address to connect to; the operator's own servers may be anywhere."""
    try:
        addresses = resolver(box.imap_host, box.imap_port)
    except OSError as problem:
        raise Unreachable(NOT_REACHED, said(problem)) from None
    is_own = box.is_from_setting or rules.is_allowed_host(box.imap_host, box.imap_port, settings.MAIL_HOSTS)
    if not addresses or not (is_own or all(may_connect(address) for address in addresses)):
        raise Unreachable(GUARDED)
    return addresses[0]


def opened(client: Client, box: Mailbox) -> dict[bytes, Any]:
    """Open the folder, for reading alone unless something is to be changed there. What the server told of it. Raises Unreachable."""
    try:
        told: dict[bytes, Any] = client.select_folder(box.imap_folder, readonly=box.imap_after == After.LEAVE)
    except (IMAPClientError, imaplib.IMAP4.error) as problem:
        raise Unreachable(NO_FOLDER, said(problem)) from None
    return told


def try_mailbox(box: Mailbox) -> Trial:
    """Does the connection work? Changes nothing anywhere; never raises."""
    try:
        client = connected(box, timeout=TRIAL_TIMEOUT)
    except Unreachable as problem:
        return Trial(problem.code, problem.said)
    try:
        told = opened(client, box)
        if box.imap_after == After.MOVE and not client.folder_exists(box.imap_move_to):
            return Trial(NO_FOLDER, box.imap_move_to)
    except Unreachable as problem:
        return Trial(problem.code, problem.said)
    except (OSError, IMAPClientError, imaplib.IMAP4.error) as problem:
        return Trial(NOT_REACHED, said(problem))
    finally:
        leave(client)
    return Trial(WORKS, mails=int(told.get(b"EXISTS", 0)))


def leave(client: IMAPClient) -> None:
    """Say goodbye, however the server takes it: what goes wrong with a line that is cut anyway is of no interest."""
    with suppress(Exception):
        client.logout()
        return
    with suppress(Exception):
        client.shutdown()


def said(problem: BaseException) -> str:
    """What the server or the system said, in one printable line. Never what we sent: a password stays where it is."""
    text = str(problem.args[0].decode("utf-8", "replace") if problem.args and isinstance(problem.args[0], bytes) else problem)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:SHOWN]
