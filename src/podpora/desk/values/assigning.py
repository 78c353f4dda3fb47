"""Who gets a ticket, and why."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Assignment(StrEnum):
    """How a queue gives its tickets away."""

    MANUAL = "manual"
    ROUND_ROBIN = "round_robin"
    BY_LOAD = "by_load"


ASSIGNMENT_NAMES: dict[Assignment, Promise] = {
    Assignment.MANUAL: _("By hand"),
    Assignment.ROUND_ROBIN: _("By turn"),
    Assignment.BY_LOAD: _("To whom has least"),
}
