"""The editor of own fields: what is asked, its choices as rows, in which queues, and when it is asked at all."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.desk import actions, queries
from podpora.desk.actions.fields import MOST_CHOICES
from podpora.desk.values import FieldKind
from podpora.web.components.forms import show_problem
from podpora.web.office.automating import rows
from podpora.web.office.automating.forms import FieldForm
from podpora.web.office.automating.words import Offers
from podpora.web.request import Request

CHOSEN = (FieldKind.CHOICE.value, FieldKind.MULTI.value)
PLAIN = ("kind", "name_cs", "name_en", "help_cs", "help_en", "is_public", "is_required", "is_active")


def field_page(request: Request, row: Any, names: tuple[str, str]) -> HttpResponse:
    """`names`: of the kind, and of a new one. Draws it; does a step of its rows; saves it."""
    code, post, step = row.code if row else "", request.POST, request.POST.get("step", "")
    begins, wrong = "", ""
    if request.method != "POST":
        form = FieldForm(initial=_stored(row), code=code) if row else FieldForm()
        choices, wanted = list(row.choices) if row else [], list(row.shown_when_values) if row else []
    else:
        choices, wanted = _choices_given(request), post.getlist("shown_when_values")
        known = FieldForm(code=code)
        given = {each: part.widget.value_from_datadict(post, {}, each) for each, part in known.fields.items()}
        form = FieldForm(initial=given, code=code) if step else FieldForm(post, code=code)
        begins = rows.stepped(step, {"o": rows.Rows(choices, lambda: {"value": "", "cs": "", "en": ""}, MOST_CHOICES)})
    if request.method == "POST" and not step and form.is_valid():
        try:
            if row is None:
                free("fields", "code", form.cleaned_data)
            actions.save_field(_plan(code, form.cleaned_data, choices, wanted), by=request.actor, at=request.now)
        except InvalidInput as problem:
            wrong = _show(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('office:work')}?kind=fields")
    heading = (row.name_cs if request.LANGUAGE_CODE == "cs" else row.name_en) if row else names[1]
    context = {
        "form": form, "heading": heading, "choices": choices, "begins": begins, "wrong": wrong,
        "asks_choices": form["kind"].value() in CHOSEN, "condition": _condition(str(form["shown_when"].value() or ""), wanted),
        "crumbs": [(_("Work by itself"), reverse("office:work")), (names[0], f"{reverse('office:work')}?kind=fields"), (heading, "")],
        "own": [bound for bound in form.visible_fields() if bound.name != "shown_when"],
    }  # fmt: skip
    return TemplateResponse(request, "office/automation/field.html", context, status=422 if form.errors or wrong else 200)


def free(kind: str, name: str, clean: dict[str, Any]) -> None:
    """A new one does not take the place of another under its code. InvalidInput."""
    if queries.set_up_one(kind, clean[name].lower()):
        raise InvalidInput({name: ["taken"]})


def _stored(row: Any) -> dict[str, Any]:
    shown = {each: getattr(row, each) for each in PLAIN}
    return shown | {
        "queues": [queue.code for queue in row.queues.all()],
        "shown_when": row.shown_when.code if row.shown_when else "",
    }


def _choices_given(request: Request) -> list[dict[str, str]]:
    """The rows that were sent; a name that is missing is the value."""
    post, found = request.POST, []
    for number in rows.numbers(post, "o"):
        value, cs, en = (post.get(f"o-{number}-{part}", "").strip()[:80] for part in ("value", "cs", "en"))
        found.append({"value": value or en or cs, "cs": cs or value or en, "en": en or value or cs})
    return found


def _condition(code: str, wanted: list[str]) -> list[tuple[str, Any, bool]]:
    """The values of the other field that make this one asked for; none, where it has no list of them."""
    choices = Offers().values(f"field:{code}") if code else None
    return [(value, name, value in wanted) for value, name in choices or ()]


def _plan(code: str, clean: dict[str, Any], choices: list[dict[str, str]], wanted: list[str]) -> actions.FieldPlan:
    triples = (
        [(choice["value"], choice["cs"], choice["en"]) for choice in choices if choice["value"]] if clean["kind"] in CHOSEN else []
    )
    return actions.FieldPlan(
        code or clean["code"], FieldKind(clean["kind"]), clean["name_cs"], clean["name_en"], clean["help_cs"], clean["help_en"],
        triples, clean["is_public"], clean["is_required"], clean["is_active"], clean["shown_when"],
        wanted if clean["shown_when"] else (), [queries.queue(each) for each in clean["queues"]],
    )  # fmt: skip


def _show(form: FieldForm, problem: InvalidInput) -> str:
    """What is wrong with the choices; the rest stands at the form's fields."""
    rest = {each: codes for each, codes in problem.fields.items() if each != "choices"}
    if rest:
        show_problem(form, InvalidInput(rest, problem.facts))
    return field_sentence(problem.fields["choices"][0], problem.facts.get("choices")) if "choices" in problem.fields else ""
