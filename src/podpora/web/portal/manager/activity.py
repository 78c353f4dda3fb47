"""The activity log of a company: who did what, when."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from podpora.base.errors import NotYours
from podpora.journeys import activity as journey
from podpora.people import queries
from podpora.people.models import Customer
from podpora.web.access import signed_in
from podpora.web.portal.manager import frame
from podpora.web.request import Request
from podpora.web.spreadsheets import download

PAGE, MOST = 50, 20_000
AREA_NAMES = {
    "people": _("People"), "teams": _("Teams"), "licences": _("Licences"), "devices": _("Devices"),
    "orders": pgettext_lazy("activity", "Orders"),
}  # fmt: skip
HEADER = (_("When"), _("Who"), _("What"), _("To what"))


class FilterForm(forms.Form):
    who = forms.CharField(label=_("Who"), required=False, max_length=100)
    area = forms.ChoiceField(label=_("What"), required=False)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, areas: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = [("", _("Everything")), *((a, AREA_NAMES[a]) for a in areas)]  # type: ignore[attr-defined]

    def wish(self, before: str = "") -> journey.ActivityWish:
        """What is looked for; a field that cannot be understood is left out and shown as wrong."""
        self.is_valid()
        good = {name: value for name, value in self.cleaned_data.items() if value}
        number = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else 0
        return journey.ActivityWish(before=number, **good)


def _form(request: Request, customer: Customer) -> FilterForm:
    given = {name: str(value).replace("\x00", "") for name, value in request.GET.items()}
    return FilterForm(given, areas=journey.areas_of(request.user, customer))


@signed_in
@require_GET
@never_cache
def activity(request: Request) -> HttpResponse:
    try:
        customer = frame.company(request)
    except NotYours:
        return frame.led_away(request)
    form = _form(request, customer)
    rows = journey.entries(request.user, customer, form.wish(request.GET.get("before", "")))[: PAGE + 1]
    lines = journey.lines(rows, customer)
    parts: dict[str, str | int] = {name: str(value) for name, value in request.GET.items() if name != "before" and value}
    context = {
        "company": customer,
        "companies": [c for c in queries.customers_with(request.user, "see") if c.is_company],
        "form": form,
        "lines": lines[:PAGE],
        "next": "?" + urlencode(parts | {"before": lines[PAGE - 1].pk}) if len(lines) > PAGE else "",
        "first": "?" + urlencode(parts) if request.GET.get("before") else "",
        "query": "?" + urlencode(parts | {"company": customer.code}),
        "is_narrowed": any(form.data.get(name) for name in form.fields),
    }
    return TemplateResponse(request, "portal/manager/activity.html", context)


@signed_in
@require_GET
def activity_csv(request: Request) -> HttpResponseBase:
    """What the page shows, all of it, newest first."""
    customer = frame.company(request)
    rows = journey.entries(request.user, customer, _form(request, customer).wish())[:MOST]
    told = journey.lines(rows, customer)  # now: sentences are in the reader's language

    def cells() -> Iterator[tuple[Any, ...]]:
        for line in told:
            yield line.at, line.who, line.what, line.about

    return download(f"{customer.code}-activity", HEADER, cells())
