"""The calls that every device makes, over and over: answered before anything else of Django is asked.

    config/dispatch.py (WSGI)  --.
                                  }-->  refresh(call)  -->  journeys/hot.py  -->  one statement, the rules, one signature
    api/door.py (ordinary URL) --'        |
                                          `--> None: not plain; the ordinary endpoint answers (v1/activations.py)

A function here gives the body of the call's commonest answer (STATUS), or None. It never writes, and it decides nothing by itself: wrong
fields, unknown tokens, limits, refusals, changed computers all are None, and there is one place that knows what to say to them. The one
refusal that is given here is that of a full licence, to which all the programs of an office may come at once, again and again. To add a
call: a function like `refresh`, and its address in CALLS.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings as configured
from django.db import Error as DatabaseProblem
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from pydantic import ValidationError

from podpora.api import limits
from podpora.api.access import DEVICE_PREFIX
from podpora.api.door import language_for
from podpora.api.envelope import ApiError, answer, error
from podpora.api.parsing import loads
from podpora.api.v1.activations import PROOF_HEADER, ActivationFields, RefreshFields, guesser_at, standing_json
from podpora.api.v1.programs import contact_of
from podpora.base.addresses import client_address, neighbourhood
from podpora.base.clock import format_instant
from podpora.base.decisions import Reason
from podpora.base.errors import InvalidInput
from podpora.base.sql import instant
from podpora.journeys import hot
from podpora.journeys.activation import Standing
from podpora.journeys.limits import is_told
from podpora.licensing import actions
from podpora.licensing.values import ACTIVATION_LIMIT, Possession

LARGEST = 64 * 1024


class Call(NamedTuple):
    """A call as it came. `note` takes a device that was not seen for an hour, and its visit."""

    authorization: str
    content_type: str
    body: bytes
    at: datetime
    note: Callable[[int, actions.Visit], None]
    proof: str = ""
    accepts: str = ""  # languages
    held: str = ""  # the tag of what the caller has (If-None-Match)
    come_from: tuple[str, str] = ("", "")  # the other side's address, and what proxies say
    may_write: bool = True  # False: nobody may be kept waiting (Later)

    @property
    def address(self) -> str:
        return client_address(*self.come_from, configured.ALLAUTH_TRUSTED_PROXY_COUNT)

    @property
    def token(self) -> str | None:
        scheme, _, token = self.authorization.partition(" ")
        return token if scheme.lower() == "bearer" and token.startswith(DEVICE_PREFIX) and token.isascii() else None


class Later(Exception):
    """Something would have to be written at once, or asked of another machine; ask again where that may take its time."""


Answerer = Callable[[Call], bytes | None]


def refresh(call: Call) -> bytes | None:
    """`POST activations/me/refresh` in the plain case."""
    token = call.token
    if token is None or call.content_type != "application/json":
        return None
    try:
        contact = RefreshFields.model_validate(loads(call.body)).contact(Possession(call.proof, token, call.body))
    except (ApiError, InvalidInput, ValidationError):
        return None
    done = hot.refreshed(token, contact, at=call.at)
    if done is None or limits.is_exhausted_here(limits.CONTACTS, done.found.licence, at=call.at):
        return None
    found = done.found
    if done.is_updated:  # seldom, and people look for it: written at once
        if not call.may_write:
            raise Later
        actions.note_visits({found.device_pk: done.visit})
    elif done.was_not_seen:
        call.note(found.device_pk, done.visit)
    told = {"activation": found.activation, "licence": found.licence, "device": found.device, "certificate": done.certificate}
    return json.dumps(told).encode()


def look(call: Call) -> bytes | None:
    """`GET activations/me` in the plain case."""
    if call.token is None or call.body:
        return None
    language = language_for(call.accepts)
    with translation.override(language):
        done = hot.looked(call.token, _told, language=language, at=call.at)
    if done is None:
        return None
    found = done.found
    activated_at, name, platform, seats_used = found.more
    told = {
        "activation": found.activation, "state": "active", "activated_at": format_instant(instant(activated_at) or call.at),
        "licence": found.licence, "product": done.product, "edition": done.edition, "kind": found.kind,
        "device": {"code": found.device, "name": name, "platform": platform}, "seats": {"total": found.seats, "used": seats_used},
    }  # fmt: skip
    told["server_time"] = format_instant(call.at)
    return f"{json.dumps(told, ensure_ascii=False)[:-1]}, {done.told[1:]}".encode()


def _told(standing: Standing) -> str:
    return answer(standing_json(standing)).content.decode()


def settings(call: Call) -> bytes | None:
    """`GET settings` by a device that has what it would be given: 304, without a write."""
    if call.token is None or call.body or not call.held:
        return None
    return b"" if hot.settings_held(call.token, at=call.at) == call.held else None


def activate(call: Call) -> bytes | None:
    """`POST activations` by a computer that the licence does not know, when it is full: 409, and nothing new to write down."""
    if call.content_type != "application/json":
        return None
    if limits.are_elsewhere() and not call.may_write:
        raise Later
    try:
        body = ActivationFields.model_validate(loads(call.body))
    except (ApiError, InvalidInput, ValidationError):
        return None
    if body.owner_proof or body.replace or body.same_as or limits.is_guessing(guesser_at(call.address), at=call.at):
        return None
    contact = contact_of(body.app_version, body.nonce)
    full = hot.full(body.key, body.device.facts(), contact, product=body.product, address=call.address, at=call.at)
    if full is None or not is_told(full.licence, at=call.at):
        return None
    places = ((limits.ADDRESSES, neighbourhood(call.address)), (limits.ACTIVATIONS, full.licence))
    if any(limits.is_exhausted_here(limit, who, at=call.at) for limit, who in places):
        return None
    return _is_full(full.licence, full.seats, full.seats_used, language_for(call.accepts))


@lru_cache(maxsize=1000)
def _is_full(licence: str, seats: int, used: int, language: str) -> bytes:
    with translation.override(language):
        return error(409, [Reason(ACTIVATION_LIMIT, {"licence": licence, "seats": seats, "used": used})]).content


POLL = ("GET", "/api/v1/settings")
ACTIVATE = ("POST", "/api/v1/activations")
STATUS = {POLL: 304, ACTIVATE: 409}  # the others: 200
CALLS: Mapping[tuple[str, str], Answerer] = {
    ("POST", "/api/v1/activations/me/refresh"): refresh,
    ("GET", "/api/v1/activations/me"): look,
    POLL: settings,
    ACTIVATE: activate,
}


def status_of(call: tuple[str, str]) -> int:
    return STATUS.get(call, 200)


def held_of(header: str) -> str:
    """The tag in an If-None-Match; a list of several is like none."""
    return header.removeprefix("W/").strip('"')


def answered(method: str, path: str, call: Call) -> bytes | None:
    """The answer to one of these calls, if it is plain. A connection that broke (a database that was restarted) is tried anew once."""
    for _ in range(2):
        try:
            return CALLS[method, path](call)
        except DatabaseProblem:
            if connection.in_atomic_block:
                raise
            connection.close()
    return None


def in_django(request: HttpRequest) -> HttpResponse | None:
    """The same at the ordinary address, where nothing stands in front of Django; a visit is written at once."""
    called = (request.method or "", request.path)
    if called not in CALLS or request.META.get("QUERY_STRING") or "Idempotency-Key" in request.headers:
        return None
    at: datetime = request.now  # type: ignore[attr-defined]
    call = Call(
        request.headers.get("Authorization", ""), request.META.get("CONTENT_TYPE", ""), request.body, at,
        lambda device, visit: actions.note_visits({device: visit}), request.headers.get(PROOF_HEADER, ""),
        request.headers.get("Accept-Language", ""), held_of(request.headers.get("If-None-Match", "")),
        (request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")),
    )  # fmt: skip
    found = answered(*called, call)
    if found is not None and called == POLL:
        return answer(None, 304, headers={"ETag": f'"{call.held}"'})
    if found is None:
        return None
    return HttpResponse(found, status=status_of(called), content_type="application/json; charset=utf-8")
