"""Addresses of the API."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path

from podpora.api import hot
from podpora.api.docs import page_for
from podpora.api.door import addresses, door, nothing_here
from podpora.api.v1 import build

_api = build()


def _first(request: HttpRequest) -> HttpResponse | None:
    return hot.in_django(request)


urlpatterns = [
    path("docs", page_for(_api), name="api_docs"),
    path("v1/", include((addresses(_api, first=_first), "api-v1"))),
    re_path(r"^.*$", door(nothing_here, access="public")),
]
