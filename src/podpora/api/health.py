"""Health: /healthz (the process lives), /readyz (it can do its work), /metrics (Prometheus)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path

from podpora.api import readiness


def _public(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    view.access = "public"  # type: ignore[attr-defined]
    return view


@_public
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives: touches nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@_public
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything that this server needs is there, else 503 with the reasons."""
    problems = readiness.problems(at=request.now)  # type: ignore[attr-defined]
    body = {"ready": not problems, "problems": problems}
    return JsonResponse(body, status=503 if problems else 200)


urlpatterns = [path("healthz", healthz, name="healthz"), path("readyz", readyz, name="readyz")]
