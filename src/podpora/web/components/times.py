"""Dates and instants as pages show them. Drawing one costs 30 microseconds and a list shows fifty, mostly the same as a minute ago:
the drawn ones are kept, by instant, style, language and zone."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from podpora.base.clock import format_instant

FORMATS = {"long": "DATETIME_FORMAT", "short": "TIME_FORMAT", "day": "DATE_FORMAT"}


def day(on: date | None) -> str:
    """A date of rights or money, the same everywhere (Z-8)."""
    return "–" if on is None else _day(on, get_language() or "")


def moment(at: datetime | None, style: str = "long") -> str:
    """An instant in the reader's zone; the exact one on hover. `style`: long, short (the time only), day."""
    return "–" if at is None else _moment(at, style, get_language() or "", timezone.get_current_timezone())


def ago(at: datetime | None, now: datetime) -> SafeString | str:
    """How long ago, for a week; then the day. The exact instant on hover."""
    if at is None:
        return "–"
    minutes = int((now - at).total_seconds() // 60)
    if not 0 <= minutes < 7 * 24 * 60:
        return moment(at, "day")
    return _ago(at, _long(minutes), timezone.get_current_timezone())


def _long(minutes: int) -> str:
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(n)d min ago", "%(n)d min ago", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        return ngettext("%(n)d h ago", "%(n)d h ago", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d day ago", "%(n)d days ago", minutes // 1440) % {"n": minutes // 1440}


@lru_cache(maxsize=4096)
def _ago(at: datetime, said: str, zone: ZoneInfo) -> SafeString:
    local = at.astimezone(zone)
    return format_html('<time datetime="{}" title="{}">{}</time>', format_instant(at), _exact(local), said)


def _exact(local: datetime) -> str:
    return f"{local:%Y-%m-%d %H:%M:%S %Z} (UTC{local:%z})"


@lru_cache(maxsize=4096)
def _day(on: date, language: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), formats.date_format(on, "DATE_FORMAT"))


@lru_cache(maxsize=4096)
def _moment(at: datetime, style: str, language: str, zone: ZoneInfo) -> SafeString:
    local = at.astimezone(zone)
    shown = formats.date_format(local, FORMATS[style])
    return format_html('<time datetime="{}" title="{}">{}</time>', format_instant(at), _exact(local), shown)
