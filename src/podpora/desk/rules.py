"""What may happen to a ticket, and how urgent it is. Pure: facts in, a Decision or a value out."""

import hmac
import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from podpora.base.actors import Actor
from podpora.base.decisions import Decision, allow, refuse
from podpora.catalog.rules import version_state
from podpora.catalog.values import Level, Tier, VersionFacts, VersionState
from podpora.desk.values import (
    ACTIVE,
    DONE,
    EVENTS_FOR_CUSTOMERS,
    MAX_DIAGNOSTICS,
    PREVIEW_LENGTH,
    REOPEN_DAYS,
    Cleaned,
    Event,
    MessageKind,
    Place,
    Purpose,
    Side,
    State,
    TicketFacts,
    Upload,
)

# --- states ------------------------------------------------------------------------------------------------------

# From where to where a technician may move a ticket. Nothing becomes new again.
STEPS: dict[State, frozenset[State]] = {state: frozenset(State) - {State.NEW, state} for state in State}


def may_change_state(ticket: TicketFacts, wanted: State) -> Decision:
    """A technician moves a ticket."""
    if wanted in STEPS[ticket.state]:
        return Decision()
    return refuse("ticket.state_not_possible", state=ticket.state.value, wanted=wanted.value, ticket=ticket.code)


def reopens_until(ticket: TicketFacts) -> datetime | None:
    """The instant until which the customer's word reopens a solved ticket (SC-3)."""
    return ticket.solved_at + timedelta(days=REOPEN_DAYS) if ticket.solved_at else None


def may_write(ticket: TicketFacts, *, at: datetime) -> Decision:
    """May the customer write in his ticket? Yes, whatever became of his VIP (SC-2); a solved one for 14 days (SC-3)."""
    until = reopens_until(ticket)
    if ticket.state not in DONE or until is None or at < until:
        return Decision()
    return refuse("ticket.too_late_to_reopen", ticket=ticket.code, solved_on=ticket.solved_at, until=until)


def may_reopen(ticket: TicketFacts, *, at: datetime) -> Decision:
    """May the customer reopen it by the button? As by writing; a ticket that is not done has nothing to reopen."""
    if ticket.state not in DONE:
        return refuse("ticket.not_done", ticket=ticket.code)
    return may_write(ticket, at=at)


def may_close(ticket: TicketFacts) -> Decision:
    """May the customer close it himself?"""
    return refuse("ticket.already_done", ticket=ticket.code) if ticket.state in DONE else Decision()


def state_after(state: State, side: Side, wanted: State | None = None) -> State:
    """The state after a public message.

    The customer's word makes it our turn, and reopens what was solved; a new ticket stays new until somebody answers it.
    A technician's answer makes it open, or what he chose (wait for the customer, solve).
    """
    if side is Side.CUSTOMER:
        return State.NEW if state is State.NEW else State.OPEN
    if wanted is not None:
        return wanted
    return State.OPEN if state is State.NEW else state


def newer_message(written: str | None, ticket: str) -> Decision:
    """CL-1: `written` names who wrote since the technician opened the page; None: nobody."""
    return refuse("ticket.newer_message", author=written, ticket=ticket) if written else Decision()


def version_advice(version: str, versions: Sequence[VersionFacts], on: date) -> Decision:
    """EOL-5: a question about a version past its end of life is accepted, and told that no fix is promised."""
    major = major_of(version)
    known = next((facts for facts in versions if facts.major == major), None)
    if known is None or version_state(known, versions, on) is not VersionState.ENDED:
        return Decision()
    return allow("version.ticket_about_ended", major=known.major, support_ends_on=known.support_ends_on)


def major_of(version: str) -> int | None:
    """`10.2.1` -> 10; None for what does not begin with a number."""
    first = version.strip().partition(".")[0]
    return int(first) if first.isascii() and first.isdigit() and len(first) < 6 else None


# --- urgency -----------------------------------------------------------------------------------------------------

RANK_ANSWERED, RANK_WAITING, RANK_DONE = 50, 100, 200
_STATE_RANK = {State.WAITING_VENDOR: 100, State.WAITING_CUSTOMER: 150, State.SOLVED: 200, State.CLOSED: 250}


