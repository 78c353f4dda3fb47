"""A real Chromium on a real server: stories as a person lives them, and axe on every page that they pass."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

CHROMIUM = os.environ.get("PODPORA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
WIDTHS = {"desk": 1280, "phone": 390}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories are marked by where they live; without a Chromium they are skipped and say so."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium: set PODPORA_CHROMIUM"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    # The playwright of this process keeps an event loop; Django would take every query for one from a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """Opens a window: `window(language="cs", width=390, theme="dark", scripts=False)`. What the console complains of fails the story."""
    opened, complaints = [], []

    def open_window(*, language: str = "en", width: int = 1280, theme: str = "light", scripts: bool = True) -> Any:
        context = chromium.new_context(
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
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def look(page: Any) -> None:
        found = axe.run(page).response["violations"]
        assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} scrolls sideways"

    return look


def sign_in(page: Any, email: str, password: str) -> None:
    """By the entrance, as everybody."""
    page.goto("/account/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("main form button.main")
    page.wait_for_url(lambda url: "/login/" not in url)
