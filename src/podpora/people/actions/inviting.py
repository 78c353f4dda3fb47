"""Many invitations at once: all of them or none, each wrong line named with what is wrong."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, Problems
from podpora.people import queries
from podpora.people.actions.cleaning import email_of
from podpora.people.actions.members import invite, lock, manager_role
from podpora.people.models import Customer, Invitation, Team
from podpora.people.rules import Invited
from podpora.people.values import MOST_INVITED


@transaction.atomic
def invite_many(customer: Customer, rows: Iterable[Invited], *, by: Actor, at: datetime) -> Sequence[Invitation]:
    """Invite all of them. InvalidInput names every wrong line (`rows.3.email`) and then nobody is invited."""
    wanted = list(rows)
    locked = lock(customer)
    manager_role(queries.roles_in(locked), by)
    if not wanted:
        raise InvalidInput({"rows": ["required"]})
    if len(wanted) > MOST_INVITED:
        raise InvalidInput({"rows": ["too_many"]}, {"rows": {"most": MOST_INVITED}})
    teams = {team.name.casefold(): team for team in locked.teams.all()} | {
        team.code.casefold(): team for team in locked.teams.all()
    }
    problems, seen, made = Problems(), set[str](), []
    for row in wanted:
        address = row.email.strip().lower()
        if address in seen:
            problems.add(f"rows.{row.line}.email", "twice")
            continue
        seen.add(address)
        found = _invited(locked, row, teams, problems, by=by, at=at)
        if found is not None:
            made.append(found)
    problems.or_refuse()  # and undoes the others
    return made


def _invited(
    customer: Customer, row: Invited, teams: dict[str, Team], problems: Problems, *, by: Actor, at: datetime
) -> Invitation | None:
    team = teams.get(row.team.strip().casefold()) if row.team.strip() else None
    if row.team.strip() and team is None:
        problems.add(f"rows.{row.line}.team", "unknown")
        return None
    try:
        email_of(row.email)
        with transaction.atomic():
            return invite(customer, email=row.email, role=row.role, team=team, by=by, at=at)
    except InvalidInput as problem:
        problems.include(problem, inside=f"rows.{row.line}.")
    except Refused as refusal:
        for reason in refusal.decision.reasons:
            field = "role" if reason.code == "member.role_above" else "email"
            problems.add(f"rows.{row.line}.{field}", reason.code, **reason.facts)
    return None
