"""Error pages: what happened, and where to go."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def _page(request: HttpRequest, status: int) -> HttpResponse:
    return TemplateResponse(request, "error.html", {"status": status}, status=status).render()


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>500</title><p>Something went wrong.</p>", status=500)
