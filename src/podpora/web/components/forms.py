"""What an action says about input, put beside the fields of the form it came from."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from podpora.base import reasons
from podpora.base.decisions import Reason
from podpora.base.errors import InvalidInput

SENTENCES: dict[str, Any] = {
    "required": _("This is needed."),
    "too_long": _("This is too long."),
    "unknown": _("Choose one of the offered values."),
    "taken": _("This is taken already."),
    "not_an_email": _("This is not an e-mail address."),
}


def input_sentence(code: str) -> str:
    """What is wrong with a field, in the reader's language. An unknown code shows itself rather than nothing."""
    return str(SENTENCES[code]) if code in SENTENCES else reasons.sentence(Reason(code))


def show_problem(form: forms.BaseForm, problem: InvalidInput) -> None:
    """Put the problem's sentences beside the fields they name; those that the form does not have, above it."""
    for field, codes in problem.fields.items():
        for code in codes:
            form.add_error(field if field in form.fields else None, input_sentence(code))
