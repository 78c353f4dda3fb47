"""Stories of customers: buy, activate, come back, renew, upgrade, give back."""

import re
from collections.abc import Callable
from typing import Any

from tests.browser.looking import call, mail_to
from tests.server import Site

KEY = re.compile(r"[2-9A-Z]{4,6}(?:-[2-9A-Z]{4,6}){3,}")
SignIn = Callable[..., Any]


def buy_as_guest(page: Any, email: str) -> str:
    """From the shop to the key, as the tutorial tells it."""
    page.goto("/shop/")
    page.get_by_role("button", name=re.compile("PRO for 1 device")).click()
    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_label("Name", exact=True).fill("Gustav Guest")
    page.get_by_label(re.compile("I agree with the terms")).check()
    page.get_by_label(re.compile("I ask for delivery at once")).check()
    promised = page.get_by_role("complementary", name="Your order").locator("time").first.get_attribute("datetime")
    page.get_by_role("button", name="Order with obligation to pay").click()
    page.get_by_role("button", name=re.compile("card", re.IGNORECASE)).first.click()
    page.get_by_role("button", name="Pay", exact=True).click()
    page.wait_for_url(re.compile("/shop/orders/"))
    given = page.locator("section.delivered time").first.get_attribute("datetime")
    assert promised == given, "VIP-13: the date before payment is the date after it"
    found = KEY.search(page.locator("main").inner_text())
    assert found, "the key stands on the page"
    return found[0]


def test_a_guest_buys_activates_and_sees_until_when_he_has_support(page: Any, site: Site) -> None:
    key = buy_as_guest(page, "gustav@guest.example")
    assert key in mail_to(site, "gustav@guest.example", key)

    device = {"name": "Laptop", "platform": "linux", "fingerprint": {"machine": "a1" * 16, "board": "b2" * 16, "disk": "c3" * 16}}
    body = {"key": key.lower().replace("-", " "), "device": device, "app_version": "10.2.1"}
    status, answer = call(site, "POST", "activations", body)
    assert status == 201, answer
    assert answer["certificate"].count(".") == 2
    assert call(site, "POST", "activations", body)[0] == 200
    other = device | {"name": "Other", "fingerprint": {"machine": "d4" * 16, "board": "e5" * 16, "disk": "f6" * 16}}
    status, answer = call(site, "POST", "activations", body | {"device": other})
    assert (status, answer["error"]["code"]) == (409, "licence.activation_limit")

    # He makes an account with the same address; the code to prove it comes by mail, and his licence waits for him.
    page.goto("/account/signup/")
    page.locator("input[name=email]").fill("gustav@guest.example")
    page.locator("input[type=password]").fill("three words in a row")
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_url(re.compile("confirm|verif|code"))
    mail = mail_to(site, "gustav@guest.example", "Enter this code")
    code = re.search(r"Enter this code on the page where you asked for it:\s*(?:<[^>]*>\s*)*([A-Z0-9-]{5,12})", mail)
    assert code, mail
    page.locator("input[name=code]").fill(code[1])
    page.locator("input[name=code]").press("Enter")
    page.wait_for_url(lambda url: "confirm" not in url)
    page.goto("/licences/")
    assert page.get_by_role("article").count() == 1
    assert page.get_by_text("1 of 1 device").count() >= 1


def test_who_comes_too_late_is_told_why_renews_and_gets_in(sign_in: SignIn) -> None:
    page = sign_in("petr@lapsed.example")
    page.goto("/centre/")
    refusal = page.get_by_role("note").first
    assert "skončila" in refusal.inner_text()
    assert "program funguje dál" in refusal.inner_text()
    refusal.get_by_role("link", name=re.compile("Obnovit VIP podporu")).click()
    promised = page.locator("main dl time").first.get_attribute("datetime")
    page.get_by_role("button", name="Vložit do košíku").click()
    page.goto("/shop/checkout/")
    assert page.locator("aside dl time").first.get_attribute("datetime") == promised
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.locator("aside button.main").click()
    page.get_by_role("button", name=re.compile("kart", re.IGNORECASE)).first.click()
    page.locator("button[value=paid]").click()
    page.wait_for_url(re.compile("/shop/orders/"))
    page.goto("/centre/new/?topic=vip")
    page.locator("input[name=subject]").fill("Zase jsem tady")
    page.locator("textarea[name=text]").fill("Po obnově podpory mám dotaz k pravidlům pošty.")
    page.locator("main form button.main").click()
    page.wait_for_url(re.compile(r"/centre/T-\d+/"))
    assert page.get_by_role("heading", level=1).inner_text() == "Zase jsem tady"


def test_a_version_past_its_end_is_not_renewed_but_upgraded(sign_in: SignIn) -> None:
    page = sign_in("olga@eol.example")
    page.goto("/centre/")
    page.get_by_role("note").first.get_by_role("link", name=re.compile("Upgradovat")).click()
    licence = page.url.rstrip("/").rpartition("/")[2].split("?")[0]
    assert "/shop/upgrade/" in page.url
    assert page.get_by_role("button", name="Vložit do košíku").count() == 1
    page.goto(f"/shop/renew/{licence}/")
    assert page.get_by_role("button", name="Vložit do košíku").count() == 0
    assert "skončila" in page.get_by_role("note").first.inner_text()


def test_a_refund_takes_the_date_back(page: Any, site: Site) -> None:
    token = site.podpora("token", "create", "--name", "story", "--scope", "all")
    customer = {"email": "vera@refund.example", "name": "Věra"}

    def order(number: str, on: str, offer: str, licence: str = "") -> dict[str, Any]:
        line = {"offer": offer, "quantity": 1} | ({"licence": licence} if licence else {})
        when = f"{on}T10:00:00Z"
        body = {"external_id": number, "customer": customer, "currency": "CZK", "placed_at": when, "paid_at": when, "lines": [line]}
        status, answer = call(site, "POST", "orders", body, token)
        assert status == 201, answer
        return dict(answer)

    first = order("S-1", "2026-03-10", "pro-private-1")
    licence = first["lines"][0]["licence"]
    assert first["lines"][0]["support_through"] == "2027-03-10"
    second = order("S-2", "2026-06-01", "vip-renewal", licence)
    assert second["lines"][0]["support_through"] == "2028-03-10"
    refund = {"external_id": "R-1", "at": "2026-06-10T10:00:00Z"}
    status, answer = call(site, "POST", f"orders/{second['code']}/refunds", refund, token)
    assert status in (200, 201), answer
    assert call(site, "GET", f"licences/{licence}?at=2026-07-01T10:00:00Z", token=token)[1]["support"]["through"] == "2027-03-10"
