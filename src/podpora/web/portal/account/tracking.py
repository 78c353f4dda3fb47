"""When a session was last seen, for the page that lists them.

allauth's own middleware writes with every request; on one writer's disk that is a queue at every click. Once in a few
minutes says as much.
"""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpResponseBase

from podpora.web.request import Request

EVERY = 300  # seconds
SEEN = "podpora_seen"


def session_seen(get_response: Callable[[Request], HttpResponseBase]) -> Callable[[Request], HttpResponseBase]:
    def handle(request: Request) -> HttpResponseBase:
        if request.user.is_authenticated and request.acting is None and not request.path.startswith("/api/"):
            second = int(request.now.timestamp())
            if abs(second - int(request.session.get(SEEN, 0))) >= EVERY:
                request.session[SEEN] = second
                UserSession.objects.create_from_request(request)
        return get_response(request)

    return handle
