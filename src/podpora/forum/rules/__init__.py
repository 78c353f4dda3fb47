"""Pure decisions of the forum: who may what, and what follows from what."""

from podpora.forum.rules.difference import difference
from podpora.forum.rules.flags import (
    accuracy_after,
    flags_hide,
    flags_silence,
    may_edit,
    may_flag,
    score_of,
)
from podpora.forum.rules.handles import handle_from, is_handle, names_in, slug_of, tag_of
from podpora.forum.rules.limits import allowed_now, allowed_text, why_held
from podpora.forum.rules.old_addresses import old_path, ways_of
from podpora.forum.rules.reading import first_unread, is_new, is_unread, read_further, reading_time
from podpora.forum.rules.secrets import without_keys
from podpora.forum.rules.seeing import reaches, reads, sees_post
from podpora.forum.rules.solving import may_solve, may_unsolve, survives
from podpora.forum.rules.subscriptions import by_itself, effective, tells
from podpora.forum.rules.tokens import digest_of_token, leave_token, left_by, message_id, token_of, with_token
from podpora.forum.rules.trust import Standing, starts_at, trust_after
from podpora.forum.rules.writing import may_reply, may_start, may_vote

__all__ = [
    "Standing",
    "accuracy_after",
    "allowed_now",
    "allowed_text",
    "by_itself",
    "difference",
    "digest_of_token",
    "effective",
    "first_unread",
    "flags_hide",
    "flags_silence",
    "handle_from",
    "is_handle",
    "is_new",
    "is_unread",
    "leave_token",
    "left_by",
    "may_edit",
    "may_flag",
    "may_reply",
    "may_solve",
    "may_start",
    "may_unsolve",
    "may_vote",
    "message_id",
    "names_in",
    "old_path",
    "reaches",
    "read_further",
    "reading_time",
    "reads",
    "score_of",
    "sees_post",
    "slug_of",
    "starts_at",
    "survives",
    "tag_of",
    "tells",
    "token_of",
    "trust_after",
    "ways_of",
    "why_held",
    "with_token",
    "without_keys",
]  # fmt: skip
