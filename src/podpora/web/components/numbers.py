"""Amounts as people type them: `1 290,50` in Czech, `1,290.50` in English, and plain `1290.5` in both."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext_lazy as _

_SPACES = re.compile(r"[\s\u00a0\u202f]")
_PLAIN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?\Z")


def read_amount(text: str) -> Decimal | None:
    """What was typed -> Decimal; None if it is not a number.

    The separator of the reader's language is the decimal one. The other of `,` and `.` separates thousands if groups of three digits
    follow it, else it is taken for the decimal one as well: nobody types it for anything else.
    """
    text = _SPACES.sub("", text).removesuffix("Kč")
    decimal = str(formats.get_format("DECIMAL_SEPARATOR"))
    other = "." if decimal == "," else ","
    if re.fullmatch(rf"-?[0-9]{{1,3}}(\{other}[0-9]{{3}})+(\{decimal}[0-9]*)?", text):
        text = text.replace(other, "")
    text = text.replace(",", ".")
    return Decimal(text) if _PLAIN.match(text) else None


class AmountField(forms.Field):
    """A price. Empty is None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"required": False, "widget": forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 30}), **options}
        )

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        amount = read_amount(text[:40])
        if amount is None:
            raise ValidationError(_("Write a number, for example 1290 or 49.90."))
        return amount

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        whole = value == value.to_integral_value()
        return formats.number_format(value, decimal_pos=0 if whole else 2, use_l10n=True)


class DayField(forms.DateField):
    """A vendor date, with the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"required": False, "widget": widget, **options})
