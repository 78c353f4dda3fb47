"""S45, B1, B3, S48: the HTML of mails in a real Chromium, for technicians and for customers: nothing runs, nothing is fetched from elsewhere."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from podpora.desk.models import Message, Ticket
from podpora.mail.models import IncomingMail
from tests.make import people, web
from tests.make.mailboxes import mailbox
from tests.make.posted import deliver, raw_mail
from tests.make.xss import MARK, PAYLOADS

JANA = "jana@private.example"
PAGE = 10  # payloads in one mail: one that broke the page would hide the others


def come() -> None:
    """Mails with all of it in every place that a mail has."""
    for number in range(0, len(PAYLOADS), PAGE):
        some = PAYLOADS[number : number + PAGE]
        sender = f'"{some[0][:60].replace(chr(34), "")}" <{JANA}>'
        raw = raw_mail("Plain " + " ".join(some), sender=sender, subject=f"Re: {some[1][:120]}", message_id=f"<{number}@private.example>",
                       html="".join(some), files=((f"{number}.html", some[0].encode()),))  # fmt: skip
        deliver(raw)


def test_s45_nothing_of_a_mail_runs_or_is_fetched(window: Callable[..., Any], live_server: Any) -> None:
    web.vendor()
    mailbox()
    jana, manager = people.person(JANA, "Jana"), people.manager()
    come()
    held = deliver(raw_mail(html="".join(PAYLOADS), sender="noreply@x.example", message_id="<held@x>", subject=PAYLOADS[0]))
    tickets = Ticket.objects.order_by("pk")
    assert (
        tickets.count() == len(PAYLOADS) // PAGE and IncomingMail.objects.exclude(pk=held.pk).filter(state="ticketed").count() == 4
    )
    looked = 0
    for person, face in ((manager, "desk"), (jana, "centre")):
        page = window()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog, said=said: (said.append(dialog.message), dialog.dismiss()))
        cookie = web.client(person).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        paths = [f"/{face}/", f"/{face}/?q=script"]
        for ticket in tickets:
            (message,) = Message.objects.filter(ticket=ticket).exclude(html="")
            frame = f"/{face}/{ticket.code}/messages/{message.code}/html/"
            paths += [f"/{face}/{ticket.code}/", frame] + ([f"{frame[:-5]}headers/"] if face == "desk" else [])
        paths += ["/desk/mails/", f"/desk/mails/{held.code}/", "/office/", "/office/audit/"] if face == "desk" else []
        for path in paths:
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            page.wait_for_load_state("networkidle")
            for frame in page.frames:
                if not frame.is_detached():
                    assert frame.url.startswith((live_server.url, "about:")), (path, frame.url)
            assert page.evaluate(f"window.{MARK} || 0") == 0 and said == [], path
            looked += 1
        here = urlsplit(live_server.url).netloc
        elsewhere = [url for url in asked if urlsplit(url).netloc not in (here, "") or urlsplit(url).path == "/ran"]
        assert elsewhere == []
    assert looked > 20
