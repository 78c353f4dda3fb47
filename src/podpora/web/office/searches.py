"""What people looked for and did not find, and which words mean the same: what makes the search find."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from podpora.base.errors import InvalidInput
from podpora.search import actions, queries
from podpora.web.access import technician
from podpora.web.components.forms import show_problem
from podpora.web.request import Request


@technician("knowledge")
@require_http_methods(["GET", "POST"])
def misses(request: Request) -> HttpResponse:
    """The words, how often and when last; an article can be begun, or the words put away."""
    if request.method == "POST":
        number = request.POST.get("miss", "")
        if number.isascii() and number.isdigit() and len(number) < 18 and actions.dismiss_miss(int(number), at=request.now):
            messages.success(request, _("Put away."))
        return redirect("office:misses")
    return TemplateResponse(request, "office/misses.html", {"misses": list(queries.misses())})


class AlikeForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Words that mean the same"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("With commas between them; phrases are welcome: invoice, tax document, faktura. Endings and accents do not matter."),
    )  # fmt: skip


@technician("knowledge")
@require_safe
def alike(request: Request) -> HttpResponse:
    """All groups of words that mean the same."""
    return TemplateResponse(request, "office/alike/list.html", {"rows": queries.alike_rows(), "known": queries.vocabulary()})


@technician("knowledge")
@require_http_methods(["GET", "POST"])
def alike_one(request: Request, number: int = 0) -> HttpResponse:
    """One group: made, changed, taken out."""
    row = queries.alike_row(number) if number else None
    if number and row is None:
        raise Http404
    initial = {"words": row.words if row else " ".join(request.GET.get("words", "").split())[:60]}
    form = AlikeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        try:
            if row is not None and request.POST.get("do") == "remove":
                actions.remove_alike(row, by=request.actor, at=request.now)
                messages.success(request, _("Taken out."))
                return redirect("office:alike")
            if form.is_valid():
                actions.set_alike(row, form.cleaned_data["words"], by=request.actor, at=request.now)
                messages.success(request, _("Saved. The search knows it from now on."))
                return redirect("office:alike")
        except InvalidInput as problem:
            show_problem(form, problem)
    crumbs = [(_("Synonyms"), reverse("office:alike")), (_("A group") if row else _("A new group"), "")]
    return TemplateResponse(request, "office/alike/one.html", {"form": form, "is_there": row is not None, "crumbs": crumbs})
