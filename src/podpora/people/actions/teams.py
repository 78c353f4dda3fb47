"""Teams of a company: made, renamed, filled, deleted."""

from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput, NotYours
from podpora.people import queries
from podpora.people.actions import cleaning
from podpora.people.actions.members import lock, manager_role
from podpora.people.models import Customer, Person, Team, TeamMember
from podpora.people.values import MOST_TEAMS, NOT_A_COMPANY, TEAM_NOT_MEMBER


@transaction.atomic
def create_team(customer: Customer, name: str, *, by: Actor, at: datetime) -> Team:
    """A new, empty team. InvalidInput for a name that another team has."""
    locked = _managed(customer, by)
    if not locked.is_company:
        refuse(NOT_A_COMPANY).or_refuse()
    if locked.teams.count() >= MOST_TEAMS:
        raise InvalidInput({"name": ["too_many"]}, {"name": {"most": MOST_TEAMS}})
    team = Team.objects.create(customer=locked, name=_free_name(locked, name), created_at=at)
    audit.record("team.created", f"customer:{locked.code}", by=by, at=at, facts={"team": team.name, "code": team.code})
    return team


@transaction.atomic
def rename_team(team: Team, name: str, *, by: Actor, at: datetime) -> Team:
    """Another name; the same name again changes nothing."""
    locked = _managed(team.customer, by)
    before, team.name = team.name, _free_name(locked, name, but=team)
    if before != team.name:
        team.save(update_fields=["name"])
        facts, after = {"code": team.code}, {"name": team.name}
        audit.record("team.renamed", f"customer:{locked.code}", by=by, at=at, facts=facts, before={"name": before}, after=after)
    return team


@transaction.atomic
def delete_team(team: Team, *, by: Actor, at: datetime) -> None:
    """The team is no more. Its seats have to be taken back before (journeys/teams.py does both); people and devices stay."""
    locked = _managed(team.customer, by)
    audit.record("team.deleted", f"customer:{locked.code}", by=by, at=at, facts={"team": team.name, "code": team.code})
    team.delete()


@transaction.atomic
def put_into_team(team: Team, person: Person, *, is_lead: bool = False, by: Actor, at: datetime) -> TeamMember:
    """A member of the company joins the team, or becomes its lead, or stops being it."""
    customer = _managed(team.customer, by)
    if not customer.memberships.filter(person=person).exists():
        refuse(TEAM_NOT_MEMBER, person=str(person)).or_refuse()
    row, is_new = TeamMember.objects.get_or_create(team=team, person=person, defaults={"is_lead": is_lead, "since": at})
    if not is_new and row.is_lead == is_lead:
        return row
    if not is_new:
        row.is_lead = is_lead
        row.save(update_fields=["is_lead"])
    facts = {"person": person.code, "team": team.name, "role": "lead" if is_lead else "member"}
    audit.record("team.member_set", f"customer:{customer.code}", by=by, at=at, facts=facts)
    return row


@transaction.atomic
def leave_team(team: Team, person: Person, *, by: Actor, at: datetime) -> None:
    """Out of the team; he stays in the company. NotYours when he is not in it."""
    customer = _managed(team.customer, by)
    if not team.members.filter(person=person).delete()[0]:
        raise NotYours
    facts = {"person": person.code, "team": team.name}
    audit.record("team.member_removed", f"customer:{customer.code}", by=by, at=at, facts=facts)


def _managed(customer: Customer, by: Actor) -> Customer:
    """The company under its lock, for somebody who manages its members; else NotYours."""
    locked = lock(customer)
    manager_role(queries.roles_in(locked), by)
    return locked


def _free_name(customer: Customer, name: str, but: Team | None = None) -> str:
    cleaned = cleaning.line_of(name, field="name", longest=100, required=True)
    others = customer.teams.filter(name__iexact=cleaned)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise InvalidInput({"name": ["taken"]})
    return cleaned
