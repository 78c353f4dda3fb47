"""What holds for every page: axe, phone width, keyboard, both languages, both themes, no script needed."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.looking import axe_problems, scrolls_sideways

SignIn = Callable[..., Any]
NewPage = Callable[..., Any]

# One address for each page type; `*` stands for the first link of the page that begins with what stands before it.
VISITOR = ("/", "/levels/", "/versions/", "/forum/", "/faq/", "/contact/", "/free/", "/shop/", "/shop/cart/", "/account/login/", "/account/signup/",
           "/account/password/reset/", "/demo/mail/", "/nowhere/")  # fmt: skip
PEOPLE = {
    "jana@private.example": ("/account/", "/licences/", "/licences/L-*", "/licences/L-*why/", "/account/orders/", "/account/orders/A-*",
                             "/account/data/", "/account/merge/", "/centre/", "/centre/new/", "/centre/new/?topic=vip", "/centre/T-5/"),
    "petr@lapsed.example": ("/shop/many/", "/account/", "/centre/", "/centre/new/?topic=vip"),
    "admin@company.example": ("/licences/", "/licences/people/", "/licences/L-*", "/shop/many/", "/shop/many/?what=align"),
    "tereza@vendor.example": ("/desk/", "/desk/T-6/", "/desk/T-6/details/", "/desk/columns/", "/desk/reports/"),
    "manager@vendor.example": ("/office/", "/office/orders/", "/office/orders/A-*",
                               "/office/customers/", "/office/versions/", "/office/versions/9/", "/office/plans/",
                               "/office/offers/", "/office/audit/", "/office/jobs/", "/office/mail/", "/office/components",
                               "/office/webhooks/", "/office/webhooks/new/", "/office/tokens/",
                               "/office/customers/C-*", "/office/customers/C-*merge/"),
}  # fmt: skip


def visit(page: Any, address: str) -> None:
    """Go there; `/licences/L-*why/` is the first licence on the list, then `why/`."""
    if "*" not in address:
        page.goto(address)
        return
    start, _, rest = address.partition("*")
    page.goto(start.rpartition("/")[0] + "/")
    links = page.locator(f"main a[href^='{start}']").first
    page.goto(links.get_attribute("href") + rest)


def prove_again(page: Any) -> None:
    """Some pages ask first whether it is still the same person: the password, and the page comes."""
    if "/reauthenticate/" in page.url:
        page.locator("input[name=password]").fill("podpora-demo")
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_for_a_visitor(new_page: NewPage, scheme: str) -> None:
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    problems = []
    for address in VISITOR:
        visit(page, address)
        problems += [f"{address} {problem}" for problem in axe_problems(page)]
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("email", PEOPLE)
def test_axe_finds_nothing_for_who_is_signed_in(sign_in: SignIn, email: str, scheme: str) -> None:
    page = sign_in(email, color_scheme=scheme, reduced_motion="reduce")
    problems = []
    for address in PEOPLE[email]:
        visit(page, address)
        prove_again(page)
        problems += [f"{address} {problem}" for problem in axe_problems(page)]
        problems += [f"{address} scrolls sideways"] if scrolls_sideways(page) else []
    assert problems == []


@pytest.mark.parametrize("email", ["", *PEOPLE])
def test_nothing_scrolls_sideways_on_a_phone(new_page: NewPage, sign_in: SignIn, email: str) -> None:
    phone = {"width": 390, "height": 844}
    page = sign_in(email, **phone) if email else new_page(**phone)
    wide = []
    for address in PEOPLE[email] if email else VISITOR:
        visit(page, address)
        prove_again(page)
        if scrolls_sideways(page):
            wide.append(address)
    assert wide == []


def test_the_language_is_switched_and_kept(page: Any) -> None:
    page.goto("/levels/")
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name=re.compile("Čeština|česky", re.IGNORECASE)).first.click()
    page.wait_for_function("document.documentElement.lang === 'cs'")
    assert page.url.endswith("/levels/")
    page.goto("/shop/")
    assert page.locator("html").get_attribute("lang") == "cs"
    assert page.get_by_role("heading", level=1).inner_text() == "Obchod"


def test_signing_in_and_opening_a_licence_by_keyboard_only(page: Any) -> None:
    page.goto("/account/login/")
    _tab_to(page, "input[name=login]")
    page.keyboard.type("jana@private.example")
    _tab_to(page, "input[name=password]")
    page.keyboard.type("podpora-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    page.keyboard.press("Tab")  # the first stop of a page is the link that skips to its content
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    _tab_to(page, "main a[href^='/licences/L-']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/licences/L-"))


def _tab_to(page: Any, selector: str, most: int = 60) -> None:
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab")


def test_the_shop_works_without_scripts(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/shop/")
    page.get_by_role("button", name=re.compile("PRO for 3 devices")).click()
    page.get_by_role("link", name="Go to checkout").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Checkout"
    page.get_by_role("button", name="Order with obligation to pay").click()
    assert page.locator("[aria-invalid=true]").count() >= 1
