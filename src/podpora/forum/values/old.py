"""What comes in from another forum, with its dates and names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from podpora.forum.values.kinds import Level, Penalty, Shown, SolutionKind, Trust


@dataclass(frozen=True, slots=True)
class OldFile:
    """A file of a post. `address`: how its text shows it."""

    address: str
    name: str
    content: bytes
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class OldRevision:
    text: str
    title: str
    until_at: datetime
    edited_by: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class OldPost:
    """`author`: the person's key here, or None where only a name is known. `number`: kept when it is free in the topic."""

    text: str
    written_at: datetime
    author: int | None = None
    author_name: str = ""
    number: int | None = None
    reply_to: int | None = None
    votes: int = 0
    voters: Sequence[int] = ()
    edited_at: datetime | None = None
    state: Shown = Shown.VISIBLE
    is_whisper: bool = False
    is_solution: bool = False
    solved_at: datetime | None = None  # when it was marked
    files: Sequence[OldFile] = ()
    older: Sequence[OldRevision] = ()
    old_address: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class OldTopic:
    """A topic with its first post; the others follow one by one."""

    title: str
    first: OldPost
    tags: Sequence[str] = ()
    language: str = ""
    version: str = ""
    number: int | None = None  # kept when it is free
    views: int = 0
    is_pinned: bool = False
    closed_at: datetime | None = None
    solution: tuple[SolutionKind, str, str] | None = None  # what is no post: kind, public code, title
    solved_at: datetime | None = None
    ties: Mapping[str, str] = field(default_factory=dict)  # public codes of a ticket, an article, a known problem
    old_addresses: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OldPenalty:
    kind: Penalty
    why: str
    since_at: datetime
    by_name: str
    until_at: datetime | None = None
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OldMember:
    """A face as it was. What somebody has here already is not overwritten."""

    handle: str
    name: str
    joined_at: datetime
    about: str = ""
    trust: Trust = Trust.NEW
    trust_by_hand: bool = False
    shows_customer: bool = False
    shows_vip: bool = False
    digest_days: int = 7
    figures: Mapping[str, int] = field(default_factory=dict)
    last_seen_at: datetime | None = None
    penalties: Sequence[OldPenalty] = ()
    old_addresses: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OldLevel:
    """What somebody wants to hear: of a topic, a category or a tag."""

    level: Level
    by_hand: bool
    since: datetime
    topic: int | None = None
    category: int | None = None
    tag: str = ""
