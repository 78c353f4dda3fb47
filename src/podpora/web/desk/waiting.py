"""How long a customer has waited for an answer, in words as short as a badge."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

# Until real clocks of service hours: after how many hours without an answer a ticket stands out.
WARN_AFTER = {True: timedelta(hours=4), False: timedelta(hours=24)}
BAD_AFTER = {True: timedelta(hours=8), False: timedelta(hours=72)}


@dataclass(frozen=True, slots=True)
class Wait:
    words: str
    kind: str  # of the badge: warn, bad or nothing
    since: datetime


def wait_of(since: datetime | None, *, is_vip: bool, at: datetime) -> Wait | None:
    """The wait of a ticket; None when nobody waits."""
    if since is None:
        return None
    waited = max(at - since, timedelta(0))
    kind = "bad" if waited >= BAD_AFTER[is_vip] else "warn" if waited >= WARN_AFTER[is_vip] else ""
    return Wait(in_words(waited), kind, since)


def in_words(waited: timedelta) -> str:
    """`42 min`, `3 h`, `2 d`."""
    minutes = int(waited.total_seconds() // 60)
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)s h") % {"n": minutes // 60}
    return _("%(n)s d") % {"n": minutes // (24 * 60)}
