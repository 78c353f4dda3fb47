"""The people of a company: who belongs to it, in which role, and who is invited."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.journeys import leaving as journey
from podpora.licensing.queries import free_installs
from podpora.people import actions, permissions, queries, rules
from podpora.people.models import Customer, Membership, Person
from podpora.people.values import ROLE_MEANINGS, ROLE_NAMES, Role
from podpora.web.access import signed_in
from podpora.web.components.forms import show_problem
from podpora.web.portal.account.forms import InviteForm, RoleForm
from podpora.web.request import Request


@signed_in
@never_cache
@require_safe
def mine(request: Request) -> HttpResponse:
    """The first of my companies; without one, the way to found it."""
    first = queries.memberships_of(request.user).first()
    if first is None:
        return TemplateResponse(request, "portal/account/no_company.html")
    return redirect("account:company", first.customer.code)


@signed_in
@never_cache
@require_safe
def show(request: Request, code: str) -> HttpResponse:
    return _page(request, _company(request, code))


@signed_in
def invite(request: Request, code: str) -> HttpResponse:
    company = _managed(request, code)
    if request.method != "POST":
        return redirect("account:company", code)
    form = InviteForm(request.POST, roles=_roles_to_give(request, company))
    decision = None
    if form.is_valid():
        try:
            actions.invite(company, **form.cleaned_data, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        except Refused as refusal:
            decision = refusal.decision
        else:
            messages.success(request, _("The invitation is on its way to {email}.").format(email=form.cleaned_data["email"]))
            return redirect("account:company", code)
    return _page(request, company, form=form, decision=decision)


@signed_in
@require_POST
def revoke(request: Request, code: str, invitation: str) -> HttpResponse:
    company = _managed(request, code)
    found = company.invitations.filter(code=invitation).first()
    if found is None:
        raise Http404
    actions.revoke_invitation(found, by=request.actor, at=request.now)
    messages.success(request, _("The invitation no longer works."))
    return redirect("account:company", code)


@signed_in
@require_POST
def change_role(request: Request, code: str, person: str) -> HttpResponse:
    company = _managed(request, code)
    member = queries.member_visible_to(request.user, company, person)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, company, role_form=form)
    try:
        actions.change_role(company, member.person, form.cleaned_data["role"], by=request.actor, at=request.now)
    except Refused as refusal:
        return _page(request, company, decision=refusal.decision)
    messages.success(request, _("{person} has a new role.").format(person=member.person))
    return redirect("account:company", code)


@signed_in
def remove(request: Request, code: str, person: str) -> HttpResponse:
    """Says what will be lost, and asks; then takes the member out. One's own membership: leaving."""
    company = _company(request, code)
    member = queries.member_visible_to(request.user, company, person)
    leaves = member.person_id == request.user.pk
    if not leaves and not permissions.may_manage_members(request.user, company):
        raise Http404
    if request.method == "POST":
        try:
            journey.leave(company, member.person, to=_successor(request, company, leaves), by=request.actor, at=request.now)
        except Refused as refusal:
            return _page(request, company, decision=refusal.decision)
        messages.success(request, _("You have left {company}.").format(company=company) if leaves else _("The member is removed."))
        return redirect("account:members") if leaves else redirect("account:company", code)
    context = {
        "company": company, "member": member, "leaves": leaves, "told": journey.preview(company, member.person),
        "others": [] if leaves else [m.person for m in queries.members_of(company) if m.person_id != member.person_id],
    }  # fmt: skip
    return TemplateResponse(request, "portal/account/remove_member.html", context)


def _successor(request: Request, company: Customer, leaves: bool) -> Person | None:
    """Whose the devices shall be; None: they give their seats back. Who leaves himself hands nothing on."""
    code = "" if leaves else request.POST.get("to", "")
    return queries.member_visible_to(request.user, company, code).person if code else None


def _company(request: Request, code: str) -> Customer:
    """A company that the reader belongs to; else there is nothing here."""
    company = queries.customers_of(request.user).filter(code=code, person=None).first()
    if company is None:
        raise Http404
    return company


def _managed(request: Request, code: str) -> Customer:
    """A company whose members the reader may manage."""
    company = _company(request, code)
    if not permissions.may_manage_members(request.user, company):
        raise Http404
    return company


def _roles_to_give(request: Request, company: Customer) -> list[Role]:
    own = permissions.role_of(request.user, company)
    return [role for role in reversed(Role) if own is not None and rules.may_give_role(own, role)]


def _page(request: Request, company: Customer, **more: Any) -> HttpResponse:
    manages = permissions.may_manage_members(request.user, company)
    roles = _roles_to_give(request, company) if manages else []
    context = {
        "company": company,
        "companies": queries.memberships_of(request.user),
        "manages": manages,
        "rows": [_row(request, member, roles) for member in queries.members_of(company)],
        "invitations": [(i, ROLE_NAMES[Role(i.role)]) for i in queries.open_invitations(company, at=request.now)]
        if manages
        else [],
        "form": InviteForm(roles=roles) if manages else None,
        "meanings": [(ROLE_NAMES[role], ROLE_MEANINGS[role]) for role in Role],
        "decision": None,
        "free_installs": sum(free_installs(queries.proven_domains(company)).values()) if manages else 0,
    }
    status = 409 if more.get("decision") else 200
    return TemplateResponse(request, "portal/account/members.html", context | more, status=status)


def _row(request: Request, member: Membership, roles: list[Role]) -> dict[str, Any]:
    """A member, his role in words, and what the reader may do about it."""
    is_me = member.person_id == request.user.pk
    role = Role(member.role)
    return {
        "member": member,
        "role": ROLE_NAMES[role],
        "is_me": is_me,
        "choices": [(r.value, ROLE_NAMES[r], r == role) for r in roles] if role in roles else [],
        "may_remove": is_me or role in roles,
    }
