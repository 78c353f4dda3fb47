"""Who bought what, when, and on which devices it runs."""

from datetime import datetime, timedelta

from podpora.base.actors import Actor, ActorKind
from podpora.config.demo.history import changes_of_owner, company_life, company_settings, licence_life
from podpora.config.demo.history.chronicle import Chronicle
from podpora.journeys import refund, registration, reminding, trials
from podpora.journeys.giving import give
from podpora.licensing import actions as licensing
from podpora.licensing.models import Device, Licence
from podpora.licensing.values import Contact, DeviceFacts, LicenceKind
from podpora.orders.values import CartLine, Notice
from podpora.people import actions as people
from podpora.people.values import Role

JANA_TOO = "jana.novakova@work.example"
# (device, platform, days ago first started, version now)
COLLEAGUES = {
    "billing@company.example": Role.BILLING, "settings@company.example": Role.SETTINGS, "member@company.example": Role.VIEWER,
}  # fmt: skip
COMPANY_DEVICES = (
    ("RECEPCE-1", "windows", 249, "10.2.1"), ("RECEPCE-2", "windows", 249, "10.2.1"), ("UCTARNA-1", "windows", 248, "10.2.1"),
    ("UCTARNA-2", "windows", 248, "10.2.0"), ("UCTARNA-3", "windows", 247, "10.2.1"), ("OBCHOD-1", "windows", 246, "10.2.1"),
    ("OBCHOD-2", "windows", 246, "10.1.0"), ("OBCHOD-3", "windows", 240, "10.2.1"), ("OBCHOD-4", "macos", 239, "10.2.1"),
    ("OBCHOD-5", "windows", 231, "10.2.0"), ("SERVIS-1", "linux", 220, "10.2.1"), ("SERVIS-2", "linux", 220, "10.2.1"),
    ("SERVIS-3", "windows", 199, "10.1.0"), ("SKLAD-1", "windows", 180, "10.2.1"), ("SKLAD-2", "windows", 150, "9.8.2"),
    ("VEDENI-1", "macos", 120, "10.2.1"), ("VEDENI-2", "macos", 90, "10.2.1"), ("ZASEDACKA", "windows", 41, "10.2.0"),
)  # fmt: skip


def add(chronicle: Chronicle) -> None:
    _olga(chronicle)
    _petr(chronicle)
    _jana(chronicle)
    _company(chronicle)
    _other_company(chronicle)
    _filip(chronicle)
    _trial(chronicle)
    _passers_by(chronicle)
    _oddities(chronicle)
    for ended in (1380 - 365, 1100 - 2 * 365):  # Olga's and Petr's support
        _reminded(chronicle, ended)


def _reminded(c: Chronicle, ended: int) -> None:
    """The reminders around the end of somebody's support, which ended so many days ago (give or take a leap day)."""
    for step in (30, 7, 1, 0, -7):
        for leap in (1, 0, -1):
            c.on(ended + step + leap, 8, 5, _remind)


def _remind(at: datetime) -> None:
    reminding.remind_all(at=at)


def _olga(c: Chronicle) -> None:
    """Bought version 8 when it was the newest, and stayed with it."""
    email = "olga@eol.example"

    def buys(at: datetime) -> None:
        c.order("olga", email, CartLine("pro-private-1", 1, ""), currency="CZK", at=at)

    def starts(at: datetime) -> None:
        activated = c.activate(c.licence("olga"), "Olga – počítač", "windows", "8.2.0", at=at)
        c.on(6, 9, 41, lambda later: c.seen(activated, "8.2.4", at=later))

    c.on(1380, 10, 12, buys)
    c.on(1380, 10, 30, starts)


