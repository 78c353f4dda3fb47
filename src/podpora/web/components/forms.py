"""What an action says about input, put beside the fields of the form it came from; forms that notice a stale page."""

from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence


def show_problem(form: forms.BaseForm, problem: InvalidInput) -> None:
    """Put the problem's sentences beside the fields they name; those that the form does not have, above it."""
    for field, codes in problem.fields.items():
        for code in codes:
            form.add_error(field if field in form.fields else None, field_sentence(code, problem.facts.get(field)))


class SeenForm(forms.Form):
    """Edits what somebody else may edit too. `initial` is what is stored now; the page carries its mark, and if that has changed
    when the form comes back, nothing is saved: the writer is told, keeps his words, and may save again."""

    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        now = mark_of(initial or {})
        self.is_stale = False
        if data is not None and data.get("seen"):
            self.is_stale = data["seen"] != now
            data = data.copy()
            data["seen"] = now  # the page that tells him is fresh again
        super().__init__(data, initial={**(initial or {}), "seen": now}, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned.pop("seen", None)
        if self.is_stale:
            raise forms.ValidationError(
                _("Somebody else saved this while you were writing. Look at it again, then save to replace his words.")
            )
        return cleaned


def mark_of(values: dict[str, Any]) -> str:
    """A short mark of what a page shows."""
    return sha256(repr(sorted((name, str(value)) for name, value in values.items())).encode()).hexdigest()[:32]
