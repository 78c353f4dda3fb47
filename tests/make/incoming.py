"""Real processes that take mail: what they kept, read from their own database; and a listener."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.make.installation import ROOT
from tests.server import PODPORA

Place = dict[str, str]


def in_place(place: Place, code: str) -> list[str]:
    """Run a piece of Python on the data of an installation; what it prints. `M` is the room `mail`."""
    head = "import django; django.setup()\nfrom types import SimpleNamespace as _N\nimport podpora.mail.models as _m\nM = _N(models=_m)\n"
    light = place | {"DJANGO_SETTINGS_MODULE": "podpora.config.light"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", head + code], env=light, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def kept(place: Place, *fields: str) -> list[str]:
    """Every mail that was kept, a line each: these fields with | between them."""
    shown = ", ".join(f"m.{field}" for field in fields)
    return in_place(place, f"for m in M.models.IncomingMail.objects.order_by('pk'): print({shown}, sep='|')")


@dataclass
class Listening:
    """A listener that runs: where, and its process."""

    smtp: int
    lmtp: int
    process: "subprocess.Popen[str]"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def start(place: Place, smtp: int = 0, lmtp: int = 0, *options: str) -> Listening:
    """`podpora mail listen` on loopback; back when it listens."""
    command = [PODPORA, "mail", "listen", "--smtp", f"127.0.0.1:{smtp}", "--lmtp", f"127.0.0.1:{lmtp}", *options]
    process = subprocess.Popen(command, env=place, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    ports = [int(line.rpartition(":")[2]) for line in (process.stdout.readline(), process.stdout.readline()) if ":" in line]
    assert len(ports) == 2, f"the listener ended with {process.poll()}"
    process.stdout.close()  # nothing more is said there
    return Listening(ports[0], ports[1], process)


@contextmanager
def listening(place: Place, *options: str) -> Iterator[Listening]:
    listener = start(place, 0, 0, *options)
    try:
        yield listener
    finally:
        if listener.process.poll() is None:
            os.kill(listener.process.pid, signal.SIGKILL)
        listener.process.wait(30)
