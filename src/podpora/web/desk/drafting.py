"""Help with writing: canned replies, macros, drafts that the server keeps, answers that can still be taken back."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.reasons import message
from podpora.desk import actions, queries, rules
from podpora.desk.actions.doing import in_language, language_of, variables
from podpora.desk.actions.drafts import Writing
from podpora.web.access import technician
from podpora.web.desk.tickets import again, panel
from podpora.web.request import Request


@technician("tickets")
@require_GET
def replies(request: Request, code: str) -> HttpResponse:
    """Canned replies with their variables filled in, and macros; asked for when the menu opens."""
    found = queries.ticket_for_staff(request.user, code)
    known, language = variables(found, request.user, at=request.now), language_of(found)
    texts = [
        (canned.code, canned.name, rules.filled_in(in_language({"cs": canned.text_cs, "en": canned.text_en}, language), known))
        for canned in queries.canned_for(found.queue_id)
    ]
    return panel(request, "replies", found, {"texts": texts, "macros": queries.macros_for(found.queue_id)})


@technician("tickets")
@require_POST
def macro(request: Request, code: str) -> HttpResponse:
    """Several deeds by one click; what could not be done is said."""
    found = queries.ticket_for_staff(request.user, code)
    chosen = next((each for each in queries.macros_for(found.queue_id) if each.code == request.POST.get("macro", "")), None)
    if chosen is None:
        raise NotYours
    try:
        done = actions.apply_macro(found, chosen, request.user, by=request.actor, at=request.now)
    except (Refused, InvalidInput) as problem:
        messages.error(request, message(problem.decision) if isinstance(problem, Refused) else str(problem))
    else:
        messages.success(request, _("“%(name)s” is done.") % {"name": chosen.name})
        for line in done:
            if "refused" in line or "skipped" in line:
                messages.warning(request, line)
    return again(request, found, "")


@technician("tickets")
@require_POST
def draft(request: Request, code: str) -> HttpResponse:
    """Keep what stands in the box. Answers its version, or what stands in another window."""
    found = queries.ticket_for_staff(request.user, code)
    given = request.POST
    writing = Writing(
        given.get("text", ""),
        given.get("kind", "reply"),
        given.get("then", ""),
        _number(given.get("seen")),
        _number(given.get("version")),
    )
    if not writing.text.strip():
        actions.drop_draft(found, request.user)
        return JsonResponse({"version": 0, "says": ""})
    try:
        kept = actions.save_draft(found, request.user, writing, at=request.now)
    except Refused as refusal:
        now = queries.draft_of(request.user, found)
        return JsonResponse({"version": now.version if now else 0, "says": message(refusal.decision)}, status=409)
    except InvalidInput:
        return JsonResponse({"version": writing.version, "says": _("This text is too long to be kept.")}, status=422)
    return JsonResponse({"version": kept.version, "says": _("Draft saved")})


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@technician("tickets")
@require_POST
def waiting(request: Request, code: str, answer: str) -> HttpResponse:
    """An answer that is not sent yet: take it back, or send it now."""
    found = queries.ticket_for_staff(request.user, code)
    scheduled = queries.scheduled_of(found, answer)
    if scheduled.author_id != request.user.pk:
        raise NotYours
    try:
        if request.POST.get("deed") == "now":
            actions.send_now(scheduled, by=request.actor, at=request.now)
        else:
            actions.withdraw(scheduled, by=request.actor, at=request.now)
            messages.success(request, _("Not sent. Your text stands in the box again."))
    except Refused as refusal:
        messages.error(request, message(refusal.decision))
    return again(request, found, "")
