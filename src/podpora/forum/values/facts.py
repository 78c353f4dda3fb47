"""What rules are asked with, and what actions are given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from podpora.forum.values.kinds import FlagKind, Reach, Shown, Trust, Via


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """Who acts, as far as rules ask. `pk` of the person; None for our own systems, which may what staff may."""

    pk: int | None
    trust: Trust = Trust.NEW
    is_staff: bool = False
    moderates: bool = False
    is_customer: bool = False
    joined_at: datetime | None = None
    silenced_until: datetime | None = None  # FAR for ever
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    reads: Reach
    writes: Reach
    solving: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class TopicFacts:
    number: int
    author: int | None
    state: Shown
    solving: bool
    closed_at: datetime | None = None
    solved_post: int | None = None  # its number
    highest: int = 1


@dataclass(frozen=True, slots=True)
class PostFacts:
    number: int
    author: int | None
    state: Shown
    is_whisper: bool = False
    written_at: datetime | None = None
    hidden_at: datetime | None = None
    hidden_times: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """What a text has, as far as limits ask (FO-12)."""

    links: int = 0
    pictures: int = 0
    files: int = 0
    mentions: int = 0
    length: int = 0
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pace:
    """What a member wrote lately."""

    last_post_at: datetime | None = None
    last_topic_at: datetime | None = None
    posts_today: int = 0  # answers within 24 h
    topics_today: int = 0
    in_topic: int = 0  # answers in this topic
    posts_ever: int = 0
    same_host: int = 0  # own posts that link a host of this one
    same_text: bool = False
    accounts_here: int = 0  # new accounts that wrote from this address


@dataclass(frozen=True, slots=True)
class Answer:
    """How a form was filled in."""

    seconds: float | None = None  # None: not through a page
    trap: str = ""


@dataclass(frozen=True, slots=True)
class NewPost:
    """What somebody wrote. `once`: a double submit is written once. `files`: codes of pictures and files that he stored before."""

    text: str
    via: Via = Via.WEB
    once: str = ""
    files: Sequence[str] = ()
    reply_to: int | None = None
    answer: Answer = field(default_factory=Answer)
    address: str = ""  # where it came from, kept as a hash
    mail_id: str = ""


@dataclass(frozen=True, slots=True)
class NewTopic:
    title: str
    post: NewPost
    tags: Sequence[str] = ()
    language: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class FlagFacts:
    """One open flag."""

    person: int
    kind: FlagKind
    trust: Trust
    is_staff: bool = False
    accuracy: float = 0.5  # of his earlier flags, how many were right
