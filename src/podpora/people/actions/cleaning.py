"""Input that people type, made clean or refused with the field's name."""

from collections.abc import Iterable
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from podpora.base.errors import InvalidInput

_is_email = EmailValidator()


def email_of(text: str, *, field: str = "email") -> str:
    """The address in lower case. Only ASCII: a look-alike letter must never fold into another person's address (S10)."""
    cleaned = text.strip()
    if not cleaned:
        raise InvalidInput({field: ["required"]})
    if not cleaned.isascii() or len(cleaned) > 254:
        raise InvalidInput({field: ["not_an_email"]})
    try:
        _is_email(cleaned)
    except ValidationError:
        raise InvalidInput({field: ["not_an_email"]}) from None
    return cleaned.lower()


def line_of(text: str, *, field: str, longest: int, required: bool = False) -> str:
    """One line of text: no control characters, single spaces, not too long."""
    cleaned = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if required and not cleaned:
        raise InvalidInput({field: ["required"]})
    if len(cleaned) > longest:
        raise InvalidInput({field: ["too_long"]})
    return cleaned


def one_of(value: str, allowed: Iterable[str], *, field: str) -> str:
    if value not in set(allowed):
        raise InvalidInput({field: ["unknown"]})
    return value


def language_of(value: str, *, field: str = "language") -> str:
    """One of the product's languages, or empty: as the browser asks."""
    return one_of(value, ["", *dict(settings.LANGUAGES)], field=field)


def zone_of(value: str, *, field: str = "time_zone") -> str:
    """A name of the time zone database, or empty: the vendor's zone."""
    return one_of(value, {"", *available_timezones()} - {"localtime", "Factory"}, field=field)


def country_of(value: str, *, field: str = "country") -> str:
    """Two letters of ISO 3166."""
    code = value.strip().upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise InvalidInput({field: ["unknown"]})
    return code
