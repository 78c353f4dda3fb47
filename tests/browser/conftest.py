"""A real Chromium against a real demo server: what a person sees.

The stories run where a Chromium is found (PODPORA_CHROMIUM names another), on SQLite, each in a browser of its own.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.looking import axe_problems, scrolls_sideways
from tests.browser.looking import enter as enter_with
from tests.server import Site, served

playwright_api = pytest.importorskip("playwright.sync_api")
SCREENSHOTS = Path(os.environ.get("TMPDIR", "/tmp")) / "podpora-screenshots"  # of stories that failed
PATIENCE = 30_000  # milliseconds, on a busy machine


def chromium() -> str | None:
    named = os.environ.get("PODPORA_CHROMIUM")
    if named:
        return named
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)
            if "window" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`podpora demo`, freshly made."""
    with served("demo", tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium was found; name one in PODPORA_CHROMIUM")
    # Playwright keeps an event loop in this thread; Django would take every query for one from a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    # Chromium's sandbox does not run as root (containers, CI).
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call" and report.failed:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(getattr(item, "pages", [])):
            name = re.sub(r"\W+", "-", item.nodeid.rpartition("::")[2])
            page.screenshot(path=SCREENSHOTS / f"{name}-{number}.png", full_page=True)


NewPage = Callable[..., Any]


@pytest.fixture
def new_page(browser: Any, site: Site, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Makes a page in a browser of its own. Errors of scripts and refused resources (CSP) fail the story."""
    contexts: list[Any] = []
    trouble: list[str] = []
    request.node.pages = []

    def make(locale: str = "en-GB", width: int = 1280, height: int = 900, **options: Any) -> Any:
        context = browser.new_context(base_url=site.url, locale=locale, viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: trouble.append(message.text) if _is_trouble(message) else None)
        contexts.append(context)
        request.node.pages.append(page)
        return page

    yield make
    for context in contexts:
        context.close()
    assert trouble == []


def _is_trouble(message: Any) -> bool:
    """Chromium also logs every 404 and 409 page as an error: those are answers, not trouble."""
    return message.type == "error" and "Failed to load resource" not in message.text


@pytest.fixture
def page(new_page: NewPage) -> Any:
    return new_page()


@pytest.fixture
def window(browser: Any, live_server: Any) -> Iterator[NewPage]:
    """A window on the test's own database: `window(language="cs", width=390, theme="dark", scripts=False)`."""
    opened: list[Any] = []
    complaints: list[str] = []

    def open_window(*, language: str = "en", width: int = 1280, theme: str = "light", scripts: bool = True) -> Any:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, locale=language, color_scheme=theme,
            java_script_enabled=scripts, reduced_motion="reduce",
        )  # fmt: skip
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        opened.append(context)
        return page

    yield open_window
    for context in opened:
        context.close()
    assert complaints == []


@pytest.fixture
def looked_at() -> Callable[[Any], None]:
    """Checks the page that is open: axe finds nothing, nothing scrolls sideways."""

    def look(page: Any) -> None:
        assert axe_problems(page) == [], page.url
        assert not scrolls_sideways(page), page.url

    return look


@pytest.fixture
def sign_in(new_page: NewPage) -> Callable[..., Any]:
    """Signs a demo person in, in a browser of his own."""

    def enter(email: str, **options: Any) -> Any:
        page = new_page(**options)
        return enter_with(page, email)

    return enter