def place_of(ticket: TicketFacts) -> Place:
    """Where the ticket stands in a technician's list.

    First what waits for our answer, by priority, VIP before others of the same priority, the longest wait first; then what
    is open but answered; then what waits; then what is done. Stored with the ticket, so that a list of 100,000 reads an index.
    """
    step = (3 - int(ticket.priority)) * 10 + (0 if ticket.is_vip else 5)
    since = ticket.changed_at or ticket.opened_at or datetime.min.replace(tzinfo=UTC)
    if ticket.state not in ACTIVE:
        return Place(_STATE_RANK[ticket.state] + (step if ticket.state not in DONE else 0), since)
    if ticket.waiting_since is None:
        return Place(RANK_ANSWERED + step, since)
    return Place(step, ticket.waiting_since)


# --- assignment --------------------------------------------------------------------------------------------------


def next_in_turn(present: Sequence[int], last: int | None) -> int | None:
    """AS-1: who is next. `present` are the ids of those who may take it now, `last` who took the one before.

    The order is that of the ids; after the last comes the first. Nobody present: None, never "everybody".
    """
    ordered = sorted(present)
    if not ordered:
        return None
    return next((person for person in ordered if last is None or person > last), ordered[0])


# --- who sees what -----------------------------------------------------------------------------------------------


def customer_sees(kind: MessageKind, event: str = "") -> bool:
    """VI-2: may this message leave to a customer? Notes never; events only those that concern him."""
    if kind is MessageKind.EVENT:
        return event in EVENTS_FOR_CUSTOMERS and event in {e.value for e in Event}
    return kind is MessageKind.PUBLIC


def once_key(once: str, by: Actor, scope: str = "") -> str | None:
    """What a double submit is known by; of this actor only, so that nobody meets another's."""
    if not once:
        return None
    key = f"{by.kind}:{by.person_id or by.name}:{scope}:{once}"
    return key if len(key) <= 100 else sha256(key.encode()).hexdigest()


# --- mail threading ----------------------------------------------------------------------------------------------


def message_id(ticket: str, message: str, *, key: bytes, domain: str) -> str:
    """TH-4: `<ticket.message.hmac@domain>`: nobody can make one up."""
    return f"<{ticket}.{message}.{_seal(ticket, message, key)}@{domain}>"


def _seal(ticket: str, message: str, key: bytes) -> str:
    return hmac.new(key, f"{ticket}.{message}".encode(), sha256).hexdigest()[:32]


_OWN_ID = re.compile(r"<?([A-Z]-[A-Z0-9]{1,20})\.([A-Za-z0-9-]{1,60})\.([0-9a-f]{32})@([^>@\s]{1,255})>?")


def read_message_id(text: str, *, key: bytes, domain: str) -> tuple[str, str] | None:
    """Our own Message-ID -> (ticket, message). A wrong seal is no reference at all (TH-4); compared in constant time."""
    found = _OWN_ID.fullmatch(text.strip()) if len(text) <= 400 else None
    if found is None or found[4].lower() != domain.lower():
        return None
    if not hmac.compare_digest(found[3], _seal(found[1], found[2], key)):
        return None
    return found[1], found[2]


def subject_of_mail(code: str, subject: str) -> str:
    """`[T-1042] …`: the token that answers keep; a subject is one line (S26)."""
    one_line = " ".join(subject.split())
    return f"[{code}] {one_line}"


# --- secrets in attachments (SC-11) ------------------------------------------------------------------------------

TEXT_TYPES = ("text/", "application/json", "application/xml", "application/x-yaml", "application/toml")
TEXT_ENDINGS = (".txt", ".log", ".ini", ".cfg", ".conf", ".json", ".xml", ".yaml", ".yml", ".toml", ".csv", ".eml", ".md", ".reg")
MASK = "[removed]"
_NAMES = (
    "password|passwort|passwd|passphrase|pwd|heslo|secret|api[_-]?key|private[_-]?key|licen[cs]e[_-]?key|session[_-]?id|token"
    "|(?:\\b|[_-])pass"
)
_SECRETS = (
    # name = value, "name": "value", name: value
    re.compile(
        rf"(?i)((?:{_NAMES})[\"']?[ \t]{{0,8}}[:=][ \t]{{0,8}})(\"[^\"\r\n]{{1,400}}\"|'[^'\r\n]{{1,400}}'|[^\s\"',;<>]{{1,400}})"
    ),
    re.compile(r"(?i)(authorization:[ \t]{0,4}(?:basic|bearer)[ \t]{1,4})([A-Za-z0-9+/=._~-]{6,4000})"),
    re.compile(r"(?i)(\b(?:set-)?cookie:[ \t]{0,4})([^\r\n]{1,4000})"),
    # imap://jana:password@mail.example
    re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{1,15}://[^\s/:@\"']{1,100}:)([^\s/@\"']{1,200})(?=@)"),
    re.compile(r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)([A-Za-z0-9+/=\s]{1,10000})(?=-----END)"),
    # signed tokens, the tokens of our devices and of our API, and those of well-known services
    re.compile(r"(\b)(eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{2,8000}(?:\.[A-Za-z0-9_-]{0,4000}){0,3})"),
    re.compile(r"(\b)((?:pdp?_|gh[pousr]_|sk_live_|sk_test_|xox[abprs]-)[A-Za-z0-9_-]{10,300})"),
    # a licence key (LICENSING): in groups or in one piece, in any case; and other vendors' keys in four or more groups
    re.compile(r"(?i)(\b)(PK[2-9A-Z]{3}(?:[- ]?[2-9A-Z]{5}){4}\b)"),
    re.compile(r"(\b)((?:[2-9A-HJKMNP-Z]{4,6}-){3,12}[2-9A-HJKMNP-Z]{4,6}\b)"),
)
_SECRET_NAME = re.compile(rf"(?i)(?:{_NAMES}|cookie|authorization)[\"']?$")


