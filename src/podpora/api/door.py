"""The door of the API: what is true of every address, before and after its endpoint.

Language by `Accept-Language`, limits on the body, no credentials in addresses, JSON also for 404 and 405, and the access mark.
"""

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja import NinjaAPI
from ninja.operation import Operation, PathView
from ninja.utils import replace_path_param_notation

from podpora.api.envelope import (
    BODY_LIMIT,
    IN_ADDRESS,
    MALFORMED,
    METHOD,
    NOT_FOUND,
    TOO_LARGE,
    TYPE,
    VERSION_GONE,
    ApiError,
    answer,
    error,
    of_exception,
)
from podpora.api.openapi import document
from podpora.base.clock import format_instant
from podpora.base.decisions import Reason

View = Callable[..., HttpResponseBase]
CREDENTIALS = {"token", "access_token", "api_key", "apikey", "key", "licence_key", "license_key", "authorization", "password"}
OLDER = re.compile(r"/api/(v0+)(?:/|$)")
MULTIPART_LIMIT = 32 * 1024 * 1024


def language_of(request: HttpRequest) -> str:
    """The best language of `Accept-Language` that we have; cookies and sessions do not count here."""
    return language_for(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def language_for(accepted: str) -> str:
    """The same for the header's text."""
    for wanted, _quality in parse_accept_lang_header(accepted):
        try:
            return translation.get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def door(view: View, *, access: str, multipart: bool = False) -> View:
    """Wrap a view of the API."""

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            try:
                if view is not nothing_here:
                    _refuse_early(request, multipart)
                response = view(request, *args, **kwargs)
            except Exception as problem:
                response = of_exception(request, problem)
        response.headers.setdefault("Content-Language", language)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Podpora-Time"] = format_instant(request.now)  # type: ignore[attr-defined]
        patch_vary_headers(response, ["Accept-Language"])
        return response

    entered.access = access  # type: ignore[attr-defined]
    entered.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie is ever a credential here
    return entered


def _refuse_early(request: HttpRequest, multipart: bool) -> None:
    if "\x00" in request.path:
        raise ApiError(404, NOT_FOUND)
    if "\x00" in unquote_plus(request.META.get("QUERY_STRING", "")):
        raise ApiError(400, MALFORMED, problem=gettext_lazy("the address has a NUL character"))
    if any(name.lower() in CREDENTIALS for name in request.GET):
        raise ApiError(400, IN_ADDRESS)
    length = _length(request)
    if length == 0 or request.method in ("GET", "HEAD"):
        return
    is_multipart = multipart and request.content_type == "multipart/form-data"
    if length > (limit := MULTIPART_LIMIT if is_multipart else BODY_LIMIT):
        raise ApiError(413, TOO_LARGE, limit=limit)
    if not is_multipart and request.content_type != "application/json":
        raise ApiError(415, TYPE)


def _length(request: HttpRequest) -> int:
    told = request.headers.get("Content-Length") or "0"
    if not (told.isascii() and told.isdigit()):
        raise ApiError(400, MALFORMED, problem=gettext_lazy("Content-Length is not a number"))
    return int(told[:18])


def nothing_here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """404; for a version of the API from before this one 410: nobody is answered as it was then, without a signature (S35)."""
    version = OLDER.match(request.path_info)
    if version:
        return error(410, [Reason(VERSION_GONE, {"version": version[1]})])
    return error(404, [Reason(NOT_FOUND)])


def addresses(api: NinjaAPI, *, first: Callable[[HttpRequest], HttpResponse | None]) -> list[URLPattern]:
    """ninja's endpoints behind the door, one address for each route. An endpoint without an access mark stops the start.

    `first` is asked before an endpoint (hot.py); None leaves it to the endpoint.
    """
    routes: dict[str, list[PathView]] = {}
    for bound in api._get_bound_routers():
        for route, path_view in bound.path_operations.items():
            routes.setdefault(replace_path_param_notation(route).lstrip("/"), []).append(path_view)
    marked = [path("openapi.json", door(_openapi(api), access="public"), name="openapi")]
    for route, path_views in routes.items():
        operations = [operation for path_view in path_views for operation in path_view.operations]
        view = door(_by_method(path_views, first), access=_access(route, operations), multipart=any(map(_takes_files, operations)))
        marked.append(path(route, view))
    return [*marked, re_path(r"^.*$", door(nothing_here, access="public"), name="nothing")]


def _by_method(path_views: list[PathView], first: Callable[[HttpRequest], HttpResponse | None]) -> View:
    """Two files may each add a method to one route."""

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (found := first(request)) is not None:
            return found
        for path_view in path_views:
            if path_view._find_operation(request) is not None:
                return path_view._sync_view(request, *args, **kwargs)
        allowed = sorted({method for path_view in path_views for op in path_view.operations for method in op.methods})
        return error(405, [Reason(METHOD, {"method": request.method})], headers={"Allow": ", ".join(allowed)})

    return view


def _access(route: str, operations: list[Operation]) -> str:
    """`GET device, POST token(orders)`: what the sweep over all addresses compares with its table."""
    marks = []
    for operation in operations:
        doors = [getattr(callback, "access", None) for callback in operation.auth_callbacks]
        if not doors or None in doors:
            raise ImproperlyConfigured(f"{operation.methods} {route} has no access mark: give it auth= from api/access.py")
        marks.append(f"{'/'.join(operation.methods)} {' or '.join(str(mark) for mark in doors)}")
    return ", ".join(marks)


def _takes_files(operation: Operation) -> bool:
    """Does the endpoint say that it reads forms (v1/forms.py)?"""
    content = operation.openapi_extra.get("requestBody", {}).get("content", {}) if operation.openapi_extra else {}
    return "multipart/form-data" in content


def _openapi(api: NinjaAPI) -> View:
    def openapi(request: HttpRequest) -> HttpResponse:
        return answer(document(api), headers={"Cache-Control": "public, max-age=300"})

    return openapi
