"""A small world for the sweeps: one of every object for a company and for a private customer, and somebody of every kind to try the doors.

Made through actions and journeys on a day of its own; nothing in it is shared between the two customers.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from podpora.audit.models import Delivery, Webhook
from podpora.audit.queries import PURPOSE
from podpora.base.actors import system
from podpora.base.sealing import seal
from podpora.desk.models import Absence, Skill, Ticket
from podpora.desk.values import About, Upload
from podpora.forum.models import Member, ReviewItem
from podpora.jobs import actions as jobs
from podpora.journeys import purchase
from podpora.licensing import actions as licensing_actions
from podpora.licensing.models import Licence
from podpora.licensing.values import LicenceKind, licence_code
from podpora.mail.models import Hook, IncomingMail, Mailbox, OutgoingMail
from podpora.mail.values.hooks import PASSWORD
from podpora.orders.models import Order
from podpora.orders.values import CartLine, Notice
from podpora.people import actions, queries
from podpora.people.models import Customer, Person
from podpora.people.values import Role, StaffRole
from tests.make import clocks, desk, forum, licensing, mails, people, web
from tests.make import fleet as central

BY = system("world")
IDENTITIES = (
    *("anonymous", "private", "viewer", "billing", "admin", "owner"),
    *("stranger", "technician", "moderator", "manager"),
)
SECRETS = {"company": "Zanzibar", "private": "Quetzal"}  # in every name and text of the two customers: nobody else may read it


@dataclass(slots=True)
class Things:
    """One of every object of one customer, and the addresses' parameters that name them."""

    customer: Customer
    licence: Licence
    order: Order
    unpaid: Order
    ticket: Ticket
    hidden: Ticket
    codes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    at: datetime
    people: dict[str, Person | None]
    company: Things
    private: Things
    tokens: dict[str, str]


def build(at: datetime) -> World:
    web.vendor()
    staff = {role.value: people.staff(role, f"{role.value}@vendor.example", at=at) for role in StaffRole if role}
    owner = people.person("owner@company.example", "Olga Ownerová", at=at)
    company = people.company(f"{SECRETS['company']} Company", owner, at=at)
    members = {
        role.value: people.person(f"{role.value}@company.example", f"{role.value.title()} Member", at=at)
        for role in Role
        if role != Role.OWNER
    }
    for role, member in members.items():
        people.member(company, Role(role), member, at=at)
    jana = people.person("jana@private.example", f"Jana {SECRETS['private']}", at=at)
    stranger = people.person("admin@other.example", "Stella Stranger", at=at)
    people.company("Other company", stranger, at=at)
    everybody: dict[str, Person | None] = {
        "anonymous": None,
        "private": jana,
        "owner": owner,
        **members,
        "stranger": stranger,
        **staff,
    }
    company_things = _things(company, owner, members["viewer"], "pro-company", at=at)
    private_things = _things(people.customer_of(jana), jana, None, "pro-private-3", at=at)
    tokens = {
        name: actions.create_token("sweep", ("all",), person, by=BY, at=at)
        for name, person in everybody.items()
        if person is not None
    }
    tokens["system"] = actions.create_token("system", ("all",), None, by=BY, at=at)
    _vendors_own(at)
    return World(at, everybody, company_things, private_things, tokens)


def _vendors_own(at: datetime) -> None:
    """What belongs to no customer."""
    sealed = seal("whsec_AAAA", PURPOSE)
    hook = Webhook.objects.create(
        code="W-SWEEP222", url="https://hooks.example.com/", events=["webhook.ping"], created_at=at, secret_sealed=sealed
    )
    Delivery.objects.create(message=f"msg_SWEEP{'2' * 21}", webhook=hook, event="webhook.ping", body="{}", made_at=at)
    Hook.objects.create(code="MH-SWEEP222", provider="mailgun", password_sealed=seal("x", PASSWORD), created_at=at)
    Mailbox.objects.create(code="MB-SWEEP222", address="support@vendor.example", created_at=at)
    technician = people.staff(at=at)
    Person.objects.filter(pk=technician.pk).update(code="U-SWEEP222")
    Skill.objects.create(code="sweep", name_cs="Dovednost", name_en="Skill")
    Absence.objects.create(code="AB-SWEEP22", person=technician, starts_on=at.date(), ends_on=at.date())
    clocks.sla("sweep", of=clocks.calendar("sweep", at=at), at=at)
    IncomingMail.objects.create(code="ML-SWEEP222", source="smtp", raw_bytes=b"Subject: x\n\ny", size=14, key="sweep", state="quarantined",
                                reason="mail.no_sender", reasons=["mail.no_sender"], received_at=at)  # fmt: skip
    _forum(at)


def _forum(at: datetime) -> None:
    """A topic of the vendor's own, that everybody reads."""
    where = forum.category("sweep")
    topic = forum.topic(where, people.staff(at=at), "nothing nothing", tags=["sweep"], at=at)
    topic.posts.update(code="FP-SWEEP22")
    type(topic).objects.filter(pk=topic.pk).update(number=1, slug="nothing")
    member = forum.member(at=at)
    Member.objects.filter(person=member).update(handle="sweep")
    ReviewItem.objects.create(code="FR-SWEEP22", post=topic.posts.get(), why="flagged", opened_at=at)


