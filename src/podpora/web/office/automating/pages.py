"""All that the desk does by itself and the words that it works with: one list a kind, one page each, the log."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.values import (
    FIELD_KIND_NAMES,
    HAPPENING_NAMES,
    STATE_NAMES,
    FieldKind,
    Happening,
    HappeningKind,
    State,
    TagColour,
)
from podpora.web.access import manager
from podpora.web.components.forms import show_problem
from podpora.web.office.automating.fields import field_page, free
from podpora.web.office.automating.forms import COLOUR_NAMES, UNITS, CannedForm, OwnStateForm, TagForm, amount_and_unit, variables
from podpora.web.office.automating.rules import FORMS as RULE_FORMS
from podpora.web.office.automating.rules import MODELS, rule_page
from podpora.web.office.automating.words import Offers, condition_said, deed_said, when_said
from podpora.web.request import Request

KINDS: dict[str, tuple[Any, Any, Any]] = {
    "triggers": (
        gettext_lazy("Triggers"), gettext_lazy("When something happens and a ticket is so, do that. They run in this order."),
        gettext_lazy("A new trigger"),
    ),
    "time-rules": (
        gettext_lazy("Time rules"), gettext_lazy("When a ticket is in a state for so long, do that once."), gettext_lazy("A new time rule"),
    ),
    "macros": (gettext_lazy("Macros"), gettext_lazy("Several deeds by one click."), gettext_lazy("A new macro")),
    "canned": (
        gettext_lazy("Canned replies"), gettext_lazy("Texts that are often needed, with variables."), gettext_lazy("A new canned reply"),
    ),
    "fields": (gettext_lazy("Fields"), gettext_lazy("Questions of our own about tickets."), gettext_lazy("A new field")),
    "own-states": (gettext_lazy("Own states"), gettext_lazy("Our own names for parts of a state."), gettext_lazy("A new state")),
    "tags": (gettext_lazy("Tags"), gettext_lazy("Words on tickets; customers never see them."), gettext_lazy("A new tag")),
}  # fmt: skip
LOG = "log"
COUNTED = timedelta(days=30)
PLAIN_FORMS: dict[str, type[forms.Form]] = {"canned": CannedForm, "own-states": OwnStateForm, "tags": TagForm}


@manager
@require_http_methods(["GET", "POST"])
def work(request: Request) -> HttpResponse:
    """One kind at a time (`?kind=`), in its order, with what each did lately; or the log. `?ticket=` tries the triggers on a ticket."""
    kind = request.GET.get("kind", "triggers")
    if kind not in KINDS and kind != LOG:
        raise NotYours
    if request.method == "POST":
        _arrange(request, kind)
        return redirect(f"{reverse('office:work')}?kind={kind}")
    here = reverse("office:work")
    tabs = [(name, f"{here}?kind={slug}", None, slug == kind) for slug, (name, _lead, _new) in KINDS.items()]
    context: dict[str, Any] = {"tabs": [*tabs, (_("What they did"), f"{here}?kind={LOG}", None, kind == LOG)], "kind": kind}
    if kind == LOG:
        runs = queries.newest_runs(request.GET.get("rule", "").replace("\x00", "")[:40])
        names = {row.code: row.name for each in RULE_FORMS for row in queries.set_up(each)}
        context["runs"] = [(run, names.get(run.rule, run.rule)) for run in runs]
        return TemplateResponse(request, "office/automation/log.html", context)
    counted = queries.runs_since(request.now - COUNTED) if kind in RULE_FORMS else {}
    offers = Offers()
    context["name"], context["lead"], context["new"] = KINDS[kind]
    context["rows"] = [
        (
            row,
            row_name(row),
            reverse("office:work_one", args=[kind, code_of(row)]),
            _said(row, offers),
            counted.get(code_of(row), 0),
        )
        for row in queries.set_up(kind)
    ]
    context["is_ordered"], context["is_rule"] = kind in MODELS, kind in RULE_FORMS
    if kind == "triggers":
        context |= _tried(request)
    return TemplateResponse(request, "office/automation/list.html", context)


def row_name(row: Any) -> str:
    if hasattr(row, "name"):
        return str(row.name)
    return str(row.name_cs if (get_language() or "").startswith("cs") else row.name_en)


def code_of(row: Any) -> str:
    return str(getattr(row, "code", "") or row.name)


def _said(row: Any, offers: Offers) -> list[tuple[str, str]]:
    """What it is, in one or more lines: (small word, sentence)."""
    lines: list[tuple[str, str]] = []
    if hasattr(row, "happenings"):
        lines.append((_("When"), when_said(row.happenings)))
    if hasattr(row, "after_minutes"):
        long = amount_and_unit(row.after_minutes)
        lines.append((_("When"), f"{STATE_NAMES[State(row.state)]}: {long['amount']} {UNITS[long['unit']]}"))
    if getattr(row, "conditions", None):
        lines.append((_("If"), " · ".join(condition_said(condition, offers) for condition in row.conditions)))
    if hasattr(row, "deeds"):
        lines.append((_("Then"), " · ".join(deed_said(deed, offers) for deed in row.deeds)))
    if hasattr(row, "text_cs"):
        lines.append(
            ("", " ".join((row.text_cs if get_language() == "cs" and row.text_cs else row.text_en or row.text_cs).split())[:140])
        )
    if hasattr(row, "is_public"):
        words = [str(FIELD_KIND_NAMES[FieldKind(row.kind)]), _("customers see it") if row.is_public else _("internal")]
        lines.append(("", " · ".join([*words, *([_("required")] if row.is_required else [])])))
    elif hasattr(row, "state") and not hasattr(row, "deeds"):
        lines.append(("", str(STATE_NAMES[State(row.state)])))
    if hasattr(row, "colour"):
        lines.append(("", str(COLOUR_NAMES[TagColour(row.colour)])))
    return lines


def _arrange(request: Request, kind: str) -> None:
    """`up`, `down`, `on`, `off` of one of them."""
    code, what = request.POST.get("code", "")[:40], request.POST.get("what", "")
    how: dict[str, Any] = {"by": request.actor, "at": request.now}
    if kind not in MODELS or "\x00" in code:
        raise NotYours
    if what in ("on", "off"):
        actions.switch_rule(MODELS[kind], code, what == "on", **how)
        return
    codes = [row.code for row in queries.set_up(kind)]
    if code not in codes:
        raise NotYours
    at = codes.index(code)
    to = at + {"up": -1, "down": 1}.get(what, 0)
    if 0 <= to < len(codes) and to != at:
        codes[at], codes[to] = codes[to], codes[at]
        actions.order_rules(MODELS[kind], codes, **how)


def _tried(request: Request) -> dict[str, Any]:
    """Which triggers would run on a ticket if this happened now."""
    code, happening = (
        request.GET.get("ticket", "").strip().upper().replace("\x00", "")[:20],
        request.GET.get("happening", "replied"),
    )
    kinds = [(str(name), kind.value) for kind, name in HAPPENING_NAMES.items() if kind is not HappeningKind.CALENDAR]
    told: dict[str, Any] = {"ticket": code, "happening": happening, "happenings": kinds, "tried": None}
    if code and happening in set(HappeningKind):
        try:
            told["tried"] = actions.would_run(queries.ticket_for_staff(request.user, code), Happening(HappeningKind(happening)))
        except NotYours:
            told["not_found"] = True
    return told


@manager
@require_http_methods(["GET", "POST"])
def one(request: Request, kind: str, code: str) -> HttpResponse:
    """One of them, or a new one (`new`)."""
    if kind not in KINDS or "\x00" in code:
        raise NotYours
    row = None if code == "new" else queries.set_up_one(kind, code)
    if row is None and code != "new":
        raise NotYours
    name, _lead, new = KINDS[kind]
    if kind in RULE_FORMS:
        return rule_page(request, kind, row, (str(name), str(new)))
    if kind == "fields":
        return field_page(request, row, (str(name), str(new)))
    return _plain(request, kind, row)


def _plain(request: Request, kind: str, row: Any) -> HttpResponse:
    back = f"{reverse('office:work')}?kind={kind}"
    if request.POST.get("step") == "delete" and row is not None and kind == "canned":
        actions.remove_rule("canned", row.code, by=request.actor, at=request.now)
        messages.success(request, _("Deleted."))
        return redirect(back)
    more: dict[str, Any] = {} if kind == "canned" else {"code": code_of(row) if row else ""}
    form = PLAIN_FORMS[kind](request.POST if request.method == "POST" else None, initial=_initial(row), **more)
    if form.is_valid():
        try:
            _save(request, kind, row, form.cleaned_data)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    name, _lead, new = KINDS[kind]
    heading = row_name(row) if row else str(new)
    crumbs = [(_("Work by itself"), reverse("office:work")), (name, back), (heading, "")]
    context = {"form": form, "heading": heading, "crumbs": crumbs, "back": back, "kind": kind, "row": row}
    context["variables"] = variables() if kind == "canned" else ()
    return TemplateResponse(request, "office/automation/form.html", context, status=422 if form.errors else 200)


def _initial(row: Any) -> dict[str, Any]:
    if row is None:
        return {}
    names = ("name", "text_cs", "text_en", "is_active", "state", "name_cs", "name_en", "colour")
    return {name: getattr(row, name) for name in names if hasattr(row, name)} | {
        "queue": row.queue.code if getattr(row, "queue", None) else ""
    }


def _save(request: Request, kind: str, row: Any, clean: dict[str, Any]) -> None:
    how: dict[str, Any] = {"by": request.actor, "at": request.now}
    if row is None and kind != "canned":
        free(kind, "name" if kind == "tags" else "code", clean)
    if kind == "canned":
        queue = queries.queue(clean["queue"]) if clean["queue"] else None
        texts = (clean["name"], clean["text_cs"], clean["text_en"])
        actions.save_canned(actions.CannedPlan(*texts, row.code if row else "", queue, clean["is_active"]), **how)
    elif kind == "own-states":
        names = {name: clean[name] for name in ("name_cs", "name_en", "is_active")}
        actions.save_own_state(row.code if row else clean["code"], State(clean["state"]), **names, **how)
    elif row is not None and clean.get("merge_into"):
        actions.merge_tags(row, queries.set_up_one("tags", clean["merge_into"]), **how)
    else:
        name = row.name if row else clean["name"]
        actions.save_tag(name, colour=TagColour(clean["colour"]), is_active=clean["is_active"], new_name=clean["name"], **how)
