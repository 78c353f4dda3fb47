"""Moments that a technician chooses: in three hours, tomorrow morning, on Monday, or one of his own; in his zone."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy

from podpora.base.errors import InvalidInput

MORNING = time(8)
PRESETS = {
    "3h": gettext_lazy("In three hours"), "tomorrow": gettext_lazy("Tomorrow morning"), "monday": gettext_lazy("On Monday"),
    "week": gettext_lazy("In a week"), "month": gettext_lazy("In a month"),
}  # fmt: skip


def moment_of(preset: str, now: datetime, given: str = "") -> datetime:
    """The moment of a preset, or the given one. InvalidInput for what is none."""
    local = timezone.localtime(now)
    days = {"tomorrow": 1, "monday": 7 - local.weekday(), "week": 7, "month": 30}.get(preset)
    if preset == "3h":
        return (now + timedelta(hours=3)).replace(microsecond=0)
    if days is not None:
        return datetime.combine(local.date() + timedelta(days=days), MORNING, tzinfo=local.tzinfo)
    try:
        return datetime.fromisoformat(given[:25]).replace(tzinfo=local.tzinfo)
    except ValueError:
        raise InvalidInput({"until": ["not_an_instant"]}) from None
