"""The words of this room: kinds of customer, roles, staff roles and what each may do."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import Way, declare
from podpora.notifications.values import declare_kind


class CustomerKind(StrEnum):
    PRIVATE = "private"
    COMPANY = "company"


class Role(StrEnum):
    """What a member is in a company. A private customer has one owner: the person."""

    OWNER = "owner"
    ADMIN = "admin"
    BILLING = "billing"
    SETTINGS = "settings"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """What is asked of a person before his account becomes part of another one."""

    pk: int
    is_active: bool
    is_staff: bool


class ExportState(StrEnum):
    """A person's data on their way out (A18)."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


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
    Role.SETTINGS: frozenset({"see", "tickets", "settings"}),
    Role.VIEWER: frozenset({"see", "tickets"}),
}

# Of two roles of one person in one company the stronger counts (A17).
STRENGTH = {Role.VIEWER: 0, Role.BILLING: 1, Role.SETTINGS: 2, Role.ADMIN: 3, Role.OWNER: 4}
# What a staff role may do on the vendor's side. A manager may do everything.
STAFF_PERMISSIONS: dict[StaffRole, frozenset[str]] = {
    StaffRole.NONE: frozenset(),
    StaffRole.TECHNICIAN: frozenset({"tickets", "customers", "act_as", "knowledge", "forum"}),
    StaffRole.MODERATOR: frozenset({"forum", "moderate", "knowledge"}),
    StaffRole.MANAGER: frozenset(
        {
            *(
                "tickets",
                "customers",
                "act_as",
                "forum",
                "knowledge",
                "moderate",
                "orders",
                "licences",
                "catalog",
                "audit",
                "jobs",
                "people",
                "webhooks",
                "desk",
                "merge",
            ),
        }
    ),
}

# What an API token may be limited to. A token for `all` may do whatever its kind may.
SCOPES = (
    *("orders", "licences", "catalog", "customers", "tickets", "mails"),
    *("forum", "knowledge", "problems", "settings", "webhooks", "search", "metrics"),
)
ALL_SCOPES = "all"
TOKEN_PREFIX = "pdp_"  # noqa: S105  # so that a leaked token is recognised by scanners

INVITATION_LIFE = timedelta(days=14)
MERGE_LINK_LIFE = timedelta(hours=1)
EXPORT_LIFE = timedelta(days=7)
TOUCH_AFTER = timedelta(minutes=1)  # how often the last use of a token is written down

WRITE = Way("ask", _("Write to us: licence and general questions are always answered"), "public:contact")
LAST_OWNER = declare(
    "member.last_owner", _("A customer needs at least one owner. Make somebody else an owner first."), ways=(WRITE,)
)
ERASE_LAST_OWNER = declare(
    "person.last_owner", _("{companies} would be left without an owner. Make somebody else an owner first."), ways=(WRITE,)
)
CALENDAR_REPLACED = declare("calendar.replaced", _("The calendar has another address by now; it stands on this page."))
MERGE_SAME = declare("merge.same", _("These are one already."))
MERGE_STAFF = declare(
    "merge.staff", _("An account of the vendor's staff is never merged with another one: take its role first."), ways=(WRITE,)
)
MERGE_GIVEN_UP = declare(
    "merge.given_up", _("One of them was given up before: it was erased, switched off or merged."), ways=(WRITE,)
)
MERGE_KINDS = declare(
    "merge.kinds",
    _("A private customer and a company stay two. Hand the licences over from one to the other instead."),
    ways=(WRITE,),
)
MERGE_FACTOR = declare(
    "merge.second_factor",
    _(
        "The other account has a second factor: sign in there, remove it, and open the link again. Mail alone does not open such an account."
    ),
    ways=(WRITE,),
)
INVITATION_OTHER = declare(
    "invitation.other_address",
    _("This invitation was sent to another address. Sign in with the address that received it."),
    ways=(WRITE,),
)
MEMBER_ALREADY = declare("member.already", _("{email} is a member already."))
MEMBER_ABOVE = declare("member.role_above", _("Only an owner can give or take the role of an owner."))
NOT_A_COMPANY = declare("member.not_a_company", _("Only a company can have members. Create a company first."))

