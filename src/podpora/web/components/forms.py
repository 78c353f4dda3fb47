"""What an action says about input, put beside the fields of the form it came from."""

from django import forms

from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence


def show_problem(form: forms.BaseForm, problem: InvalidInput) -> None:
    """Put the problem's sentences beside the fields they name; those that the form does not have, above it."""
    for field, codes in problem.fields.items():
        for code in codes:
            form.add_error(field if field in form.fields else None, field_sentence(code, problem.facts.get(field)))
