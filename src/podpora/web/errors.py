"""Error pages: what happened, and where to go. None of them says more than the visitor may know."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from podpora.base.decisions import Decision


def _page(request: HttpRequest, status: int, icon: str, heading: str, text: str) -> HttpResponse:
    facts = {"status": status, "icon": icon, "heading": heading, "text": text}
    return TemplateResponse(request, "error.html", facts, status=status).render()


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("The address or the form that was sent is not complete. Go back, reload the page and try once more.")
    return _page(request, 400, "unplug", _("We did not understand this request"), text)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request, 403, "lock", _("This is not allowed"), _("Your account may not do this, or the page that sent it was not ours.")
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("The form was open for too long, or your browser blocks cookies. Go back, reload the page and send it again.")
    return _page(request, 403, "timer-off", _("The form is no longer valid"), text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("The page has moved, never existed, or belongs to somebody else. If you expected your own things here, sign in first.")
    return _page(request, 404, "compass", _("There is nothing here"), text)


_PLAIN = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>{styles}</head><body><main id="main" class="page narrow"><section class="empty"><h1>{heading}</h1><p>{text}</p>
<p><a class="button main" href="/">{home}</a></p><small class="num">{status}</small></section></main></body></html>"""


def server_error(request: HttpRequest) -> HttpResponse:
    return _plain(
        500,
        _("Something broke on our side"),
        _("It has been written down and we will look at it. Nothing that you sent was half done. Please try again in a while."),
    )


def busy(request: HttpRequest) -> HttpResponse:
    """The database is away or somebody else holds what this needs: 503, and soon again."""
    response = _plain(
        503, _("Too busy just now"), _("Nothing that you sent was half done. Please wait a few seconds and send it again.")
    )
    response.headers["Retry-After"] = "5"
    return response


def _plain(status: int, heading: str, text: str) -> HttpResponse:
    """Without templates, database and session: they may be what has failed."""
    styles = "".join(
        f'<link rel="stylesheet" href="{_href(f"css/{name}.css")}">' for name in ("reset", "tokens", "base", "layout", "components")
    )
    facts = {"language": get_language() or "en", "heading": heading, "text": text, "home": _("Go to the home page")}
    return HttpResponse(_PLAIN.format(**facts, styles=styles, status=status), status=status)


def _href(path: str) -> str:
    try:
        return static(path)
    except ValueError:
        return f"/static/{path}"


def refused(request: HttpRequest, decision: Decision) -> HttpResponse:
    """A rule says no, and the page that asked shows nothing better: every reason with its ways out."""
    return TemplateResponse(request, "refused.html", {"decision": decision}, status=409).render()
