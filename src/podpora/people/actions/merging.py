"""Two that are one (A17): a person with two accounts, a company that was made twice. What the one had, the other has; nothing is lost.

The debate: each room could move its own rows, one function for each table. Then a table that is added later is forgotten, and what was
forgotten is lost for its owner without anybody noticing. So every relation that points to a person or a customer is moved, whichever
room it belongs to; what must not be moved is named here, with the reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, models, transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.people import notices, queries, rules
from podpora.people.actions.persons import own_customer
from podpora.people.models import Customer, FormerAddress, Membership, Person, Team
from podpora.people.values import STRENGTH, CustomerKind, Role, StaffRole

# Not moved: what opens doors ends with the account that is given up; what is frozen stays where it was written.
PERSON_STAYS: Mapping[str, str] = {
    "account.EmailAddress.user": "becomes a further address of the other account",
    "mfa.Authenticator.user": "ends: the other account has its own",
    "usersessions.UserSession.user": "ends",
    "people.ApiToken.person": "ends: it opened the other account",
    "people.CalendarFeed.person": "ends: its address opened the other account",
    "people.Customer.person": "its private customer is merged as a customer",
    "people.Person.merged_into": "stays",
    "people.Membership.person": "the stronger role counts",
    "people.FormerAddress.person": "goes along with the addresses",
}
CUSTOMER_STAYS: Mapping[str, str] = {
    "people.Customer.merged_into": "stays",
    "people.Membership.customer": "the stronger role counts",
    "people.Team.customer": "renamed where both have one of that name",
    "orders.Invoice.customer": "issued documents are never changed; they are found by their order",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows of which table went over, by the label of the relation."""

    rows: Mapping[str, int]


def relations(model: type[models.Model]) -> "Iterator[tuple[str, models.Field[Any, Any]]]":
    """Every foreign key that points to this model, also those without a way back: `desk.Ticket.requester`."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.field.model._meta.managed:
            field = relation.field
            if not field.model._meta.auto_created:
                yield f"{field.model._meta.label}.{field.name}", field


def rows_of(kept_out: Mapping[str, str], thing: models.Model) -> dict[str, int]:
    """How many rows of each relation would go over with this person or customer."""
    counts = {}
    for label, field in relations(type(thing)):
        if label not in kept_out and (count := field.model._base_manager.filter(**{field.name: thing.pk}).count()):
            counts[label] = count
    return counts


def _move(kept_out: Mapping[str, str], lose: models.Model, keep: models.Model) -> dict[str, int]:
    """Point every relation to the one that stays. A row that he has himself (the same membership, the same wish) is not doubled."""
    moved = {}
    for label, field in relations(type(lose)):
        if label in kept_out:
            continue
        rows = field.model._base_manager.filter(**{field.name: lose.pk})
        try:
            with transaction.atomic():
                count = rows.update(**{field.name: keep.pk})
        except IntegrityError:
            count = sum(_move_one(row, field, keep) for row in rows)
        if count:
            moved[label] = count
    return moved


def _move_one(row: models.Model, field: "models.Field[Any, Any]", keep: models.Model) -> int:
    try:
        with transaction.atomic():
            setattr(row, field.attname, keep.pk)
            row.save(update_fields=[field.name])
    except IntegrityError:
        row.delete()
        return 0
    return 1


@transaction.atomic
def merge_people(lose: Person, keep: Person, *, by: Actor, at: datetime) -> Moved:
    """The account `lose` is given up: all that it had is `keep`'s, its address leads to `keep`. A second time nothing happens."""
    found = {person.pk: person for person in Person.objects.select_for_update().filter(pk__in=[lose.pk, keep.pk]).order_by("pk")}
    lose, keep = found[lose.pk], found[keep.pk]
    if lose.merged_into_id == keep.pk:
        return Moved({})
    rules.may_merge_people(lose.merge_facts(), keep.merge_facts()).or_refuse()
    address, name = lose.email, str(lose)
    moved = _merge_memberships(Membership.objects.filter(person=lose).exclude(customer__person=lose), "person", keep)
    moved |= _move(PERSON_STAYS, lose, keep)
    mine, theirs = queries.private_customer(keep), queries.private_customer(lose)
    if theirs is not None:
        mine = mine or own_customer(keep, at=at)
        moved |= _merge_customers(theirs, mine, by=by, at=at)
    _end_doors(lose)
    FormerAddress.objects.filter(person=lose).update(person=keep)
    FormerAddress.objects.create(person=keep, email=address, since=at)
    _give_up(lose, keep)
    EmailAddress.objects.update_or_create(email=address, defaults={"user": keep, "verified": True, "primary": False})
    facts = {"address": address, "rows": sum(moved.values())}
    audit.record("person.merged", f"person:{keep.code}", by=by, at=at, facts={**facts, "from": lose.code})
    audit.record("person.given_up", f"person:{lose.code}", by=by, at=at, facts={"into": keep.code})
    notices.merged(keep, address, name, at=at)
    return Moved(moved)


