"""Events with their dates, told in order: each purchase, activation and message of the demo is one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.conf import settings

from podpora.base.actors import Actor, ActorKind
from podpora.base.clock import vendor_date
from podpora.catalog.models import Product
from podpora.desk.models import Ticket
from podpora.jobs import actions as jobs
from podpora.journeys import activation, purchase
from podpora.licensing.models import Activation, Licence
from podpora.licensing.values import Activated, Contact, DeviceFacts
from podpora.mail import queries as mails
from podpora.orders.models import Order
from podpora.orders.values import CartLine, Notice, provider
from podpora.people import queries as people_queries
from podpora.people.models import Customer, Person

Event = Callable[[datetime], None]
# Nothing of the demo's history happened in the last minutes, so that what a visitor does comes after it.
QUIET = timedelta(minutes=15)


@dataclass
class Chronicle:
    """Collects events, then tells them from the oldest to the newest. What they made is kept by name."""

    product: Product
    people: Mapping[str, Person]
    by: Actor
    today: datetime
    events: list[tuple[datetime, Event]] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    companies: dict[str, Customer] = field(default_factory=dict)

    def on(self, days_ago: int, hour: int, minute: int, event: Event) -> None:
        """Something happened so many days ago, at this time of day for the vendor."""
        day = vendor_date(self.today, settings.VENDOR_ZONE) - timedelta(days=days_ago)
        when = datetime.combine(day, time(hour, minute), settings.VENDOR_ZONE).astimezone(self.today.tzinfo)
        self.events.append((min(when, self.today - QUIET), event))

    def tell(self) -> None:
        """Everything that happened, and the background work that it left behind, each at its time."""
        while self.events:  # an event may add later ones
            self.events.sort(key=lambda pair: pair[0], reverse=True)
            when, event = self.events.pop()
            event(when)
            jobs.run_due(at=when)

    def person(self, email: str) -> Person:
        return self.people[email]

    def actor(self, email: str) -> Actor:
        person = self.people[email]
        return Actor(ActorKind.PERSON, person.name, person_id=person.pk)

    def invitation_link(self, email: str) -> str:
        """The token in the newest invitation that this address got by mail."""
        mail = mails.outgoing(to=email).filter(kind="member.invited").first()
        found = re.search(r"/account/invitations/([\w-]+)/", mail.text if mail else "")
        if found is None:
            raise LookupError(email)
        return found[1]

    def customer(self, email: str) -> Customer:
        """The company that was founded with this address, else the person's private customer."""
        if email in self.companies:
            return self.companies[email]
        found = people_queries.private_customer(self.person(email))
        if found is None:
            raise LookupError(email)
        return found

    def order(self, name: str, email: str, line: CartLine, *, currency: str, at: datetime, pay: bool = True) -> Order:
        """An order, paid on the spot or left waiting for its transfer."""
        by = self.actor(email)
        placed = purchase.place([line], customer=self.customer(email), currency=currency, by=by, at=at)
        if pay:
            notice = Notice(f"demo:{name}", at, provider="transfer")
            placed = purchase.record_payment(placed, placed.total_money, notice, by=self.by, at=at)
        elif provider("transfer"):
            purchase.start_payment(placed, "transfer", return_url="", by=by, at=at)
        self.orders[name] = placed
        return placed

    def licence(self, name: str) -> Licence:
        """The licence that the order of this name was about."""
        code = self.orders[name].lines.get(position=1).licence_code
        return Licence.objects.select_related("customer", "product", "edition").get(code=code)

    def activate(self, licence: Licence, device: str, platform: str, version: str, *, at: datetime) -> Activated:
        """A program on a device shows its key for the first time."""
        seed = f"{licence.pk}-{device}"
        parts = {part: f"demo-{part}-{seed}" for part in ("machine", "board", "disk", "network")}
        facts = DeviceFacts(parts, device, platform)
        by = Actor(ActorKind.DEVICE, device)
        return activation.activate(licence, facts, Contact(version, int(version.split(".")[0])), by=by, at=at)

    def seen(self, activated: Activated, version: str, *, at: datetime) -> None:
        """The program was started again, perhaps in a newer version, and asked for a fresh certificate."""
        fresh = Activation.objects.select_related("licence__customer", "licence__product", "licence__edition", "device").get(
            pk=activated.activation.pk
        )
        by = Actor(ActorKind.DEVICE, fresh.device.name)
        activation.refresh(fresh, Contact(version, int(version.split(".")[0])), by=by, at=at)
