"""Addresses of the API."""

from django.urls import include, path

from podpora.api.docs import docs
from podpora.api.door import addresses, door, nothing_here
from podpora.api.v1 import build

urlpatterns = [
    path("docs", docs, name="api_docs"),
    path("v1/", include((addresses(build()), "api-v1"))),
    path("<path:rest>", door(nothing_here, access="public")),
]
