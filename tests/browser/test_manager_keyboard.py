"""The License Manager without a mouse: from the list of licences to the devices of one, by keys alone; and a device without a network (A-9)."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from podpora.base import clock
from podpora.config.seed.chance import Chance
from podpora.config.seed.companies import make_company
from podpora.licensing.models import Device, Licence
from tests.browser.looking import call
from tests.make import catalog, web
from tests.make.licensing import BY
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


def chosen(page: Any) -> list[str]:
    return [
        str(name)
        for name in page.eval_on_selector_all("tbody input:checked", "boxes => boxes.map(box => box.getAttribute('aria-label'))")
    ]


def do_with_the_chosen(page: Any, downs: int) -> None:
    """From the rows to the bar below them: the action so many steps down, Continue."""
    page.keyboard.press("Enter")
    assert "What to do" in page.evaluate(FOCUSED)
    for _ in range(downs):
        page.keyboard.press("ArrowDown")
    tab_to(page, "^BUTTON \\| Continue")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/devices/actions/"))


def renamed_and_back(page: Any, rows: Any, looked_at: Look) -> str:
    """Three devices get names by a pattern; then it is undone. The name of one of them."""
    tab_to(page, "Choose all on this page")
    for key in ("ArrowDown", "Space", "ArrowDown", "ArrowDown", "Shift+Space"):  # and everything between
        page.keyboard.press(key)
    wanted, names = chosen(page), set(rows.values_list("name", flat=True))
    assert len(wanted) == 3 and "Chosen: 3" in page.inner_text(".bulk-bar")
    do_with_the_chosen(page, 1)
    looked_at(page)
    tab_to(page, "Pattern of the names")
    page.keyboard.type("KEYS-{nn}")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/progress/"))
    looked_at(page)
    assert set(rows.filter(name__startswith="KEYS-").values_list("name", flat=True)) == {"KEYS-01", "KEYS-02", "KEYS-03"}
    tab_to(page, "^BUTTON \\| Undo")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/devices/$"))
    assert set(rows.values_list("name", flat=True)) == names
    return wanted[0]


def freed(page: Any, name: str) -> None:
    """Found by its name, and off its seat."""
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    tab_to(page, "^INPUT .*device$")
    do_with_the_chosen(page, 0)
    assert "loses its seat at once" in page.inner_text("main")
    tab_to(page, "^BUTTON \\| Free seats")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/progress/"))


def test_ten_thousand_devices_are_ruled_by_keys_alone(window: Callable[..., Any], live_server: Any, looked_at: Look) -> None:
    """Search, choose some, rename, take it back, free a seat, choose licences to renew: never a mouse, nothing secret in an address."""
    at = clock.now()
    firm = make_company(catalog.catalogue(), 10_000, Chance(1, at), by=BY, at=at)
    licence = Licence.objects.filter(customer=firm).earliest("pk")
    rows = Device.objects.filter(licence=licence, holds_seat=True)
    before = rows.count()
    page = window()
    session = web.client(firm.memberships.get().person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"/licences/{licence.code}/devices/")
    looked_at(page)
    name = renamed_and_back(page, rows, looked_at)
    freed(page, name)
    assert (rows.count(), rows.filter(name=name).count()) == (before - 1, 0)

    page.goto("/licences/")
    tab_to(page, "^INPUT .*licence$")
    page.keyboard.press("Enter")  # nothing is chosen yet: this one is, and nothing is sent
    assert "Renew support" in page.evaluate(FOCUSED)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/shop/many/"))
    assert "licence=L-" in page.url and "csrf" not in page.url
    looked_at(page)


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
