"""When a session was last seen, for the page that lists them.

allauth's own middleware writes with every request; on one writer's disk that is a queue at every click. Once in a few
minutes says as much. A database that takes no writes just now (a full disk) still shows its pages (F07).
"""

import logging
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.db import OperationalError
from django.http import HttpResponseBase

from podpora.web.request import Request

log = logging.getLogger(__name__)
EVERY = 300  # seconds
SEEN = "podpora_seen"


def session_seen(get_response: Callable[[Request], HttpResponseBase]) -> Callable[[Request], HttpResponseBase]:
    def handle(request: Request) -> HttpResponseBase:
        if request.user.is_authenticated and request.acting is None and not request.path.startswith("/api/"):
            second = int(request.now.timestamp())
            if abs(second - int(request.session.get(SEEN, 0))) >= EVERY:
                _note(request, second)
        return get_response(request)

    return handle


def _note(request: Request, second: int) -> None:
    try:
        UserSession.objects.create_from_request(request)
    except OperationalError as problem:
        log.warning("a session's last visit was not noted: %s", problem)
    else:
        request.session[SEEN] = second
