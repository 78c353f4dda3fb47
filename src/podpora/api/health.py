"""Health: /healthz (the process lives), /readyz (it can do its work), /metrics (Prometheus)."""

from collections.abc import Callable
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path

from podpora.api import readiness
from podpora.people import queries as people
from podpora.people.permissions import staff_may

View = Callable[[HttpRequest], HttpResponseBase]
METRICS_SCOPE = "metrics"


def _marked(access: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


@_marked("public")
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives: touches nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@_marked("public")
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything that this server needs is there, else 503 with the reasons. Warnings: mail that does not come or go."""
    at = request.now  # type: ignore[attr-defined]
    problems = readiness.problems(at=at)
    body = {"ready": not problems, "problems": problems, "warnings": [] if problems else readiness.warnings(at=at)}
    return JsonResponse(body, status=503 if problems else 200)


@_marked("token(metrics)")
def metrics_page(request: HttpRequest) -> HttpResponse:
    """For this machine, or with an API token of scope `metrics`; for everybody else there is nothing here."""
    if not _from_this_machine(request) and not _has_token(request):
        return HttpResponse("Not found.\n", status=404, content_type="text/plain")
    from podpora.api import metrics  # with a library that only this answer needs

    content = metrics.text(at=request.now)  # type: ignore[attr-defined]
    return HttpResponse(content, content_type="text/plain; version=0.0.4; charset=utf-8")


def _from_this_machine(request: HttpRequest) -> bool:
    """A direct caller on the loopback. What came through a proxy on this machine names the proxy and is somebody else."""
    if any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    token = people.token_for(secret.strip()) if kind.lower() == "bearer" else None
    if token is None or not {"all", METRICS_SCOPE} & set(token.scopes):
        return False
    return token.person is None or staff_may(token.person, "jobs")  # a customer's token counts only what is his


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
]
