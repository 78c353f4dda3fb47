"""Addresses of the API."""

from django.urls import include, path, re_path

from podpora.api.docs import page_for
from podpora.api.door import addresses, door, nothing_here
from podpora.api.hot import in_django
from podpora.api.v1 import build

_api = build()

urlpatterns = [
    path("docs", page_for(_api), name="api_docs"),
    path("v1/", include((addresses(_api, first=in_django), "api-v1"))),
    re_path(r"^.*$", door(nothing_here, access="public")),
]
