"""Everything that changes the forum."""

from podpora.forum.actions.arranging import assign, merge, move, set_closed, set_pinned, set_tags, split
from podpora.forum.actions.categories import CategoryWish, order_categories, save_category
from podpora.forum.actions.details import ask_details, note_forgotten, withdraw_details
from podpora.forum.actions.files import forget_unused, keep_file, keep_picture
from podpora.forum.actions.following import drop_draft, forget_drafts, note_reading, read_all, save_draft, subscribe
from podpora.forum.actions.importing import CameIn, import_levels, import_member, import_post, import_topic, lead_category
from podpora.forum.actions.locking import locked
from podpora.forum.actions.mailing import (
    count_view,
    forget_tokens,
    leave_by_mail,
    send_digests,
    tell_not_published,
    tell_of_post,
    topic_address,
)
from podpora.forum.actions.members import Face, change_face, lift, member_of, note_visit, penalise, set_rights, set_trust
from podpora.forum.actions.posts import delete_post, edit, hide_revision, restore
from podpora.forum.actions.reviewing import decide, flag, keep_queue
from podpora.forum.actions.solving import Outside, accept, close_due, solve_with, unaccept
from podpora.forum.actions.topics import reply, start_topic, whisper
from podpora.forum.actions.tying import note_article, note_origin, note_problem, note_ticket
from podpora.forum.actions.upkeep import forget_person, recount_all, recount_categories, render_anew
from podpora.forum.actions.voting import take_vote_back, vote
from podpora.forum.actions.writing import preview

__all__ = [
    "CameIn",
    "CategoryWish",
    "Face",
    "Outside",
    "accept",
    "ask_details",
    "assign",
    "change_face",
    "close_due",
    "count_view",
    "decide",
    "delete_post",
    "drop_draft",
    "edit",
    "flag",
    "forget_drafts",
    "forget_person",
    "forget_tokens",
    "forget_unused",
    "hide_revision",
    "import_levels",
    "import_member",
    "import_post",
    "import_topic",
    "keep_file",
    "keep_picture",
    "keep_queue",
    "lead_category",
    "leave_by_mail",
    "lift",
    "locked",
    "member_of",
    "merge",
    "move",
    "note_article",
    "note_forgotten",
    "note_origin",
    "note_problem",
    "note_reading",
    "note_ticket",
    "note_visit",
    "order_categories",
    "penalise",
    "preview",
    "read_all",
    "recount_all",
    "recount_categories",
    "render_anew",
    "reply",
    "restore",
    "save_category",
    "save_draft",
    "send_digests",
    "set_closed",
    "set_pinned",
    "set_rights",
    "set_tags",
    "set_trust",
    "solve_with",
    "split",
    "start_topic",
    "subscribe",
    "take_vote_back",
    "tell_not_published",
    "tell_of_post",
    "topic_address",
    "unaccept",
    "vote",
    "whisper",
    "withdraw_details",
]  # fmt: skip
