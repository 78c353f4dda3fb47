"""`Idempotency-Key` on every POST: the same key and body give the same answer again, another body gives 422."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from podpora.api import actions
from podpora.api.envelope import KEY_UNUSABLE, ApiError, of_exception
from podpora.api.parsing import loads
from podpora.base.addresses import address_of

Endpoint = Callable[..., HttpResponse]


def idempotent(endpoint: Endpoint) -> Endpoint:
    """Wraps every endpoint (after its credential and its fields were checked); acts on a POST that carries a key."""

    @wraps(endpoint)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None:
            return endpoint(request, *args, **kwargs)
        if not 1 <= len(key) <= 200 or not key.isascii() or not key.isprintable():
            raise ApiError(400, KEY_UNUSABLE)

        def produce() -> HttpResponse:
            try:
                return endpoint(request, *args, **kwargs)
            except Exception as problem:
                return of_exception(request, problem)

        at = request.now  # type: ignore[attr-defined]
        return actions.answer_once(_scope(request), key, _request_hash(request), produce, at=at)

    return wrapped


def _scope(request: HttpRequest) -> str:
    """Nobody meets another one's keys: the credential counts, or else the network address."""
    who = request.headers.get("Authorization") or f"address:{address_of(request)}"
    return hashlib.sha256(f"{who}\n{request.path}".encode()).hexdigest()


def _request_hash(request: HttpRequest) -> str:
    """Of what was asked: JSON whatever its spacing and order, a form by its fields and files."""
    if request.content_type == "multipart/form-data":
        files = [(name, _digest(file)) for name, found in request.FILES.lists() for file in found]
        meant: Any = {"fields": dict(request.POST.lists()), "files": files}
    else:
        meant = loads(request.body) if request.body else None
    return hashlib.sha256(json.dumps([request.META.get("QUERY_STRING", ""), meant], sort_keys=True).encode()).hexdigest()


def _digest(file: Any) -> str:
    digest = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    return digest
