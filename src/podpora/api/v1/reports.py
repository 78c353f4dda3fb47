"""A question from the program on a device: `POST tickets` with the device's token, as a form with files or as JSON."""

import json
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, StringConstraints

from podpora.api import limits
from podpora.api.access import activation_of, device_actor
from podpora.api.door import language_of
from podpora.api.envelope import answer, explained
from podpora.api.v1.forms import body_of, files_of
from podpora.api.v1.schemas import Strict, refused_field
from podpora.base.addresses import address_of
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput
from podpora.desk import rules
from podpora.desk.models import Attachment, Ticket
from podpora.desk.values import NOT_DIAGNOSTICS, MessageKind, Purpose, Upload
from podpora.journeys import program as journey
from podpora.licensing.models import Activation

REPORTS_A_MINUTE = 20
LETTERS_AN_HOUR = 5  # in the name of an address that nobody has proven
PURPOSES = {"vip": Purpose.VIP, "licences": Purpose.LICENCE_BILLING, "general": Purpose.GENERAL}


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise refused_field("invalid_characters")
    return text


def _line(longest: int) -> Any:
    return Annotated[str, StringConstraints(max_length=longest, strip_whitespace=True), AfterValidator(_one_line)]


class ReportIn(Strict):
    """A question from the program. It knows its licence and device by itself; `email` is needed only where nobody owns the licence."""

    text: Annotated[str, StringConstraints(max_length=50_000)]
    subject: Annotated[str, StringConstraints(max_length=200)] = ""
    queue: Literal["vip", "licences", "general"] = "vip"
    version: _line(30) = ""  # type: ignore[valid-type]
    platform: _line(50) = ""  # type: ignore[valid-type]
    email: _line(254) = ""  # type: ignore[valid-type]
    reference: _line(100) = ""  # type: ignore[valid-type]
    licence: _line(20) = ""  # type: ignore[valid-type]
    device: _line(20) = ""  # type: ignore[valid-type]
    diagnostics: Annotated[str | dict[str, Any], Field(description="Text or an object; in a form a field or a file.")] = ""


def report(request: HttpRequest) -> HttpResponse:
    """Ask from the program: 201, or 200 for the same `reference` again."""
    activation, at = activation_of(request), request.now  # type: ignore[attr-defined]
    limits.take(f"reports:{activation.code}", at=at, most=REPORTS_A_MINUTE)
    body = body_of(request, ReportIn)
    _check_own(body, activation)
    if not body.text.strip():
        raise InvalidInput({"text": ["required"]})
    if activation.licence.customer is None or not activation.is_active:  # anybody's address may stand there (A5)
        for who in filter(None, (activation.code, body.email.lower())):
            limits.take(f"letters:{who}", at=at, most=LETTERS_AN_HOUR, window=3600)
    told = journey.Report(
        purpose=PURPOSES[body.queue], subject=body.subject.strip() or _first_line(body.text), text=body.text,
        version=body.version or activation.device.app_version, platform=body.platform, email=body.email,
        language=language_of(request)[:2], reference=body.reference, uploads=_uploads(request, body), unproven=_unproven(body),
    )  # fmt: skip
    done = journey.report(activation, told, by=device_actor(activation, address_of(request)), at=at)
    return answer(_told(done), 201 if done.is_new else 200)


def _check_own(body: ReportIn, activation: Activation) -> None:
    """A device speaks of its own licence; another's code is as unknown as one that does not exist (S15)."""
    own = {"licence": activation.licence.code, "device": activation.device.code}
    wrong = {name: ["unknown"] for name, code in own.items() if (said := getattr(body, name)) and normalised(said) != code}
    if wrong:
        raise InvalidInput(wrong)


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"


def _unproven(body: ReportIn) -> str:
    return _("Sent from the program with the address {email}: it is not proven.").format(email=body.email)


def _uploads(request: HttpRequest, body: ReportIn) -> list[Upload]:
    """The user's files, whatever their fields are called, and the program's diagnostics, which come last."""
    files = files_of(request)
    raw = [upload.content for upload in files.pop("diagnostics", [])]
    if body.diagnostics:
        said = body.diagnostics
        raw.append((said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)).encode())
    if len(raw) > 1:
        raise InvalidInput({"diagnostics": ["twice"]})
    found = [rules.diagnostics_of(each) for each in raw]
    if None in found:
        raise InvalidInput({"diagnostics": [NOT_DIAGNOSTICS]})
    return [*(upload for field in files.values() for upload in field), *(each for each in found if each)]


def _told(done: journey.Reported) -> dict[str, Any]:
    """What the program shows: number, link, where it went, under which support. No name or address: a device is not a person."""
    ticket: Ticket = done.ticket
    return {
        "code": ticket.code, "subject": ticket.subject, "state": ticket.state, "queue": ticket.queue.code, "tier": ticket.tier,
        "via": ticket.via, "licence": ticket.licence or None, "device": ticket.device or None, "version": ticket.app_version or None,
        "platform": ticket.platform or None, "version_ended": ticket.version_is_ended, "opened_at": format_instant(ticket.opened_at),
        "url": f"{settings.SITE_URL}{reverse('centre:ticket', args=[ticket.code])}",
        "support": {**explained(done.support), "through": ticket.support_through},
        "attachments": [
            {
                "code": f.code, "name": f.name, "size": f.size, "content_type": f.content_type, "secrets_removed": f.secrets_removed,
                "diagnostics": bool(f.preview),
            } for f in _files(ticket)
        ],
    }  # fmt: skip


def _files(ticket: Ticket) -> list[Attachment]:
    """The files that came with the question itself, never those of an answer or a note."""
    question = ticket.messages.filter(kind=MessageKind.PUBLIC).order_by("pk")[:1]
    return list(Attachment.objects.filter(message__in=question.values("pk")).order_by("pk"))
