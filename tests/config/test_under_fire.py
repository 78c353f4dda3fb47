"""F04, F05, F29, F30, reduced: a house that is asked by everybody at once while its database goes away and its processes are killed.

PODPORA_TEST_THOROUGH does it for minutes. What is allowed: 503 with `Retry-After`, a connection that breaks; then the same request again.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from podpora.base import clock
from tests.make.cable import Cable
from tests.make.installation import ROOT, installation
from tests.make.patience import so_many
from tests.server import PODPORA, Site, free_port, wait_until_served

pytestmark = pytest.mark.slow
FAULTS, BETWEEN = so_many(2, 60), so_many(10, 100)  # so many answers between two faults
SOON, RECOVERS, PATIENCE = 60.0, 120.0, 600.0  # seconds: nothing here is measured, and the machine may be busy


class House:
    """`podpora serve`, started again whenever it was killed."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment, self.folder, self.port = environment, folder, free_port()
        self.site: Site | None = None

    def start(self) -> None:
        log = self.folder / "server.log"
        with log.open("ab") as output:
            command = [PODPORA, "serve", "--port", str(self.port)]
            process = subprocess.Popen(command, env=self.environment, stdout=output, stderr=output, start_new_session=True)
        self.site = Site(f"http://127.0.0.1:{self.port}", self.folder, process, log, self.environment)
        wait_until_served(self.site)

    def kill(self) -> None:
        """Web and worker at once, without a word."""
        assert self.site is not None
        os.killpg(self.site.process.pid, signal.SIGKILL)
        self.site.process.wait()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON; 0 when the connection broke."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with suppress(OSError, http.client.HTTPException), closing(connection):
            data = None if body is None else json.dumps(body)
            connection.request(method, path, data, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            text = answer.read()
            told = json.loads(text) if "json" in answer.headers.get("Content-Type", "") and text else None
            if answer.status == 503 and path != "/readyz":
                assert answer.headers["Retry-After"]
            return answer.status, told
        return 0, None


class Crowd:
    """Several at once who go on asking until they are answered; what was acknowledged, and what should not have been said."""

    def __init__(self, house: House, stock: dict[str, str]) -> None:
        self.house, self.stock, self.over = house, stock, threading.Event()
        self.told: dict[str, list[str]] = {"activation": [], "order": [], "ticket": []}
        self.statuses: Counter[int] = Counter()
        self.wrong: list[Any] = []

    def until_answered(
        self, method: str, path: str, body: Any = None, *, good: tuple[int, ...] = (200, 201), **headers: str
    ) -> Any:
        while not self.over.is_set():
            status, told = self.house.ask(method, path, body, **headers)
            self.statuses[status] += 1
            if status in good:
                return told
            if status not in (0, 503):
                self.wrong.append((path, status, told))
                return None
            time.sleep(0.2)
        return None

    def activates(self, who: int, n: int) -> None:
        device = {"fingerprint": {part: f"{who}-{n % 5}-{part}" for part in ("disk", "board", "net")}, "name": f"PC-{who}-{n % 5}"}
        body = {"key": self.stock["key"], "device": device, "app_version": "10.0.0"}
        told = self.until_answered("POST", "/api/v1/activations", body, **{"Idempotency-Key": f"{who}-{n}"})
        if told:
            self.told["activation"].append(told["activation"])
            self.until_answered(
                "POST", "/api/v1/activations/me/refresh", {"app_version": "10.0.0"}, Authorization=f"Bearer {told['token']}"
            )

    def orders(self, who: int, n: int) -> None:
        on = clock.format_instant(clock.now() - timedelta(minutes=1))
        body = {
            "external_id": f"E-{who}-{n}", "customer": {"email": f"p{who}@private.example", "name": "P"}, "currency": "CZK",
            "placed_at": on, "paid_at": on, "lines": [{"offer": "pro-private-1", "quantity": 1}],
        }  # fmt: skip
        told = self.until_answered("POST", "/api/v1/orders", body, Authorization=f"Bearer {self.stock['token']}")
        if told:
            self.told["order"].append(body["external_id"])  # type: ignore[arg-type]

    def writes(self, who: int, n: int) -> None:
        person = {"email": f"p{who}@private.example", "name": "P"}
        body = {"subject": f"Question {n}", "text": "How?", "queue": "general", "requester": person}
        headers = {"Idempotency-Key": f"t-{who}-{n}", "Authorization": f"Bearer {self.stock['token']}"}
        told = self.until_answered("POST", "/api/v1/tickets", body, **headers)
        if told:
            self.told["ticket"].append(told["code"])

    def reads(self, who: int, n: int) -> None:
        self.until_answered("GET", ("/", "/versions/", "/shop/")[n % 3])

    def comes(self) -> list[threading.Thread]:
        deeds = (self.activates, self.activates, self.orders, self.writes, self.reads)
        threads = [threading.Thread(target=self._goes_on, args=(deed, who), daemon=True) for who, deed in enumerate(deeds)]
        for thread in threads:
            thread.start()
        return threads

    def is_answered(self, more: int) -> None:
        """Wait until so many more were acknowledged, some of each kind."""
        wanted, deadline = self.count() + more, time.monotonic() + PATIENCE
        while (self.count() < wanted or not all(self.told.values())) and not self.wrong:
            assert time.monotonic() < deadline, self.statuses
            time.sleep(0.05)

    def count(self) -> int:
        return sum(len(told) for told in self.told.values())

    def _goes_on(self, deed: Any, who: int) -> None:
        n = 0
        while not self.over.is_set():
            deed(who, n)
            n += 1


def run(environment: dict[str, str], what: str, given: str = "") -> Any:
    command = [sys.executable, "-W", "ignore", "-m", "tests.config.house_to_pester", what]
    done = subprocess.run(command, cwd=ROOT, env=environment, input=given, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def away(house: House, cable: Cable, seconds: float) -> None:
    """F05: while the database is away pages and devices are told so at once; F04: afterwards it goes on without anybody's help."""
    cable.pull()
    for path in ("/", "/account/login/", "/api/v1/keys", "/api/v1/licences"):
        began = time.monotonic()
        status, _ = house.ask("GET", path, Authorization="Bearer none")
        assert status in (200, 401, 503) and time.monotonic() - began < SOON, (path, status)
    assert house.ask("GET", "/healthz")[0] == 200 and house.ask("GET", "/readyz")[0] == 503
    time.sleep(seconds)
    cable.plug_in()
    back = time.monotonic()
    while house.ask("GET", "/versions/")[0] != 200:
        assert time.monotonic() - back < RECOVERS
        time.sleep(0.1)


def test_f04_f05_f29_f30_nothing_acknowledged_is_lost_under_fire(tmp_path: Path) -> None:
    chance = random.Random(5)
    with ExitStack() as stack:
        environment = stack.enter_context(installation(tmp_path))
        stock, cable = run(environment, "stock"), None
        if address := environment.get("PODPORA_DATABASE_URL"):
            parts = urlsplit(address)
            cable = stack.enter_context(Cable((parts.hostname or "127.0.0.1", parts.port or 5432)))
            netloc = f"{parts.username}:{parts.password}@127.0.0.1:{cable.port}"
            through = environment | {"PODPORA_DATABASE_URL": urlunsplit(parts._replace(netloc=netloc))}
        else:
            through = environment
        house = House(through, tmp_path)
        house.start()
        crowd = Crowd(house, stock)
        threads = crowd.comes()
        try:
            for number in range(FAULTS):
                crowd.is_answered(BETWEEN)
                if cable is not None and number % 2 == 0:
                    away(house, cable, chance.uniform(0.1, 0.5))
                else:
                    house.kill()
                    house.start()
            crowd.is_answered(BETWEEN)
        finally:
            crowd.over.set()
            for thread in threads:
                thread.join(60)
            house.kill()
        assert crowd.wrong == []
        assert run(environment, "look", json.dumps(crowd.told)) == []
