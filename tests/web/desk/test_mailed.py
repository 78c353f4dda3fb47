"""A mail as it was laid out, its headers and bytes, a mail within it: shown so that nothing of it can do anything (DESK 4, TRUST B)."""

import base64
import re
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from podpora.desk.models import Attachment, Message, Ticket
from podpora.desk.queries import ticket_for_staff
from podpora.people.models import Person
from tests.make import desk, people
from tests.make.mailboxes import mailbox
from tests.make.posted import deliver
from tests.make.xss import MARK, PAYLOADS

pytestmark = pytest.mark.django_db
JANA = "jana@private.example"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
POLICY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"


def sign_in(client: Client, person: Person) -> Client:
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def jana() -> Person:
    return people.person(JANA)


@pytest.fixture
def tereza(client: Client) -> Client:
    return sign_in(client, people.staff())


def came(html: str, *, pictures: bool = False, within: EmailMessage | None = None) -> Message:
    """A mail with this HTML, in its ticket."""
    mailbox()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Jana <{JANA}>", "support@vendor.example", "It stops"
    mail["Message-ID"], mail["X-Secret-Header"] = f"<{abs(hash(html))}@private.example>", "seen by technicians"
    mail.set_content("The plain text.")
    mail.add_alternative(html, subtype="html")
    if pictures:
        part = mail.get_payload()[1]
        part.add_related(PIXEL, "image", "png", cid="<dot@x>", filename="dot.png", disposition="inline")  # type: ignore[union-attr]
    if within is not None:
        mail.add_attachment(within)
    kept = deliver(mail.as_bytes())
    assert kept.ticket, kept.reasons
    return Message.objects.get(mail=kept.code)


def url(message: Message, what: str = "html", face: str = "desk") -> str:
    return f"/{face}/{message.ticket.code}/messages/{message.code}/{what}/"


def test_co2_html_is_harmless_when_it_is_shown_and_in_a_frame_that_can_do_nothing(tereza: Client, jana: Person) -> None:
    message = came("<p>Good <b>day</b></p><script>alert(1)</script>")
    assert "<script>" in message.html  # kept as it came
    shown = tereza.get(url(message))
    assert shown["Content-Security-Policy"].startswith(POLICY) and "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert (shown["X-Frame-Options"], shown["X-Content-Type-Options"], shown["Referrer-Policy"]) == (
        "SAMEORIGIN",
        "nosniff",
        "no-referrer",
    )
    assert "no-store" in shown["Cache-Control"]
    text = shown.content.decode()
    assert "<p>Good <b>day</b></p>" in text and "alert(1)" not in text
    page = tereza.get(f"/desk/{message.ticket.code}/").content.decode()
    assert f'<iframe sandbox src="{url(message)}"' in page and "The plain text." in page and "alert(1)" not in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_b1_b3_s45_nothing_that_runs_or_fetches_is_left(tereza: Client, jana: Person, payload: str) -> None:
    shown = tereza.get(url(came(f"<p>before</p>{payload}<p>after</p>"))).content.decode()
    body = shown.partition("<body>")[2]
    assert MARK not in re.sub(r"&[a-z]+;", "", body) or not re.search(rf"<[^>]*{MARK}|{MARK}[^<]*</script", body)
    assert "outside.example" not in re.sub(r'href="[^"]*"', "", body)
    assert not re.search(
        r"<(script|iframe|object|embed|link|meta|base|form|svg|math|style|video|audio|input|template)\b", body, re.IGNORECASE
    )
    assert not re.search(r"<[^>]+\s(on\w+|style|srcset|background|action|formaction|srcdoc|id)\s*=", body, re.IGNORECASE)


def test_s48_pictures_from_elsewhere_stay_out_until_asked_for(tereza: Client, jana: Person) -> None:
    message = came('<p>x</p><img src="http://outside.example/pixel.gif" alt="Logo"><img src="https://outside.example/b.png">')
    shown = tereza.get(url(message))
    assert b"outside.example" not in shown.content and b"not loaded" in shown.content and b'alt="Logo"' in shown.content
    asked = tereza.get(url(message) + "?pictures")
    assert asked.content.count(b"outside.example") == 2 and b"not loaded" not in asked.content
    assert "img-src 'self' data: https: http:" in asked["Content-Security-Policy"] and "sandbox" in asked["Content-Security-Policy"]


def test_co3_a_picture_of_the_mail_is_within_it_and_not_among_the_files(tereza: Client, jana: Person) -> None:
    message = came('<p>Look: <img src="cid:dot@x"> <img src="cid:unknown@x"></p>', pictures=True)
    shown = tereza.get(url(message)).content.decode()
    assert f"data:image/png;base64,{base64.b64encode(PIXEL).decode()}" in shown and "cid:" not in shown
    page = tereza.get(f"/desk/{message.ticket.code}/").content.decode()
    file = message.attachments.get()
    where = f"/desk/{message.ticket.code}/files/{file.code}/"
    assert f'<img src="{where}?show" alt="dot.png"' in page and page.count(where) == 2  # the picture, and the way to keep it
    for address, begins in ((f"{where}?show", "inline"), (where, "attachment")):
        answer = tereza.get(address)
        assert answer["Content-Disposition"].startswith(begins)
        assert answer.getvalue()


