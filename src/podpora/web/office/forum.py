"""Categories of the forum: their names, who reads and writes, their product and language, their order."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from podpora.base.errors import InvalidInput, NotYours
from podpora.catalog import queries as catalog
from podpora.forum import actions, queries
from podpora.forum.actions import CategoryWish
from podpora.forum.models import Category
from podpora.forum.values import ICONS, REACH_NAMES, Reach
from podpora.web.access import manager
from podpora.web.components.forms import SeenForm, show_problem
from podpora.web.request import Request

LANGUAGES = (("", gettext_lazy("any")), ("cs", "Čeština"), ("en", "English"))
WRITERS = [(reach.value, name) for reach, name in REACH_NAMES.items() if reach is not Reach.EVERYBODY]


class CategoryForm(SeenForm):
    name_cs = forms.CharField(label=gettext_lazy("Name in Czech"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    text_cs = forms.CharField(label=gettext_lazy("What belongs here, in Czech"), max_length=300, required=False)
    text_en = forms.CharField(label=gettext_lazy("What belongs here, in English"), max_length=300, required=False)
    icon = forms.ChoiceField(label=gettext_lazy("Icon"), choices=[(name, name) for name in ICONS])
    product = forms.ChoiceField(label=gettext_lazy("Product"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES, required=False)
    reads = forms.ChoiceField(
        label=gettext_lazy("Who reads"), choices=[(reach.value, name) for reach, name in REACH_NAMES.items()],
        help_text=gettext_lazy("It holds at once, also for what the search finds."),
    )  # fmt: skip
    writes = forms.ChoiceField(label=gettext_lazy("Who writes"), choices=WRITERS)
    solving = forms.BooleanField(
        label=gettext_lazy("Questions"), required=False, help_text=gettext_lazy("Its topics are questions, and an answer solves them.")
    )  # fmt: skip
    close_after_hours = forms.IntegerField(
        label=gettext_lazy("Hours until a solved topic closes"), required=False, min_value=1, max_value=10_000,
        help_text=gettext_lazy("Since its last post. Empty: never."),
    )  # fmt: skip
    by_mail = forms.BooleanField(
        label=gettext_lazy("Topics by e-mail"), required=False,
        help_text=gettext_lazy("Members may have a secret address to which they write new topics."),
    )  # fmt: skip
    is_archived = forms.BooleanField(
        label=gettext_lazy("Archived"), required=False,
        help_text=gettext_lazy("It stays to be read and found; nothing new is written in it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = [(product.code, product.name) for product in catalog.products()]
        self.fields["product"] = forms.ChoiceField(label=_("Product"), required=False, choices=[("", _("any")), *products])


class NewCategoryForm(CategoryForm):
    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=40,
        help_text=gettext_lazy("It stands in addresses: small letters, digits and hyphens. It can't be changed later."),
    )  # fmt: skip
    field_order = ("name_cs", "name_en", "code")


def _rows() -> list[Category]:
    return queries.all_categories()


@manager
@require_GET
def categories(request: Request) -> HttpResponse:
    language = get_language() or "en"
    rows = [(row, row.name_in(language), REACH_NAMES[Reach(row.reads)], REACH_NAMES[Reach(row.writes)]) for row in _rows()]
    return TemplateResponse(request, "office/forum/list.html", {"categories": rows})


@manager
@require_POST
def order(request: Request) -> HttpResponse:
    """One place up or down."""
    codes = [row.code for row in _rows()]
    code, step = request.POST.get("code", ""), {"up": -1, "down": 1}.get(request.POST.get("step", ""), 0)
    if code not in codes:
        raise NotYours
    place = codes.index(code)
    if 0 <= place + step < len(codes):
        codes.insert(place + step, codes.pop(place))
        actions.order_categories(codes, by=request.actor, at=request.now)
    return redirect("office:forum")


@manager
@require_http_methods(["GET", "POST"])
def new_category(request: Request) -> HttpResponse:
    initial = {"writes": Reach.MEMBERS.value, "reads": Reach.EVERYBODY.value, "solving": True}
    form = NewCategoryForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _saved(request, form, None):
        return redirect("office:forum")
    return _form(request, form, _("A new category"))


@manager
@require_http_methods(["GET", "POST"])
def category(request: Request, code: str) -> HttpResponse:
    found = queries.any_category(code)
    if found is None:
        raise NotYours
    names = (
        "name_cs",
        "name_en",
        "text_cs",
        "text_en",
        "icon",
        "language",
        "reads",
        "writes",
        "solving",
        "close_after_hours",
        "by_mail",
    )
    initial = {name: getattr(found, name) for name in names}
    initial |= {"product": found.product.code if found.product else "", "is_archived": not found.is_open}
    form = CategoryForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _saved(request, form, found):
        return redirect("office:forum")
    return _form(request, form, found.name_in(get_language() or "en"))


def _saved(request: Request, form: CategoryForm, found: Category | None) -> bool:
    clean = dict(form.cleaned_data)
    names = set(CategoryWish.__dataclass_fields__)
    product = next((row for row in catalog.products() if row.code == clean["product"]), None)
    facts = {name: value for name, value in clean.items() if name in names} | {"is_open": not clean["is_archived"]}
    facts |= {"code": found.code, "position": found.position} if found else {"position": len(_rows()) + 1}
    try:
        actions.save_category(CategoryWish(**facts), category=found, product=product, by=request.actor, at=request.now)
    except InvalidInput as problem:
        show_problem(form, problem)
        return False
    messages.success(request, _("Saved."))
    return True


def _form(request: Request, form: CategoryForm, heading: str) -> HttpResponse:
    crumbs = [(_("Categories of the forum"), reverse("office:forum")), (heading, "")]
    facts = {"form": form, "crumbs": crumbs, "heading": heading, "back": reverse("office:forum")}
    return TemplateResponse(request, "office/form.html", facts, status=422 if form.errors else 200)
