"""A cable between a server and its database that a test may pull: connections break in the middle of whatever they say (F04, F05)."""

import socket
import threading
from contextlib import suppress
from typing import Self


class Cable:
    """Listens on a port of its own and hands everything to `to`. While it is pulled nobody gets through."""

    def __init__(self, to: tuple[str, int]) -> None:
        self.to = to
        self.port = 0
        self._listener: socket.socket | None = None
        self._ends: set[socket.socket] = set()

    def __enter__(self) -> Self:
        self.plug_in()
        return self

    def __exit__(self, *problem: object) -> None:
        self.pull()

    def plug_in(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self.port, self._listener = listener.getsockname()[1], listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def pull(self) -> None:
        """New connections are refused, those that last are reset."""
        listener, self._listener = self._listener, None
        for end in [listener, *self._ends]:
            if end is not None:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
        self._ends.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(self.to)
            except OSError:
                return
            self._ends |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while said := one.recv(65536):
                other.sendall(said)
        for end in (one, other):
            end.close()
            self._ends.discard(end)
