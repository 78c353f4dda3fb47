"""The line to an IMAP server. It knows what it has read and not yet handed on.

The standard library reads through a buffered file: what came together with the answer before lies there unseen while somebody waits at
the socket, and an end of the line can't be told from silence. Both make a listener (IDLE) miss its mail.
"""

import imaplib
import select
import socket
import ssl
from typing import Any

from podpora.base import clock

LONGEST_LINE = 1_000_000
PIECE = 256 * 1024


class Pinned(imaplib.IMAP4):
    """Connects to the address that was judged; the certificate is that of the name (no rebinding)."""

    def __init__(self, host: str, address: str, port: int, context: ssl.SSLContext | None, timeout: float) -> None:
        self._address, self._context = address, context
        self._unread = bytearray()
        super().__init__(host, port, timeout)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._address, self.port), timeout)
        return self._context.wrap_socket(plain, server_hostname=self.host) if self._context else plain

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """Begin TLS. What was said in the clear behind the server's yes counts as never said: anybody may have said it (CVE-2011-0411)."""
        said, answer = self._simple_command("STARTTLS")
        if said == "OK":
            self._unread.clear()
            context = ssl_context or ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
            self._tls_established = True
            self._get_capabilities()
        return said, answer

    def read(self, size: int) -> bytes:
        """So many bytes; fewer at the end of the line."""
        while len(self._unread) < size and self._more():
            pass
        return self._taken(size)

    def readline(self) -> bytes:
        """Up to the end of a line; less at the end of the connection."""
        searched = 0
        while (found := self._unread.find(b"\n", searched)) < 0:
            searched = len(self._unread)
            if searched > LONGEST_LINE:
                raise self.error(f"got more than {LONGEST_LINE} bytes")
            if not self._more():
                return self._taken(searched)
        return self._taken(found + 1)

    def has_line(self, seconds: float) -> bool:
        """Can a line be read, now or within so many seconds? Raises abort when the other side has hung up."""
        until = clock.monotonic() + seconds
        while b"\n" not in self._unread:
            if not self._is_readable(max(0.0, until - clock.monotonic())):
                return False
            if not self._more():
                raise self.abort("socket error: EOF")
        return True

    def _is_readable(self, seconds: float) -> bool:
        if isinstance(self.sock, ssl.SSLSocket) and self.sock.pending():
            return True
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def _more(self) -> bool:
        part = self.sock.recv(PIECE)
        self._unread += part
        return bool(part)

    def _taken(self, size: int) -> bytes:
        part = bytes(self._unread[:size])
        del self._unread[:size]
        return part
