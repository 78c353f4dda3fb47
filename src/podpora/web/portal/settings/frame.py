"""What the pages of central settings share: whose they are, what the reader may do, the ways between the pages."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.fields import field_sentence
from podpora.catalog import queries as catalog
from podpora.catalog.models import Product
from podpora.fleet import actions, queries
from podpora.fleet.models import Profile
from podpora.fleet.values import Schema
from podpora.journeys import manager
from podpora.licensing import queries as licensing
from podpora.people import permissions
from podpora.people import queries as people
from podpora.people.models import Customer
from podpora.web.access import signed_in
from podpora.web.request import Request


@dataclass(frozen=True, slots=True)
class Looker:
    """The settings of one company for one product, and what the reader may do with them."""

    customer: Customer
    product: Product
    profile: Profile
    schema: Schema
    manages: bool

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"settings:{name}", args=[self.customer.code, self.product.code, *args])

    @property
    def tabs(self) -> list[tuple[Any, str, str]]:
        """Label, address, name of the page."""
        return [
            (_("Overview"), self.url("overview"), "overview"), (_("Settings"), self.url("edit", "company"), "edit"),
            (_("Groups"), self.url("groups"), "groups"), (_("Devices"), self.url("devices"), "devices"),
            (_("Roll-outs"), self.url("rollouts"), "rollouts"), (_("History"), self.url("history"), "history"),
        ]  # fmt: skip


def looker(request: Request, company: str, product: str, permission: str = "see") -> Looker:
    """The settings as the reader may see them (or, with `settings`, change them); NotYours for everybody else (CS-24)."""
    customer = people.customer_in(people.customers_with(request.user, permission), normalised(company)[:20])
    found = catalog.product(product[:50])
    if not manager.may_use(customer, at=request.now).allowed:
        raise NotYours
    row = queries.newest_schema(found)
    if row is None:
        raise NotYours
    manages = permission == "settings" or permissions.may(request.user, "settings", customer)
    profile = actions.ensure_profile(customer, found) if permission == "settings" else queries.profile_or_empty(customer, found)
    return Looker(customer, found, profile, queries.read(row), manages)


@signed_in
@require_GET
def begin(request: Request) -> HttpResponse:
    """To the settings of the reader's first company that has any; else what they are and what is missing."""
    companies = [
        c
        for c in people.customers_with(request.user, "see").order_by("-kind", "name", "pk")
        if manager.may_use(c, at=request.now).allowed
    ]
    for customer in companies:
        licence = licensing.licences_of(customer).select_related("product").order_by("pk").first()
        if licence is not None and queries.newest_schema(licence.product) is not None:
            return redirect("settings:overview", customer.code, licence.product.code)
    if not companies:
        return redirect("portal:licences")
    return TemplateResponse(request, "portal/settings/none.html", {"company": companies[0]})


def page(
    request: Request, template: str, look: Looker, here: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A page of these settings with what every one of them shows."""
    drafts = queries.drafts_of(look.profile, request.user) if look.manages and look.profile.pk else {}
    shared = {
        "look": look, "here": here, "tabs": look.tabs, "drafts": drafts, "company": look.customer,
        "companies": [c for c in people.customers_with(request.user, "see") if c.is_company],
    }  # fmt: skip
    return TemplateResponse(request, f"portal/settings/{template}", shared | context, status=status)


def told(problem: InvalidInput) -> dict[str, str]:
    """Field -> the sentences about it, in the reader's language."""
    return {
        name: " ".join(field_sentence(code, problem.facts.get(name)) for code in codes) for name, codes in problem.fields.items()
    }
