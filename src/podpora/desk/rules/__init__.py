"""Rules of this room, pure: facts in, a Decision or a value out."""

from podpora.desk.rules.assignment import next_in_turn
from podpora.desk.rules.clocks import (
    FIRST,
    LAST,
    UPDATES,
    clocks_of,
    escalation_at,
    look_at,
    pauses_of,
    plan_of,
    sla_for,
    state_of,
    targets_of,
)
from podpora.desk.rules.holidays import countries, holidays_of, read_feed
from podpora.desk.rules.hours import problems_of_calendar, read_hours, written_hours, year_preview
from podpora.desk.rules.programs import cleaned, diagnostics_of, preview_of, purpose_of_report
from podpora.desk.rules.secrets import MASK, TEXT_ENDINGS, TEXT_TYPES, is_text, masked, without_secrets
from podpora.desk.rules.seeing import customer_sees, once_key
from podpora.desk.rules.service_time import HORIZON, deadline, elapsed, is_possible, openings_of_day, year_of
from podpora.desk.rules.states import (
    STEPS,
    major_of,
    may_change_state,
    may_close,
    may_reopen,
    may_write,
    newer_message,
    reopens_until,
    state_after,
    version_advice,
)
from podpora.desk.rules.threading import message_id, read_message_id, subject_of_mail
from podpora.desk.rules.tokens import digest_of_token, reply_address, token_of
from podpora.desk.rules.urgency import RANK_ANSWERED, RANK_DONE, RANK_MERGED, RANK_WAITING, place_of

__all__ = [
    "FIRST",
    "HORIZON",
    "LAST",
    "MASK",
    "RANK_ANSWERED",
    "RANK_DONE",
    "RANK_MERGED",
    "RANK_WAITING",
    "STEPS",
    "TEXT_ENDINGS",
    "TEXT_TYPES",
    "UPDATES",
    "cleaned",
    "clocks_of",
    "countries",
    "customer_sees",
    "deadline",
    "diagnostics_of",
    "digest_of_token",
    "elapsed",
    "escalation_at",
    "holidays_of",
    "is_possible",
    "is_text",
    "look_at",
    "major_of",
    "masked",
    "may_change_state",
    "may_close",
    "may_reopen",
    "may_write",
    "message_id",
    "newer_message",
    "next_in_turn",
    "once_key",
    "openings_of_day",
    "pauses_of",
    "place_of",
    "plan_of",
    "preview_of",
    "problems_of_calendar",
    "purpose_of_report",
    "read_feed",
    "read_hours",
    "read_message_id",
    "reopens_until",
    "reply_address",
    "sla_for",
    "state_after",
    "state_of",
    "subject_of_mail",
    "targets_of",
    "token_of",
    "version_advice",
    "without_secrets",
    "written_hours",
    "year_of",
    "year_preview",
]
