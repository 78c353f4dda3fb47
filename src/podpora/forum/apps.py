"""The room and what its verbs say in the audit."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "topic.started": _("Started the topic in {category}."),
    "topic.replied": _("Answered in the topic (post {number})."),
    "topic.whispered": _("Whispered in the topic."),
    "topic.solved": _("Marked the solution of the topic."),
    "topic.unsolved": _("Took the solution of the topic back."),
    "topic.closed": _("Closed the topic."),
    "topic.opened": _("Opened the topic again."),
    "topic.pinned": _("Pinned the topic."),
    "topic.unpinned": _("Unpinned the topic."),
    "topic.moved": _("Moved the topic from {before[category]} to {after[category]}."),
    "topic.tags": _("Changed the tags from {before[tags]} to {after[tags]}."),
    "topic.assigned": _("Changed who looks after the topic."),
    "topic.merged": _("Merged the topic into {into}; posts: {posts}."),
    "topic.split": _("Made posts of it topic {new}; posts: {posts}."),
    "topic.details": _("Asked for details: {wanted}."),
    "topic.details_given": _("Details are not missing any more."),
    "topic.ticket": _("Made ticket {ticket} of the topic."),
    "topic.from_ticket": _("Made of ticket {ticket}."),
    "topic.article": _("Tied article {article} to the topic."),
    "topic.problem": _("Tied the known problem {problem} to the topic."),
    "topic.imported": _("Took the topic over from another system; posts: {posts}."),
    "post.edited": _("Changed post {post}."),
    "post.deleted": _("Deleted post {number}."),
    "post.restored": _("Brought post {post} back."),
    "post.hidden": _("Hid post {post}."),
    "post.revision_hidden": _("Hid an older text of post {post} (number {revision})."),
    "post.revision_shown": _("Showed an older text of post {post} again (number {revision})."),
    "post.flagged": _("Reported post {post}: {kind}."),
    "post.decided": _("Decided about post {post}: {decision}."),
    "forum.face": _("Changed the name in the forum to {after[name]}."),
    "forum.trust": _("Changed the trust from {before[trust]} to {after[trust]}."),
    "forum.penalised": _("Silenced or suspended somebody until {until}: {why}"),
    "forum.lifted": _("Ended the silence."),
    "forum.member_imported": _("Took the face {handle} over from another system."),
    "forum.mail_address": _("Made an address for topics by mail in {category}."),
    "forum.category_made": _("Made the category."),
    "forum.category_changed": _("Changed the category."),
    "forum.categories_ordered": _("Put the categories of the forum into another order."),
}

EVENTS: tuple[dict[str, Any], ...] = (
    {"name": "topic.started", "text": _("A topic was published in the forum."),
     "data": {"topic": "1042", "post": "FP-9K2XW7QA", "number": 1, "category": "questions"}},
    {"name": "topic.replied", "text": _("An answer was published in a topic of the forum."),
     "data": {"topic": "1042", "post": "FP-3M8XPA4R", "number": 2, "category": "questions"}},
    {"name": "topic.solved", "text": _("A topic was solved."), "verbs": ("topic.solved",), "facts": ("kind", "post", "ref"),
     "data": {"topic": "1042", "kind": "post", "post": "FP-3M8XPA4R", "ref": ""}},
    {"name": "topic.unsolved", "text": _("A topic is not solved any more."), "verbs": ("topic.unsolved",), "data": {"topic": "1042"}},
    {"name": "topic.changed", "text": _("Something else about a topic changed."),
     "verbs": ("topic.closed", "topic.opened", "topic.pinned", "topic.unpinned", "topic.moved", "topic.tags", "topic.details",
               "topic.details_given", "topic.ticket", "topic.article", "topic.problem"),
     "data": {"topic": "1042", "before": {"category": "questions"}, "after": {"category": "ideas"}}},
    {"name": "topic.merged", "text": _("A topic was merged into another one."), "verbs": ("topic.merged",), "facts": ("into", "posts"),
     "data": {"topic": "1042", "into": "1040", "posts": 3}},
    {"name": "topic.split", "text": _("Posts of a topic became one of their own."), "verbs": ("topic.split",), "facts": ("new", "posts"),
     "data": {"topic": "1042", "new": "1043", "posts": 2}},
    {"name": "post.edited", "text": _("A post was changed."), "verbs": ("post.edited",), "facts": ("post", "revision"),
     "data": {"topic": "1042", "post": "FP-3M8XPA4R", "revision": 1}},
    {"name": "post.removed", "text": _("A post was deleted or hidden."), "verbs": ("post.deleted", "post.hidden"), "facts": ("post",),
     "data": {"topic": "1042", "post": "FP-3M8XPA4R"}},
    {"name": "post.flagged", "text": _("A post was reported."), "verbs": ("post.flagged",), "facts": ("post", "kind"),
     "data": {"topic": "1042", "post": "FP-3M8XPA4R", "kind": "spam"}},
    {"name": "post.decided", "text": _("A moderator decided about a post."), "verbs": ("post.decided",), "facts": ("post", "decision"),
     "data": {"topic": "1042", "post": "FP-3M8XPA4R", "decision": "agreed"}},
)  # fmt: skip


class ForumConfig(AppConfig):
    name = "podpora.forum"
    label = "forum"

    def ready(self) -> None:
        from podpora.audit.values import EventType, declare_event, declare_sentence
        from podpora.forum.searching import SOURCE, sight
        from podpora.search.values import declare_sight, declare_source

        declare_source(SOURCE)
        declare_sight(sight)
        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
        for event in EVENTS:
            declare_event(EventType(**event))
