"""Devices without a network: request files in, a certificate file out; proofs of deactivation back (A-9)."""

import json
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from podpora.base.decisions import Reason
from podpora.base.errors import NotYours
from podpora.base.fields import field_sentence
from podpora.base.reasons import sentence
from podpora.base.sealing import CannotOpen, seal, unseal
from podpora.journeys import offline as journey
from podpora.licensing import queries
from podpora.licensing.models import Licence
from podpora.licensing.rules.archives import texts_of
from podpora.licensing.values import NamedText, Unreadable
from podpora.people import queries as people
from podpora.web.access import signed_in
from podpora.web.request import Request

LARGEST = 4 * 1024 * 1024
LIVES = (1, 7, 30, 90, 366)  # days
PURPOSE = "offline-download"


def _licences(request: Request) -> list[Licence]:
    """Licences on which the reader may activate devices."""
    rows = queries.all_licences().filter(customer__in=people.customers_with(request.user, "devices"))
    return list(rows.exclude(state="revoked").order_by("pk")[:500])


@signed_in
@never_cache
def offline(request: Request) -> HttpResponse:
    licences = _licences(request)
    problem, result = "", None
    if request.method == "POST":
        licence = next((each for each in licences if each.code == request.POST.get("licence", "")[:20]), None)
        if licence is None or licence.customer is None:
            raise NotYours
        try:
            files = _files(request, "requests")
            made = journey.bundle(
                licence.customer, files, licence=licence, ttl=timedelta(days=_days(request)), by=request.actor, at=request.now
            )  # fmt: skip
        except Unreadable as wrong:
            problem = field_sentence(wrong.code, wrong.facts)
        else:
            result = _result(made, licence.code)
    return _page(request, licences, problem=problem, result=result)


def _days(request: Request) -> int:
    days = request.POST.get("days", "")
    return int(days) if days.isascii() and days.isdigit() and int(days[:4]) in LIVES else 30


def _files(request: Request, field: str) -> list[NamedText]:
    """The files that were sent; Unreadable for none, too many or too large ones."""
    sent = request.FILES.getlist(field)
    if not sent:
        raise Unreadable("required")
    if sum(file.size or 0 for file in sent) > LARGEST:
        raise Unreadable("offline.too_large", most=LARGEST)
    return texts_of((str(file.name), file.read()) for file in sent)


def _result(made: journey.CertificateFile, name: str) -> dict[str, Any]:
    """What became of each request, and the file: sealed, so that only what was made here can be downloaded here."""
    rows = [(item, "" if item.state == "given" else sentence(Reason(item.code))) for item in made.items]
    given = json.dumps(made.wire()) if made.certificates else ""
    return {"rows": rows, "file": seal(given, PURPOSE) if given else "", "name": name, "count": len(made.certificates)}


@require_POST
@signed_in
def download(request: Request) -> HttpResponse:
    """The certificate file that was just made."""
    try:
        text = unseal(request.POST.get("file", ""), PURPOSE)
    except CannotOpen:
        raise NotYours from None
    name = "".join(c for c in request.POST.get("name", "")[:20] if c.isalnum() or c == "-") or "offline"
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.podpora-licence"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@signed_in
def take_back(request: Request) -> HttpResponse:
    """Proofs of deactivation: each frees its seat once, whoever carries it."""
    problem, taken = "", []
    try:
        taken = journey.take_back(_files(request, "proofs"), by=request.actor, at=request.now)
    except Unreadable as wrong:
        problem = field_sentence(wrong.code, wrong.facts)
    words = {"deactivated": _("The seat is free."), "already": _("The seat was freed before.")}
    rows = [(one, words.get(one.state) or sentence(Reason(one.code))) for one in taken]
    return _page(request, _licences(request), proof_problem=problem, taken=rows)


def _page(request: Request, licences: list[Licence], **more: Any) -> HttpResponse:
    context = {"licences": licences, "lives": LIVES, "chosen": request.POST.get("licence", request.GET.get("licence", ""))}
    status = 422 if more.get("problem") or more.get("proof_problem") else 200
    return TemplateResponse(request, "portal/manager/offline.html", context | more, status=status)
