"""S45, S46: scripts in every name and text that a customer can give, shown to him and to the vendor's people: nothing ever runs."""

from collections.abc import Callable
from typing import Any

from podpora.base.actors import system
from podpora.desk.values import About, Upload
from podpora.licensing.actions import rename
from podpora.mail.models import OutgoingMail
from podpora.people import actions
from tests.make import desk, people, web

SCRIPT = "window.__ran=(window.__ran||0)+1"
PAYLOADS = (
    f"<script>{SCRIPT}</script>",
    f"<img src=x onerror='{SCRIPT}'>",
    f"<svg/onload={SCRIPT}>",
    f'"><svg onload="{SCRIPT}">',
    f"' onfocus='{SCRIPT}' autofocus='",
    f"</title><script>{SCRIPT}</script>",
    f"</textarea><script>{SCRIPT}</script>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={SCRIPT}>",
    f'<noscript><p title="</noscript><img src=x onerror={SCRIPT}>">',
    f"javascript:{SCRIPT}",
    f'[x](javascript:{SCRIPT}) http://x.example/" onmouseover="{SCRIPT}',
    f'<iframe srcdoc="<script>parent.{SCRIPT}</script>">',
    "{{ 7*7 }}{% debug %}${7*7}<% 7*7 %>",
)
ALL = " ".join(PAYLOADS)


def test_s46_nothing_that_customers_write_ever_runs(window: Callable[..., Any], live_server: Any) -> None:
    web.vendor()
    manager = people.manager()
    name = PAYLOADS[0] + PAYLOADS[1]
    owner = people.person("evil@private.example", name)
    company = people.company(PAYLOADS[2] + PAYLOADS[3], owner)
    people.member(company, somebody=people.person("other@private.example", PAYLOADS[1]))
    order = web.bought(owner, "2026-11-01")
    licence = web.licence_of(order)
    rename(licence, PAYLOADS[1], by=people.actor(owner), at=desk.AT)
    upload = Upload(PAYLOADS[1].replace("/", "") + ".html", PAYLOADS[0].encode(), "text/html")
    tickets = [
        desk.ticket(owner, subject=payload[:150] + f" {number}", text=ALL, uploads=[upload], about=desk_about(licence))
        for number, payload in enumerate(PAYLOADS)
    ]
    desk.answer(tickets[0], manager, ALL)
    desk.note(tickets[0], manager, ALL)
    secret = actions.create_token(PAYLOADS[0][:100], ["all"], owner, by=system("test"), at=desk.AT)
    assert secret
    visited = 0
    for person in (owner, manager):
        page = window()
        ran: list[str] = []
        page.on("dialog", lambda dialog, ran=ran: (ran.append(dialog.message), dialog.dismiss()))
        session = web.client(person).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        for path in paths(person is manager, company.code, order, licence, [ticket.code for ticket in tickets]):
            answer = page.goto(path)
            assert answer.status == 200, path
            visited += 1
            assert page.evaluate("window.__ran || 0") == 0 and ran == [], path
            assert "49" not in page.inner_text("h1"), path
    assert visited > 40


def desk_about(licence: Any) -> Any:
    return About(product=licence.product.name, licence=licence.code, device_name=PAYLOADS[1], app_version="10.1")


def paths(is_staff: bool, company: str, order: Any, licence: Any, tickets: list[str]) -> list[str]:
    if is_staff:
        mails = [f"/demo/mail/{code}/" for code in OutgoingMail.objects.order_by("-pk").values_list("code", flat=True)[:4]]
        found = [
            "/office/",
            "/office/customers/",
            f"/office/customers/{company}/",
            f"/office/customers/{order.customer.code}/",
            "/office/orders/",
        ]
        found += [
            f"/office/orders/{order.code}/",
            "/office/audit/",
            "/office/jobs/",
            "/office/mail/",
            "/desk/",
            "/desk/?q=%3Cscript%3E",
        ]
        return [*found, *mails, *(f"/desk/{code}/" for code in tickets)]
    found = [
        "/account/",
        "/account/profile/",
        "/account/tokens/",
        "/account/inbox/",
        "/account/sessions/",
        f"/licences/people/{company}/",
    ]
    found += [
        f"/licences/people/{company}/details/",
        "/licences/",
        f"/licences/{licence.code}/",
        f"/licences/{licence.code}/why/",
        "/account/orders/",
    ]
    found += [f"/account/orders/{order.code}/", f"/shop/orders/{order.token}/", "/shop/", "/centre/", "/centre/new/?topic=licence"]
    return [*found, *(f"/centre/{code}/" for code in tickets)]
