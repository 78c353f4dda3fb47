"""Mail that came in: what became of it, and the decisions about what was held."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.schemas import Strict
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.decisions import Reason
from podpora.base.errors import InvalidInput
from podpora.base.reasons import sentence
from podpora.desk import queries as desk
from podpora.journeys import mailroom
from podpora.mail import actions, queries
from podpora.mail.models import IncomingMail
from podpora.mail.rules.parsing import parse
from podpora.mail.values import IncomingState

router = Router(tags=["mails"])
vendors = vendor("mails", "tickets")
SHOWN_TEXT = 100_000


class ReleaseIn(Strict):
    """`ticket` left out: a new one."""

    ticket: Annotated[str, StringConstraints(max_length=20), Field(examples=["T-1042"])] = ""


def mail_json(mail: IncomingMail) -> dict[str, Any]:
    """A mail in a list. `reasons`: codes, the deciding one first."""
    return {
        "code": mail.code, "from": mail.sender or mail.envelope_from or None, "from_name": mail.sender_name, "to": mail.envelope_to,
        "subject": mail.subject, "message_id": mail.message_id or None, "received_at": format_instant(mail.received_at),
        "source": mail.source, "size": mail.size, "duplicates": mail.duplicates,
        "state": IncomingState.STORED.value if mail.state == IncomingState.PROCESSING else mail.state, "reasons": mail.reasons,
        "messages": [sentence(Reason(code)) for code in mail.reasons], "ticket": mail.ticket or None, "last_error": mail.last_error or None,
    }  # fmt: skip


@router.get("mails", auth=vendors)
def mails(request: HttpRequest, state: str = "", reason: str = "", limit: str = "", cursor: str = "") -> HttpResponse:
    """Every mail that came in, the newest first; `state`: stored, quarantined, failed, ticketed, dropped."""
    rows = _rows(request)
    if state:
        if state not in set(IncomingState):
            raise InvalidInput({"state": ["unknown"]})
        states = [IncomingState.STORED, IncomingState.PROCESSING] if state == IncomingState.STORED else [state]
        rows = rows.filter(state__in=states)
    if reason:
        rows = rows.filter(reason=reason.replace("\x00", "")[:60])
    return listing(request, rows, mail_json)


@router.get("mails/{code}", auth=vendors)
def mail(request: HttpRequest, code: str) -> HttpResponse:
    """One mail with its text and the names of its files."""
    found = _found(request, code)
    read = parse(queries.raw_of(found))
    files = [{"name": file.name, "content_type": file.content_type, "size": len(file.content)} for file in read.files]
    return answer(
        mail_json(found) | {"text": read.text[:SHOWN_TEXT], "reply_text": read.reply_text[:SHOWN_TEXT], "attachments": files}
    )


@router.post("mails/{code}/release", auth=vendors)
def release(request: HttpRequest, code: str, body: ReleaseIn) -> HttpResponse:
    """Let a held mail through, into this ticket or a new one: the mail with its ticket. 409 `mail.not_held`."""
    found = _found(request, code)
    caller = caller_of(request)
    ticket = ""
    if body.ticket.strip():
        wanted = normalised(body.ticket)[:20]
        ticket = (desk.any_ticket(wanted) if caller.sees_all else desk.ticket_for_staff(caller.person, wanted)).code
    mailroom.release(found, ticket=ticket, by=caller.actor, at=request.now)  # type: ignore[attr-defined]
    return answer(mail_json(queries.incoming_with_code(found.code)))


@router.post("mails/{code}/drop", auth=vendors)
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """Set a held mail aside. It is kept. 409 `mail.not_held`."""
    found = _found(request, code)
    actions.drop_mail(found, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(mail_json(queries.incoming_with_code(found.code)))


@router.post("mails/{code}/retry", auth=vendors)
def retry(request: HttpRequest, code: str) -> HttpResponse:
    """Let a mail that failed be read again. 409 `mail.not_held`."""
    found = _found(request, code)
    actions.retry_mail(found, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(mail_json(queries.incoming_with_code(found.code)))


def _rows(request: HttpRequest) -> QuerySet[IncomingMail]:
    """VI-3: a technician's token sees what he sees."""
    caller = caller_of(request)
    return queries.visible_incoming(() if caller.sees_all else desk.hidden_queues(caller.person))


def _found(request: HttpRequest, code: str) -> IncomingMail:
    return queries.visible_mail(_rows(request), normalised(code))
