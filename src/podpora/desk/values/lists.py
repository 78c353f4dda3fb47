"""What a line of the technician's list can show."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Column(StrEnum):
    """In the order in which they stand in the line. Number, subject and clock are always there."""

    REQUESTER = "requester"
    CUSTOMER = "customer"
    QUEUE = "queue"
    VERSION = "version"
    TAGS = "tags"
    PRIORITY = "priority"
    STATE = "state"
    ASSIGNEE = "assignee"
    DUE = "due"
    OPENED = "opened"
    CHANGED = "changed"


COLUMN_NAMES: dict[Column, Promise] = {
    Column.REQUESTER: _("Who asks"),
    Column.CUSTOMER: _("Company"),
    Column.QUEUE: _("Queue"),
    Column.VERSION: _("Version"),
    Column.TAGS: _("Tags"),
    Column.PRIORITY: _("Priority and VIP"),
    Column.STATE: _("State"),
    Column.ASSIGNEE: _("Technician"),
    Column.DUE: pgettext_lazy("clock", "Due"),
    Column.OPENED: _("Opened"),
    Column.CHANGED: _("Last change"),
}
USUAL_COLUMNS = tuple(column for column in Column if column not in (Column.TAGS, Column.DUE, Column.OPENED))
