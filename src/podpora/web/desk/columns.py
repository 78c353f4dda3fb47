"""What the lines of a technician's lists show: everywhere, or in one list, which can then be kept as a view."""

from dataclasses import replace

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from podpora.desk import actions, queries
from podpora.desk.values import COLUMN_NAMES, Column
from podpora.web.access import technician
from podpora.web.desk.wishes import query_of, wish_from
from podpora.web.request import Request


@technician("tickets")
@require_http_methods(["GET", "POST"])
def columns(request: Request) -> HttpResponse:
    """The choice; `only`: for the list that one came from alone."""
    wish = wish_from(QueryDict(request.POST.get("query", "")) if request.method == "POST" else request.GET)
    if request.method == "POST":
        chosen = tuple(column for column in Column if column in request.POST.getlist("column"))
        if request.POST.get("only"):
            wish = replace(wish, columns=chosen)
        else:
            actions.set_columns(request.user, chosen)
            wish = replace(wish, columns=())
        return redirect(f"{reverse('desk:home')}?{query_of(wish)}")
    shown = wish.columns or queries.columns_of(request.user)
    choices = [(column.value, name, column in shown) for column, name in COLUMN_NAMES.items()]
    return TemplateResponse(request, "desk/columns.html", {"choices": choices, "query": query_of(wish)})
