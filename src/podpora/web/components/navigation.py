"""The navigation of each face: which doors there are, for whom, and where the reader stands."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from podpora.people import permissions


@dataclass(frozen=True, slots=True)
class Door:
    name: str  # URL name
    label: Any
    icon: str
    permission: str = ""  # of the vendor's staff
    count: str = ""  # URL name of a figure beside it, which the browser fetches afterwards


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: Any
    icon: str
    is_current: bool
    count: str = ""


DOORS: dict[str, tuple[Door, ...]] = {
    "public": (
        Door("public:home", _("Support"), "life-buoy"),
        Door("public:levels", _("Levels of support"), "layers"),
        Door("forum:home", _("Forum"), "messages-square"),
        Door("public:faq", _("FAQ"), "book-open"),
        Door("public:problems", _("Known problems"), "bug"),
        Door("public:versions", _("Supported versions"), "history"),
        Door("shop:home", _("Shop"), "shopping-bag"),
    ),
    "portal": (
        Door("portal:home", _("Overview"), "layout-dashboard"),
        Door("portal:licences", _("Licences"), "key-round"),
        Door("centre:home", _("Support centre"), "life-buoy"),
        Door("portal:orders", _("Orders"), "receipt"),
        Door("account:members", _("People"), "users"),
        Door("shop:home", _("Shop"), "shopping-bag"),
    ),
    "desk": (
        Door("desk:home", _("Tickets"), "inbox", "tickets"),
        Door("desk:mails", _("Incoming mail"), "mail-question-mark", "tickets", count="desk:mails_count"),
        Door("forum_staff:home", _("Forum"), "messages-square", "forum"),
        Door("desk:reports", _("Reports"), "chart-column", "tickets"),
        Door("desk:absence", _("My work"), "calendar-off", "tickets"),
    ),
    "office": (
        Door("office:home", _("Overview"), "layout-dashboard"),
        Door("office:orders", _("Orders"), "receipt", "orders"),
        Door("office:customers", _("Customers"), "users", "customers"),
        Door("office:licences", _("Licences"), "key-round", "customers"),
        Door("office:articles", _("Articles"), "book-open", "knowledge"),
        Door("office:problems", _("Known problems"), "bug", "knowledge"),
        Door("office:misses", _("Not found"), "search-x", "knowledge"),
        Door("office:alike", _("Synonyms"), "equal", "knowledge"),
        Door("office:versions", _("Versions"), "history", "catalog"),
        Door("office:settings_schema", _("Settings of the program"), "sliders-horizontal", "catalog"),
        Door("office:plans", _("Plans and rules"), "layers", "catalog"),
        Door("office:offers", _("Offers and prices"), "tag", "catalog"),
        Door("office:seller", _("Who sells"), "store", "people"),
        Door("office:queues", _("Queues"), "folder-input", "people"),
        Door("office:forum", _("Forum"), "messages-square", "people"),
        Door("office:work", _("Work by itself"), "zap", "people"),
        Door("office:mailboxes", _("Mailboxes"), "mailbox", "people"),
        Door("office:technicians", _("Technicians"), "headset", "people"),
        Door("office:service", _("Service times"), "calendar-clock", "people"),
        Door("office:webhooks", _("Webhooks"), "webhook", "webhooks"),
        Door("office:tokens", _("API tokens"), "plug", "people"),
        Door("office:audit", _("Audit"), "scroll-text", "audit"),
        Door("office:jobs", _("Jobs"), "list-checks", "jobs"),
        Door("office:mails", _("Outgoing mail"), "mail", "jobs"),
        Door("office:components", _("Components"), "component"),
    ),
    # The account menu: everything a signed-in person may reach from anywhere.
    "account": (
        Door("portal:home", _("Overview"), "layout-dashboard"),
        Door("portal:licences", _("Licences"), "key-round"),
        Door("centre:home", _("Support centre"), "life-buoy"),
        Door("portal:orders", _("Orders"), "receipt"),
        Door("account:inbox", _("Messages"), "bell"),
        Door("account:profile", _("Profile and settings"), "settings"),
    ),
    "staff": (
        Door("desk:home", _("Desk"), "inbox", "tickets"),
        Door("office:home", _("Office"), "building-2", "people"),
    ),
}


def links(face: str, request: HttpRequest) -> list[Link]:
    """The doors of a face that exist and are open to this reader; the one that leads here is marked."""
    doors = [(door, _address(door.name)) for door in DOORS[face] if _is_open(door, request)]
    here = _nearest([url for _door, url in doors if url], request.path)
    return [Link(url, door.label, door.icon, url == here, _address(door.count) if door.count else "") for door, url in doors if url]


def _is_open(door: Door, request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return not door.permission or (user is not None and permissions.staff_may(user, door.permission))


def _nearest(urls: list[str], path: str) -> str:
    """The longest address that the path lies under; an address of a whole face counts only for itself."""
    homes = {"/", "/account/", "/office/"}
    under = [url for url in urls if path == url or (url not in homes and path.startswith(url))]
    return max(under, key=len, default="")


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
