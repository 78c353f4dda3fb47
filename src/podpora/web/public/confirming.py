"""Did you write this? The link of the mail leads here; only the buttons answer (programs that open links confirm nothing)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from podpora.desk import queries
from podpora.journeys import contact as journey
from podpora.web.access import public
from podpora.web.origin import same_origin
from podpora.web.request import Request


@same_origin
@public
@require_http_methods(["GET", "POST"])
def confirm(request: Request, token: str) -> HttpResponse:
    """What was written under the address, shown to whoever reads it, with yes and no."""
    ticket, message = queries.to_confirm(token)
    answer = request.POST.get("answer", "")
    if request.method == "POST" and answer in ("yes", "no"):
        if answer == "yes":
            journey.confirm(ticket, at=request.now)
            messages.success(request, _("Thank you. We have your question; the answer comes by e-mail."))
        else:
            journey.deny(ticket, at=request.now)
            messages.success(request, _("Thank you. We threw it away and will not write to you about it."))
        return redirect("public:home")
    context = {"ticket": ticket, "message": message, "is_open": message.is_unverified and not ticket.is_done}
    response = TemplateResponse(request, "public/confirm.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
