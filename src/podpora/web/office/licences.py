"""Licences for the vendor's staff: found by what a customer tells, one with everything that is known about it, and what can be done."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from podpora.audit import queries as audit
from podpora.base import reasons
from podpora.base.clock import vendor_date
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.catalog import queries as catalog
from podpora.journeys import care
from podpora.journeys import rights as journey
from podpora.licensing import actions, queries
from podpora.licensing.models import Licence
from podpora.licensing.values import LicenceState
from podpora.orders import queries as orders
from podpora.people import permissions
from podpora.web import glance
from podpora.web.access import technician
from podpora.web.components import timeline
from podpora.web.components.forms import show_problem
from podpora.web.office import licence_forms as forms
from podpora.web.office.audit import line
from podpora.web.request import Request

PAGE = 50
DEVICES = 50
STATES = {
    LicenceState.ACTIVE: (gettext_lazy("Active"), "good"),
    LicenceState.SUSPENDED: (gettext_lazy("Suspended"), "warn"),
    LicenceState.REVOKED: (gettext_lazy("Revoked"), "bad"),
}


@technician("customers")
@require_safe
def licences(request: Request) -> HttpResponse:
    words, state = request.GET.get("q", "").strip()[:200].replace("\0", ""), request.GET.get("state", "")
    named = orders.licences_of_orders(words) if words else []
    page = Paginator(queries.licences_found(words, named=named, state=state), PAGE).get_page(request.GET.get("page"))
    shown = {g.licence.pk: g for g in glance.glances(page.object_list, at=request.now)}
    facts = {
        "page": page, "rows": [(shown[row.pk], *STATES[LicenceState(row.state)]) for row in page.object_list], "words": words,
        "state": state, "tabs": _tabs(words, named, state), "query": _query(request),
    }  # fmt: skip
    return TemplateResponse(request, "office/licences.html", facts)


def _tabs(words: str, named: list[str], current: str) -> list[tuple[Any, str, int | None, bool]]:
    counts = queries.counts_by_state(words, named=named)
    asked = {"q": words} if words else {}
    rows: list[tuple[Any, str, int | None, bool]] = [(_("All"), f"?{urlencode(asked)}", sum(counts.values()), not current)]
    for state, (name, _kind) in STATES.items():
        if counts.get(state.value) or current == state.value:
            rows.append((name, f"?{urlencode(asked | {'state': state.value})}", counts.get(state.value, 0), current == state.value))
    return rows


def _query(request: Request) -> str:
    parts = {name: value for name, value in request.GET.items() if name != "page" and value}
    return f"{urlencode(parts)}&" if parts else ""


@technician("customers")
@require_safe
def licence(request: Request, code: str) -> HttpResponse:
    return TemplateResponse(request, "office/licence.html", _facts(request, _found(code)))


def _found(code: str) -> Licence:
    return queries.by_code(queries.all_licences(), code)


def _facts(request: Request, found: Licence, **changed: Any) -> dict[str, Any]:
    """The page; `changed`: a form that came back with errors, in its place."""
    shown = glance.glances([found], at=request.now)[0]
    today = vendor_date(request.now, catalog.policy_of(found.product_id).zone)
    name, kind = STATES[LicenceState(found.state)]
    devices = queries.devices_of(found).order_by("-last_seen_at", "-pk")
    about = audit.entries_about([f"licence:{found.code}"])[:10]
    return {
        "g": shown, "licence": found, "state_name": name, "state_kind": kind, "may_care": permissions.staff_may(request.user, "licences"),
        "may_audit": permissions.staff_may(request.user, "audit"),
        "timeline": timeline.draw(shown.rights, catalog.version_facts(found.product_id), today),
        "devices": Paginator(devices, DEVICES).get_page(request.GET.get("page")),
        "entries": journey.explain(found, at=request.now).entries, "history": [line(entry) for entry in about],
        "order": orders.creating_line(found.code), "acts": _acts(found, shown, changed),
    }  # fmt: skip


FORMS: dict[str, Callable[..., Any]] = {
    "suspend": forms.SuspendForm,
    "reinstate": forms.ReinstateForm,
    "goodwill": forms.GoodwillForm,
    "key": forms.NewKeyForm,
    "freeze": forms.FreezeForm,
    "thaw": forms.ThawForm,
}
NAMES: dict[str, tuple[Any, Any, str]] = {  # heading, button, kind
    "goodwill": (gettext_lazy("Give support without money"), gettext_lazy("Give it"), ""),
    "key": (gettext_lazy("Replace a leaked key"), gettext_lazy("Make a new key"), "danger"),
    "freeze": (gettext_lazy("Take no new devices"), gettext_lazy("Freeze it"), "danger"),
    "thaw": (gettext_lazy("Take new devices again"), gettext_lazy("Take them"), ""),
    "suspend": (gettext_lazy("Suspend the licence"), gettext_lazy("Suspend it"), "danger"),
    "reinstate": (gettext_lazy("Reinstate the licence"), gettext_lazy("Reinstate it"), ""),
}


def _acts(found: Licence, shown: glance.Glance, changed: dict[str, Any]) -> list[tuple[str, Any, Any, str, Any]]:
    """What can be done with it now: (what, heading, button, kind, form)."""
    hidden = {"suspend" if shown.rights.held_at else "reinstate", "freeze" if found.frozen_at else "thaw"}
    return [
        (what, *NAMES[what], changed.get(what) or FORMS[what](licence=found))
        for what in NAMES
        if what not in hidden or what in changed
    ]


@technician("licences")
@require_POST
def act(request: Request, code: str, what: str) -> HttpResponse:
    """One of the forms of the page was sent."""
    if what not in FORMS:
        raise Http404
    found = _found(code)
    form = FORMS[what](request.POST, licence=found)
    if form.is_valid():
        try:
            messages.success(request, ACTS[what](request, found, form))
        except Refused as refusal:
            form.add_error(None, reasons.message(refusal.decision))
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            return HttpResponseRedirect(reverse("office:licence", args=[found.code]))
    return TemplateResponse(request, "office/licence.html", _facts(request, found, **{what: form}), status=422)


def _suspend(request: Request, found: Licence, form: Any) -> str:
    care.suspend(found, form.cleaned_data["reason"], by=request.actor, at=request.now)
    return _("The licence is suspended. Programs that are installed go on for a while.")


def _reinstate(request: Request, found: Licence, form: Any) -> str:
    care.reinstate(found, form.cleaned_data["reason"], by=request.actor, at=request.now)
    return _("The licence is as it was before.")


def _goodwill(request: Request, found: Licence, form: Any) -> str:
    care.give_support(found, form.goodwill(), by=request.actor, at=request.now)
    return _("The support is given; the account of the licence says why.")


def _new_key(request: Request, found: Licence, form: Any) -> str:
    good = form.cleaned_data
    care.replace_key(found, good["reason"], seen=good["seen"], by=request.actor, at=request.now)
    return _("The licence has a new key and its owner was told. Devices that are active go on.")


def _freeze(request: Request, found: Licence, form: Any) -> str:
    actions.freeze(found, form.cleaned_data["reason"], by=request.actor, at=request.now)
    return _("The licence takes no new devices. Those that were activated before go on.")


def _thaw(request: Request, found: Licence, form: Any) -> str:
    actions.thaw(found, by=request.actor, at=request.now)
    return _("The licence takes new devices again.")


ACTS: dict[str, Callable[[Request, Licence, Any], str]] = {
    "suspend": _suspend,
    "reinstate": _reinstate,
    "goodwill": _goodwill,
    "key": _new_key,
    "freeze": _freeze,
    "thaw": _thaw,
}


@technician("customers")
@require_POST
def device_act(request: Request, code: str, device: str, what: str) -> HttpResponse:
    """Free a device's seat, block it or let it in again, for the customer who asks for it."""
    if what not in DEVICE_ACTS:
        raise Http404
    found = _found(code)
    messages.success(request, DEVICE_ACTS[what](request, found, device))
    return HttpResponseRedirect(reverse("office:licence", args=[found.code]))


def _free(request: Request, found: Licence, device: str) -> str:
    freed = actions.free_seat(found, device, by=request.actor, at=request.now)
    return _("The seat is free.") if freed else _("This device holds no seat any more.")


def _block(request: Request, found: Licence, device: str) -> str:
    actions.block_device(found, device, by=request.actor, at=request.now)
    return _("The device is blocked; it learns that at its next contact.")


def _unblock(request: Request, found: Licence, device: str) -> str:
    actions.unblock_device(found, device, by=request.actor, at=request.now)
    return _("The device may be used again.")


def _looked(request: Request, found: Licence, device: str) -> str:
    actions.clear_clone(queries.device_in(queries.devices_of(found), device), by=request.actor, at=request.now)
    return _("The note is gone. Should two computers use the activation again, it comes back.")


DEVICE_ACTS: dict[str, Callable[[Request, Licence, str], str]] = {
    "free": _free,
    "block": _block,
    "unblock": _unblock,
    "looked": _looked,
}
