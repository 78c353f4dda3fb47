"""What I was told, and what I want to be told by mail."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from podpora.notifications import actions, queries
from podpora.web.access import signed_in
from podpora.web.request import Request


@signed_in
@never_cache
def show(request: Request) -> HttpResponse:
    """Newest first; "mark all as read" is a button, nothing changes by looking."""
    if request.method == "POST":
        actions.mark_read(request.user.pk, at=request.now)
        return redirect("account:inbox")
    page = Paginator(queries.inbox_of(request.user.pk), 25).get_page(request.GET.get("page"))
    unread = queries.unread_count(request.user.pk)
    return TemplateResponse(request, "portal/account/inbox.html", {"page": page, "unread": unread})


@signed_in
@never_cache
def preferences(request: Request) -> HttpResponse:
    """A box for every kind of mail that may be switched off."""
    person = request.user
    kinds = queries.preferences_of(person.pk, staff=person.is_staff)
    if request.method == "POST":
        wanted = set(request.POST.getlist("by_mail"))
        for kind, by_mail in kinds:
            if (kind.name in wanted) != by_mail:
                actions.set_preference(person.pk, kind.name, by_mail=kind.name in wanted)
        messages.success(request, _("Your settings are saved."))
        return redirect("account:notifications")
    return TemplateResponse(request, "portal/account/notifications.html", {"kinds": kinds})
