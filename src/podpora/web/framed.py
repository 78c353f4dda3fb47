"""The HTML of a mail, shown on demand in a frame that can do nothing: no scripts, no forms, no way out (CO-2, CO-3, CO-4, B1, B3, S45, S48).

It is made harmless each time that it is shown, so a newer cleaner protects old mails too. Pictures of the mail itself are put into the
page: a sandboxed frame has no cookies to fetch them with. Pictures from elsewhere stay out until the reader asks for them; then his browser
fetches them, never this server.
"""

import base64
from collections.abc import Sequence

from django.http import HttpResponse
from django.template.loader import render_to_string

from podpora.desk.models import Attachment, Message
from podpora.files.queries import content_of
from podpora.mail.rules import sanitising

POLICY = "default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; sandbox; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
MOST_OF_ONE, MOST_OF_ALL = 2 * 1024 * 1024, 6 * 1024 * 1024  # bytes of pictures within the page


def html_of(message: Message, attachments: Sequence[Attachment], *, with_remote: bool = False) -> HttpResponse:
    """The mail as a page for a frame. What is too much to show is shown as text, and says so."""
    pictures = _Pictures(attachments)
    found: list[str] = []

    def picture(address: str) -> str | None:
        if address.lower().startswith("cid:"):
            return pictures.data(address[4:])
        found.append(address)
        return address if with_remote else None

    shown = sanitising.sanitised(message.html, picture=picture)
    context = {
        "html": shown, "text": "" if shown else message.text, "is_too_much": not shown and sanitising.is_excessive(message.html),
        "has_remote": bool(found) and not with_remote, "with_remote": with_remote,
    }  # fmt: skip
    response = HttpResponse(render_to_string("components/mail_frame.html", context))
    response["Content-Security-Policy"] = POLICY.format(pictures="'self' data: https: http:" if with_remote else "'self' data:")
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def as_text(text: str) -> HttpResponse:
    """A stranger's words as plain text, and as nothing else whatever they are."""
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def as_download(raw: bytes, name: str) -> HttpResponse:
    """The bytes of a mail as they came, always as a download."""
    response = HttpResponse(raw, content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="{name}.eml"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


class _Pictures:
    """The mail's own pictures, as addresses that hold them. Only what was decoded as a picture."""

    def __init__(self, attachments: Sequence[Attachment]) -> None:
        self.by_id = {one.content_id: one for one in attachments if one.content_id and one.file.is_image}
        self.left = MOST_OF_ALL

    def data(self, content_id: str) -> str | None:
        found = self.by_id.get(content_id)
        if found is None or found.size > min(MOST_OF_ONE, self.left):
            return None
        self.left -= found.size
        try:
            content = content_of(found.file)
        except OSError:
            return None
        return f"data:{found.file.content_type};base64,{base64.b64encode(content).decode()}"
