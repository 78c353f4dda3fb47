"""What a technician looks at when the text of a mail is not enough: its layout, its headers, its bytes, a mail within it (CO-2, CO-7, S46)."""

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from podpora.desk import queries
from podpora.desk.models import Message
from podpora.files.queries import content_of
from podpora.mail import queries as mails
from podpora.mail.models import IncomingMail
from podpora.mail.rules import envelope
from podpora.mail.rules.parsing import parse
from podpora.web import framed
from podpora.web.access import technician
from podpora.web.request import Request

SHOWN_TEXT = 100_000
MOST_HEADERS = 200_000


@technician("tickets")
@require_safe
def html(request: Request, code: str, message: str) -> HttpResponse:
    found = queries.visible_message(queries.ticket_for_staff(request.user, code), message, for_customer=False)
    if not found.html:
        raise Http404
    return framed.html_of(found, queries.pictures_of(found), with_remote="pictures" in request.GET)


@technician("tickets")
@require_safe
def source(request: Request, code: str, message: str) -> HttpResponse:
    """The bytes as they came, always as a download."""
    found = queries.visible_message(queries.ticket_for_staff(request.user, code), message, for_customer=False)
    return framed.as_download(_raw(found), found.mail)


@technician("tickets")
@require_safe
def headers(request: Request, code: str, message: str) -> HttpResponse:
    """The headers as they came, as plain text."""
    found = queries.visible_message(queries.ticket_for_staff(request.user, code), message, for_customer=False)
    return framed.as_text(envelope.head_of(_raw(found))[:MOST_HEADERS].decode("utf-8", "replace"))


@technician("tickets")
@require_safe
def within(request: Request, code: str, file: str) -> HttpResponse:
    """A mail that was attached to a mail: who wrote what to whom (CO-7)."""
    ticket = queries.ticket_for_staff(request.user, code)
    found = queries.attachment_of(ticket, file, for_customer=False)
    if found.content_type != "message/rfc822":
        raise Http404
    read = parse(content_of(found.file))
    facts = {
        "ticket": ticket, "name": found.name, "mail": read, "text": read.text[:SHOWN_TEXT], "to": [box.address for box in (*read.to, *read.cc)][:50],
        "files": [(one.name, len(one.content)) for one in read.files[:50]], "download": reverse("desk:file", args=[ticket.code, found.code]),
    }  # fmt: skip
    return TemplateResponse(request, "desk/attached_mail.html", facts)


def _raw(message: Message) -> bytes:
    try:
        return mails.raw_of(mails.incoming_with_code(message.mail))
    except IncomingMail.DoesNotExist:
        raise Http404 from None
