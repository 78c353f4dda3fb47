"""Mail that goes out: what waits, what failed, what came back. Never its text: it holds codes and keys of others."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput
from podpora.mail import actions, queries
from podpora.mail.models import OutgoingMail
from podpora.mail.values import MailState

router = Router(tags=["outgoing mail"])
vendors = vendor("mails", "jobs")


def outgoing_json(mail: OutgoingMail) -> dict[str, Any]:
    """`delivered_at` only where a mail provider tells it."""
    return {
        "code": mail.code, "to": mail.to_address, "kind": mail.kind or None, "message_id": mail.message_id, "automatic": mail.automatic,
        "state": MailState.QUEUED.value if mail.state == MailState.CLAIMED else mail.state, "attempts": mail.attempts,
        "last_error": mail.last_error or None, "queued_at": format_instant(mail.queued_at),
        "sent_at": format_instant(mail.sent_at) if mail.sent_at else None,
        "delivered_at": format_instant(mail.delivered_at) if mail.delivered_at else None,
    }  # fmt: skip


@router.get("outgoing-mails", auth=vendors)
def outgoing(request: HttpRequest, state: str = "", to: str = "", limit: str = "", cursor: str = "") -> HttpResponse:
    """Every mail that goes out, the newest first; `state`: queued, sent, failed, bounced, cancelled; `to`: a part of the address."""
    if state and state not in set(MailState):
        raise InvalidInput({"state": ["unknown"]})
    rows = queries.outgoing(to=to.replace("\x00", "")[:254])
    if state:
        rows = rows.filter(state__in=queries.WAITING if state == MailState.QUEUED else [state])
    return listing(request, rows, outgoing_json)


@router.get("outgoing-mails/{code}", auth=vendors)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One mail."""
    return answer(outgoing_json(_found(code)))


@router.post("outgoing-mails/{code}/again", auth=vendors)
def again(request: HttpRequest, code: str) -> HttpResponse:
    """Send again what failed, came back or was taken back, as the same mail. 409 `mail.on_its_way`."""
    return answer(outgoing_json(actions.send_again(_found(code), by=caller_of(request).actor, at=request.now)))  # type: ignore[attr-defined]


@router.post("outgoing-mails/{code}/cancel", auth=vendors)
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Take back what still waits. 409 `mail.not_waiting`."""
    return answer(outgoing_json(actions.cancel_mail(_found(code), by=caller_of(request).actor, at=request.now)))  # type: ignore[attr-defined]


def _found(code: str) -> OutgoingMail:
    return queries.mail_with_code(normalised(code))
