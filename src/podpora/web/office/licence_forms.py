"""What staff can do with a licence: forms. Each says why it is done, because the customer and the audit read it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from podpora.base.codes import public_code
from podpora.entitlements.actions import Goodwill
from podpora.licensing.models import Licence


class CareForm(forms.Form):
    """Something that is done to a licence, with its reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The customer can read it in the account of the licence.")
    )

    def __init__(self, *args: Any, licence: Licence, **kwargs: Any) -> None:
        self.licence = licence
        kwargs["auto_id"] = f"{type(self).__name__.lower()}-%s"
        super().__init__(*args, **kwargs)


class SuspendForm(CareForm):
    pass


class ReinstateForm(CareForm):
    pass


def _once() -> str:
    return public_code("G", 12)


class GoodwillForm(CareForm):
    """Support without money. `once`: a double click is one gift."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=20, initial=_once)
    days = forms.IntegerField(label=_("Days"), required=False, min_value=0, max_value=3660)
    years = forms.IntegerField(label=_("Years"), required=False, min_value=0, max_value=10)
    field_order = ("once", "days", "years", "reason")

    def goodwill(self) -> Goodwill:
        good = self.cleaned_data
        return Goodwill(good["reason"], days=good["days"] or 0, years=good["years"] or 0, once=good["once"])


class NewKeyForm(CareForm):
    """`seen`: the key that was there when the page was made, so that a double click does not replace the new one too."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)

    def __init__(self, *args: Any, licence: Licence, **kwargs: Any) -> None:
        super().__init__(*args, licence=licence, **kwargs)
        self.fields["seen"].initial = licence.key_hint
        self.fields["reason"].help_text = _("For the audit.")


class FreezeForm(CareForm):
    """X-9: after a key was seen in wrong hands. For the audit and the trace; the customer reads it in the refusal of a device."""


class ThawForm(CareForm):
    def __init__(self, *args: Any, licence: Licence, **kwargs: Any) -> None:
        super().__init__(*args, licence=licence, **kwargs)
        del self.fields["reason"]
