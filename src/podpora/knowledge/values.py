"""The words of this room: what state an article is in, what somebody writes, and which article explains which refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare

LANGUAGES = ("cs", "en")
LONGEST_TEXT = 60_000
LONGEST_MISSING = 1000
CODE = "KB"
KIND = "article"  # in the search


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


STATE_NAMES = {State.DRAFT: _("Draft"), State.PUBLISHED: _("Published"), State.ARCHIVED: _("Archived")}
LANGUAGE_NAMES = {"cs": "Čeština", "en": "English"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article is, besides its words. Majors: which versions of the product it applies to; None: all of them that way."""

    slug: str
    category: str = ""
    product: str = ""
    from_major: int | None = None
    to_major: int | None = None
    is_internal: bool = False  # for the vendor's staff alone
    is_guide: bool = False
    review_on: date | None = None
    related: tuple[str, ...] = ()  # slugs
    sources: tuple[str, ...] = ()  # public codes of the topics or tickets that it was made from


@dataclass(frozen=True, slots=True)
class Words:
    """An article in one language. `note`: what was changed and why, for colleagues."""

    title: str
    summary: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the table of contents."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A published article as a reader gets it: in his language, or else in the one there is (`is_fallback`)."""

    code: str
    slug: str
    language: str
    title: str
    summary: str
    is_fallback: bool = False
    languages: tuple[str, ...] = ()
    html: str = ""
    headings: tuple[Heading, ...] = ()
    category: str = ""
    category_name: str = ""
    is_guide: bool = False
    is_internal: bool = False
    product: str = ""
    from_major: int | None = None
    to_major: int | None = None
    published_at: datetime | None = None
    changed_at: datetime | None = None
    related: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standard:
    """An article that comes with the system."""

    facts: Facts
    words: Mapping[str, Words] = field(default_factory=dict)


declare("article.slug", _("An address has small letters, digits and hyphens, at most 80: moving-to-a-new-computer."))
declare("article.slug_taken", _("Another article has this address already."))
declare("article.majors_backwards", _("The last version can't lie before the first."))
CHANGED = declare(
    "article.changed", _("{author} saved another text meanwhile. It stands beside yours: look at the differences, then save again.")
)
declare("article.nothing_to_publish", _("There is no text yet: write the title and the text in Czech or English first."))
declare("article.publish_past", _("Choose a moment that is still to come, within a year."))
declare("article.too_long", _("An article may have 60,000 characters at most: make two of it."))
declare("article.category_in_use", _("There are articles in this category. Move them first."))

# Which article explains the refusals of a kind: by the beginning of their codes, the longest that fits. What a code says itself
# (`declare(..., article=…)`) comes first.
EXPLAINED: Mapping[str, str] = {
    "absence.": "desk-for-technicians", "alignment.": "support-until", "article.": "writing-articles", "calendar.": "desk-for-technicians",
    "device.": "free-a-seat", "field.": "desk-for-technicians", "goodwill.": "desk-for-technicians", "import.": "bringing-data-in",
    "invitation.": "company-members", "job.": "running-the-system", "ledger.": "support-until", "licence.": "activation-problems",
    "licence.key": "lost-key", "licence.activation_limit": "free-a-seat", "licence.seats": "free-a-seat", "licence.share": "company-members",
    "licence.team": "company-members", "licence.suspended": "suspended-licence", "licence.frozen": "suspended-licence",
    "licence.not_suspended": "suspended-licence", "licence.not_frozen": "suspended-licence", "licence.revoked": "refund",
    "licence.trial": "levels-of-support", "licence.lifetime": "lifetime-updates", "licence.clock": "working-offline",
    "licence.lease": "working-offline", "licence.certificate": "working-offline", "licence.too_many_moves": "new-computer",
    "licence.wrong_device": "new-computer", "licence.fingerprint": "new-computer", "licence.cannot_be_extended": "upgrades",
    "mail.": "writing-to-us", "mailbox.": "running-the-system", "manager.": "license-manager", "member.": "company-members",
    "merge.": "one-account", "offer.": "buying", "offline.": "working-offline", "order.": "buying", "payment.": "buying",
    "person.": "one-account", "plan.": "running-the-system", "policy.": "running-the-system", "price.": "running-the-system",
    "price_list.": "running-the-system", "problem.": "known-problems", "refund.": "refund", "release.": "running-the-system",
    "rule.": "desk-for-technicians", "search.": "searching", "seats.": "free-a-seat", "settings.": "server-settings",
    "settings.schema": "running-the-system", "skill.": "desk-for-technicians", "sla.": "desk-for-technicians", "support.": "support-until",
    "support.use_other_licence": "levels-of-support", "tag.": "desk-for-technicians", "team.": "company-members",
    "template.": "desk-for-technicians", "ticket.": "questions-and-tickets", "transfer.": "handing-over", "version.": "end-of-life",
    "version.not_covered": "upgrades", "version.upgrade_not_needed": "upgrades", "version.end_of_life": "why-no-renewal",
    "webhook.": "running-the-system", "token.": "running-the-system", "request.": "running-the-system", "server.": "running-the-system",
    "forum.": "community-forum", "topic.": "community-forum", "post.": "community-forum", "file.": "questions-and-tickets",
    "fleet.": "server-settings", "profile.": "server-settings", "rollout.": "server-settings", "": "getting-help",
}  # fmt: skip