def _petr(c: Chronicle) -> None:
    """A licence with lifetime updates; his support ended about a year ago."""
    email = "petr@lapsed.example"

    def buys(at: datetime) -> None:
        c.order("petr", email, CartLine("pro-private-1", 1, ""), currency="CZK", at=at)
        c.activate(c.licence("petr"), "Petr – notebook", "linux", "9.0.0", at=at)

    def for_ever(at: datetime) -> None:
        c.order("petr-lifetime", email, CartLine("lifetime-updates", 1, c.licence("petr").code), currency="CZK", at=at)

    c.on(1100, 18, 5, buys)
    c.on(760, 20, 11, for_ever)


def _jana(c: Chronicle) -> None:
    """Three devices, two in use, support active; she looked at one more device and gave it back."""
    email = "jana@private.example"

    def buys(at: datetime) -> None:
        c.order("jana", email, CartLine("pro-private-3", 1, ""), currency="CZK", at=at)
        first = c.activate(c.licence("jana"), "Janin notebook", "windows", "10.0.1", at=at)
        c.on(0, 7, 32, lambda later: c.seen(first, "10.2.1", at=later))

    def second(at: datetime) -> None:
        desktop = c.activate(c.licence("jana"), "Pracovna", "windows", "10.1.0", at=at)
        c.on(2, 19, 3, lambda later: c.seen(desktop, "10.2.0", at=later))

    def adds(at: datetime) -> None:
        c.order("jana-extra", email, CartLine("extra-device", 1, c.licence("jana").code), currency="CZK", at=at)

    def gives_back(at: datetime) -> None:
        notice = Notice("demo:jana-extra-refund", at, provider="transfer", reason="Zákaznice si koupi rozmyslela.")
        refund.refund(c.orders["jana-extra"], (), notice, by=c.actor("manager@vendor.example"), at=at)

    c.on(300, 9, 14, buys)
    c.on(260, 17, 45, second)
    c.on(95, 12, 20, adds)
    c.on(92, 10, 2, gives_back)


def _company(c: Chronicle) -> None:
    """25 devices, 18 in use, three people with three roles, and a renewal that waits for its transfer."""
    email = "admin@company.example"

    def founded(at: datetime) -> None:
        owner = c.person(email)
        c.companies[email] = people.create_company(
            owner, name="Alfa Servis s.r.o.", company_id="27082440", vat_id="CZ27082440", country="CZ", by=c.actor(email), at=at
        )
        c.companies |= dict.fromkeys(COLLEAGUES, c.companies[email])
        address = {"street": "Nádražní 12", "city": "Brno", "postal_code": "602 00", "email": "fakturace@company.example"}
        people.update_customer(c.companies[email], by=c.actor(email), at=at, **address)

    def invites(at: datetime) -> None:
        for address, role in COLLEAGUES.items():
            people.invite(c.companies[email], email=address, role=role, by=c.actor(email), at=at)

    def join(at: datetime) -> None:
        for address in COLLEAGUES:
            people.accept_invitation(c.invitation_link(address), by=c.actor(address), at=at)

    def buys(at: datetime) -> None:
        c.order("company", email, CartLine("pro-company", 25, ""), currency="CZK", at=at)

    def renews(at: datetime) -> None:
        line = CartLine("vip-renewal", 1, c.licence("company").code)
        c.order("company-renewal", "billing@company.example", line, currency="CZK", at=at, pay=False)

    c.on(420, 9, 0, founded)
    c.on(419, 9, 30, invites)
    c.on(418, 10, 0, join)
    c.on(250, 11, 7, buys)
    for number, device in enumerate(COMPANY_DEVICES):
        _company_device(c, number, *device)
    c.on(2, 14, 26, renews)
    company_life.add(c)
    company_settings.add(c)


def _company_device(c: Chronicle, number: int, name: str, platform: str, days_ago: int, version: str) -> None:
    def starts(at: datetime) -> None:
        activated = c.activate(c.licence("company"), name, platform, version, at=at)
        c.on(17 if name == "SKLAD-1" else number % 5, 7, 10 + 2 * number, lambda later: c.seen(activated, version, at=later))

    c.on(days_ago, 8, 5 + number, starts)


