"""Founding a company, and its details."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from podpora.base.errors import InvalidInput
from podpora.people import actions, permissions, queries
from podpora.web.access import signed_in
from podpora.web.components.forms import show_problem
from podpora.web.portal.account.forms import CompanyDetailsForm, CompanyForm
from podpora.web.request import Request

DETAILS = ("name", "company_id", "vat_id", "email", "street", "city", "postal_code", "country")


@signed_in
@never_cache
def create(request: Request) -> HttpResponse:
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            company = actions.create_company(request.user, **form.cleaned_data, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("The company is here. Invite the others."))
            return redirect("account:company", company.code)
    return TemplateResponse(request, "portal/account/company_form.html", {"form": form})


@signed_in
@never_cache
def edit(request: Request, code: str) -> HttpResponse:
    """Name, numbers and the address for invoices: whoever manages members may change them."""
    company = queries.customer_visible_to(request.user, code)
    if not permissions.may_manage_members(request.user, company):
        raise Http404
    form = CompanyDetailsForm(request.POST or None, initial={field: getattr(company, field) for field in DETAILS})
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_customer(company, **form.cleaned_data, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("account:company", company.code)
    return TemplateResponse(request, "portal/account/company_form.html", {"form": form, "company": company})
