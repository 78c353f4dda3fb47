"""Calendars and agreements before they are saved, and what may be wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare
from podpora.desk.values.clocks import Hours, Targets
from podpora.desk.values.states import Priority
from podpora.notifications.values import declare_kind


@dataclass(frozen=True, slots=True)
class CalendarWish:
    """A calendar as a manager writes it."""

    name_cs: str
    name_en: str
    zone: str
    week: tuple[tuple[Hours, ...], ...]
    country: str = ""
    subdivision: str = ""


@dataclass(frozen=True, slots=True)
class SlaWish:
    """An agreement as a manager writes it. `targets`: by priority; None is the row of all others."""

    name_cs: str
    name_en: str
    calendar: str  # code
    targets: Mapping[Priority | None, Targets]
    plans: Sequence[str] = ()
    queues: Sequence[str] = ()
    priorities: Sequence[int] = ()
    languages: Sequence[str] = ()
    follows_plan: bool = False
    warn_minutes: int = 60
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ClockRules:
    """What holds for all agreements: which states pause which clock, which priority a plan gives."""

    pauses: Mapping[str, Sequence[str]] = field(default_factory=dict)
    priorities: Mapping[str, int] = field(default_factory=dict)


MOST_MINUTES = 525_600  # a year of minutes

declare("calendar.zone_unknown", _("This time zone is not known; write one like Europe/Prague."))
declare("calendar.no_window", _("A calendar needs at least one time of service, or nothing would ever be due."))
declare(
    "calendar.only_holidays",
    _("With these holidays there would be no service this year and the next, so nothing would ever be due."),
)
declare("calendar.hours_not_readable", _("Write times like 8:00-12:00, 13:00-17:00; a day ends at 24:00."))
declare(
    "calendar.hours_backwards", _("The end has to be later than the beginning; what goes over midnight is two windows on two days.")
)
declare("calendar.hours_overlap", _("These times overlap."))
declare("calendar.hours_too_many", _("At most twelve times a day."))
declare("calendar.in_use", _("This calendar is used by {used_by}. Choose another one there first."))
declare("calendar.country_unknown", _("The holidays of this country or region are not known here."))
declare("calendar.feed_not_readable", _("There is no calendar at this address (iCalendar, .ics)."))
declare("calendar.feed_too_large", _("The calendar at this address is larger than 1 MB."))
declare("calendar.feed_not_reached", _("The calendar could not be fetched. The days that were fetched before stay."))
declare("sla.response_or_update", _("Promise an answer to each question or a regular update, not both."))
declare("sla.no_target", _("An agreement needs at least one target."))
declare("sla.minutes_not_readable", _("Write a time like 30 min, 4 h or 1 h 30 min."))
declare("sla.in_use", _("Tickets were opened under this agreement, so it stays; switch it off instead."))

declare_kind("ticket.sla_warning", label=_("A deadline is near"), staff=True)
declare_kind("ticket.sla_breached", label=_("A deadline was missed"), can_mute=False, staff=True)
