"""The forum by mail: addresses for new topics, and the click that ends mails."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from podpora.base.errors import NotYours
from podpora.forum import actions, queries, rules
from podpora.people.queries import person_by_pk
from podpora.web.access import public, signed_in
from podpora.web.request import Request


@signed_in
@require_http_methods(["GET", "POST"])
def addresses(request: Request) -> HttpResponse:
    """FO-23: his own address for each category that takes topics by mail. It is shown once: only a digest of it is kept."""
    reader = queries.reader_of(request.user)
    rows = [
        row
        for row in queries.categories_of(reader)
        if row.by_mail and rules.may_start(reader.facts, row.facts(), at=request.now).allowed
    ]
    made = {}
    if request.method == "POST":
        chosen = next((row for row in rows if row.code == request.POST.get("category", "")), None)
        if chosen is None:
            raise NotYours
        made[chosen.code] = actions.topic_address(request.user, chosen, by=request.actor, at=request.now)
    language = get_language() or "en"
    shown = [(row.code, row.name_in(language), made.get(row.code, "")) for row in rows]
    return TemplateResponse(request, "forum/addresses.html", {"rows": shown})


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def unsubscribe(request: Request, token: str) -> HttpResponse:
    """FO-21: one click of the mail program (RFC 8058), or a button for people. The address proves whose it is."""
    meant = rules.left_by(token)
    person = person_by_pk(meant[0]) if meant else None
    if meant is None or person is None:
        raise NotYours
    if request.method == "POST":
        actions.leave_by_mail(person, meant[1], at=request.now)
        if request.user.is_authenticated:
            messages.success(request, _("You will get no more of these mails."))
            return HttpResponseRedirect(reverse("forum:following"))
        return TemplateResponse(request, "forum/unsubscribed.html", {"done": True})
    return TemplateResponse(request, "forum/unsubscribed.html", {"done": False})
