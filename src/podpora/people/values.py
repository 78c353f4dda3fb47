"""The words of this room: kinds of customer, roles, staff roles and what each may do."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare


class CustomerKind(StrEnum):
    PRIVATE = "private"
    COMPANY = "company"


class Role(StrEnum):
    """What a member is in a company. A private customer has one owner: the person."""

    OWNER = "owner"
    ADMIN = "admin"
    BILLING = "billing"
    VIEWER = "viewer"


class StaffRole(StrEnum):
    """What a person is on the vendor's side."""

    NONE = ""
    TECHNICIAN = "technician"
    MODERATOR = "moderator"
    MANAGER = "manager"


# What a member's role may do with what the customer owns.
ROLE_PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.OWNER: frozenset({"see", "devices", "tickets", "buy", "invoices", "members", "settings", "transfer", "own"}),
    Role.ADMIN: frozenset({"see", "devices", "tickets", "buy", "invoices", "members", "settings"}),
    Role.BILLING: frozenset({"see", "buy", "invoices"}),
    Role.VIEWER: frozenset({"see", "tickets"}),
}

# What a staff role may do on the vendor's side. A manager may do everything.
STAFF_PERMISSIONS: dict[StaffRole, frozenset[str]] = {
    StaffRole.NONE: frozenset(),
    StaffRole.TECHNICIAN: frozenset({"tickets", "customers"}),
    StaffRole.MODERATOR: frozenset({"forum"}),
    StaffRole.MANAGER: frozenset({"tickets", "customers", "forum", "orders", "catalog", "audit", "jobs", "people"}),
}

LAST_OWNER = declare("member.last_owner", _("A customer needs at least one owner. Make somebody else an owner first."))
INVITATION_DEAD = declare(
    "invitation.not_valid", _("This invitation is no longer valid. Ask the person who sent it for a new one.")
)
INVITATION_OTHER = declare(
    "invitation.other_address", _("This invitation was sent to another address. Sign in with the address that received it.")
)
