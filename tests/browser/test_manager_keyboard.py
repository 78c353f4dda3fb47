"""The License Manager without a mouse: from the list of licences to the devices of one, by keys alone; and a device without a network (A-9)."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.looking import call
from tests.make.offline import Program, claims_in
from tests.server import Site

SignIn = Callable[..., Any]
Look = Callable[[Any], None]
MOST_TABS = 80
FOCUSED = """() => { const e = document.activeElement; const label = e.labels && e.labels[0] ? e.labels[0].innerText : '';
  return [e.tagName, e.getAttribute('aria-label') || e.innerText || e.placeholder || '', label, e.name || ''].join(' | '); }"""
VISIBLE = """() => [document.activeElement, document.activeElement.parentElement].some((e) => { const s = getComputedStyle(e);
  return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none'
    || e.matches('.search:focus-within'); })"""  # a search box shows it by its border


def tab_to(page: Any, wanted: str) -> None:
    """Press Tab until the focus is on it; every stop on the way shows where it is."""
    stops = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
        assert page.evaluate(VISIBLE), f"the focus is not seen on {stops[-1]}"
        if re.search(wanted, stops[-1]):
            return
    raise AssertionError(f"no way to {wanted!r}: {stops}")


def to_the_devices(page: Any, looked_at: Look) -> None:
    """From the list of licences to the devices of one of them."""
    page.goto("/licences/")
    looked_at(page)
    page.keyboard.press("Tab")
    assert "#" in page.evaluate("document.activeElement.getAttribute('href') || ''")  # the first stop skips to the content
    tab_to(page, "A \\| Kanceláře Brno")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/licences/L-[A-Z0-9]+/$"))
    looked_at(page)
    tab_to(page, "A \\| Všechna zařízení")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/devices/"))
    looked_at(page)


def test_an_administrator_comes_to_the_devices_by_keys_alone(sign_in: SignIn, looked_at: Look) -> None:
    page = sign_in("admin@company.example")
    to_the_devices(page, looked_at)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_a9_a_request_file_goes_in_and_a_good_certificate_file_comes_out(
    sign_in: SignIn, looked_at: Look, site: Site, tmp_path: Path
) -> None:
    program = Program()
    page = sign_in("admin@other.example")
    page.goto("/licences/offline/")
    looked_at(page)
    request = tmp_path / "LAB-2.podpora-request"
    product = call(site, "GET", "versions")[1]["items"][0]["product"]
    request.write_text(program.request(product=product, app_version="10.2.0"))
    page.locator("input[type=file][name=requests]").set_input_files(str(request))
    page.get_by_role("button", name="Make the certificates").click()
    page.get_by_role("status").wait_for()
    looked_at(page)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download the certificate file").click()
    given = json.loads(Path(downloading.value.path()).read_text())
    assert (given["podpora"], [item["state"] for item in given["items"]]) == ("offline", ["given"])
    claims = claims_in(given["certificates"][0])
    assert claims["cnf"]["jwk"]["x"] == program.public
    assert claims["fingerprint"]["parts"] == dict(program.facts.fingerprint)
