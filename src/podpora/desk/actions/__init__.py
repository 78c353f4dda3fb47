"""Writing on the desk: one function per thing that can happen to a ticket."""

from podpora.desk.actions.assigning import assign_waiting, give_back_idle, hand_on_orphans
from podpora.desk.actions.automation import (
    CannedPlan,
    RulePlan,
    apply_macro,
    order_rules,
    remove_rule,
    run_time_rules,
    save_canned,
    save_macro,
    save_time_rule,
    save_trigger,
    switch_rule,
    try_conditions,
)
from podpora.desk.actions.bulk import DEEDS, Outcome, go_on, may_undo, preview_work, start_work, undo_work
from podpora.desk.actions.calendars import (
    YEARS_AHEAD,
    add_holiday,
    delete_calendar,
    fetch_feed,
    remove_holiday,
    save_calendar,
    set_feed,
    take_over_holidays,
)
from podpora.desk.actions.care import Changes, add_participant, assign, change, move_queue, set_priority, set_private
from podpora.desk.actions.clocks import keep_clocks, promises_changed, recount
from podpora.desk.actions.confirming import confirm_writer
from podpora.desk.actions.customers import note_customer, remove_customer_note
from podpora.desk.actions.doing import in_language, language_of, variables
from podpora.desk.actions.drafts import Writing, drop_draft, save_draft, take_draft
from podpora.desk.actions.editing import close_as, save_own_state, set_kind, set_own_state, set_subject
from podpora.desk.actions.escalating import tell_of_clocks
from podpora.desk.actions.fields import FieldPlan, read_values, save_field, set_fields
from podpora.desk.actions.following import follow, unfollow
from podpora.desk.actions.forgetting import forget_author
from podpora.desk.actions.forwarding import Forward, forward
from podpora.desk.actions.habits import set_columns, set_undo_seconds
from podpora.desk.actions.happening import happened
from podpora.desk.actions.importing import import_ticket
from podpora.desk.actions.later import schedule, send_due, send_now, withdraw
from podpora.desk.actions.linking import close_children, link, set_parent, unlink
from podpora.desk.actions.mailed import Sender, add_mail, add_people_of_mail, link_by_mail, note_bounce, tell_mail_held
from podpora.desk.actions.merging import merge, merge_many, unmerge
from podpora.desk.actions.messages import add_note, reply, reply_automatically
from podpora.desk.actions.presence import be_present
from podpora.desk.actions.queues import (
    create_queue,
    set_assignment,
    set_follow_up,
    set_members,
    standard_queue,
    update_queue,
)
from podpora.desk.actions.rating import ask_due, digest_of, rate
from podpora.desk.actions.refusals import note_refusal
from podpora.desk.actions.slas import delete_sla, order_slas, save_sla, set_clock_rules
from podpora.desk.actions.snoozing import snooze, wake, wake_due
from podpora.desk.actions.splitting import split
from podpora.desk.actions.states import change_state, close, close_forgotten, reopen
from podpora.desk.actions.tags import change_tags, merge_tags, save_tag, set_tags, tag_name
from podpora.desk.actions.technicians import add_absence, change_absence, delete_skill, end_absence, save_skill, set_profile
from podpora.desk.actions.tickets import open_ticket
from podpora.desk.actions.timing import add_time, remove_time
from podpora.desk.actions.tokens import revoke_tokens
from podpora.desk.actions.triggers import AUTOMATION, would_run
from podpora.desk.actions.views import change_view, remove_view, save_view

__all__ = [
    "AUTOMATION",
    "DEEDS",
    "YEARS_AHEAD",
    "CannedPlan",
    "Changes",
    "FieldPlan",
    "Forward",
    "Outcome",
    "RulePlan",
    "Sender",
    "Writing",
    "add_absence",
    "add_holiday",
    "add_mail",
    "add_note",
    "add_participant",
    "add_people_of_mail",
    "add_time",
    "apply_macro",
    "ask_due",
    "assign",
    "assign_waiting",
    "be_present",
    "change",
    "change_absence",
    "change_state",
    "change_tags",
    "change_view",
    "close",
    "close_as",
    "close_children",
    "close_forgotten",
    "confirm_writer",
    "create_queue",
    "delete_calendar",
    "delete_skill",
    "delete_sla",
    "digest_of",
    "drop_draft",
    "end_absence",
    "fetch_feed",
    "follow",
    "forget_author",
    "forward",
    "give_back_idle",
    "go_on",
    "hand_on_orphans",
    "happened",
    "import_ticket",
    "in_language",
    "keep_clocks",
    "language_of",
    "link",
    "link_by_mail",
    "may_undo",
    "merge",
    "merge_many",
    "merge_tags",
    "move_queue",
    "note_bounce",
    "note_customer",
    "note_refusal",
    "open_ticket",
    "order_rules",
    "order_slas",
    "preview_work",
    "promises_changed",
    "rate",
    "read_values",
    "recount",
    "remove_customer_note",
    "remove_holiday",
    "remove_rule",
    "remove_time",
    "remove_view",
    "reopen",
    "reply",
    "reply_automatically",
    "revoke_tokens",
    "run_time_rules",
    "save_calendar",
    "save_canned",
    "save_draft",
    "save_field",
    "save_macro",
    "save_own_state",
    "save_skill",
    "save_sla",
    "save_tag",
    "save_time_rule",
    "save_trigger",
    "save_view",
    "schedule",
    "send_due",
    "send_now",
    "set_assignment",
    "set_clock_rules",
    "set_columns",
    "set_feed",
    "set_fields",
    "set_follow_up",
    "set_kind",
    "set_members",
    "set_own_state",
    "set_parent",
    "set_priority",
    "set_private",
    "set_profile",
    "set_subject",
    "set_tags",
    "set_undo_seconds",
    "snooze",
    "split",
    "standard_queue",
    "start_work",
    "switch_rule",
    "tag_name",
    "take_draft",
    "take_over_holidays",
    "tell_mail_held",
    "tell_of_clocks",
    "try_conditions",
    "undo_work",
    "unfollow",
    "unlink",
    "unmerge",
    "update_queue",
    "variables",
    "wake",
    "wake_due",
    "withdraw",
    "would_run",
]
