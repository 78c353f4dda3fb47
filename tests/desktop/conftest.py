"""The sample program without a screen, against a real server. Where Qt can't be loaded, every test says why it did not run."""

import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from podpora.base import clock
from tests.server import Site, served

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
PATIENCE = 30.0  # seconds, on a busy machine
_number = count(1)


@pytest.fixture(scope="session")
def qt() -> Iterator[Any]:
    """The one QApplication of the process."""
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as problem:  # the package itself, or a system library (libEGL, libxkbcommon …)
        pytest.skip(f"Qt can't be loaded here: {problem}")
    yield QApplication.instance() or QApplication(["sample-mail"])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`podpora demo`, freshly made."""
    with served("demo", tmp_path_factory.mktemp("demo")) as running:
        yield running


@dataclass
class Bought:
    """A licence that somebody owns."""

    code: str
    key: str
    email: str


@dataclass
class Vendor:
    """The vendor's own systems, over HTTP."""

    site: Site
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, *options: str) -> str:
        name = " ".join(options)
        if name not in self.tokens:
            self.tokens[name] = self.site.podpora("token", "create", "--name", "tests", *options)
        return self.tokens[name]

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token or self.token('--scope', 'all')}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.site.url}/api/v1/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            raw = answer.read()
        return json.loads(raw) if raw else None

    def keys(self) -> tuple[str, ...]:
        return tuple(key["x"] for key in self.call("GET", "keys")["keys"])

    def sell(self, offer: str = "pro-private-3", *, days_ago: int = 30, company: str = "") -> Bought:
        number = next(_number)
        at = (clock.now() - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
        email = f"buyer{number}@program.example"
        customer = {"email": email, "name": "Buyer"} | ({"company": company} if company else {})
        order = {
            "external_id": f"desktop-{number}", "customer": customer, "currency": "CZK", "placed_at": at,
            "paid_at": at, "lines": [{"offer": offer, "quantity": 1}],
        }  # fmt: skip
        line = self.call("POST", "orders", order)["lines"][0]
        return Bought(line["licence"], line["key"], email)

    def owner_proof(self, licence: Bought) -> str:
        token = self.token("--scope", "licences", "--person", licence.email)
        found: str = self.call("POST", f"licences/{licence.code}/owner-proofs", {}, token)["owner_proof"]
        return found

    def newest_ticket(self) -> Any:
        code = self.call("GET", "tickets?limit=1")["items"][0]["code"]
        return self.call("GET", f"tickets/{code}")


@pytest.fixture(scope="session")
def vendor(site: Site) -> Vendor:
    return Vendor(site)


def until(true: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Let the user interface run until this holds."""
    from PySide6.QtWidgets import QApplication

    program = QApplication.instance()
    assert program is not None
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        program.processEvents()
        if found := true():
            return found
        time.sleep(0.01)
    raise AssertionError("it did not happen")


@dataclass
class Computer:
    """One computer, on which the program is installed: its own folder and its own parts."""

    folder: Path
    server: str
    keys: tuple[str, ...]
    qt: Any
    number: int = field(default_factory=lambda: next(_number))
    opened: list[str] = field(default_factory=list)
    windows: list[Any] = field(default_factory=list)
    policies: list[Any] = field(default_factory=list)

    def start(self, language: str = "en", theme: str = "light", *, version: str = "10.2.0") -> Any:
        """The program's window. Again is a restart, or a second window beside."""
        from podpora_sdk.licensing import Options
        from sample_mail.build import Build
        from sample_mail.context import context_for
        from sample_mail.settings.known import SCHEMA
        from sample_mail.theme import dress
        from sample_mail.window import MainWindow

        parts = {name: f"{name}-of-{self.number}-{self.folder.name}" for name in ("machine", "board", "disk", "network")}
        build = Build(self.server, self.keys, version=version)
        options = Options(
            language=language, released_on=build.released_on, device_name=f"PC {self.number}", raw_parts=lambda: parts,
            policies=self.policies, schema=SCHEMA,
        )  # fmt: skip
        context = context_for(build, self.folder, language, options)
        context.browse = self.browse
        context.log += ["started", "imap login password=hunter2"]
        dress(self.qt, theme)
        window = MainWindow(context, theme=theme)
        window.show()
        self.windows.append(window)
        return window

    def browse(self, url: Any) -> bool:
        self.opened.append(url.toString())
        return True

    def activated(self, key: str, **more: Any) -> Any:
        """The window after activation with this key."""
        window = self.start(**more)
        dialog = window.open_activate()
        dialog.key.setText(key)
        dialog.activate.click()
        answered(dialog)
        assert window.context.state().is_activated, dialog.notice.text
        dialog.close()
        return window


def answered(dialog: Any) -> None:
    """The server has answered the dialog."""
    until(lambda: dialog.busy.isHidden())


@pytest.fixture
def computer(qt: Any, vendor: Vendor, tmp_path: Path) -> Iterator[Callable[..., Computer]]:
    """Makes computers; their windows are closed at the end."""
    made: list[Computer] = []

    def one(server: str = "", keys: tuple[str, ...] = ()) -> Computer:
        made.append(Computer(tmp_path / f"pc{len(made)}", server or vendor.site.url, keys or vendor.keys(), qt))
        return made[-1]

    yield one
    for each in made:
        for window in each.windows:
            window.close()
    qt.processEvents()
