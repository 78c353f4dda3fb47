"""What is set up as plain fields: the frame of a rule, canned replies, own fields, own states, tags."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from podpora.desk import queries
from podpora.desk.rules import VARIABLES
from podpora.desk.values import FIELD_KIND_NAMES, HAPPENING_NAMES, STATE_NAMES, HappeningKind, State, TagColour
from podpora.web.conversation import queue_name
from podpora.web.office.automating.words import field_name

NAME = _("Name (customers never see it)")
UNITS = {1: _("minutes"), 60: _("hours"), 24 * 60: _("days")}
COLOUR_NAMES = {
    TagColour.PLAIN: pgettext_lazy("colour of a tag", "Grey"), TagColour.ACCENT: pgettext_lazy("colour of a tag", "Blue"),
    TagColour.GOOD: pgettext_lazy("colour of a tag", "Green"), TagColour.WARN: pgettext_lazy("colour of a tag", "Yellow"),
    TagColour.BAD: pgettext_lazy("colour of a tag", "Red"),
}  # fmt: skip
VARIABLE_NAMES = {
    "ticket.code": _("the number of the ticket"), "ticket.subject": _("its subject"), "ticket.link": _("its address for the customer"),
    "requester.name": _("the asker's name"), "requester.first_name": _("the asker's first name"), "customer.name": _("the customer"),
    "technician.name": _("the technician"), "product.name": _("the product"), "version": _("the asker's version"),
    "licence.code": _("the code of the licence"), "support.through": _("the last day of VIP support"), "today": _("today"),
    "vendor.name": _("our name"),
}  # fmt: skip


def variables() -> list[tuple[str, Any]]:
    """Every variable of texts and what it stands for."""
    return [("{{%s}}" % name, VARIABLE_NAMES[name]) for name in VARIABLES]  # noqa: UP031


class OfQueue(forms.Form):
    """Something that is offered in one queue, or in all."""

    queue = forms.ChoiceField(label=_("Offered in"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queues = [(queue.code, queue_name(queue)) for queue in queries.queues()]
        self.fields["queue"].choices = [("", _("all queues")), *queues]  # type: ignore[attr-defined]


class CannedForm(OfQueue):
    name = forms.CharField(label=NAME, max_length=80)
    text_cs = forms.CharField(label=_("Text in Czech"), required=False, widget=forms.Textarea(attrs={"rows": 7}), strip=False)
    text_en = forms.CharField(label=_("Text in English"), required=False, widget=forms.Textarea(attrs={"rows": 7}), strip=False)
    is_active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)
    field_order = ("name", "text_cs", "text_en", "queue", "is_active")


class MacroForm(OfQueue):
    name = forms.CharField(label=NAME, max_length=80)
    is_active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)
    field_order = ("name", "queue", "is_active")


class TriggerForm(forms.Form):
    name = forms.CharField(label=NAME, max_length=80)
    is_active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)
    happenings = forms.MultipleChoiceField(
        label=_("When"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, name) for kind, name in HAPPENING_NAMES.items() if kind is not HappeningKind.CALENDAR],
        help_text=_("Nothing chosen: whatever happens."),
    )  # fmt: skip
    is_always = forms.BooleanField(
        label=_("Also when nothing changed that a condition asks about"), required=False,
        help_text=_("Otherwise it runs when a message comes, or when something changes that it asks about."),
    )  # fmt: skip


class TimeRuleForm(forms.Form):
    name = forms.CharField(label=NAME, max_length=80)
    is_active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)
    state = forms.ChoiceField(
        label=_("In the state"), choices=[(s.value, n) for s, n in STATE_NAMES.items() if s is not State.MERGED]
    )
    amount = forms.IntegerField(label=_("For so long"), min_value=1, max_value=9999)
    unit = forms.TypedChoiceField(label=_("Unit of time"), coerce=int, choices=list(UNITS.items()), initial=60)

    def after_minutes(self) -> int:
        minutes: int = self.cleaned_data["amount"] * self.cleaned_data["unit"]
        return minutes


def amount_and_unit(minutes: int) -> dict[str, int]:
    """2880 -> two days."""
    unit = next(unit for unit in sorted(UNITS, reverse=True) if minutes % unit == 0)
    return {"amount": minutes // unit, "unit": unit}


class FieldForm(forms.Form):
    """A question of our own. Its choices are rows of their own, beside this form."""

    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Small letters; it can't be changed later."))
    kind = forms.ChoiceField(
        label=pgettext_lazy("of a field", "Kind"), choices=[(kind.value, name) for kind, name in FIELD_KIND_NAMES.items()]
    )
    name_cs = forms.CharField(label=_("Name in Czech"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    help_cs = forms.CharField(label=_("Help in Czech"), max_length=200, required=False)
    help_en = forms.CharField(label=_("Help in English"), max_length=200, required=False)
    is_public = forms.BooleanField(label=_("Customers fill it in and see it"), required=False)
    is_required = forms.BooleanField(label=_("It has to be filled in"), required=False)
    is_active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)
    queues = forms.MultipleChoiceField(
        label=_("In the queues"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Nothing chosen: in all.")
    )
    shown_when = forms.ChoiceField(label=_("Asked only when this field"), required=False)

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["queues"].choices = [(queue.code, queue_name(queue)) for queue in queries.queues()]  # type: ignore[attr-defined]
        others = [(row.code, field_name(row)) for row in queries.set_up("fields") if row.code != code]
        self.fields["shown_when"].choices = [("", _("is always asked")), *others]  # type: ignore[attr-defined]
        for name in ("kind", "shown_when"):  # another choice asks for other rows
            self.fields[name].widget.attrs |= {"hx-post": "", "hx-trigger": "change", "hx-vals": '{"step": "show"}'}
        if code:
            self.fields.pop("code")


class OwnStateForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Small letters; it can't be changed later."))
    state = forms.ChoiceField(
        label=_("It stands for"), choices=[(s.value, n) for s, n in STATE_NAMES.items() if s not in (State.NEW, State.MERGED)]
    )
    name_cs = forms.CharField(label=_("Name in Czech"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    is_active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if code:
            self.fields.pop("code")


class TagForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40)
    colour = forms.ChoiceField(label=_("Colour"), choices=[(colour.value, name) for colour, name in COLOUR_NAMES.items()])
    is_active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)
    merge_into = forms.ChoiceField(
        label=_("Merge it into the tag"), required=False, help_text=_("Its tickets get the other one, and it is gone.")
    )

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(tag.name, tag.name) for tag in queries.set_up("tags") if tag.name != code]
        self.fields["merge_into"].choices = [("", "–"), *others]  # type: ignore[attr-defined]
        if not code:
            self.fields.pop("merge_into")
