"""Customers: the list, and one customer with everything that he has."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import queries as desk
from podpora.desk.values import State
from podpora.licensing import queries as licensing
from podpora.orders import queries as orders
from podpora.orders.values import OrderState
from podpora.people import actions, permissions
from podpora.people import queries as people
from podpora.people.values import ROLE_NAMES, Role
from podpora.web import acting, glance
from podpora.web.access import technician
from podpora.web.components.forms import show_problem
from podpora.web.conversation import state_badge
from podpora.web.office.orders import KINDS
from podpora.web.request import Request

PAGE = 50
NAMESAKES = 3


class ActAsForm(forms.Form):
    reason = forms.CharField(label=_("Why do you act as this person?"), max_length=300, help_text=_("The person is told."))


@technician("customers")
@require_safe
def customers(request: Request) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:200]
    page = Paginator(people.customers_found(words), PAGE).get_page(request.GET.get("page"))
    query = f"q={words}&" if words else ""
    return TemplateResponse(request, "office/customers.html", {"page": page, "words": words, "query": query})


@technician("customers")
@require_safe
def customer(request: Request, code: str) -> HttpResponse:
    return _page(request, code)


def _page(request: Request, code: str, form: ActAsForm | None = None, asked: str = "") -> HttpResponse:
    found = people.customer_visible_to(request.user, code)
    rows = [(order, KINDS.get(OrderState(order.state), "")) for order in orders.orders_of(found)[:100]]
    facts = {
        "customer": found, "glances": glance.glances(licensing.licences_of(found), at=request.now), "orders": rows,
        "members": [
            (member, ROLE_NAMES[Role(member.role)], permissions.may_act_as(request.user, member.person))
            for member in people.members_of(found)
        ],
        "tickets": [(ticket, state_badge(State(ticket.state))) for ticket in desk.newest_of(found, request.user)],
        "form": form or ActAsForm(), "asked": asked, "may_merge": permissions.staff_may(request.user, "merge"),
    }  # fmt: skip
    facts["namesakes"] = people.namesakes(found)[:NAMESAKES] if facts["may_merge"] else ()
    return TemplateResponse(request, "office/customer.html", facts, status=422 if form else 200)


@technician("act_as")
@require_POST
def act_as(request: Request, code: str, person: str) -> HttpResponse:
    """Begin to see and do what this person may, with a reason that he is told."""
    member = people.members_of(people.customer_visible_to(request.user, code)).filter(person__code=person).first()
    if member is None:
        raise NotYours
    form = ActAsForm(request.POST)
    if form.is_valid():
        try:
            actions.begin_acting(member.person, form.cleaned_data["reason"], staff=request.user, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            acting.begin(request, member.person, member.customer.code)
            return redirect("portal:home")
    return _page(request, code, form, person)
