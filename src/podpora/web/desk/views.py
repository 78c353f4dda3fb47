"""Saved views: named, shared, changed, removed."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.people.permissions import is_manager
from podpora.web.access import technician
from podpora.web.components.forms import show_problem
from podpora.web.desk.rail import view_name
from podpora.web.desk.wishes import query_of, saved_query, wish_from
from podpora.web.request import Request


class ViewForm(forms.Form):
    name_cs = forms.CharField(label=gettext_lazy("Name in Czech"), max_length=60, required=False)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=60, required=False)
    is_shared = forms.BooleanField(label=gettext_lazy("All technicians see it"), required=False)


@technician("tickets")
@require_http_methods(["GET", "POST"])
def save(request: Request) -> HttpResponse:
    """Keep the list that is shown under a name."""
    kept = QueryDict(request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode())
    wish = wish_from(kept)
    form = ViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.save_view(wish, **form.cleaned_data, by=request.actor, at=request.now)
        except InvalidInput as problem:
            _show(form, problem)
        else:
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": view_name(made)})
            return redirect(reverse("desk:home") + "?" + saved_query(made))
    context = {"form": form, "query": query_of(wish), "view": None}
    return TemplateResponse(request, "desk/view.html", context, status=422 if form.errors else 200)


@technician("tickets")
@require_http_methods(["GET", "POST"])
def view(request: Request, view: str) -> HttpResponse:
    """Rename, share, take the shown filters over, or remove."""
    found = queries.saved_view(request.user, view[:20])
    if found is None or not (found.owner_id == request.user.pk or is_manager(request.user)):
        raise NotYours
    initial = {"name_cs": found.name_cs, "name_en": found.name_en, "is_shared": found.is_shared}
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and request.POST.get("deed") == "remove":
        actions.remove_view(found, by=request.actor, at=request.now)
        messages.success(
            request, _("The view “%(name)s” was removed. Its tickets are where they were.") % {"name": view_name(found)}
        )
        return redirect("desk:home")
    if request.method == "POST" and form.is_valid():
        taken = QueryDict(request.POST["query"]) if request.POST.get("query") else None
        wish = wish_from(taken) if taken is not None else None
        try:
            found = actions.change_view(found, **form.cleaned_data, wish=wish, by=request.actor, at=request.now)
        except InvalidInput as problem:
            _show(form, problem)
        else:
            return redirect(reverse("desk:home") + "?" + saved_query(found))
    context = {"form": form, "view": found, "name": view_name(found), "query": ""}
    return TemplateResponse(request, "desk/view.html", context, status=422 if form.errors else 200)


def _show(form: ViewForm, problem: InvalidInput) -> None:
    """A missing name stands at the field of the reader's language."""
    show_problem(form, InvalidInput({"name_cs" if name == "name" else name: codes for name, codes in problem.fields.items()}))
