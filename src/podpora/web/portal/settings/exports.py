"""Files for other tools: what counts as JSON, registry or property list; a device's signed bundle for a computer without a network."""

import json

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from podpora.base.errors import NotYours
from podpora.journeys import central as journey
from podpora.web.access import signed_in
from podpora.web.portal.settings import devices, frame
from podpora.web.request import Request


@signed_in
@require_GET
def export(request: Request, company: str, product: str, name: str, form: str) -> HttpResponse:
    """`name`: `company`, `group:CODE` or `device:CODE`."""
    look = frame.looker(request, company, product)
    made = journey.exported(look.profile, name[:40], form)
    return _file(made.content, made.name, made.content_type)


@require_POST
@signed_in
def bundle(request: Request, company: str, product: str, device: str) -> HttpResponse:
    """The file that is carried to a device without a network: its signed settings, as the certificate file has them."""
    look = frame.looker(request, company, product, "settings")
    found = devices.find(look, device)
    made = journey.offline_file(found, at=request.now)
    if made is None:
        raise NotYours
    return _file(json.dumps(made).encode(), f"{found.code}.podpora-licence", "application/json")


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
