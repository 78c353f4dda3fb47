"""Queues of tickets: their names, who serves them, and a pause."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from podpora.base.errors import InvalidInput
from podpora.desk import actions, queries
from podpora.desk.models import Queue
from podpora.desk.values import ASSIGNMENT_NAMES, FOLLOW_UP_NAMES, MOST_MINUTES, PURPOSE_NAMES, Assignment, FollowUp, Purpose
from podpora.desk.values.followups import MOST_FOLLOW_UP_DAYS
from podpora.people.models import Person
from podpora.web.access import manager
from podpora.web.components.forms import SeenForm, show_problem
from podpora.web.conversation import queue_name
from podpora.web.request import Request


class QueueForm(SeenForm):
    name_cs = forms.CharField(label=gettext_lazy("Name in Czech"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    members = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(),
        label=gettext_lazy("Technicians"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nobody chosen: every technician serves this queue."),
        to_field_name="code",
    )
    assignment = forms.ChoiceField(
        label=gettext_lazy("Who gets a new ticket"),
        required=False,
        choices=[(how.value, name) for how, name in ASSIGNMENT_NAMES.items()],
    )
    assignment_timeout = forms.IntegerField(
        label=gettext_lazy("Minutes of service until a ticket goes back"),
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=gettext_lazy("Without a deed of its technician it goes to somebody else. Empty: never."),
    )
    follow_up = forms.ChoiceField(
        label=gettext_lazy("A word about a ticket that is done"),
        required=False,
        choices=[(how.value, name) for how, name in FOLLOW_UP_NAMES.items()],
    )
    follow_up_days = forms.IntegerField(
        label=gettext_lazy("Days of reopening"), required=False, min_value=1, max_value=MOST_FOLLOW_UP_DAYS,
        help_text=gettext_lazy("After them a new ticket begins, which names the old one."),
    )  # fmt: skip
    is_paused = forms.BooleanField(
        label=gettext_lazy("Paused"),
        required=False,
        help_text=gettext_lazy("New tickets wait here for somebody who takes them by hand; nobody gets them by turn."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = queries.technicians()  # type: ignore[attr-defined]


class NewQueueForm(QueueForm):
    purpose = forms.ChoiceField(
        label=gettext_lazy("For"),
        choices=[(purpose.value, name) for purpose, name in PURPOSE_NAMES.items()],
        initial=Purpose.GENERAL.value,
        help_text=gettext_lazy("A queue for VIP support stands behind its gate. This can't be changed later."),
    )
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("For addresses and the API: small letters, digits and hyphens. It can't be changed later."),
    )
    field_order = (
        "name_cs",
        "name_en",
        "purpose",
        "code",
        "members",
        "assignment",
        "assignment_timeout",
        "follow_up",
        "follow_up_days",
        "is_paused",
    )


@manager
@require_GET
def queues(request: Request) -> HttpResponse:
    rows = [
        (queue_name(row.queue), row.queue, PURPOSE_NAMES[Purpose(row.queue.purpose)], row.members, row.unfinished)
        for row in queries.queue_rows()
    ]
    return TemplateResponse(request, "office/queues/list.html", {"queues": rows})


@manager
@require_http_methods(["GET", "POST"])
def new_queue(request: Request) -> HttpResponse:
    form = NewQueueForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _saved(request, form, None):
        return redirect("office:queues")
    return _form(request, form, _("A new queue"))


@manager
@require_http_methods(["GET", "POST"])
def queue(request: Request, code: str) -> HttpResponse:
    found = queries.queue(code)
    initial = {
        "name_cs": found.name_cs,
        "name_en": found.name_en,
        "is_paused": found.is_paused,
        "assignment": found.assignment,
        "assignment_timeout": found.assignment_timeout,
        "follow_up": found.follow_up,
        "follow_up_days": found.follow_up_days,
        "members": list(found.technicians.order_by("code").values_list("code", flat=True)),
    }
    form = QueueForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _saved(request, form, found):
        return redirect("office:queues")
    return _form(request, form, queue_name(found))


def _saved(request: Request, form: QueueForm, found: Queue | None) -> bool:
    clean, by, at = form.cleaned_data, request.actor, request.now
    names = {"name_cs": clean["name_cs"], "name_en": clean["name_en"]}
    try:
        with transaction.atomic():
            if found is None:
                found = actions.create_queue(code=clean["code"], purpose=Purpose(clean["purpose"]), **names, by=by, at=at)
            actions.update_queue(found, **names, is_paused=clean["is_paused"], by=by, at=at)
            how = Assignment(clean["assignment"] or found.assignment)
            actions.set_assignment(found, how, clean["assignment_timeout"], by=by, at=at)
            follow_up, days = FollowUp(clean["follow_up"] or found.follow_up), clean["follow_up_days"] or found.follow_up_days
            actions.set_follow_up(found, follow_up, days, by=by, at=at)
            actions.set_members(found, clean["members"], by=by, at=at)
    except InvalidInput as problem:
        show_problem(form, problem)
        return False
    messages.success(request, _("Saved."))
    return True


def _form(request: Request, form: QueueForm, heading: str) -> HttpResponse:
    crumbs = [(_("Queues"), reverse("office:queues")), (heading, "")]
    context = {"form": form, "crumbs": crumbs, "heading": heading, "back": reverse("office:queues")}
    return TemplateResponse(request, "office/form.html", context, status=422 if form.errors else 200)
