"""Is this a bounce, and whose address is it about? RFC 3464, and the many shapes that came before it (AU-7)."""

import logging
import re
from dataclasses import dataclass
from email.message import Message

from flufl.bounce import all_failures

from podpora.mail.rules import headers
from podpora.mail.rules.automatic import is_daemon
from podpora.mail.rules.parts import content_of, leaves, parameters, type_of
from podpora.mail.rules.sanitising import stripped

logging.getLogger("flufl.bounce").setLevel(
    logging.CRITICAL
)  # it logs a traceback for every mail that one of its detectors trips on
MOST_BYTES = 1_000_000
STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RECIPIENT = re.compile(r"^(?:final|original)-recipient\s*:\s*[^;\n]*;\s*<?([^\s<>;]+@[^\s<>;]+)>?", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"^action\s*:\s*([a-z-]+)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"^status\s*:\s*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_DIAGNOSTIC = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")
_MESSAGE_ID = re.compile(r"^message-id\s*:\s*(<[^<>\s]{1,400}>)", re.IGNORECASE | re.MULTILINE)
_SUBJECTS = re.compile(
    r"(undeliver|non-?deliver|not delivered|delivery (status|failure|failed|notification|warning|report|problem|error)|error during delivery|"
    r"returned (mail|to sender)|mail delivery|failure notice|(could|can)( ?not|n't) be delivered|automatically rejected|mail system error|"
    r"message status|delayed mail|mail delayed|could not send|warning: message|"
    r"unzustellbar|nedoru[cč]|non remis|niet afgeleverd|no se (ha )?pud?o entregar)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+=&'*/~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_REPLY_CODE = re.compile(r"\b([45])\d\d[ -]")
_DELAYS = re.compile(
    r"delay|warning|(not|never) yet|will (be retried|retry|continue|keep trying|try again)|still trying|temporar", re.IGNORECASE
)
_THE_MAIL = re.compile(
    r"^.{0,20}(headers? follow|(copy|text) of (the|your) (message|mail)|original (message|mail)|message (headers?|text)|returned message)"
    r"|^(received|return-path|message-id|x-[a-z-]{1,40}):",
    re.IGNORECASE | re.MULTILINE,
)
_ANSWERS = re.compile(r"\s*(re|fw|fwd|aw|wg|odp|sv|vs|tr|rv)\s*(\[\d+\])?\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back: `recipient` could not be reached. `status`: RFC 3463 ("5.1.1"), or its class ("5", "4").

    `message_id`: of the mail that did not arrive, as it is quoted in the bounce; "" when it is not.
    """

    recipient: str
    status: str
    message_id: str = ""
    is_given_up: bool = False  # whatever the status says: it is not tried any more

    @property
    def is_permanent(self) -> bool:
        return self.is_given_up or self.status.startswith("5")


def bounce_of(mail: Message, *, sender: str, subject: str, has_null_sender: bool) -> Bounce | None:
    """What bounced, or None for any other mail. An ordinary mail that only quotes a bounce is none."""
    kind = type_of(mail)
    is_report = kind == "multipart/report" and _report_type(mail) in ("delivery-status", "")
    tells = bool(_SUBJECTS.search(subject)) and not _ANSWERS.match(subject)
    if not (is_report or is_daemon(sender) or not sender or tells or (has_null_sender and _SUBJECTS.search(subject))):
        return None
    found = _of_report(mail) or _of_old_shapes(mail)
    if found is None and tells and (is_daemon(sender) or not sender or has_null_sender):
        found = _of_words(mail)
    if found is None and is_report and not _tells_success(mail) and _SUBJECTS.search(subject):
        return Bounce("", "5", _quoted_id(mail))
    return found


def _report_type(mail: Message) -> str:
    raw = next((str(value) for name, value in mail.raw_items() if name.lower() == "content-type"), "")
    return parameters(raw).get("report-type", "").lower()


def _of_report(mail: Message) -> Bounce | None:
    """The first recipient of a delivery status whose delivery failed or is delayed."""
    for part in mail.walk():
        if type_of(part) not in STATUS_TYPES:
            continue
        text = headers.raw_text(content_of(part).decode("utf-8", "surrogateescape"))
        for group in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
            recipient, action = _RECIPIENT.search(group), _ACTION.search(group)
            if not recipient or (action and action[1].lower() not in ("failed", "delayed")):
                continue
            status = _STATUS.search(group) or _DIAGNOSTIC.search(group)
            by_action = "4" if action and action[1].lower() == "delayed" else "5"
            told = status[1] if status and status[1][0] in "45" else by_action
            return Bounce(recipient[1], told, _quoted_id(mail), bool(action) and by_action == "5")
    return None


def _tells_success(mail: Message) -> bool:
    """A delivery status in which nothing failed: the mail arrived, or went on."""
    texts = [content_of(part).decode("utf-8", "replace") for part in mail.walk() if type_of(part) in STATUS_TYPES]
    actions = {action.lower() for text in texts for action in _ACTION.findall(text)}
    return bool(actions) and actions <= {"delivered", "relayed", "expanded"}


def _of_old_shapes(mail: Message) -> Bounce | None:
    """Bounces without a machine-readable part, by their sender's habits."""
    try:
        temporary, permanent = all_failures(mail)
    except Exception:  # its detectors raise on ordinary mails; then this is no bounce that anybody knows
        return None
    for addresses, status in ((permanent, "5"), (temporary, "4")):
        readable = sorted(one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in addresses)
        if readable:
            return Bounce(readable[0], status, _quoted_id(mail))
    return None


def _of_words(mail: Message) -> Bounce | None:
    """What a mail system says in words that none of the detectors knows: the first address above the mail that it quotes."""
    own = {box.address.lower() for name, value in mail.raw_items() if name.lower() == "to" for box in headers.mailboxes(str(value))}
    named = [str(value) for name, value in mail.raw_items() if name.lower() == "x-failed-recipients"]
    text = "\n".join([*named, _words(mail)])
    addresses = [one for one in _ADDRESS.findall(text) if one.lower() not in own and not is_daemon(one)]
    if not addresses or _tells_success(mail):
        return None
    told = _DIAGNOSTIC.search(text)
    code = _REPLY_CODE.search(text)
    by_words = "4" if not code and _DELAYS.search(text) else "5"
    return Bounce(addresses[0], told[1] if told else code[1] if code else by_words, _quoted_id(mail))


def _words(mail: Message) -> str:
    """The mail system's own words: up to the mail that they are about."""
    for part in leaves(mail):
        if type_of(part) in ("text/plain", "text/html"):
            text = content_of(part)[:MOST_BYTES].decode("utf-8", "replace")
            text = stripped(text) if type_of(part) == "text/html" else text
            quoted = _THE_MAIL.search(text)
            return text[: quoted.start()] if quoted else text[:4_000]
    return ""


def _quoted_id(mail: Message) -> str:
    """The Message-ID of the mail within the bounce: of an attached mail or its headers, else as text."""
    for part in mail.walk():
        if part is mail:
            continue
        for name, value in part.raw_items():
            if name.lower() == "message-id":
                found = headers.message_ids(str(value))
                return found[0] if found else ""
    for part in leaves(mail):
        if type_of(part).startswith("text/"):
            quoted = _MESSAGE_ID.search(content_of(part)[:MOST_BYTES].decode("utf-8", "replace"))
            if quoted:
                return quoted[1]
    return ""
