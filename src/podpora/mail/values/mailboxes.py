"""Mailboxes: the addresses that customers write to, and where their mail is fetched."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from podpora.audit.values import declare_sentence
from podpora.base.reasons import declare


class Security(StrEnum):
    TLS = "tls"  # from the first byte
    STARTTLS = "starttls"
    NONE = "none"


class After(StrEnum):
    """What happens on the server to a mail that is kept here."""

    LEAVE = "leave"
    SEEN = "seen"
    MOVE = "move"


SECURITY_NAMES = {
    Security.TLS: _("TLS (usually port 993)"),
    Security.STARTTLS: _("STARTTLS (usually port 143)"),
    Security.NONE: _("none: only within your own network"),
}
AFTER_NAMES = {
    After.LEAVE: _("stays as it is"),
    After.SEEN: _("is marked as read"),
    After.MOVE: _("is moved to another folder"),
}
PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
MOST_MAILBOXES = 50
MOST_ALIASES = 50
PURPOSE = "mailbox"  # of sealing


@dataclass(frozen=True, slots=True)
class Imap:
    """Where mail is fetched. `secret` None: as it is kept already. `port` 0: the usual one."""

    host: str
    user: str = ""
    secret: str | None = field(default=None, repr=False)
    port: int = 0
    security: Security = Security.TLS
    folder: str = "INBOX"
    after: After = After.LEAVE
    move_to: str = ""


@dataclass(frozen=True, slots=True)
class MailboxFacts:
    """What a mailbox is. Without `imap` its mail is brought by SMTP, LMTP, a pipe or a provider."""

    address: str
    name: str = ""
    queue: str = ""
    aliases: Sequence[str] = ()
    is_trusted: bool = False  # headers that steer (TH-15) count here
    imap: Imap | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a connection: the reason code, and what the server said."""

    code: str
    said: str = ""
    mails: int = 0

    @property
    def is_good(self) -> bool:
        return self.code == WORKS


WORKS = declare("mailbox.works", _("The connection works; mails in the folder: {mails}."))
NOT_REACHED = declare("mailbox.not_reached", _("The server can't be reached: {said}."))
NOT_LET_IN = declare("mailbox.not_let_in", _("The server does not accept the name or the password: {said}."))
NO_FOLDER = declare("mailbox.no_folder", _("There is no such folder: {said}."))
NO_TLS = declare("mailbox.no_tls", _("The server's certificate can't be trusted: {said}."))
GUARDED = declare(
    "mailbox.private_address", _("This server is not on the open Internet. The operator can allow hosts of his own network.")
)
declare("mailbox.not_a_host", _("Give the name of the server alone, for example imap.example.com."))
declare("mailbox.port", _("Use port 993 or 143, or one from 1024 on."))
declare("mailbox.address_taken", _("Another mailbox has this address already: {address}."))
declare("mailbox.secret_again", _("The server, its user or the way to it is another one: enter the password again."))
declare("mailbox.too_many", _("There are {most} mailboxes already: remove one first."))
declare("mailbox.from_setting", _("The operator's setting says where this mailbox is fetched; it can't be changed here."))
declare("mailbox.no_server", _("This mailbox has no server to fetch from."))

declare_sentence("mailbox.created", _("Made the mailbox {after[address]}."))
declare_sentence("mailbox.changed", _("Changed the mailbox."))
declare_sentence("mailbox.paused", _("Paused the mailbox: nothing is fetched or accepted."))
declare_sentence("mailbox.resumed", _("Let the mailbox go on."))
declare_sentence("mailbox.deleted", _("Removed the mailbox {address}."))
declare("mailbox.taken_over", _("The mailbox was paused, changed or is read by another worker."))
declare_sentence("mailbox.mail_missed", _("The server did not give the mail with the number {uid}, however often it was asked."))
declare_sentence("mailbox.new_position", _("The server numbers the mails of this mailbox anew; it is read from its beginning."))