def test_co3_the_picture_of_another_ticket_is_not_lent(tereza: Client, jana: Person) -> None:
    first = came('<p><img src="cid:dot@x"></p>', pictures=True)
    other = Message.objects.create(
        ticket=first.ticket, kind="public", side="customer", via="mail", html='<img src="cid:dot@x">', written_at=first.written_at
    )
    assert b"data:image" not in tereza.get(url(other)).content


@pytest.mark.parametrize("html", ["<p>x</p>" * 200_000, "<div>" * 400 + "deep", '<a href="http://x.example/">x</a>' * 5_100])
def test_co4_what_is_too_much_is_shown_as_text_and_says_so(tereza: Client, jana: Person, html: str) -> None:
    message = came("<p>small</p>")
    Message.objects.filter(pk=message.pk).update(html=html)
    shown = tereza.get(url(message))
    assert b"The plain text." in shown.content and b"too large, too deep" in shown.content and len(shown.content) < 5_000


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "data.xml", "paper.pdf", "image.png"])
def test_b4_s47_files_are_downloads_whatever_they_claim(tereza: Client, jana: Person, name: str) -> None:
    ticket = desk.ticket(jana, people.customer_of(jana), uploads=[desk_upload(name)])
    file = Attachment.objects.get(message__ticket=ticket)
    for query in ("", "?show"):
        answer = tereza.get(f"/desk/{ticket.code}/files/{file.code}/{query}")
        assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"] and "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer.getvalue()


def desk_upload(name: str) -> Any:
    from podpora.desk.values import Upload

    types = {
        "page.html": "text/html",
        "picture.svg": "image/svg+xml",
        "data.xml": "text/xml",
        "paper.pdf": "application/pdf",
        "image.png": "image/png",
    }
    return Upload(name, b"<html><script>alert(1)</script></html>", types[name])


def test_s46_headers_and_bytes_are_for_technicians_as_text_and_as_a_file(tereza: Client, jana: Person) -> None:
    message = came("<p>x</p>")
    headers, source = tereza.get(url(message, "headers")), tereza.get(url(message, "source"))
    assert headers["Content-Type"] == "text/plain; charset=utf-8" and b"X-Secret-Header: seen by technicians" in headers.content
    assert b"The plain text" not in headers.content
    assert source["Content-Disposition"] == f'attachment; filename="{message.mail}.eml"' and b"The plain text" in source.content
    for answer in (headers, source):
        assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]


def test_co7_an_attached_mail_can_be_looked_into(tereza: Client, jana: Person) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"], inner["To"] = (
        '"<b>Evil</b>" <evil@outside.example>',
        "<script>alert(1)</script>",
        "x@y.example",
    )
    inner.set_content("<img src=x onerror=alert(2)> the inner text")
    message = came("<p>see</p>", within=inner)
    file = message.attachments.get()
    where = f"/desk/{message.ticket.code}/files/{file.code}/mail/"
    assert where in tereza.get(f"/desk/{message.ticket.code}/").content.decode()
    page = tereza.get(where).content.decode()
    assert "the inner text" in page and "evil@outside.example" in page
    assert "<script>alert" not in page and "<img src=x" not in page and "<b>Evil" not in page


def test_only_mails_have_a_layout_and_a_source(tereza: Client, jana: Person) -> None:
    ticket = desk.ticket(jana, people.customer_of(jana), uploads=[desk_upload("page.html")])
    message, file = ticket.messages.earliest("pk"), Attachment.objects.get(message__ticket=ticket)
    for what in ("html", "source", "headers"):
        assert tereza.get(url(message, what)).status_code == 404
    assert tereza.get(f"/desk/{ticket.code}/files/{file.code}/mail/").status_code == 404


# Who may see it.


def test_the_customer_sees_the_layout_of_what_he_may_read_and_no_headers(client: Client, jana: Person) -> None:
    message = came('<p>Good day</p><img src="http://outside.example/pixel.gif">')
    sign_in(client, jana)
    shown = client.get(url(message, face="centre"))
    assert shown.status_code == 200 and b"Good day" in shown.content and b"outside.example" not in shown.content
    assert shown["Content-Security-Policy"].startswith(POLICY)
    page = client.get(f"/centre/{message.ticket.code}/").content.decode()
    assert url(message, face="centre") in page and "/source/" not in page and "/headers/" not in page
    for what in ("html", "source", "headers"):
        assert client.get(url(message, what)).status_code == 404
    Message.objects.filter(pk=message.pk).update(kind="note")
    assert client.get(url(message, face="centre")).status_code == 404


def test_b6_nobody_elses_mail_and_no_other_tickets_door(client: Client, jana: Person) -> None:
    message = came("<p>Good day</p>")
    stranger = people.person("petr@lapsed.example")
    own = desk.ticket(stranger, people.customer_of(stranger))
    sign_in(client, stranger)
    assert client.get(url(message, face="centre")).status_code == 404
    assert client.get(f"/centre/{own.code}/messages/{message.code}/html/").status_code == 404
    staff = people.staff()
    assert ticket_for_staff(staff, own.code) == own
    sign_in(client, staff)
    for what in ("html", "source", "headers"):
        assert client.get(f"/desk/{own.code}/messages/{message.code}/{what}/").status_code == 404
    assert Ticket.objects.count() == 2