def _things(customer: Customer, owner: Person, member: Person | None, offer: str, *, at: datetime) -> Things:
    secret = SECRETS["company" if customer.is_company else "private"]
    order = _order(customer, offer, at=at, paid=True)
    licence = Licence.objects.get(code=order.lines.get(position=1).licence_code)
    activated = licensing.activated(licence, licensing.device(f"PC {secret}"), version="9.1.0", at=at)
    upload = Upload(f"{secret}.txt", b"what the program wrote", "text/plain")
    about = About(licence=licence.code)
    ticket = desk.ticket(owner, customer, at=at, about=about, subject=f"{secret} stops", text=f"{secret} text", uploads=[upload])
    hidden = desk.ticket(owner, customer, at=at, subject=f"{secret} in private", text="only mine", is_private=True)
    note = desk.note(ticket, people.staff(at=at), f"{secret} note", at=at, uploads=[upload])
    unpaid = _order(customer, offer, at=at, paid=False)
    things = Things(customer, licence, order, unpaid, ticket, hidden)
    file, internal = ticket.messages.order_by("pk").first().attachments.get(), note.attachments.get()
    things.codes = {
        "company": customer.code, "customer": customer.code, "licence": licence.code, "device": activated.activation.device.code,
        "order": order.code, "token": order.token, "unpaid": unpaid.token, "invoice": order.invoices.get().number,
        "ticket": ticket.code, "file": file.code, "internal_file": internal.code, "hidden": hidden.code,
        "person": (member or owner).code, "product": licence.product.code,
    }  # fmt: skip
    things.codes["letter"] = _letter(ticket, secret)
    things.codes["work"] = _work(licence, activated.activation.device_id, secret, at=at)
    things.codes |= _given_away(licence, owner, secret, at=at) | {"resold": _resold(licence, customer, secret, at=at)}
    if customer.is_company:
        team = actions.create_team(customer, f"Team {secret}", by=people.actor(owner), at=at)
        licensing_actions.share_seats(licence, team, 1, by=BY, at=at)
        things.codes["team"] = team.code
        things.codes |= central.published(customer, licence.product, owner, secret, at=at)
        invitation = actions.invite(customer, email=f"new@{secret.lower()}.example", role="viewer", by=people.actor(owner), at=at)
        link = mails.link_in(mails.last_to(invitation.email))
        things.codes |= {"invitation": invitation.code, "invitation_token": link.strip("/").split("/")[-1]}
    things.codes["job"] = jobs.enqueue("podpora.mail.jobs.send", {"x": customer.pk}, at=at).code
    things.codes["mail"] = OutgoingMail.objects.filter(to_address=owner.email).earliest("pk").code
    api = actions.create_token("mine", ("licences",), owner, by=people.actor(owner), at=at)
    row = queries.token_for(api)
    assert row is not None
    started = purchase.start_payment(unpaid, "test", return_url="/", by=BY, at=at)
    things.codes |= {"api_token": row.code, "payment": str(started.redirect).strip("/").split("/")[-1]}
    things.codes |= _of_a_person(owner, at=at)
    return things


def _of_a_person(owner: Person, *, at: datetime) -> dict[str, str]:
    """What somebody asked for about himself."""
    export = actions.ask_export(owner, by=people.actor(owner), at=at)[0]
    return {"export": export.code, "merge": queries.merge_token(owner, owner)}


def _given_away(licence: Licence, owner: Person, secret: str, *, at: datetime) -> dict[str, str]:
    """An offer of the licence to somebody, and the owner's calendar: addresses that are their own permission."""
    offer = licensing_actions.offer_transfer(licence, f"heir@{secret.lower()}.example", by=people.actor(owner), at=at)
    link = mails.last_to(offer.to_email).text.split("/licences/transfers/")[1]
    secret = actions.new_calendar_feed(owner, by=people.actor(owner), at=at)
    return {"transfer": offer.code, "transfer_token": link.split("/")[0], "calendar": secret}


def _resold(like: Licence, reseller: Customer, secret: str, *, at: datetime) -> str:
    """A licence that this customer bought for somebody else."""
    made = licensing_actions.issue(
        code=licence_code(), customer=None, product=like.product, edition=like.edition, offer=like.offer, kind=LicenceKind.ONE_TIME,
        seats=1, source="order:A-SWEEP/1", by=BY, at=at,
    )  # fmt: skip
    licensing_actions.resell([made], reseller, f"end@{secret.lower()}.example", by=BY, at=at)
    return made.code


def _letter(ticket: Ticket, secret: str) -> str:
    """The first message, as if it had come by mail with a layout."""
    message = ticket.messages.earliest("pk")
    ticket.messages.filter(pk=message.pk).update(html=f"<p>{secret} laid out</p>")
    return str(message.code)


def _work(licence: Licence, device: int, secret: str, *, at: datetime) -> str:
    """Something that was done to many devices."""
    return licensing_actions.start_work(licence, "rename", [device], {"pattern": f"{secret} {{n}}"}, by=BY, at=at).code


def _order(customer: Customer, offer: str, *, at: datetime, paid: bool) -> Order:
    placed = purchase.place(
        [CartLine(offer, 3 if offer == "pro-company" else 1, "")], customer=customer, currency="CZK", by=BY, at=at
    )
    if not paid:
        return placed
    return purchase.record_payment(placed, placed.total_money, Notice(f"pay-{placed.code}", at), by=BY, at=at)


def browser(world: World, identity: str, language: str = "en") -> Any:
    return web.client(world.people[identity], language)
