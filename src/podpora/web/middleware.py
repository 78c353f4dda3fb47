"""What every request carries besides Django's own: `now`, `actor`, the reader's language, zone and theme.

And what happens to the three errors of `base` that no page has caught.
"""

import logging
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from podpora.base import clock
from podpora.base.actors import Actor, ActorKind
from podpora.base.decisions import Refused
from podpora.base.errors import FilesAway, InvalidInput, NotYours
from podpora.web import acting, errors, language

log = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponseBase]


def request_facts(get_response: Handler) -> Handler:
    """`request.now` (read once), `request.actor`, and the reader's language and time zone for the whole request."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        request.now = clock.now()  # type: ignore[attr-defined]
        acting.enter(request)
        request.actor = _actor(request)  # type: ignore[attr-defined]
        person = request.user if request.user.is_authenticated else None
        spoken = (person.language if person else "") or language.of_visitor(request)
        zone = ZoneInfo(person.time_zone) if person and person.time_zone else settings.VENDOR_ZONE
        request.LANGUAGE_CODE = spoken
        with translation.override(spoken), timezone.override(zone):
            response = acting.refusal(request) or get_response(request)
        response.headers.setdefault("Content-Language", spoken)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    handle.process_exception = error_page  # type: ignore[attr-defined]
    return handle


def error_page(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """Not there or not yours: 404, the same for both (S15). Refused: 409 with reasons and ways out. Bad input: 400."""
    if request.path.startswith("/api/"):
        return None  # the API has its own envelope
    if isinstance(exception, NotYours):
        return errors.not_found(request)
    if isinstance(exception, Refused):
        return errors.refused(request, exception.decision)
    if isinstance(exception, InvalidInput):
        return errors.bad_request(request)
    if isinstance(exception, DataError | OverflowError):  # a NUL or a number that no database keeps, past a page's own checks
        log.warning("Input that cannot be kept at %s: %s", request.path, exception)
        return errors.bad_request(request)
    if isinstance(exception, OperationalError):  # locked for longer than the database waits, or away
        log.error("The database could not answer %s: %s", request.path, exception)
        return errors.busy(request)
    if isinstance(exception, FilesAway):
        log.error("The storage of files could not answer %s: %s", request.path, exception)
        return errors.busy(request)
    return None


def _actor(request: HttpRequest) -> Actor:
    if request.acting is not None:  # type: ignore[attr-defined]
        staff = request.acting.staff  # type: ignore[attr-defined]
        name = f"{staff} → {request.user}"
        return Actor(ActorKind.PERSON, name, person_id=request.user.pk, on_behalf_of=staff.pk)
    if request.user.is_authenticated:
        return Actor(ActorKind.PERSON, request.user.name or request.user.email, person_id=request.user.pk)
    return Actor(ActorKind.PERSON, "visitor")
