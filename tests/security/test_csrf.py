"""S07: no unsafe request without the page's own token, or (where pages set no cookie) from another site. S08: no way out to others."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.make import sweep, web, world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
EVIL = {"HTTP_ORIGIN": "https://evil.example"}
# Looks only, whatever the method; it has no effect and answers as to GET.
NOTHING_TO_DO = {"healthz", "readyz", "metrics", "api/docs"}
# No page is before these: providers of mail call with the password of their address, and a mail program ends mail with the token of
# the mail (RFC 8058).
OTHER_PROOF = ("hooks/mail/", "forum/unsubscribe/<token>/")


def sent(made: world.World, person: Any, path: str, **headers: str) -> tuple[int, list[str]]:
    client = Client(enforce_csrf_checks=True, **headers)
    if person is not None:
        client.force_login(person)
    with sweep.counted_writes() as writes, transaction.atomic():
        status = client.post(path, {"name": "x"}).status_code
        transaction.set_rollback(True)
    return status, writes


@pytest.mark.parametrize("headers", [{}, EVIL], ids=["silent", "foreign"])
def test_s07_every_page_refuses_what_other_sites_send(headers: dict[str, str]) -> None:
    taken = []
    with web.on() as at:
        made = world.build(at)
        for address, _view in sweep.patterns():
            if address.startswith(("api/", *OTHER_PROOF)) or address in NOTHING_TO_DO:
                continue
            for _of, things in sweep.owners(address, made):
                if path := sweep.filled(address, things):
                    for identity in ("owner" if address.startswith(("account", "licences", "centre", "shop")) else "manager",):
                        status, writes = sent(made, made.people[identity], path, **headers)
                        if status != 403 or writes:
                            taken.append((address, identity, status, sorted(set(writes))))
    assert taken == []


def test_s07_a_session_is_no_credential_at_the_api() -> None:
    """Endpoints take tokens only: a browser that is signed in may be sent there by anybody."""
    with web.on() as at:
        made = world.build(at)
        client = web.client(made.people["manager"])
        for address, view in sweep.patterns():
            if not address.startswith("api/v1/") or "token(" not in str(view.access):
                continue
            for _of, things in sweep.owners(address, made):
                for method in sweep.methods_of(address, view):
                    path = sweep.filled(address, things)
                    if path is None or (method == "GET" and "public" in str(view.access)):
                        continue  # this customer has no such object, or anybody may read it
                    assert client.generic(method, path, b"{}", content_type="text/plain").status_code in (401, 405, 415), (
                        method,
                        path,
                    )


WAYS_OUT = ("//evil.example", "/\\evil.example", "https:evil.example", "\t//evil.example", "/\t/evil.example", "javascript:alert(1)",
            "https://evil.example/", "///evil.example", "/\n/evil.example", "\\\\evil.example", "https://testserver@evil.example")  # fmt: skip


@pytest.mark.parametrize("to", WAYS_OUT)
@pytest.mark.parametrize(
    "path", ["/language/", "/theme/", "/shop/currency/", "/shop/cart/add/", "/account/login/", "/account/logout/"]
)
def test_s08_no_form_leads_to_another_site(path: str, to: str) -> None:
    somebody = web.customer()
    web.vendor()
    client = web.client(somebody if "logout" in path else None)
    given = {"next": to, "language": "cs", "theme": "dark", "currency": "EUR", "login": somebody.email, "password": "podpora-demo"}
    response = client.post(path, given)
    assert response.status_code == 302
    assert re.match(r"/(?![/\\])", response["Location"]) and "evil" not in response["Location"]


@pytest.mark.parametrize("host", ["evil.example", "good@evil.example", "evil.example:80", "a b"])
def test_s05_links_never_follow_the_host_of_the_request(host: str, settings: Any) -> None:
    from podpora.mail.models import OutgoingMail

    somebody = web.customer()
    response = Client().post(
        "/account/password/reset/", {"email": somebody.email}, HTTP_HOST=host, HTTP_X_FORWARDED_HOST="evil.example"
    )
    assert response.status_code in (200, 302, 400, 403)
    texts = "".join(mail.text + mail.html for mail in OutgoingMail.objects.all())
    assert "evil" not in texts
    assert response.status_code >= 400 or settings.SITE_URL in texts


def test_s06_a_session_has_a_new_name_after_the_entrance() -> None:
    somebody = web.customer()
    client = web.client()
    client.get("/account/login/")
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post("/account/login/", {"login": somebody.email, "password": "podpora-demo"})
    assert client.cookies["sessionid"].value not in ("", session.session_key)
    assert client.get("/account/").status_code == 200


def test_s07_the_token_never_stands_in_an_address() -> None:
    """A form that is sent by GET (or may be, by one of its buttons) must not carry it: addresses are logged and passed on."""
    leaks = []
    for file in Path("src/podpora/web/templates").rglob("*.html"):
        text = file.read_text()
        leaks += [f"{file}: formmethod" for _found in re.finditer(r"formmethod=.?get", text, re.IGNORECASE)]
        for form in re.findall(r"<form\b.*?(?:</form>|\Z)", text, re.DOTALL):
            if "{% csrf_token %}" in form and not re.match(r"<form\b[^>]*?method=\"post\"", form):
                leaks.append(f"{file}: {form[:80]}")
    assert leaks == []
