"""What waits for a moderator, and his decisions."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.decisions import Refused
from podpora.base.reasons import message
from podpora.forum import actions, queries
from podpora.forum.values import DECIDED, FLAG_NAMES, REVIEW_NAMES, WHY_NAMES, FlagKind, Review
from podpora.web.access import technician
from podpora.web.forum.shown import post_url
from podpora.web.request import Request


@technician("moderate")
@require_safe
def reviews(request: Request) -> HttpResponse:
    """The weightiest first; the last decisions below."""
    rows = [
        {
            "item": item, "post": item.post, "url": post_url(item.post.topic, item.post.number), "why": WHY_NAMES.get(item.why, item.why),
            "html": mark_safe(item.post.html),  # noqa: S308  # cleaned by base.markdown when it was written
            "flags": [(flag, FLAG_NAMES[FlagKind(flag.kind)]) for flag in item.post.flags.all() if flag.decision == Review.OPEN],
        }
        for item in queries.open_reviews()
    ]  # fmt: skip
    done = [
        (item, REVIEW_NAMES[Review(item.state)], post_url(item.post.topic, item.post.number))
        for item in queries.decided_reviews(20)
    ]
    return TemplateResponse(request, "forum/staff/reviews.html", {"rows": rows, "done": done})


@technician("moderate")
@require_POST
def decide(request: Request, code: str) -> HttpResponse:
    """The second of two moderators is told what the first did (FO-17)."""
    item = queries.review_with(code)
    given, seen = request.POST.get("decision", ""), request.POST.get("version", "")
    if given not in {decision.value for decision in DECIDED}:
        messages.error(request, _("Choose what becomes of it."))
        return HttpResponseRedirect(reverse("forum_staff:reviews"))
    version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 8 else None
    note = request.POST.get("note", "")
    try:
        actions.decide(item, Review(given), version=version, note=note, by=request.actor, at=request.now)
    except Refused as refusal:
        messages.warning(request, message(refusal.decision))
    else:
        messages.success(request, _("Decided."))
    return HttpResponseRedirect(reverse("forum_staff:reviews"))


@technician("moderate")
@require_POST
def revision(request: Request, code: str, number: int) -> HttpResponse:
    """An older text is hidden from readers, or shown again."""
    post = queries.post_for(queries.reader_of(request.user), code)
    actions.hide_revision(post, number, request.POST.get("deed") == "hide", by=request.actor, at=request.now)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("forum:history", args=[code]))


@technician("moderate")
@require_POST
def restore(request: Request, code: str) -> HttpResponse:
    post = queries.post_for(queries.reader_of(request.user), code)
    actions.restore(post, by=request.actor, at=request.now)
    messages.success(request, _("It is back."))
    return HttpResponseRedirect(post_url(post.topic, post.number))
