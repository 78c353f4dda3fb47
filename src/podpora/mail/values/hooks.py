"""Mail providers that bring mail, and what became of ours, by calling an address here (implemented in `integrations`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from podpora.audit.values import declare_sentence
from podpora.base.reasons import declare

LARGEST_CALL = 72 * 1024 * 1024  # 50 MB of mail as base64 within JSON
MOST_HOOKS = 20
MOST_IN_CALL = 1_000  # events in one call
PASSWORD, KEY = "mail-hook-password", "mail-hook-key"
USER = "podpora"  # the name that goes with the password


class Fate(StrEnum):
    """What a provider says about a mail of ours."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED = "bounced"  # for good
    COMPLAINED = "complained"  # its reader called it spam


@dataclass(frozen=True, slots=True)
class Call:
    """A provider called. `url`: how it called, with the name and the password, as some of them sign it."""

    body: bytes
    headers: Mapping[str, str]  # names in lower case
    url: str = ""

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail for us: its bytes, and its envelope."""

    raw: bytes
    envelope_from: str = ""
    recipients: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a mail of ours. `mark`: its code, which went along; else its Message-ID, or the return address `sender`, tells."""

    fate: Fate
    recipient: str
    status: str = ""  # RFC 3463, as far as it is known
    said: str = ""
    mark: str = ""
    message_id: str = ""
    sender: str = ""
    event: str = ""  # by which the provider knows this event


@dataclass(frozen=True, slots=True)
class Content:
    """What a call says. `confirm`: an address that has to be fetched once, so that the provider goes on to call."""

    arrivals: Sequence[Arrival] = ()
    reports: Sequence[Report] = ()
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class HookFacts:
    """`key` None: as it is kept already."""

    provider: str
    name: str = ""
    key: str | None = field(default=None, repr=False)


class NotSigned(Exception):
    """The call does not carry the provider's signature."""


class NotReadable(Exception):
    """The provider sent something else than it says in its documentation."""


class MailProvider(Protocol):
    """A provider's way to call. Pure: it reads what it is given; what it has to fetch comes from the functions that it was made with."""

    code: str
    name: str
    signs: bool  # has it a key of its own that its calls are signed with?

    def verify(self, call: Call, key: str) -> None:
        """NotSigned if the signature is missing or wrong. Only asked when a key is kept."""

    def read(self, call: Call, key: str) -> Content:
        """NotReadable for anything that it can't be."""

    def headers(self, mark: str) -> Mapping[str, str]:
        """What a mail of ours carries, so that the provider names it in its reports."""


_providers: dict[str, MailProvider] = {}


def register_mail_provider(provider: MailProvider) -> None:
    """Called once at the start."""
    _providers[provider.code] = provider


def mail_providers() -> list[MailProvider]:
    """All that are known, by their names."""
    return sorted(_providers.values(), key=lambda one: one.name.lower())


def mail_provider(code: str) -> MailProvider | None:
    return _providers.get(code)


NOT_SIGNED = declare("hook.not_signed", _("The provider's signature is missing or wrong: is its key the one that is kept here?"))
NOT_READABLE = declare("hook.not_readable", _("The provider sent something that can't be read: {said}."))
TOO_LARGE = declare("hook.too_large", _("The provider brought a mail that is larger than 50 MB."))
NOT_CONFIRMED = declare("hook.not_confirmed", _("The subscription could not be confirmed: {said}."))
declare("hook.too_many", _("There are {most} mail providers already: remove one first."))
declare_sentence("mail_hook.created", _("Connected the mail provider {after[provider]}."))
declare_sentence("mail_hook.changed", _("Changed the connection to a mail provider."))
declare_sentence("mail_hook.paused", _("Paused a mail provider: its mail is told to come again."))
declare_sentence("mail_hook.resumed", _("Let a mail provider go on."))
declare_sentence("mail_hook.password", _("Gave a mail provider a new password."))
declare_sentence("mail_hook.deleted", _("Removed the mail provider {provider}."))
declare_sentence("mail.complained", _("The reader of a mail called it spam."))
