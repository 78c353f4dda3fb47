"""What stories look at: accessibility, width, mail, the API."""

import html
import json
import re
import time
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python

from tests.server import Site

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def axe_problems(page: Any) -> list[str]:
    """What axe finds, as `rule: element`."""
    # Through the debugger: a script element would be refused by our own policy.
    page.evaluate(_axe())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [f"{v['id']}: {node['target'][0]}: {node['failureSummary'][:200]}" for v in found["violations"] for node in v["nodes"]]


def enter(page: Any, email: str, password: str = "podpora-demo") -> Any:
    """Sign in by the entrance, as everybody."""
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    return page


def scrolls_sideways(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))


def mail_to(site: Site, address: str, containing: str, seconds: float = 40) -> str:
    """The newest mail to this address with this text, from the page that shows what was sent."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        listed = _text(f"{site.url}/demo/mail/")
        for code in dict.fromkeys(re.findall(r"/demo/mail/([\w-]+)/", listed)):
            shown = html.unescape(_text(f"{site.url}/demo/mail/{code}/"))
            if address in shown and containing in shown:
                return shown
        time.sleep(0.5)
    raise AssertionError(f"no mail to {address} with {containing!r}")


def _text(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as response:
        return str(response.read().decode())


def call(site: Site, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
    """One call of the API: status and answer."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    content = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{site.url}/api/v1/{path}", data=content, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.loads(response.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")
