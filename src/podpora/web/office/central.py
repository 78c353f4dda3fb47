"""The vendor's description of his program's settings: uploaded, checked, compared with the version before."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from podpora.base.errors import InvalidInput, NotYours
from podpora.base.fields import field_sentence
from podpora.catalog import queries as catalog
from podpora.fleet import actions, queries
from podpora.fleet.rules import compare, read_schema
from podpora.fleet.values import Schema, SchemaChange
from podpora.web.access import technician
from podpora.web.portal.settings import drawing
from podpora.web.request import Request

LARGEST = 4_000_000
KINDS = {
    "added": (pgettext_lazy("a setting", "added"), "good"), "removed": (pgettext_lazy("a setting", "removed"), "bad"),
    "changed": (pgettext_lazy("a setting", "changed"), ""),
}  # fmt: skip
NOT_JSON = gettext_lazy("This is not a JSON document: {problem}")


@technician("catalog")
def schema(request: Request) -> HttpResponse:
    """The newest description; an upload is only looked at first, and kept with the second button."""
    problems: dict[str, str] = {}
    text, read = "", None
    if request.method == "POST":
        text = _text(request)
        try:
            document = json.loads(text)
            read = read_schema(document)
            if request.POST.get("keep"):
                return _keep(request, document)
        except InvalidInput as problem:
            problems = {name: _sentences(problem, name) for name in list(problem.fields)[:100]}
        except (ValueError, RecursionError) as problem:
            problems = {"": str(NOT_JSON).format(problem=str(problem)[:200])}
    return _page(request, text=text, read=read, problems=problems)


def _text(request: Request) -> str:
    file = request.FILES.get("file")
    raw = (
        file.read(LARGEST).decode("utf-8-sig", errors="replace") if file is not None else request.POST.get("document", "")[:LARGEST]
    )
    return str(raw).replace("\x00", "")


def _sentences(problem: InvalidInput, name: str) -> str:
    return " ".join(field_sentence(code, problem.facts.get(name)) for code in problem.fields[name])


def _keep(request: Request, document: Any) -> HttpResponse:
    row, _changes = actions.upload_schema(catalog.product(), document, by=request.actor, at=request.now)
    messages.success(request, _("Version {version} counts from now on.").format(version=row.version))
    return redirect("office:settings_schema")


def _page(request: Request, *, text: str, read: Schema | None, problems: dict[str, str]) -> HttpResponse:
    product = catalog.product()
    row = queries.newest_schema(product)
    newest = queries.read(row) if row else None
    context = {
        "product": product, "row": row, "schema": newest, "text": text, "problems": problems, "read": read,
        "changes": _rows(compare(newest or Schema(0, {}), read), read, newest) if read and not problems else [],
        "breaks": any(change.breaks for change in compare(newest, read)) if read and newest else False,
        "sections": [
            (drawing.page_title(newest, page.code), [
                (key, drawing.text_of(each.title, key), each) for key, each in newest.settings.items() if each.page == page.code
            ])
            for page in drawing.sections(newest)
        ] if newest else [],
        "versions": list(queries.schemas_of(product)[:20]),
    }  # fmt: skip
    return TemplateResponse(request, "office/settings/schema.html", context, status=422 if problems else 200)


def _rows(changes: list[SchemaChange], new: Schema, old: Schema | None) -> list[dict[str, Any]]:
    return [
        {
            "key": c.key, "title": drawing.title_of(new if c.key in new.settings else old or new, c.key), "kind": KINDS[c.kind][0],
            "badge": KINDS[c.kind][1], "what": c.what, "breaks": c.breaks,
        }
        for c in changes
    ]  # fmt: skip


@technician("catalog")
@require_GET
def comparison(request: Request, number: int) -> HttpResponse:
    """What one version of the description changed."""
    product = catalog.product()
    rows = list(queries.schemas_of(product))
    found = next((row for row in rows if row.version == number), None)
    if found is None:
        raise NotYours
    before = next((row for row in rows if row.version < number), None)
    new, old = queries.read(found), queries.read(before) if before else Schema(0, {})
    context = {"row": found, "before": before, "changes": _rows(compare(old, new), new, old)}
    return TemplateResponse(request, "office/settings/comparison.html", context)
