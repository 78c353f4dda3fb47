"""What a mail to a ticket that is done begins."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_FOLLOW_UP_DAYS = 365


class FollowUp(StrEnum):
    """TH-10: set for each queue."""

    REOPEN = "reopen"
    NEW = "new"
    REOPEN_WITHIN = "reopen_within"  # so many days of its end; later a new ticket that names it


FOLLOW_UP_NAMES: dict[FollowUp, Promise] = {
    FollowUp.REOPEN: _("reopens it"),
    FollowUp.NEW: _("begins a new ticket"),
    FollowUp.REOPEN_WITHIN: _("reopens it within some days; later begins a new ticket"),
}
