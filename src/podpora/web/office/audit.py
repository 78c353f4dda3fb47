"""Who did what, when, to what: the audit with its filters."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from podpora.audit import queries
from podpora.audit.models import Entry
from podpora.web.access import technician

PAGE = 50


class FilterForm(forms.Form):
    actor = forms.CharField(label=_("Who"), required=False, max_length=100)
    verb = forms.CharField(label=_("What"), required=False, max_length=80, widget=forms.TextInput(attrs={"list": "verbs"}))
    subject = forms.CharField(label=_("To what"), required=False, max_length=120)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def wanted(self) -> queries.Filter:
        """What is looked for; a field that cannot be understood is left out and shown as wrong."""
        self.is_valid()
        good = self.cleaned_data
        return queries.Filter(**{name: good[name] for name in self.fields if good.get(name)})


@technician("audit")
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    found = queries.entries(form.wanted(), settings.VENDOR_ZONE)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    facts = {
        "form": form,
        "page": page,
        "lines": [line(entry) for entry in page.object_list],
        "verbs": queries.verbs(),
        "is_filtered": any(form.data.get(name) for name in form.fields),
        "query": _query(request),
    }
    return TemplateResponse(request, "office/audit.html", facts)


def line(entry: Entry) -> dict[str, Any]:
    return {"entry": entry, "sentence": queries.sentence(entry), "changes": queries.changes(entry)}


def _query(request: HttpRequest) -> str:
    parts = {name: value for name, value in request.GET.items() if name != "page" and value}
    return f"{urlencode(parts)}&" if parts else ""
