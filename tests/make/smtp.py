"""A tiny SMTP server for tests: takes mail on loopback, says what it is told to say."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Sink:
    """What came in, and what is answered. `answer_to` decides by recipient; `on_data` sees each mail before its 250."""

    messages: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    answer_to: Callable[[str], str] = lambda address: "250 ok"
    answer_data: Callable[[bytes], str | None] = lambda raw: "250 ok"  # None: cut the line
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Handler(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        try:
            self._talk(self.server.sink)
        except (ConnectionError, BrokenPipeError):
            return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _talk(self, sink: Sink) -> None:
        self._say("220 sink ESMTP")
        while line := self.rfile.readline():
            verb, _, rest = line.decode("latin-1").strip().partition(" ")
            if verb.upper() in ("EHLO", "HELO"):
                self._say("250 sink")
            elif verb.upper() == "MAIL":
                sink.senders.append(rest.partition("<")[2].partition(">")[0])
                self._say("250 ok")
            elif verb.upper() == "RCPT":
                address = rest.partition("<")[2].partition(">")[0]
                sink.recipients.append(address)
                self._say(sink.answer_to(address))
            elif verb.upper() == "DATA":
                self._say("354 go on")
                if not self._take(sink):
                    return
            elif verb.upper() == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, sink: Sink) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b"..") else line)
        raw = b"".join(lines)
        answer = sink.answer_data(raw)
        if answer is None:
            return False
        if answer.startswith("2"):
            sink.messages.append(raw)
        self._say(answer)
        return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    sink: Sink


@contextmanager
def smtp_sink(sink: Sink | None = None) -> Iterator[Sink]:
    """A server for the time of the block."""
    sink = sink or Sink()
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.sink = sink
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join()