def _other_company(c: Chronicle) -> None:
    """A company abroad that pays in euros and is a stranger to the first."""
    email = "admin@other.example"

    def founded(at: datetime) -> None:
        c.companies[email] = people.create_company(c.person(email), name="Other Ltd", country="IE", by=c.actor(email), at=at)

    def buys(at: datetime) -> None:
        c.order("other", email, CartLine("pro-company", 5, ""), currency="EUR", at=at)
        for name in ("DUBLIN-1", "DUBLIN-2"):
            c.activate(c.licence("other"), name, "windows", "10.1.0", at=at)

    c.on(200, 9, 0, founded)
    c.on(190, 13, 51, buys)
    licence_life.add(c)
    changes_of_owner.add(c)


def _filip(c: Chronicle) -> None:
    c.on(60, 20, 15, lambda at: _given(c, "filip@free.example", LicenceKind.FREE, at))


def _trial(c: Chronicle) -> None:
    c.on(9, 19, 2, lambda at: _given(c, "trial@trial.example", LicenceKind.TRIAL, at))


def _passers_by(c: Chronicle) -> None:
    """Programs that were only tried: trials that nobody has claimed, one of them over. Two colleagues at the company use FREE (A-14)."""
    for name, days_ago in (("LAPTOP-4Q", 44), ("ATELIER-PC", 5)):
        c.on(days_ago, 18, 20, lambda at, name=name: _tries(c, name, at))  # type: ignore[misc]
    c.on(140, 20, 15, lambda at: _second_address(c, at))
    for name, days_ago in (("lucie", 75), ("marek", 33)):
        c.on(days_ago, 19, 5, lambda at, name=name: _registers(c, name, at))  # type: ignore[misc]


def _tries(c: Chronicle, name: str, at: datetime) -> None:
    parts = {part: f"demo-{part}-{name}" for part in ("machine", "board", "disk", "network")}
    by = Actor(ActorKind.DEVICE, name)
    trials.start(c.product, DeviceFacts(parts, name, "windows"), Contact("10.2.1", 10), by=by, at=at)


def _second_address(c: Chronicle, at: datetime) -> None:
    """Jana took FREE with another address of hers before she bought PRO: the two can become one (docs/reference/demo.md)."""
    people.ensure_customer(email=JANA_TOO, name="Jana Nováková", by=c.by, at=at)
    registration.register(c.product, JANA_TOO, "cs", by=c.by, at=at)


def _registers(c: Chronicle, name: str, at: datetime) -> None:
    registration.register(c.product, f"{name}@company.example", "cs", by=c.by, at=at)
    licence = Licence.objects.select_related("customer", "product", "edition").get(customer__email=f"{name}@company.example")
    c.activate(licence, f"{name.upper()}-DOMA", "windows", "10.2.1", at=at)


def _oddities(c: Chronicle) -> None:
    """At the company: a computer that seems to be two, and one whose clock is wrong."""

    def wrong_clock(at: datetime) -> None:
        licensing.watch_clock(_device(c, "SKLAD-1"), Contact("10.2.1", 10, clock=at - timedelta(days=3)), by=c.by, at=at)

    c.on(6, 11, 20, lambda at: licensing.flag_clone(_device(c, "ZASEDACKA"), "parts", by=c.by, at=at))
    c.on(1, 8, 2, wrong_clock)


def _device(c: Chronicle, name: str) -> Device:
    return Device.objects.select_related("licence__customer").get(licence=c.licence("company"), name=name)


def _given(c: Chronicle, email: str, kind: LicenceKind, at: datetime) -> None:
    """A licence that nobody paid for: FREE, or a trial that its owner has claimed; it runs on one device from the first minute."""
    customer = c.customer(email)
    licence = give(c.product, kind, customer, by=c.by, at=at)
    c.activate(licence, f"{customer.name.split()[0]} – počítač", "windows", "10.2.0", at=at)
