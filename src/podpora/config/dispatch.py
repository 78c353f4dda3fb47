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
Answer = tuple[int, Headers, bytes]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
OF_ONE_ANSWER = {"content-length", "podpora-time", "content-language", "set-cookie", "etag"}
LINES = {200: "200 OK", 304: "304 Not Modified", 409: "409 Conflict"}
IS_ORDINARY = "podpora.is_ordinary"  # in the environment: it was looked at, and is Django's
# With one of these the ordinary way has more to do than to answer.
UNUSUAL = ("HTTP_IDEMPOTENCY_KEY", "HTTP_TRANSFER_ENCODING", "HTTP_CONTENT_ENCODING", "HTTP_EXPECT")


class Dispatcher:
    """The WSGI application."""

    def __init__(self, django: Application) -> None:
        self._django = django
        self._visits = Visits()
        self._learnt: dict[tuple[str, str, bool], Headers] = {}

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = self.at_once(environ)
        if found is not None:
            status, headers, body = found
            start_response(LINES[status], headers)
            return [body]
        kind = _kind(environ)
        if kind[:2] in hot.CALLS and kind not in self._learnt:
            start_response = self._learning(kind, start_response)
        return self._django(environ, start_response)

    def at_once(self, environ: Environ, *, may_write: bool = True) -> Answer | None:
        """The answer to a hot call, without Django; None for everything else. Asked again about the same, it does not look twice.

        `may_write`: False where nobody may be kept waiting; then what has to be written at once is left to the next that asks.
        """
        kind = _kind(environ)
        call = kind[:2]
        if call not in hot.CALLS or kind not in self._learnt or environ.get(IS_ORDINARY) or not _is_plain(environ, call):
            return None
        at = clock.now()
        body = _read(environ)
        environ["wsgi.input"] = io.BytesIO(body)
        held = hot.held_of(environ.get("HTTP_IF_NONE_MATCH", ""))
        made = hot.Call(
            environ.get("HTTP_AUTHORIZATION", ""), environ.get("CONTENT_TYPE", ""), body, at, self._visits.note,
            environ.get("HTTP_PODPORA_PROOF", ""), environ.get("HTTP_ACCEPT_LANGUAGE", ""), held,
            (environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", "")), may_write,
        )  # fmt: skip
        try:
            found = hot.answered(*call, made)
        except hot.Later:
            return None
        if found is None:
            environ[IS_ORDINARY] = True
            return None
        own = [
            ("Content-Length", str(len(found))), ("Podpora-Time", clock.format_instant(at)), ("Content-Language", language_for(made.accepts)),
        ]  # fmt: skip
        if held:
            own.append(("ETag", f'"{held}"'))
        return hot.status_of(call), self._learnt[kind] + own, found

    def _learning(self, kind: tuple[str, str, bool], start_response: Callable[..., Any]) -> Callable[..., Any]:
        def learn(status: str, headers: Headers, *more: Any) -> Any:
            if int(status[:3]) == hot.status_of(kind[:2]):
                self._learnt[kind] = [(name, value) for name, value in headers if name.lower() not in OF_ONE_ANSWER]
            return start_response(status, headers, *more)

        return learn


def _kind(environ: Environ) -> tuple[str, str, bool]:
    """Answers of one kind have the same headers."""
    return environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_X_FORWARDED_PROTO", "") == "https"


def _is_plain(environ: Environ, call: tuple[str, str]) -> bool:
    """Nothing in the address or the headers that the ordinary way would look at, and a body of a known, small size."""
    if environ.get("QUERY_STRING") or any(name in environ for name in UNUSUAL):
        return False
    if ("HTTP_IF_NONE_MATCH" in environ) != (call == hot.POLL):
        return False
    length = environ.get("CONTENT_LENGTH") or "0"
    return length.isascii() and length.isdigit() and int(length[:9]) <= hot.LARGEST


def _read(environ: Environ) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return environ["wsgi.input"].read(length) if length else b""