TEAM_NOT_MEMBER = declare("team.not_a_member", _("{person} does not belong to the company. Invite this person first."))
declare("team.name_needed", _("Write the name of the team exactly as it is: then it will be deleted."))

MOST_TEAMS = 200  # of one company
MOST_INVITED = 200  # addresses in one go

SCOPE_NAMES = {
    ALL_SCOPES: _("everything that I may"),
    "orders": _("orders"),
    "licences": _("licences and devices"),
    "catalog": _("versions and offers"),
    "customers": _("customers and members"),
    "tickets": _("tickets"),
    "mails": _("incoming mail"),
    "forum": _("forum"),
    "knowledge": _("articles"),
    "problems": _("known problems"),
    "settings": _("central settings"),
    "webhooks": _("webhooks"),
    "search": _("search"),
    "metrics": _("metrics"),
}
ROLE_NAMES = {
    Role.OWNER: _("Owner"),
    Role.ADMIN: _("Administrator"),
    Role.BILLING: _("Billing"),
    Role.SETTINGS: _("Settings administrator"),
    Role.VIEWER: _("Member"),
}
ROLE_MEANINGS = {
    Role.OWNER: _("Everything, also owners and the company itself."),
    Role.ADMIN: _("Members, licences, devices, settings, tickets and purchases."),
    Role.BILLING: _("Purchases, orders and invoices; no devices and no tickets."),
    Role.SETTINGS: _("Central settings of the program and tickets; no purchases and no members."),
    Role.VIEWER: _("Sees the licences and may ask the support centre."),
}

# What people are told. Mails of the sign-in machinery are never muted; nobody reads them in an inbox.
for _name, _label in {
    "account.code": _("A code that proves your address"),
    "account.exists": _("You have an account already"),
    "account.unknown": _("There is no account with this address"),
    "account.reset": _("A link for a new password"),
    "account.password_changed": _("Your password was changed"),
    "account.address_changed": _("Your e-mail address was changed"),
    "account.app_added": _("An authenticator app was added"),
    "account.app_removed": _("An authenticator app was removed"),
    "account.passkey_added": _("A passkey was added"),
    "account.passkey_removed": _("A passkey was removed"),
    "account.recovery_codes": _("New recovery codes were made"),
    "account.acted_for": _("Our staff looked into your account"),
    "account.merge_asked": _("Somebody wants to merge your account with another one"),
    "account.merged": _("Two accounts of yours were merged"),
    "account.export_ready": _("Your data are ready"),
    "member.invited": _("Invitations to companies"),
}.items():
    declare_kind(_name, label=_label, can_mute=False)
declare_kind("webhook.disabled", label=_("A webhook was switched off"), staff=True)
declare_kind("member.joined", label=_("Somebody joined a company that you manage"))
declare_kind("member.role_changed", label=_("Your role in a company changed"))
declare_kind("member.removed", label=_("You were removed from a company"))

ERASED_NAME = "—"
# Domains where anybody has an address: they say nothing about a company.
FREE_MAIL = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "icloud.com", "me.com",
    "mac.com", "aol.com", "proton.me", "protonmail.com", "pm.me", "gmx.com", "gmx.net", "gmx.de", "web.de", "t-online.de", "mail.com",
    "zoho.com", "fastmail.com", "tutanota.com", "hey.com", "yandex.com", "yandex.ru", "mail.ru", "qq.com", "163.com", "orange.fr",
    "free.fr", "laposte.net", "libero.it", "wp.pl", "o2.pl", "onet.pl", "interia.pl", "freemail.hu", "citromail.hu", "abv.bg",
    "seznam.cz", "email.cz", "post.cz", "spoluzaci.cz", "centrum.cz", "atlas.cz", "volny.cz", "quick.cz", "tiscali.cz", "iol.cz",
    "azet.sk", "centrum.sk", "zoznam.sk", "post.sk", "pobox.sk", "atlas.sk",
})  # fmt: skip