def is_text(name: str, content_type: str) -> bool:
    return content_type.lower().startswith(TEXT_TYPES) or name.lower().endswith(TEXT_ENDINGS)


def masked(text: str) -> tuple[str, int]:
    """The text with what looks like a password, key or token replaced by a mask, and how many there were."""
    count = 0
    for pattern in _SECRETS:
        text, found = pattern.subn(rf"\1{MASK}", text)
        count += found
    return text, count


def without_secrets(content: bytes, *, name: str, content_type: str) -> Cleaned:
    """SC-11: passwords and keys in a text attachment are masked before it is stored. Other bytes are left as they are."""
    if not is_text(name, content_type):
        return Cleaned(content)
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"  # latin-1 keeps every byte as it was
    try:
        text, count = masked(content.decode(encoding))
    except UnicodeDecodeError:
        return Cleaned(content)
    return Cleaned(text.encode(encoding), count) if count else Cleaned(content)


# --- what the program says about itself ---------------------------------------------------------------------------


def cleaned(upload: Upload, name: str, content_type: str) -> Cleaned:
    """An upload as it is stored: without secrets (SC-11)."""
    if not upload.is_diagnostics:
        return without_secrets(upload.content, name=name, content_type=content_type)
    try:
        value = json.loads(upload.content)
        value, count = _without_secrets_inside(value)
        return Cleaned(json.dumps(value, ensure_ascii=False, indent=2).encode(), count)
    except (ValueError, RecursionError):
        return without_secrets(upload.content, name=name, content_type="text/plain")


def diagnostics_of(raw: bytes) -> Upload | None:
    """What a program sent as its diagnostics: text or JSON, to be read in the ticket. None when it is neither, or too long."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not text.strip() or "\x00" in text or len(raw) > MAX_DIAGNOSTICS:
        return None
    is_json = text.lstrip()[:1] in ("{", "[")
    kind = ("diagnostics.json", "application/json") if is_json else ("diagnostics.txt", "text/plain")
    return Upload(kind[0], text.encode(), kind[1], is_diagnostics=True)


def preview_of(content: bytes) -> str:
    """The beginning of diagnostics, for the conversation."""
    return content.decode("utf-8", "replace").replace("\x00", "")[:PREVIEW_LENGTH]


def _without_secrets_inside(value: Any) -> tuple[Any, int]:
    """JSON stays JSON: a value under a telling name is masked whole, whatever it is; other texts are looked through."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        parts = [_without_secrets_inside(each) for each in value]
        return [part for part, _ in parts], sum(count for _, count in parts)
    if not isinstance(value, dict):
        return value, 0
    found, total = {}, 0
    for name, inside in value.items():
        if _SECRET_NAME.search(name) and inside not in (None, "", True, False):
            found[name], count = MASK, 1
        else:
            found[name], count = _without_secrets_inside(inside)
        total += count
    return found, total


# --- a question from the program ----------------------------------------------------------------------------------


def purpose_of_report(wanted: Purpose, *, is_open: bool, tier: Tier, by_mail: Level) -> Purpose:
    """Where a question from the program goes (S2, VIP-10).

    Those who have the support centre use it. Trial and FREE users are answered by e-mail; PRO owners whose VIP support has ended
    meet the gate, which tells them the ways out. Licence, billing and general questions go their own way (SC-6).
    """
    if wanted is not Purpose.VIP or is_open or tier is Tier.PRO or by_mail is Level.NO:
        return wanted
    return Purpose.TECHNICAL
