"""What people looked for and did not find: what to write about next."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from podpora.search import actions, queries
from podpora.web.access import technician
from podpora.web.request import Request


@technician("knowledge")
@require_http_methods(["GET", "POST"])
def misses(request: Request) -> HttpResponse:
    """The words, how often and when last; an article can be begun, or the words put away."""
    if request.method == "POST":
        number = request.POST.get("miss", "")
        if number.isascii() and number.isdigit() and len(number) < 18 and actions.dismiss_miss(int(number), at=request.now):
            messages.success(request, _("Put away."))
        return redirect("office:misses")
    return TemplateResponse(request, "office/misses.html", {"misses": list(queries.misses())})
