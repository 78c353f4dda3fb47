"""Mail that came in: what became of it, and the quarantine, where people decide about what no rule could place (AU-10, TH-17)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from podpora.base import reasons
from podpora.base.decisions import Reason, Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import queries as desk
from podpora.journeys import mailroom
from podpora.mail import actions, queries
from podpora.mail.models import IncomingMail
from podpora.mail.queries import MailWish
from podpora.mail.rules.parsing import parse
from podpora.mail.values import INCOMING_LABELS, IncomingState
from podpora.web.access import technician
from podpora.web.request import Request

KINDS = {
    IncomingState.QUARANTINED: "warn", IncomingState.FAILED: "bad", IncomingState.TICKETED: "good", IncomingState.STORED: "accent",
    IncomingState.PROCESSING: "accent", IncomingState.DROPPED: "",
}  # fmt: skip
TABS = (IncomingState.QUARANTINED, IncomingState.FAILED, IncomingState.STORED, IncomingState.TICKETED, IncomingState.DROPPED)
MOST_AT_ONCE = 100
SHOWN_TEXT = 20_000


@technician("tickets")
@require_safe
def mails(request: Request) -> HttpResponse:
    rows, wish = _rows(request), _wish(request)
    found = queries.mails_wished(rows, wish)
    by_state, by_reason = queries.held_counts(rows)
    kept = {name: value for name, value in (("state", wish.state), ("reason", wish.reason), ("q", wish.words)) if value}
    page = found[: queries.PAGE]
    facts = {
        "lines": [(mail, KINDS[IncomingState(mail.state)], _sentence(mail.reason)) for mail in page],
        "tabs": [
            (
                str(INCOMING_LABELS[state]),
                f"?state={state.value}",
                by_state.get(state, 0) if state in queries.HELD else None,
                state == wish.state,
            )
            for state in TABS
        ],
        "reasons": [(code, _sentence(code), count) for code, count in sorted(by_reason.items(), key=lambda one: -one[1])],
        "wish": wish,
        "next": f"?{urlencode(kept | {'before': str(page[-1].pk)})}" if len(found) > queries.PAGE else "",
        "is_held": wish.state in queries.HELD,
    }
    return TemplateResponse(request, "desk/mails.html", facts)


@technician("tickets")
@require_safe
def count(request: Request) -> HttpResponse:
    """How many wait for a person: the figure beside the navigation, fetched by itself so that no page waits for it."""
    held = queries.held_count(_rows(request))
    return HttpResponse(str(held) if held else "")


@technician("tickets")
@require_safe
def mail(request: Request, mail: str) -> HttpResponse:
    return TemplateResponse(request, "desk/mail.html", _facts(_found(request, mail)))


@technician("tickets")
@require_safe
def raw(request: Request, mail: str) -> HttpResponse:
    """The bytes as they came in, always as a download."""
    found = _found(request, mail)
    response = HttpResponse(queries.raw_of(found), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="{found.code}.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@technician("tickets")
@require_POST
def release(request: Request, mail: str) -> HttpResponse:
    """Into a new ticket, or into one that the reader may see."""
    found = _found(request, mail)
    try:
        ticket = _release(request, found, request.POST.get("ticket", ""))
    except (Refused, InvalidInput, NotYours) as problem:
        facts = _facts(found) | {"problem": _said(problem), "ticket": request.POST.get("ticket", "")[:20]}
        return TemplateResponse(request, "desk/mail.html", facts, status=422)
    messages.success(request, _("The mail is in ticket %(code)s now.") % {"code": ticket})
    return redirect("desk:ticket", code=ticket)


@technician("tickets")
@require_POST
def drop(request: Request, mail: str) -> HttpResponse:
    return _one(request, mail, "drop", _("The mail was set aside."))


@technician("tickets")
@require_POST
def retry(request: Request, mail: str) -> HttpResponse:
    return _one(request, mail, "retry", _("The mail will be read again."))


@technician("tickets")
@require_POST
def many(request: Request) -> HttpResponse:
    """The same with all that were chosen; each by itself, so that one that is refused stops no other."""
    deed = request.POST.get("do", "")
    done = failed = 0
    for code in request.POST.getlist("mail")[:MOST_AT_ONCE]:
        try:
            _do(request, _found(request, code), deed)
            done += 1
        except (Refused, InvalidInput, NotYours):
            failed += 1
    if done:
        messages.success(request, ngettext("%(count)s mail done.", "%(count)s mails done.", done) % {"count": done})
    if failed:
        messages.error(request, ngettext("%(count)s mail stays.", "%(count)s mails stay.", failed) % {"count": failed})
    state = request.POST.get("state", "")
    return redirect(f"{reverse('desk:mails')}?{urlencode({'state': state})}" if state in set(IncomingState) else "desk:mails")


def _one(request: Request, code: str, deed: str, said: str) -> HttpResponse:
    try:
        _do(request, _found(request, code), deed)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, reasons.message(refusal.decision))
    return redirect("desk:mails")


def _do(request: Request, found: IncomingMail, deed: str) -> None:
    match deed:
        case "drop":
            actions.drop_mail(found, by=request.actor, at=request.now)
        case "retry":
            actions.retry_mail(found, by=request.actor, at=request.now)
        case "release":
            _release(request, found, "")


def _release(request: Request, found: IncomingMail, ticket: str) -> str:
    target = desk.ticket_for_staff(request.user, ticket.strip().upper()).code if ticket.strip() else ""
    return mailroom.release(found, ticket=target, by=request.actor, at=request.now)


def _rows(request: Request) -> QuerySet[IncomingMail]:
    return queries.visible_incoming(desk.hidden_queues(request.user))


def _found(request: Request, code: str) -> IncomingMail:
    return queries.visible_mail(_rows(request), code)


def _wish(request: Request) -> MailWish:
    given = request.GET
    state = given.get("state", IncomingState.QUARANTINED)
    before = given.get("before", "")
    return MailWish(
        state if state in set(IncomingState) else IncomingState.QUARANTINED.value,
        given.get("reason", "").replace("\0", "")[:60],
        given.get("q", "").replace("\0", "")[:200],
        int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 0,
    )


def _sentence(code: str) -> str:
    return reasons.sentence(Reason(code)) if code else ""


def _said(problem: Exception) -> str:
    if isinstance(problem, Refused):
        return reasons.message(problem.decision)
    if isinstance(problem, NotYours):
        return _("You see no ticket with this number.")
    return _("Nobody can be answered here: choose a ticket for it.")


def _facts(found: IncomingMail) -> dict[str, Any]:
    """One mail as it may be shown: text only, nothing of it is run or fetched."""
    read = parse(queries.raw_of(found))
    return {
        "mail": found,
        "kind": KINDS[IncomingState(found.state)],
        "sentences": [(code, _sentence(code)) for code in found.reasons],
        "sender": read.sender,
        "to": [box.address for box in (*read.to, *read.cc)][:20],
        "date": read.date_text,
        "text": read.text[:SHOWN_TEXT],
        "files": [(file.name, len(file.content)) for file in read.files[:50]],
        "is_held": found.state in queries.HELD or found.state == IncomingState.DROPPED,
        "is_open": found.state in queries.HELD,
        "ticket": found.ticket,
    }
