"""Stories of the support centre and the desk: ask, answer, who sees what."""

import re
from collections.abc import Callable
from typing import Any

from tests.browser.looking import mail_to
from tests.server import Site

SignIn = Callable[..., Any]


def ask(page: Any, subject: str) -> str:
    """A VIP ticket; returns its code."""
    page.goto("/centre/new/?topic=vip")
    page.locator("input[name=subject]").fill(subject)
    page.locator("textarea[name=text]").first.fill("Od včerejška se nenačítají přílohy. Co s tím?")
    page.locator("main form button.main").click()
    page.wait_for_url(re.compile(r"/centre/T-\d+/"))
    return str(page.url.rstrip("/").rpartition("/")[2])


def test_a_customer_asks_and_a_technician_answers(sign_in: SignIn, site: Site) -> None:
    jana = sign_in("jana@private.example")
    code = ask(jana, "Přílohy se nenačítají")
    mail_to(site, "jana@private.example", code)

    tereza = sign_in("tereza@vendor.example")
    tereza.goto(f"/desk/{code}/")
    truth = tereza.get_by_role("complementary", name="Zákazník")
    assert "PRO" in truth.inner_text()
    assert "2 / 3" in truth.inner_text()
    tereza.locator("input[name=kind][value=note]").check(force=True)
    tereza.locator("textarea[name=text]").first.fill("Tohle zákaznice nesmí vidět.")
    tereza.locator("form#write button.main").click()
    tereza.get_by_text("Tohle zákaznice nesmí vidět.").wait_for()
    tereza.locator("input[name=kind][value=reply]").check(force=True)
    tereza.locator("textarea[name=text]").first.fill("Dobrý den, zkuste prosím verzi **10.2.1**.")
    tereza.get_by_role("button", name="Odeslat a čekat").click()
    tereza.get_by_text("zkuste prosím verzi").wait_for()

    for _second in range(60):  # it can be undone for a while before it is sent
        jana.reload()
        if jana.get_by_text("zkuste prosím verzi").count():
            break
        jana.wait_for_timeout(1000)
    assert jana.get_by_text("zkuste prosím verzi").count()
    assert jana.get_by_text("Tohle zákaznice nesmí vidět.").count() == 0
    mail = mail_to(site, "jana@private.example", "zkuste prosím verzi")
    assert "Tohle zákaznice nesmí vidět" not in mail


def test_a_ticket_of_another_company_is_not_there(sign_in: SignIn) -> None:
    emma = sign_in("admin@other.example")
    assert emma.goto("/centre/T-6/").status == 404
    assert emma.goto("/desk/T-6/").status == 404
    assert emma.goto("/office/").status == 404


def test_what_a_member_of_a_company_may(sign_in: SignIn) -> None:
    member = sign_in("member@company.example")
    member.goto("/licences/")
    assert "18" in member.locator("main").inner_text()
    assert member.goto("/centre/new/?topic=vip").status == 200
    billing = sign_in("billing@company.example")
    billing.goto("/account/orders/")
    assert billing.get_by_text("14 750 Kč").count() == 1  # the renewal that waits for its transfer
