"""Decisions about people, from facts alone: roles and who may give them, the last owner, invitations."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass

from podpora.base.decisions import Decision, Reason, refuse
from podpora.people.values import (
    ERASE_LAST_OWNER,
    INVITATION_OTHER,
    LAST_OWNER,
    MEMBER_ABOVE,
    MEMBER_ALREADY,
    MERGE_GIVEN_UP,
    MERGE_KINDS,
    MERGE_SAME,
    MERGE_STAFF,
    NOT_A_COMPANY,
    CustomerKind,
    MergeFacts,
    Role,
)


def may_give_role(giver: Role, given: Role) -> bool:
    """An owner gives any role, an administrator any but the owner's (A04)."""
    return giver == Role.OWNER or (giver == Role.ADMIN and given != Role.OWNER)


def may_invite(kind: CustomerKind, giver: Role, given: Role, *, email: str, is_member: bool) -> Decision:
    """May this member invite that address into that role?"""
    reasons = []
    if kind != CustomerKind.COMPANY:
        reasons.append(Reason(NOT_A_COMPANY))
    if not may_give_role(giver, given):
        reasons.append(Reason(MEMBER_ABOVE))
    if is_member:
        reasons.append(Reason(MEMBER_ALREADY, {"email": email}))
    return Decision(tuple(reasons))


def may_change_member(giver: Role, roles: Mapping[int, Role], member: int, new: Role | None) -> Decision:
    """May a member with role `giver` give `member` the role `new` (None: take him out)?

    `roles` are all members of the customer. The last owner stays, whoever asks (A-19); only owners touch owners (A04).
    Leaving is taking oneself out, which everybody but the last owner may.
    """
    reasons = []
    old = roles[member]
    if new is not None and Role.OWNER in (old, new) and giver != Role.OWNER:
        reasons.append(Reason(MEMBER_ABOVE))
    if new is None and old == Role.OWNER and giver != Role.OWNER:
        reasons.append(Reason(MEMBER_ABOVE))
    owners = [person for person, role in roles.items() if role == Role.OWNER]
    if old == Role.OWNER and new != Role.OWNER and owners == [member]:
        reasons.append(Reason(LAST_OWNER))
    return Decision(tuple(reasons))


def may_erase(alone_in: list[str]) -> Decision:
    """May this person be erased? Not while companies have no other owner (A20); `alone_in` are their names."""
    return refuse(ERASE_LAST_OWNER, companies=", ".join(alone_in)) if alone_in else Decision()


def may_merge_people(lose: MergeFacts, keep: MergeFacts) -> Decision:
    """May the first account become part of the second (A17)? Not staff's: what it may do must not come to somebody by mail."""
    reasons = []
    if lose.pk == keep.pk:
        reasons.append(Reason(MERGE_SAME))
    if lose.is_staff or keep.is_staff:
        reasons.append(Reason(MERGE_STAFF))
    if not (lose.is_active and keep.is_active):
        reasons.append(Reason(MERGE_GIVEN_UP))
    return Decision(tuple(reasons))


def may_merge_companies(*, is_pair: bool, same: bool, given_up: bool) -> Decision:
    """May two customers become one? Both are companies; private ones are merged with their persons."""
    reasons = []
    if same:
        reasons.append(Reason(MERGE_SAME))
    if not is_pair:
        reasons.append(Reason(MERGE_KINDS))
    if given_up:
        reasons.append(Reason(MERGE_GIVEN_UP))
    return Decision(tuple(reasons))


def may_accept(*, proven: bool) -> Decision:
    """May this person take an invitation? Only with the address that received it, and proven to be his (A01)."""
    return Decision() if proven else refuse(INVITATION_OTHER)


@dataclass(frozen=True, slots=True)
class Invited:
    """One line of many invitations, as it was written."""

    line: int
    email: str
    role: str = Role.VIEWER
    team: str = ""


def read_invitations(text: str, roles: Mapping[str, str]) -> list[Invited]:
    """Lines of `e-mail, role, team`, separated by commas, semicolons or tabs; role and team may be left out; a heading is skipped.

    `roles`: what a role may be called, in lower case, and which it is. What can't be read stays as it is, to be refused by its line.
    """
    found: list[Invited] = []
    for number, line in enumerate(text.replace("\x00", "").lstrip("\ufeff").splitlines(), start=1):
        if not line.strip():
            continue
        mark = next((mark for mark in "\t;," if mark in line), ",")
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=mark), [])]
        if not found and "@" not in cells[0] and cells[0].casefold() in ("email", "e-mail", "mail", "address", "adresa"):
            continue
        role = cells[1] if len(cells) > 1 else ""
        found.append(Invited(number, cells[0], roles.get(role.casefold(), role) or Role.VIEWER, cells[2] if len(cells) > 2 else ""))
    return found
