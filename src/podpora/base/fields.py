"""What is wrong with a field of an input, and what would be right: the codes that every room uses, each with its sentence.

A code is enough (`InvalidInput({"name": ["too_long"]})`); with facts (`{"name": {"most": 100}}`) the sentence says the limit too.
Codes of one room's own fields are declared there, with the room's name: `version.ends_before_release`.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from podpora.base.decisions import Reason
from podpora.base.reasons import declare, filled, sentence

declare("required", _("This is needed."))
declare("unknown", _("This is not known here: use one of the offered values."))
declare("wrong_type", _("This is another type of value than the one that is needed."))
declare("not_valid", _("This can't be used as it is written."))
declare("invalid_characters", _("This contains characters that can't be used; leave out control characters."))
declare("too_long", _("This is too long."))
declare("too_short", _("This is too short."))
declare("too_many", _("There are too many of them."))
declare("too_few", _("There are too few of them."))
declare("too_small", _("This number is too small."))
declare("too_big", _("This number is too big."))
declare("too_large", _("This amount is too large."))
declare("out_of_range", _("This is outside of what is possible."))
declare("taken", _("This is taken already: choose another."))
declare("twice", _("This stands there twice: once is enough."))
declare("only_one", _("There can be only one of these: use 1."))
declare("not_wanted", _("This does not belong here: leave it out."))
declare("not_an_email", _("This is not an e-mail address; one looks like name@example.com."))
declare("not_an_instant", _("This is not an instant; write 2026-03-10T09:00:00Z (ISO 8601, with a zone)."))
declare("not_a_version", _("This is not a version; write 10.2.1."))
declare("not_an_amount", _("This is not an amount; write 1290.00, more than zero and no finer than the currency."))
declare("not_an_iban", _("This is not an IBAN; check its characters."))
declare("before_the_order", _("This lies before the day of the order."))

# The same when the facts are known. The first whose facts are all there is used.
_WITH_FACTS: dict[str, tuple[tuple[tuple[str, ...], Any], ...]] = {
    "required": ((("choices",), _("This is needed: {choices}.")),),
    "unknown": (
        (("fields",), _("There is no such field here; there are: {fields}.")),
        (("choices",), _("This is not known here; use one of: {choices}.")),
    ),
    "wrong_type": ((("expected",), _("This has to be {expected}.")),),
    "too_long": ((("most",), _("This is too long; characters at most: {most}.")),),
    "too_short": ((("least",), _("This is too short; characters at least: {least}.")),),
    "too_many": ((("most",), _("There are too many of them: at most {most}.")),),
    "too_few": ((("least",), _("There are too few of them: at least {least}.")),),
    "too_small": ((("least",), _("This number is too small: at least {least}.")),),
    "too_big": ((("most",), _("This number is too big: at most {most}.")),),
    "out_of_range": ((("least", "most"), _("This has to lie between {least} and {most}.")),),
    "not_valid": ((("example",), _("This can't be used as it is written; an example: {example}.")),),
}

# What a value has to be, by the name that the reader of bodies has for it.
TYPES: Mapping[str, Any] = {
    "string": _("text"), "int": _("a whole number"), "float": _("a number"), "bool": _("true or false"), "list": _("a list"),
    "dict": _("an object"), "model": _("an object"),
}  # fmt: skip


def field_sentence(code: str, facts: Mapping[str, Any] | None = None) -> str:
    """What is wrong and what would be right, in the reader's language. An undeclared code shows itself rather than nothing."""
    known = facts or {}
    for needed, text in _WITH_FACTS.get(code, ()):
        if all(name in known for name in needed):
            return filled(text, known)
    return sentence(Reason(code, known))
