"""How "may it run?" was decided for a licence: every condition in its order, what it looked at, and what it came to. For staff."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from podpora.journeys import activation
from podpora.licensing import queries
from podpora.licensing.models import Device, Licence
from podpora.licensing.rules.decision import Step
from podpora.web.access import technician
from podpora.web.request import Request

OUTCOMES = {
    "refuses": (_("refuses"), "bad"),
    "warns": (_("warns"), "warn"),
    "noted": (_("noted"), "warn"),
    "passed": (_("passed"), "good"),
    "not_asked": (_("not asked"), ""),
}
MOST_DEVICES = 200


class QuestionForm(forms.Form):
    device = forms.ChoiceField(label=_("Device"), required=False)
    version = forms.RegexField(
        r"^\d{1,4}(\.\d{1,9}){0,3}$", label=_("Version of the program"), required=False, max_length=30,
        widget=forms.TextInput(attrs={"placeholder": "10.2.1"}),
    )  # fmt: skip

    def __init__(self, *args: Any, devices: list[Device], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("none in particular")), *((one.code, f"{one} ({one.code})") for one in devices)]
        self.fields["device"].choices = choices  # type: ignore[attr-defined]


@technician("customers")
@require_safe
def trace(request: Request, code: str) -> HttpResponse:
    """Asked as now; `?device=` and `?version=` narrow the question. What cannot be asked is said beside its field."""
    found: Licence = queries.by_code(queries.all_licences(), code)
    devices = list(queries.devices_of(found).order_by("-last_seen_at", "-pk")[:MOST_DEVICES])
    form = QuestionForm(request.GET, devices=devices, auto_id="trace-%s")
    form.is_valid()
    chosen = next((one for one in devices if one.code == form.cleaned_data.get("device")), None)
    outcome = activation.trace(found, chosen, form.cleaned_data.get("version") or None, at=request.now)
    facts = {"licence": found, "form": form, "decision": outcome.decision, "steps": [_shown(step) for step in outcome.trace]}
    return TemplateResponse(request, "office/trace.html", facts)


def _shown(step: Step) -> dict[str, Any]:
    name, kind = OUTCOMES[step.outcome]
    return {"code": step.condition, "facts": dict(step.facts), "outcome": name, "kind": kind, "decides": step.decides}
