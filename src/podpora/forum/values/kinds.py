"""What a category, a topic, a post, a flag can be."""

from enum import IntEnum, StrEnum

from django.utils.translation import gettext_lazy as _


class Reach(StrEnum):
    """Who reads or writes in a category. Each includes those below it."""

    EVERYBODY = "everybody"
    MEMBERS = "members"  # whoever has an account
    CUSTOMERS = "customers"  # whose account has a licence
    STAFF = "staff"


REACH_NAMES = {
    Reach.EVERYBODY: _("everybody"), Reach.MEMBERS: _("who is signed in"), Reach.CUSTOMERS: _("owners of a licence"),
    Reach.STAFF: _("our staff"),
}  # fmt: skip


class Shown(StrEnum):
    """Is it there for readers? Only what is visible is counted, found, suggested or sent anywhere."""

    VISIBLE = "visible"
    QUEUED = "queued"  # not published yet: somebody looks at it first
    HIDDEN = "hidden"  # was flagged
    DELETED = "deleted"


class Via(StrEnum):
    WEB = "web"
    MAIL = "mail"
    API = "api"
    IMPORT = "import"
    TICKET = "ticket"


class SolutionKind(StrEnum):
    """FO-8: by what a topic was solved."""

    POST = "post"
    ARTICLE = "article"
    RELEASE = "release"


class Trust(IntEnum):
    NEW = 0
    MEMBER = 1
    REGULAR = 2


TRUST_NAMES = {Trust.NEW: _("newcomer"), Trust.MEMBER: _("member"), Trust.REGULAR: _("regular")}


class Level(IntEnum):
    """FO-19: how much a person wants to hear, in this order."""

    MUTED = 0
    NORMAL = 1
    TRACKING = 2
    WATCHING = 3


LEVEL_NAMES = {Level.MUTED: _("Muted"), Level.NORMAL: _("Normal"), Level.TRACKING: _("Tracking"), Level.WATCHING: _("Watching")}
LEVEL_TEXTS = {
    Level.MUTED: _("Nothing, not even when you are mentioned."),
    Level.NORMAL: _("Only when you are mentioned or quoted."),
    Level.TRACKING: _("The number of new answers stands in lists."),
    Level.WATCHING: _("An e-mail for each new answer that you have not read."),
}


class FlagKind(StrEnum):
    SPAM = "spam"
    ABUSE = "abuse"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


FLAG_NAMES = {
    FlagKind.SPAM: _("It is advertising or spam"), FlagKind.ABUSE: _("It offends or threatens somebody"),
    FlagKind.OFF_TOPIC: _("It does not belong here"), FlagKind.OTHER: _("Something else"),
}  # fmt: skip


class Review(StrEnum):
    """What waits for a moderator, and what became of it."""

    OPEN = "open"
    AGREED = "agreed"  # the post stays hidden
    DISAGREED = "disagreed"  # the post is published
    IGNORED = "ignored"
    DELETED = "deleted"


DECIDED = frozenset({Review.AGREED, Review.DISAGREED, Review.IGNORED, Review.DELETED})
REVIEW_NAMES = {
    Review.OPEN: _("open"), Review.AGREED: _("agreed: hidden"), Review.DISAGREED: _("disagreed: published"),
    Review.IGNORED: _("left as it is"), Review.DELETED: _("deleted"),
}  # fmt: skip
DecisionKind = Review

# Why something waits for a moderator.
WHY_NAMES = {
    "flagged": _("It was reported by readers."),
    "first_post": _("It is the first post of a new account."),
    "too_fast": _("It was written in less than three seconds."),
    "same_host": _("A new account links the same site again and again."),
    "duplicate": _("The same text was posted before."),
    "trap": _("A field that people do not see was filled in."),
    "many_accounts": _("Several new accounts came from the same address."),
    "again_hidden": _("It was hidden before, changed and reported again."),
}


class Penalty(StrEnum):
    SILENCED = "silenced"  # reads, but writes nothing
    SUSPENDED = "suspended"  # takes part in nothing


PENALTY_NAMES = {Penalty.SILENCED: _("silenced"), Penalty.SUSPENDED: _("suspended")}


class Queue(StrEnum):
    """FO-29: what staff look at. Each is a filter with a count."""

    UNANSWERED = "unanswered"
    AUTHOR_LAST = "author_last"
    UNSOLVED = "unsolved"
    NEEDS_DETAILS = "needs_details"
    MINE = "mine"


QUEUE_NAMES = {
    Queue.UNANSWERED: _("No answer yet"), Queue.AUTHOR_LAST: _("The author wrote last"), Queue.UNSOLVED: _("Unsolved for long"),
    Queue.NEEDS_DETAILS: _("Waiting for details"), Queue.MINE: _("Assigned to me"),
}  # fmt: skip


class Wanted(StrEnum):
    """FO-30: what is missing to help."""

    VERSION = "version"
    SYSTEM = "system"
    LOG = "log"
    STEPS = "steps"
    PICTURE = "picture"


WANTED_NAMES = {
    Wanted.VERSION: _("the exact version of the program (Help, About)"),
    Wanted.SYSTEM: _("the operating system and its version"),
    Wanted.LOG: _("the log, or the whole text of the error message"),
    Wanted.STEPS: _("what you did, step by step, and what happened then"),
    Wanted.PICTURE: _("a picture of the screen"),
}
