"""The calls that every device makes, over and over: answered before anything else of Django is asked.

    config/dispatch.py (WSGI)  --.
                                  }-->  refresh(call)  -->  journeys/hot.py  -->  one statement, the rules, one signature
    api/door.py (ordinary URL) --'        |
                                          `--> None: not plain; the ordinary endpoint answers (v1/activations.py)

A function here gives the body of a 200 (the poll's: of a 304), or None. It never refuses, never explains and never writes: wrong fields,
unknown tokens, limits, refusals, changed computers all are None, and there is one place that knows what to say to them. To add a call: a
function like `refresh`, and its address in CALLS.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import Error as DatabaseProblem
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from pydantic import ValidationError

from podpora.api import limits
from podpora.api.access import DEVICE_PREFIX
from podpora.api.door import language_for
from podpora.api.envelope import ApiError, answer
from podpora.api.parsing import loads
from podpora.api.v1.activations import PROOF_HEADER, RefreshFields, standing_json
from podpora.base.clock import format_instant
from podpora.base.errors import InvalidInput
from podpora.base.sql import instant
from podpora.journeys import hot
from podpora.licensing import actions
from podpora.licensing.values import Possession

LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it came. `note` takes a device that was not seen for an hour, and its visit."""

    authorization: str
    content_type: str
    body: bytes
    at: datetime
    note: Callable[[int, actions.Visit], None]
    proof: str = ""
    accepts: str = ""  # languages
    held: str = ""  # the tag of what the caller has (If-None-Match)

    @property
    def token(self) -> str | None:
        scheme, _, token = self.authorization.partition(" ")
        return token if scheme.lower() == "bearer" and token.startswith(DEVICE_PREFIX) and token.isascii() else None


Answerer = Callable[[Call], bytes | None]


def refresh(call: Call) -> bytes | None:
    """`POST activations/me/refresh` in the plain case."""
    if call.token is None or call.content_type != "application/json":
        return None
    try:
        contact = RefreshFields.model_validate(loads(call.body)).contact(Possession(call.proof, call.token, call.body))
    except (ApiError, InvalidInput, ValidationError):
        return None
    done = hot.refreshed(call.token, contact, at=call.at)
    if done is None or limits.is_exhausted_here(limits.CONTACTS, done.found.licence, at=call.at):
        return None
    found = done.found
    if done.is_updated:  # seldom, and people look for it: written at once
        actions.note_visits({found.device_pk: done.visit})
    elif done.was_not_seen:
        call.note(found.device_pk, done.visit)
    told = {"activation": found.activation, "licence": found.licence, "device": found.device, "certificate": done.certificate}
    return json.dumps(told).encode()


def look(call: Call) -> bytes | None:
    """`GET activations/me` in the plain case."""
    if call.token is None or call.body:
        return None
    done = hot.looked(call.token, at=call.at)
    if done is None:
        return None
    found = done.found
    activated_at, name, platform, seats_used = found.more
    told = {
        "activation": found.activation, "state": "active", "activated_at": format_instant(instant(activated_at) or call.at),
        "licence": found.licence, "product": done.product, "edition": done.edition, "kind": found.kind,
        "device": {"code": found.device, "name": name, "platform": platform}, "seats": {"total": found.seats, "used": seats_used},
    }  # fmt: skip
    with translation.override(language_for(call.accepts)):
        return answer(told | standing_json(done.standing, at=call.at)).content


def settings(call: Call) -> bytes | None:
    """`GET settings` by a device that has what it would be given: 304, without a write."""
    if call.token is None or call.body or not call.held:
        return None
    return b"" if hot.settings_held(call.token, at=call.at) == call.held else None


POLL = ("GET", "/api/v1/settings")
CALLS: Mapping[tuple[str, str], Answerer] = {
    ("POST", "/api/v1/activations/me/refresh"): refresh,
    ("GET", "/api/v1/activations/me"): look,
    POLL: settings,
}


def held_of(header: str) -> str:
    """The tag in an If-None-Match; a list of several is like none."""
    return header.removeprefix("W/").strip('"')


def answered(method: str, path: str, call: Callable[[], Call]) -> bytes | None:
    """The answer to a call, if it is one of these and plain. A connection that broke (a database that was restarted) is tried anew once."""
    answerer = CALLS.get((method, path))
    if answerer is None:
        return None
    made = call()
    for _ in range(2):
        try:
            return answerer(made)
        except DatabaseProblem:
            if connection.in_atomic_block:
                raise
            connection.close()
    return None


def in_django(request: HttpRequest) -> HttpResponse | None:
    """The same at the ordinary address, where nothing stands in front of Django; a visit is written at once."""
    if request.META.get("QUERY_STRING") or "Idempotency-Key" in request.headers:
        return None
    at: datetime = request.now  # type: ignore[attr-defined]
    found = answered(
        request.method or "", request.path,
        lambda: Call(
            request.headers.get("Authorization", ""), request.META.get("CONTENT_TYPE", ""), request.body, at,
            lambda device, visit: actions.note_visits({device: visit}), request.headers.get(PROOF_HEADER, ""),
            request.headers.get("Accept-Language", ""), held_of(request.headers.get("If-None-Match", "")),
        ),
    )  # fmt: skip
    if found is not None and (request.method, request.path) == POLL:
        return answer(None, 304, headers={"ETag": f'"{held_of(request.headers["If-None-Match"])}"'})
    return HttpResponse(found, content_type="application/json; charset=utf-8") if found is not None else None
