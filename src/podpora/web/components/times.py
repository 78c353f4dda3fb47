"""Dates and instants as pages show them. Drawing one costs 30 microseconds and a list shows fifty, mostly the same as a minute ago:
the drawn ones are kept, by instant, style, language and zone."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from podpora.base.clock import format_instant

FORMATS = {"long": "DATETIME_FORMAT", "short": "TIME_FORMAT", "day": "DATE_FORMAT"}


def day(on: date | None) -> str:
    """A date of rights or money, the same everywhere (Z-8)."""
    return "–" if on is None else _day(on, get_language() or "")


def moment(at: datetime | None, style: str = "long") -> str:
    """An instant in the reader's zone; the exact one on hover. `style`: long, short (the time only), day."""
    return "–" if at is None else _moment(at, style, get_language() or "", timezone.get_current_timezone())


@lru_cache(maxsize=4096)
def _day(on: date, language: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), formats.date_format(on, "DATE_FORMAT"))


@lru_cache(maxsize=4096)
def _moment(at: datetime, style: str, language: str, zone: ZoneInfo) -> SafeString:
    local = at.astimezone(zone)
    exact = f"{local:%Y-%m-%d %H:%M:%S %Z} (UTC{local:%z})"
    shown = formats.date_format(local, FORMATS[style])
    return format_html('<time datetime="{}" title="{}">{}</time>', format_instant(at), exact, shown)
