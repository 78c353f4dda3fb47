"""Levels of support (the plan matrix) and the vendor's policy: the data that the rules read."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from podpora.base.errors import InvalidInput
from podpora.catalog import actions, queries, rules
from podpora.catalog.actions import PlanPromise
from podpora.catalog.models import Product
from podpora.catalog.values import (
    CHANNEL_NAMES,
    LEVEL_NAMES,
    TIER_NAMES,
    Channel,
    Grace,
    Level,
    LifetimeTransfer,
    ManagerFor,
    Policy,
    Scope,
    Tier,
    UpgradeRule,
)
from podpora.web.access import technician
from podpora.web.components.forms import SeenForm, show_problem
from podpora.web.request import Request


class PlanForm(SeenForm):
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=[(level.value, name) for level, name in LEVEL_NAMES.items()])
    promise_cs = forms.CharField(label=gettext_lazy("Promise in Czech"), max_length=200, required=False)
    promise_en = forms.CharField(label=gettext_lazy("Promise in English"), max_length=200, required=False)
    first_answer_hours = forms.IntegerField(
        label=gettext_lazy("First answer within"), min_value=1, max_value=10_000, required=False,
        help_text=gettext_lazy("Service hours. Empty: no promise."),
    )  # fmt: skip


CHOICES: dict[str, list[tuple[str, Any]]] = {
    "upgrade_rule": [
        (UpgradeRule.STACK, gettext_lazy("adds its year to the present end")),
        (UpgradeRule.RESET_MAX, gettext_lazy("gives a year from the day of purchase, never less than before")),
    ],
    "grace": [
        (Grace.EARTH, gettext_lazy("until the last day has ended everywhere on Earth")),
        (Grace.NONE, gettext_lazy("until midnight in the vendor's zone")),
    ],
    "scope": [
        (Scope.ACCOUNT, gettext_lazy("any active licence of the account opens the support centre")),
        (Scope.LICENCE, gettext_lazy("only the licence that the ticket names")),
    ],
    "license_manager_for": [
        (ManagerFor.COMPANIES, gettext_lazy("companies with a PRO licence that runs or never ends")),
        (ManagerFor.EVERYONE, gettext_lazy("everybody")),
    ],
    "transfer_of_lifetime": [
        (LifetimeTransfer.MOVES, gettext_lazy("they move along")),
        (LifetimeTransfer.ENDS, gettext_lazy("they end; what was covered until then stays covered")),
    ],
}
LABELS: dict[str, Any] = {
    "upgrade_rule": gettext_lazy("An upgrade bought while support runs"),
    "grace": gettext_lazy("On the last day tickets are taken"),
    "scope": gettext_lazy("Whose support counts"),
    "license_manager_for": gettext_lazy("Members, teams and bulk work in the License Manager are for"),
    "transfer_of_lifetime": gettext_lazy("Lifetime updates of a licence that goes to another customer"),
    "max_ahead_years": gettext_lazy("Support can be paid ahead, years"),
    "pending_days": gettext_lazy("A transfer is waited for, days"),
    "free_upgrade_days": gettext_lazy("A new version is free for those who bought before it, days"),
    "end_of_life_notice_months": gettext_lazy("The end of a version's support is announced at checkout, months before"),
    "suspension_run_days": gettext_lazy("After a disputed payment programs run on, days"),
    "suspension_forgiven_days": gettext_lazy("A won dispute gives days back if it lasted longer than, days"),
    "seat_notice_days": gettext_lazy("Before a device is released its owner has, days"),
    "trial_days": gettext_lazy("The trial lasts, days"),
    "device_kept_days": gettext_lazy("Devices that gave their seat back are forgotten after, days"),
    "lease_days": gettext_lazy("A certificate lasts offline, days (at least 14)"),
}


class PolicyForm(SeenForm):
    """A field for each choice of the vendor."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in LABELS.items():
            if name in CHOICES:
                self.fields[name] = forms.ChoiceField(label=label, choices=CHOICES[name], widget=forms.RadioSelect)
            else:
                lowest, highest = rules.POLICY_RANGES[name]
                self.fields[name] = forms.IntegerField(label=label, min_value=lowest, max_value=highest)


def _initial(policy: Policy) -> dict[str, Any]:
    return {name: getattr(policy, name) for name in LABELS}


@technician("catalog")
@require_safe
def plans(request: Request) -> HttpResponse:
    product = queries.product()
    return _page(request, PolicyForm(initial=_initial(queries.policy_of(product))), product)


@technician("catalog")
@require_POST
def policy(request: Request) -> HttpResponse:
    product, form = queries.product(), PolicyForm(request.POST, initial=_initial(queries.policy_of(queries.product())))
    if form.is_valid():
        try:
            actions.set_policy(product, form.cleaned_data, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved. What was sold before keeps the rule that its checkout showed."))
            return redirect("office:plans")
    return _page(request, form, product)


def _page(request: Request, form: PolicyForm, product: Product) -> HttpResponse:
    matrix = queries.plan_matrix(product, request.now)
    return TemplateResponse(request, "office/plans/plans.html", {"matrix": matrix, "levels": LEVEL_NAMES, "form": form})


@technician("catalog")
def plan(request: Request, tier: str, channel: str) -> HttpResponse:
    """One cell of the matrix, with everything that it ever said."""
    if tier not in list(Tier) or channel not in list(Channel):
        raise Http404
    product = queries.product()
    history = queries.plan_history(product).get((tier, channel), [])
    names = ("level", "promise_cs", "promise_en", "first_answer_hours")
    initial = {name: getattr(history[0], name) for name in names} if history else {"level": Level.NO}
    form = PlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        promise = PlanPromise(Level(facts["level"]), facts["promise_cs"], facts["promise_en"], facts["first_answer_hours"])
        actions.set_plan(product, Tier(tier), Channel(channel), promise, by=request.actor, at=request.now)
        messages.success(request, _("Saved. The table and the rules follow it from now on."))
        return redirect("office:plan", tier, channel)
    heading = f"{TIER_NAMES[Tier(tier)]} – {CHANNEL_NAMES[Channel(channel)]}"
    rows = [(row, LEVEL_NAMES[Level(row.level)], row.valid_from.year > 1970) for row in history]
    crumbs = [(_("Plans and rules"), reverse("office:plans")), (heading, "")]
    return TemplateResponse(
        request, "office/plans/plan.html", {"form": form, "heading": heading, "history": rows, "crumbs": crumbs}
    )
