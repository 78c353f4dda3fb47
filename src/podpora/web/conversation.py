"""How a conversation is drawn: messages and events as plain items, with their addresses made once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from podpora.base.actors import shown
from podpora.desk.models import Message, Queue
from podpora.desk.values import (
    CLOSED_AS_NAMES,
    EVENT_SENTENCES,
    KIND_NAMES,
    PRIORITY_NAMES,
    SCORE_NAMES,
    STATE_NAMES,
    ClosedAs,
    Event,
    MessageKind,
    Priority,
    Score,
    Side,
    State,
    TicketKind,
    Via,
)
from podpora.web.markup import written

VIA_NAMES = {Via.MAIL: _("by e-mail"), Via.PROGRAM: _("from the program"), Via.API: _("through the API"), Via.WEB: ""}
EVENT_ICONS = {
    Event.ASSIGNED: "user-check", Event.ASSIGNED_IN_TURN: "user-check", Event.UNASSIGNED: "user-x", Event.NOBODY_PRESENT: "user-x",
    Event.STATE: "circle-dot", Event.REOPENED: "rotate-ccw", Event.PRIORITY: "flag", Event.QUEUE: "folder-input",
    Event.PARTICIPANT: "user-plus", Event.PRIVACY: "lock", Event.SUBJECT: "pencil", Event.KIND: "tag", Event.CLOSED_AS: "archive",
    Event.TAGGED: "tag", Event.UNTAGGED: "tag", Event.FIELD: "list", Event.MERGED: "git-merge", Event.MERGED_INTO: "git-merge",
    Event.UNMERGED: "undo-2", Event.SPLIT: "split", Event.SPLIT_FROM: "split", Event.LINKED: "link", Event.PARENT: "network",
    Event.SNOOZED: "alarm-clock", Event.WOKEN: "alarm-clock-off", Event.FORWARDED: "forward", Event.RATED: "smile",
    Event.AUTOMATIC: "zap",
    Event.ASSIGNED_BY_LOAD: "user-check", Event.ASSIGNED_BY_SKILL: "user-check", Event.GIVEN_BACK: "user-x",
    Event.NOT_DELIVERED: "mail-x", Event.DELAYED: "clock",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileItem:
    name: str
    size: int
    url: str
    secrets_removed: int
    preview: str = ""  # of a program's diagnostics
    is_mail: bool = False  # can be looked into (CO-7)


@dataclass(frozen=True, slots=True)
class Item:
    """One message or event, ready to be drawn."""

    anchor: str
    kind: str
    name: str
    at: datetime
    text: str
    via: Any = ""
    icon: str = ""
    is_staff: bool = False
    is_new: bool = False
    files: Sequence[FileItem] = ()
    whole: str = ""  # of a mail: the text with its quotes, one click away (CO-1)
    is_unproven: bool = False  # nobody has shown who sent it
    is_machine: bool = False  # an absence notice, a bounce: it called nobody (TH-11)
    html_url: str = ""  # of a mail: as it was laid out, for a frame (CO-2)
    mail_url: str = ""  # where its headers and bytes are
    pictures: Sequence[FileItem] = ()  # within the text
    inner: Sequence["Item"] = ()  # events in a row, folded into one line
    deliveries: Sequence[Any] = ()  # how it went out: mails, one for each recipient


def items(
    messages: Sequence[Message],
    file_url: Callable[[str], str],
    *,
    new: frozenset[str] = frozenset(),
    message_url: Callable[[str], str] | None = None,
    deliveries: Mapping[str, Sequence[Any]] | None = None,
) -> list[Item]:
    """Messages as items. `file_url` and `message_url` make addresses; `new` are the codes of messages to point out (CL-1);
    `deliveries`, by Message-ID, say how they went out."""
    address = message_url or (lambda code: "")
    drawn = [_event(m) if m.kind == MessageKind.EVENT else _words(m, file_url, new, address(m.code)) for m in messages]
    went = {m.code: (deliveries or {}).get(m.message_id, ()) for m in messages}
    return folded([replace(item, deliveries=went[item.anchor]) if went[item.anchor] else item for item in drawn])


FOLDED = 3  # so many events in a row are one line


def folded(drawn: Sequence[Item]) -> list[Item]:
    """Events in a row become one line that can be opened; what people wrote stands apart."""
    found: list[Item] = []
    for is_event, run in groupby(drawn, key=lambda item: item.kind == MessageKind.EVENT):
        several = list(run)
        if is_event and len(several) >= FOLDED:
            last = several[-1]
            found.append(Item(f"{several[0].anchor}-on", "events", "", last.at, last.text, icon=last.icon, inner=several))
        else:
            found.extend(several)
    return found


def _words(message: Message, file_url: Callable[[str], str], new: frozenset[str], url: str) -> Item:
    shown = getattr(message, "shown_files", ())
    return Item(
        anchor=message.code,
        kind=message.kind,
        name=message.author_name,
        at=message.written_at,
        text=written(message.visible or message.text),
        whole=written(message.text) if message.visible else "",
        is_unproven=message.is_unverified,
        is_machine=message.is_automatic or (message.is_quiet and not message.is_unverified),
        via=VIA_NAMES[Via(message.via)],
        is_staff=message.side == Side.STAFF,
        is_new=message.code in new,
        files=[_file(f, file_url) for f in shown if not f.is_inline],
        pictures=[_file(f, file_url) for f in shown if f.is_inline],
        html_url=f"{url}html/" if url and message.html else "",
        mail_url=url if message.mail else "",
    )


def _file(found: Any, file_url: Callable[[str], str]) -> FileItem:
    is_mail = found.content_type == "message/rfc822"
    return FileItem(found.name, found.size, file_url(found.code), found.secrets_removed, found.preview, is_mail)


def _event(message: Message) -> Item:
    event = Event(message.event)
    return Item(message.code, message.kind, "", message.written_at, event_sentence(message), icon=EVENT_ICONS[event])


def event_sentence(message: Message) -> str:
    """What happened, in the reader's language: `Tereza changed the state to “Solved”`."""
    event, to = Event(message.event), message.event_facts.get("to", "")
    if event is Event.STATE:
        to = STATE_NAMES[State(to)]
    elif event is Event.PRIORITY:
        to = PRIORITY_NAMES[Priority(to)]
    elif event is Event.KIND:
        to = KIND_NAMES[TicketKind(to)]
    elif event is Event.CLOSED_AS:
        to = CLOSED_AS_NAMES[ClosedAs(to)]
    elif event is Event.RATED:
        to = SCORE_NAMES[Score[to.upper()]]
        if message.event_facts.get("comment"):
            to = f"{to}: {message.event_facts['comment']}"
    elif event is Event.SNOOZED:
        to = date_format(timezone.localtime(datetime.fromisoformat(to)), "DATETIME_FORMAT")
    return str(EVENT_SENTENCES[event]) % {**message.event_facts, "by": shown(message.author_name), "to": to}


def queue_name(queue: Queue) -> str:
    """The queue's name in the reader's language."""
    return queue.name_cs if get_language() == "cs" else queue.name_en


STATE_BADGES = {
    State.NEW: "accent", State.OPEN: "accent", State.WAITING_CUSTOMER: "warn", State.WAITING_VENDOR: "", State.SOLVED: "good",
    State.CLOSED: "", State.MERGED: "",
}  # fmt: skip


def state_badge(state: str) -> str:
    return STATE_BADGES[State(state)]
