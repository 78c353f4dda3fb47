"""Actors: who does something. Handed to every action as `by`, written into every audit entry."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ActorKind(StrEnum):
    PERSON = "person"
    TOKEN = "token"  # noqa: S105  # one of the vendor's other systems, by API token
    DEVICE = "device"  # the vendor's program on a device
    SYSTEM = "system"  # a job, a command, an import


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    `person_id` is the acting person's primary key (also for a token that was made for a person), None for machines.
    `scopes` limits a token; None means no limit beyond the person's own permissions. `on_behalf_of` is the
    technician or manager behind a session that acts as a customer.
    """

    kind: ActorKind
    name: str
    person_id: int | None = None
    scopes: frozenset[str] | None = None
    on_behalf_of: int | None = None
    address: str = ""  # network address, shortened, for the audit

    def __str__(self) -> str:
        return self.name


def system(name: str = "system") -> Actor:
    """The actor of jobs, commands and imports."""
    return Actor(ActorKind.SYSTEM, name)


# What people read for machines whose name is written down with what they did.
MACHINES: dict[str, Promise] = {
    "system": _("the system"),
    "test provider": _("test gate"),
    "reconciliation": _("comparison with the payment gate"),
    "webhooks": _("webhooks"),
    "automation": _("an automatic rule"),
}


def shown(name: str) -> str:
    """The written-down name of an actor in the reader's language; a person's is his own."""
    return str(MACHINES.get(name, name))
