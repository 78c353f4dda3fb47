"""In front of Django: the hot calls of devices are answered here (api/hot.py), everything else is handed on untouched.

Seven middlewares and the ORM cost more than the work itself on these calls. What is answered here has the same body and the same headers
as Django's answer would have: the headers are learnt from the first such answer that Django gives in this process.
"""

import io
from collections.abc import Callable, Iterable
from typing import Any

from podpora.api import hot
from podpora.api.door import language_for
from podpora.api.visits import Visits
from podpora.base import clock

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
OF_ONE_ANSWER = {"content-length", "podpora-time", "content-language", "set-cookie", "etag"}
# With one of these the ordinary way has more to do than to answer.
UNUSUAL = ("HTTP_IDEMPOTENCY_KEY", "HTTP_TRANSFER_ENCODING", "HTTP_CONTENT_ENCODING", "HTTP_EXPECT")


class Dispatcher:
    """The WSGI application."""

    def __init__(self, django: Application) -> None:
        self._django = django
        self._visits = Visits()
        self._learnt: dict[tuple[str, str, bool], Headers] = {}

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if (method, path) not in hot.CALLS or not _is_plain(environ):
            return self._django(environ, start_response)
        is_poll = (method, path) == hot.POLL
        if is_poll != ("HTTP_IF_NONE_MATCH" in environ):
            return self._django(environ, start_response)
        kind = (method, path, environ.get("HTTP_X_FORWARDED_PROTO", "") == "https")
        if kind not in self._learnt:
            return self._django(environ, self._learning(kind, "304 " if is_poll else "200 ", start_response))
        at = clock.now()
        body = _read(environ)
        found = hot.answered(
            method, path,
            lambda: hot.Call(
                environ.get("HTTP_AUTHORIZATION", ""), environ.get("CONTENT_TYPE", ""), body, at, self._visits.note,
                environ.get("HTTP_PODPORA_PROOF", ""), environ.get("HTTP_ACCEPT_LANGUAGE", ""), hot.held_of(environ.get("HTTP_IF_NONE_MATCH", "")),
            ),
        )  # fmt: skip
        if found is None:
            environ["wsgi.input"] = io.BytesIO(body)
            return self._django(environ, start_response)
        own = [
            ("Content-Length", str(len(found))), ("Podpora-Time", clock.format_instant(at)),
            ("Content-Language", language_for(environ.get("HTTP_ACCEPT_LANGUAGE", ""))),
        ]  # fmt: skip
        if is_poll:
            own.append(("ETag", f'"{hot.held_of(environ["HTTP_IF_NONE_MATCH"])}"'))
        start_response("304 Not Modified" if is_poll else "200 OK", self._learnt[kind] + own)
        return [found]

    def _learning(self, kind: tuple[str, str, bool], wanted: str, start_response: Callable[..., Any]) -> Callable[..., Any]:
        def learn(status: str, headers: Headers, *more: Any) -> Any:
            if status.startswith(wanted):
                self._learnt[kind] = [(name, value) for name, value in headers if name.lower() not in OF_ONE_ANSWER]
            return start_response(status, headers, *more)

        return learn


def _is_plain(environ: Environ) -> bool:
    """Nothing in the address or the headers that the ordinary way would look at, and a body of a known, small size."""
    if environ.get("QUERY_STRING") or any(name in environ for name in UNUSUAL):
        return False
    length = environ.get("CONTENT_LENGTH") or "0"
    return length.isascii() and length.isdigit() and int(length[:9]) <= hot.LARGEST


def _read(environ: Environ) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return environ["wsgi.input"].read(length) if length else b""
