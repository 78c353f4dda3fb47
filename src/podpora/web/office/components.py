"""The components page: every component in all its states, for those who build pages and for the accessibility test."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from podpora.base.decisions import refuse
from podpora.catalog.values import VersionFacts
from podpora.entitlements.values import EntryKind, Period, Rights, RunRight
from podpora.web.access import manager
from podpora.web.components import chart, timeline
from podpora.web.request import Request


class SampleForm(forms.Form):
    """All kinds of field."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("As it stands on the invoice."))
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=[("CZK", "CZK"), ("EUR", "EUR")])
    kind = forms.ChoiceField(
        label=gettext_lazy("I buy as"),
        choices=[("private", gettext_lazy("a private person")), ("company", gettext_lazy("a company"))],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label=gettext_lazy("I agree with the terms."))


@manager
@require_safe
def components(request: Request) -> HttpResponse:
    return TemplateResponse(request, "office/components.html", _samples(request.now.date()))


def _samples(today: date) -> dict[str, Any]:
    year = timedelta(days=365)
    rights = _sample_rights(today)
    versions = [
        VersionFacts(8, today - 5 * year, today - year // 2),
        VersionFacts(9, today - 3 * year, today + year // 2),
        VersionFacts(10, today - year, today + 2 * year),
        VersionFacts(11, today - timedelta(days=10), None),
    ]
    return {
        "form": SampleForm(),
        "bad_form": SampleForm({"name": "", "email": "jana@", "currency": "CZK"}),
        "decision": refuse("support.expired", through=today - timedelta(days=40), licence="L-7Q4K92XM"),
        "timeline": timeline.draw(rights, versions, today),
        "lapsed": timeline.draw(_sample_lapsed(today), versions, today),
        "bars": chart.bars(
            [(str(month), value) for month, value in enumerate((4, 7, 3, 9, 12, 8, 11, 14), 1)], _("Orders by month")
        ),
        "line": chart.line(
            [(str(day), value) for day, value in enumerate((20, 22, 21, 30, 28, 35, 33, 41), 1)], _("Activations by day")
        ),
        "page": Paginator(range(60), 20).page(2),
        "crumbs": [(_("Office"), "/office/"), (_("Components"), "")],
        "tabs": [(_("Open"), "?", 14, True), (_("Waiting"), "?tab=waiting", 31, False), (_("All"), "?tab=all", None, False)],
        "attachments": [("sync-log.txt", 48_000, "#"), ("screenshot.png", 240_000, "#")],
        "diff": [("", "theme = dark"), ("-", "proxy = none"), ("+", "proxy = proxy.example:3128")],
        "today": today,
    }


def _sample_rights(today: date) -> Rights:
    first, again = today - timedelta(days=1200), today - timedelta(days=540)
    return Rights(
        at=None,  # type: ignore[arg-type]
        base=EntryKind.PURCHASE,
        run=RunRight(through_major=10),
        periods=(Period(first, first + timedelta(days=365)), Period(again, again + timedelta(days=730))),
        seats=3,
    )


def _sample_lapsed(today: date) -> Rights:
    first = today - timedelta(days=800)
    return Rights(at=None, run=RunRight(covers_all=True), periods=(Period(first, first + timedelta(days=365)),))  # type: ignore[arg-type]
