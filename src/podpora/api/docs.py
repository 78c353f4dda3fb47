"""The documentation of the API for readers: a page drawn by the server from the OpenAPI document."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def docs(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "api/docs.html", {})


docs.access = "public"  # type: ignore[attr-defined]
