"""Staff cease to act as a customer."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from podpora.people import actions
from podpora.web import acting
from podpora.web.access import signed_in
from podpora.web.request import Request


@require_POST
@signed_in
def stop(request: Request) -> HttpResponse:
    """Back to oneself, on the page of the customer. Who does not act as anybody goes to his own overview."""
    now = request.acting
    if now is None:
        return redirect("portal:home")
    actions.end_acting(now.person, by=request.actor, at=request.now)
    acting.end(request)
    return redirect("office:customer", now.customer)
