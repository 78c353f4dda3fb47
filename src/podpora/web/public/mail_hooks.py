"""The address that a mail provider calls. Nothing of a call is read before its name and password are right."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from podpora.journeys import mail_hooks
from podpora.mail import actions, queries
from podpora.mail.models import Hook
from podpora.mail.values.hooks import LARGEST_CALL, NOT_READABLE, NOT_SIGNED, TOO_LARGE, Call, NotReadable, NotSigned
from podpora.web.access import public

log = logging.getLogger(__name__)


@public
@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def call(request: HttpRequest, code: str) -> HttpResponse:
    """200: kept. 401: name, password or signature are wrong. 413, 422: never. 503: come again."""
    if request.method == "HEAD":  # some providers ask so whether the address is there; it tells nothing
        return HttpResponse()
    found = queries.hook_for(code, request.headers.get("Authorization", ""))
    if found is None:
        return _answer(401)
    if not found.is_active:
        return _answer(503)
    try:
        body = _body(request)
        mail_hooks.take(found, Call(body, _headers(request), _signed_address(found)), at=request.now)  # type: ignore[attr-defined]
    except NotSigned:
        return _refused(request, found, 401, NOT_SIGNED)
    except NotReadable as problem:
        return _refused(request, found, 422, NOT_READABLE, str(problem))
    except mail_hooks.TooLarge:
        return _refused(request, found, 413, TOO_LARGE)
    except (DatabaseError, OSError) as problem:
        log.error("a mail provider's call could not be kept: %s", problem)
        return _answer(503)
    return HttpResponse("ok\n", content_type="text/plain")


def _body(request: HttpRequest) -> bytes:
    """At most so much; more is not even read."""
    told = request.headers.get("Content-Length", "")
    if told.isdigit() and int(told) > LARGEST_CALL:
        raise mail_hooks.TooLarge
    read = request.read(LARGEST_CALL + 1)
    if len(read) > LARGEST_CALL:
        raise mail_hooks.TooLarge
    return read


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _signed_address(found: Hook) -> str:
    return queries.hook_address(found, queries.password_of(found))


def _refused(request: HttpRequest, found: Hook, status: int, code: str, said: str = "") -> HttpResponse:
    actions.note_refused(found, code, said, at=request.now)  # type: ignore[attr-defined]
    return _answer(status)


def _answer(status: int) -> HttpResponse:
    response = HttpResponse(status=status, content_type="text/plain")
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="mail"'
    if status == 503:
        response["Retry-After"] = "60"
    return response
