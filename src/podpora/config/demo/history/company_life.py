"""How the demo's company looks after itself: teams with seats, who uses what, a blocked device, dates in a calendar."""

from datetime import datetime

from podpora.config.demo.history.chronicle import Chronicle
from podpora.licensing import actions as licensing
from podpora.licensing.models import Device
from podpora.people import actions as people
from podpora.people import queries as people_queries

EMAIL = "admin@company.example"
MEMBER = "member@company.example"
# Team -> (the beginning of its devices' names, seats of its own, its lead)
TEAMS = {"Obchod": ("OBCHOD", 8, MEMBER), "Servis": ("SERVIS", 4, EMAIL)}
USERS = {"OBCHOD-1": MEMBER, "OBCHOD-2": MEMBER, "VEDENI-1": EMAIL, "VEDENI-2": EMAIL, "UCTARNA-1": "billing@company.example"}


def add(c: Chronicle) -> None:
    c.on(38, 9, 15, lambda at: _teams(c, at))
    c.on(37, 15, 40, lambda at: _users(c, at))
    c.on(5, 13, 20, lambda at: _moved(c, at))
    c.on(1, 8, 50, lambda at: _blocked(c, at))


def _teams(c: Chronicle, at: datetime) -> None:
    """Two departments get a number of seats that nobody else can take."""
    by, licence = c.actor(EMAIL), c.licence("company")
    licensing.rename(licence, "Kanceláře Brno", by=by, at=at)
    for name, (beginning, seats, lead) in TEAMS.items():
        team = people.create_team(c.companies[EMAIL], name, by=by, at=at)
        people.put_into_team(team, c.person(lead), is_lead=True, by=by, at=at)
        ids = Device.objects.filter(licence=licence, name__startswith=beginning).order_by("name").values_list("pk", flat=True)
        licensing.start_work(licence, "team", list(ids), {"team": team.code}, by=by, at=at)
        licensing.share_seats(c.licence("company"), team, seats, by=by, at=at)


def _users(c: Chronicle, at: datetime) -> None:
    licence = c.licence("company")
    for device in Device.objects.filter(licence=licence, name__in=USERS).order_by("name"):
        licensing.assign_device(licence, device.code, c.person(USERS[device.name]), by=c.actor(EMAIL), at=at)


def _moved(c: Chronicle, at: datetime) -> None:
    """The store becomes part of the service team, which has a seat for one of its two computers: the work says so, and can be undone."""
    licence = c.licence("company")
    team = people_queries.teams_of(c.companies[EMAIL]).get(name="Servis")
    ids = Device.objects.filter(licence=licence, name__startswith="SKLAD").order_by("name").values_list("pk", flat=True)
    licensing.start_work(licence, "team", list(ids), {"team": team.code}, by=c.actor(EMAIL), at=at)


def _blocked(c: Chronicle, at: datetime) -> None:
    """A notebook that somebody lost."""
    licence = c.licence("company")
    lost = Device.objects.filter(licence=licence, name="SKLAD-2").first()
    if lost is not None:
        licensing.block_device(licence, lost.code, by=c.actor(EMAIL), at=at)
