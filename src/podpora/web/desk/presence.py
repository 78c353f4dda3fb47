"""Who else is at this ticket, and whether something new came: asked by the page every quarter of a minute."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from podpora.desk import actions, queries
from podpora.web.access import technician
from podpora.web.request import Request


@technician("tickets")
@require_POST
def at(request: Request, code: str) -> HttpResponse:
    """I am here (and write); who else is? Newer words than those that I have seen are pointed at, the text stays (CL-1)."""
    ticket = queries.ticket_for_staff(request.user, code)
    actions.be_present(ticket, request.user, writes=request.POST.get("writes") == "1", at=request.now)
    seen = request.POST.get("seen", "")
    count = ticket.revision - int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    newer = queries.newer_than(ticket, int(seen), request.user.pk) if count > 0 else []
    others = queries.others_at(ticket, request.user, at=request.now)
    return TemplateResponse(request, "desk/presence.html", {"others": others, "newer": newer, "ticket": ticket})
