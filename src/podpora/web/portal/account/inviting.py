"""Many invitations at once: pasted, or from a file of a spreadsheet."""

import re

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.people import actions, permissions, queries, rules
from podpora.people.values import MOST_INVITED, ROLE_NAMES, Role
from podpora.web.access import signed_in
from podpora.web.request import Request

LARGEST = 200_000  # bytes: far more than MOST_INVITED lines
ROW = re.compile(r"rows\.(\d+)\.")


def roles_called() -> dict[str, str]:
    """What a role may be called in a line: its code, or its name in the reader's language."""
    return {role.value: role.value for role in Role} | {str(name).casefold(): role.value for role, name in ROLE_NAMES.items()}


@signed_in
@never_cache
def invite_many(request: Request, code: str) -> HttpResponse:
    """All of them or nobody: every wrong line is named, and what was typed stays in the field."""
    company = queries.customers_of(request.user).filter(code=code, person=None).first()
    if company is None or not permissions.may_manage_members(request.user, company):
        raise Http404
    text, problems = "", []
    if request.method == "POST":
        text = _text(request)
        rows = rules.read_invitations(text, roles_called())
        try:
            made = actions.invite_many(company, rows, by=request.actor, at=request.now)
        except InvalidInput as problem:
            problems = list(_lines(problem))
        else:
            told = ngettext("%(count)d invitation is on its way.", "%(count)d invitations are on their way.", len(made))
            messages.success(request, told % {"count": len(made)})
            return redirect("account:company", code)
    context = {
        "company": company,
        "text": text,
        "problems": problems,
        "most": MOST_INVITED,
        "teams": company.teams.order_by("name"),
        "roles": [(role.value, ROLE_NAMES[role]) for role in Role],
        "crumbs": [(_("People"), f"/licences/people/{company.code}/"), (_("Invite many"), "")],
    }
    return TemplateResponse(request, "portal/account/invite_many.html", context, status=422 if problems else 200)


def _text(request: Request) -> str:
    """What was pasted, or else the file; bytes that are not UTF-8 are read as Windows of Central Europe writes them."""
    pasted = request.POST.get("text", "")
    file = request.FILES.get("file")
    if pasted.strip() or not isinstance(file, UploadedFile):
        return pasted[:LARGEST]
    raw = bytes(file.read(LARGEST))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1250", errors="replace")


def _lines(problem: InvalidInput) -> list[tuple[int, str]]:
    """(number of the line or 0, what is wrong with it), in the order of the lines."""
    found = []
    for name, codes in problem.fields.items():
        row = ROW.match(name)
        for each in codes:
            found.append((int(row[1]) if row else 0, field_sentence(each, problem.facts.get(name))))
    return sorted(found)
