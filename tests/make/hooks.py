"""A receiver of webhooks on loopback, that answers as a test wants."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Got:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """`answer` decides by the request and how many came before it."""

    answer: Callable[[Got, int], Answer] = lambda got, before: (200, {}, b"ok")
    got: list[Got] = field(default_factory=list)
    url: str = ""
    host: str = ""


@contextmanager
def receiver(made: Receiver | None = None) -> Iterator[Receiver]:
    """Runs while the block does; `settings.WEBHOOK_HOSTS` has to name its host."""
    sink = made or Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            got = Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            before = len(sink.got)
            sink.got.append(got)
            status, headers, told = sink.answer(got, before)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    sink.host = f"127.0.0.1:{server.server_address[1]}"
    sink.url = f"http://{sink.host}/hooks?a=1"
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