def _end_doors(lose: Person) -> None:
    """Whatever opened the account that is given up opens nothing any more."""
    for session in UserSession.objects.filter(user_id=lose.pk):
        session.end()
    for model in (Authenticator, EmailAddress):
        model.objects.filter(user_id=lose.pk).delete()
    lose.api_tokens.all().delete()
    lose.calendar_feeds.all().delete()


def _give_up(lose: Person, keep: Person) -> None:
    lose.email, lose.is_active, lose.is_present = f"{lose.code.lower()}@merged.invalid", False, False
    lose.merged_into, lose.staff_role = keep, StaffRole.NONE
    lose.set_unusable_password()
    lose.save()


@transaction.atomic
def merge_customers(lose: Customer, keep: Customer, *, by: Actor, at: datetime) -> Moved:
    """Two companies that are one. Members of both are members then. A second time nothing happens."""
    found = {one.pk: one for one in Customer.objects.select_for_update().filter(pk__in=[lose.pk, keep.pk]).order_by("pk")}
    lose, keep = found[lose.pk], found[keep.pk]
    if lose.merged_into_id == keep.pk:
        return Moved({})
    is_pair = lose.kind == keep.kind == CustomerKind.COMPANY
    rules.may_merge_companies(
        is_pair=is_pair, same=lose.pk == keep.pk, given_up=bool(lose.merged_into_id or keep.merged_into_id)
    ).or_refuse()
    return Moved(_merge_customers(lose, keep, by=by, at=at))


def _merge_customers(lose: Customer, keep: Customer, *, by: Actor, at: datetime) -> dict[str, int]:
    moved = {}
    if lose.kind == CustomerKind.COMPANY:
        moved = _merge_memberships(Membership.objects.filter(customer=lose), "customer", keep)
    moved |= _move_teams(lose, keep) | _move(CUSTOMER_STAYS, lose, keep)
    lose.merged_into = keep
    lose.save(update_fields=["merged_into"])
    for field in ("street", "city", "postal_code", "company_id", "vat_id"):
        if not getattr(keep, field):
            setattr(keep, field, getattr(lose, field))
    keep.save()
    facts = {"from": lose.code, "name": lose.name, "rows": sum(moved.values())}
    audit.record("customer.merged", f"customer:{keep.code}", by=by, at=at, facts=facts)
    audit.record("customer.given_up", f"customer:{lose.code}", by=by, at=at, facts={"into": keep.code})
    return moved


def _merge_memberships(rows: "models.QuerySet[Membership]", side: str, keep: Any) -> dict[str, int]:
    count = 0
    for row in rows.select_related("person", "customer"):
        other = "customer" if side == "person" else "person"
        there = Membership.objects.filter(**{side: keep, other: getattr(row, other)}).first()
        if there is None:
            setattr(row, side, keep)
            row.save(update_fields=[side])
            count += 1
            continue
        if STRENGTH[Role(row.role)] > STRENGTH[Role(there.role)]:
            there.role = row.role
            there.save(update_fields=["role"])
        row.delete()
    return {f"people.Membership.{side}": count} if count else {}


def _move_teams(lose: Customer, keep: Customer) -> dict[str, int]:
    names = {team.name.lower() for team in keep.teams.all()}
    count = 0
    for team in Team.objects.filter(customer=lose):
        name, number = team.name, 2
        while name.lower() in names:
            name, number = f"{team.name[:90]} ({number})", number + 1
        team.customer, team.name = keep, name
        team.save(update_fields=["customer", "name"])
        names.add(name.lower())
        count += 1
    return {"people.Team.customer": count} if count else {}


@transaction.atomic
def ask_merge(keep: Person, email: str, *, by: Actor, at: datetime) -> None:
    """He says that another account is his, too: whoever reads its mail gets the link that shows it. Nothing tells whether there is one."""
    person = queries.person_by_email(email)
    audit.record("person.merge_asked", f"person:{keep.code}", by=by, at=at, facts={"address": email[:254]})
    if person is not None and person.is_active and person.pk != keep.pk:
        notices.merge_asked(keep, person, queries.merge_token(keep, person), at=at)
