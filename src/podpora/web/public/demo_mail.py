"""The mail of the demo: what would have been sent, to be read in the browser. Does not exist outside the demo."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from podpora.mail import queries
from podpora.mail.models import OutgoingMail
from podpora.notifications.rules import linked
from podpora.web.access import View, public

PAGE = 25
# The letter lives in a frame of its own, in which nothing runs and nothing is loaded; only its links may be followed.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
KINDS = {"sent": "good", "queued": "accent", "claimed": "accent", "failed": "bad", "bounced": "bad"}


def demo_only(view: View) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


@public
@demo_only
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    to = request.GET.get("to", "").replace("\0", "")[:254]
    page = Paginator(queries.outgoing(to=to), PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "lines": [(mail, KINDS[mail.state]) for mail in page.object_list],
        "to": to,
        "query": f"{urlencode({'to': to})}&" if to else "",
    }
    return TemplateResponse(request, "demo/mails.html", facts)


@public
@demo_only
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
@require_safe
def mail(request: HttpRequest, code: str) -> HttpResponse:
    found = _mail(code)
    text = mark_safe(linked(found.text))  # noqa: S308  # `linked` escapes everything but the links that it makes
    return TemplateResponse(request, "demo/mail.html", {"mail": found, "text": text, "kind": KINDS[found.state]})


@public
@demo_only
@require_safe
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """The HTML part, for the frame on the page of the mail."""
    found = _mail(code)
    response = HttpResponse(found.html.replace("<head>", '<head><base target="_top">', 1))
    response["Content-Security-Policy"] = LETTER_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _mail(code: str) -> OutgoingMail:
    try:
        return queries.mail_with_code(code)
    except OutgoingMail.DoesNotExist:
        raise Http404 from None
