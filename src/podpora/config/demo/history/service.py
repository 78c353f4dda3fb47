"""The sample vendor's service: calendars, agreements, and tickets whose clocks run, warn and are late at whatever hour the demo starts."""

from datetime import datetime, timedelta

from podpora.base.actors import Actor
from podpora.config.demo.history.chronicle import Chronicle, Event
from podpora.desk import actions
from podpora.desk.models import Calendar
from podpora.desk.values import CalendarWish, Hours, Priority, Purpose, SlaWish, Targets
from podpora.journeys import ticket as journey
from podpora.journeys.ticket import Question

OFFICE_HOURS = (Hours(8 * 60, 12 * 60), Hours(12 * 60 + 30, 17 * 60))
LONG_DAY, SHORT_DAY, WHOLE_DAY = (Hours(7 * 60, 21 * 60),), (Hours(9 * 60, 13 * 60),), (Hours(0, 24 * 60),)
CALENDARS = {
    "office-hours": ("Pracovní doba", "Office hours", (*((OFFICE_HOURS,) * 5), (), ()), "CZ"),
    "extended": ("Prodloužená služba", "Extended hours", (*((LONG_DAY,) * 5), SHORT_DAY, ()), "CZ"),
    "around-the-clock": ("Nepřetržitě", "Around the clock", (WHOLE_DAY,) * 7, ""),
}
AGREEMENTS = {
    "vip-urgent": SlaWish(
        "VIP, nejvyšší priorita", "VIP, urgent", "around-the-clock", {None: Targets(60, 120, solution=24 * 60)},
        plans=["vip"], priorities=[Priority.URGENT.value], warn_minutes=20,
    ),
    "vip": SlaWish(
        "VIP podpora", "VIP support", "extended",
        {None: Targets(None, 8 * 60, solution=40 * 60), Priority.HIGH: Targets(None, 4 * 60, solution=24 * 60)},
        plans=["vip"], follows_plan=True, warn_minutes=60,
    ),
    "everybody": SlaWish(
        "Ostatní", "Everybody else", "office-hours", {None: Targets(24 * 60)}, follows_plan=True, warn_minutes=120
    ),
}  # fmt: skip
# Minutes ago, who, about which order's licence, subject, text.
URGENT = (
    (95, "admin@other.example", "other", "Nobody can send mail", "Nothing leaves any of our computers: error 550 on every message."),
    (45, "admin@company.example", "company", "Server odmítá přihlášení", "Nikdo se nepřihlásí, program hlásí neplatné heslo."),
    (25, "jana@private.example", "jana", "Zmizela složka Odeslané", "Po startu není vidět složka Odeslané. Na webu pošta je."),
)  # fmt: skip
BEFORE_HISTORY = timedelta(days=3 * 365)


def make_service(*, by: Actor, at: datetime) -> None:
    """Calendars with the holidays of the years that the history tells of and of those to come; three agreements."""
    for code, (name_cs, name_en, week, country) in CALENDARS.items():
        wish = CalendarWish(name_cs, name_en, "Europe/Prague", week, country)
        actions.save_calendar(code, wish, is_new=True, by=by, at=at - BEFORE_HISTORY)
        actions.take_over_holidays(Calendar.objects.get(code=code), at=at)
    for code, agreement in AGREEMENTS.items():
        actions.save_sla(code, agreement, is_new=True, by=by, at=at - BEFORE_HISTORY)


def add(c: Chronicle) -> None:
    """Three urgent tickets: late, warned of, running."""
    for minutes, email, order, subject, text in URGENT:
        c.events.append((c.today - timedelta(minutes=minutes), _opening(c, email, order, subject, text)))


def _opening(c: Chronicle, email: str, order: str, subject: str, text: str) -> Event:
    def opens(at: datetime) -> None:
        question = Question(
            customer=c.customer(email),
            requester=c.person(email),
            purpose=Purpose.VIP,
            subject=subject,
            text=text,
            licence=c.licence(order),
        )
        ticket = journey.open_ticket(question, by=c.actor(email), at=at)
        actions.set_priority(ticket, Priority.URGENT, by=c.actor("manager@vendor.example"), at=at)

    return opens
