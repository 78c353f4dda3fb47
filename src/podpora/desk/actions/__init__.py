"""Writing on the desk: one function per thing that can happen to a ticket."""

from podpora.desk.actions.bulk import DEEDS, Outcome, go_on, may_undo, preview_work, start_work, undo_work
from podpora.desk.actions.calendars import (
    add_holiday,
    delete_calendar,
    fetch_feed,
    remove_holiday,
    save_calendar,
    set_feed,
    take_over_holidays,
)
from podpora.desk.actions.care import (
    Changes,
    add_participant,
    assign,
    change,
    move_queue,
    set_priority,
    set_private,
)
from podpora.desk.actions.clocks import (
    keep_clocks,
    promises_changed,
    recount,
)
from podpora.desk.actions.escalating import (
    tell_of_clocks,
)
from podpora.desk.actions.importing import (
    import_ticket,
)
from podpora.desk.actions.mailed import (
    Sender,
    add_mail,
    add_people_of_mail,
    link_by_mail,
    note_bounce,
    tell_mail_held,
)
from podpora.desk.actions.messages import (
    add_note,
    reply,
)
from podpora.desk.actions.queues import (
    create_queue,
    set_members,
    standard_queue,
    update_queue,
)
from podpora.desk.actions.slas import (
    delete_sla,
    order_slas,
    save_sla,
    set_clock_rules,
)
from podpora.desk.actions.states import (
    change_state,
    close,
    close_forgotten,
    reopen,
)
from podpora.desk.actions.tickets import (
    open_ticket,
)
from podpora.desk.actions.tokens import (
    revoke_tokens,
)
from podpora.desk.actions.views import (
    change_view,
    remove_view,
    save_view,
)

__all__ = [
    "DEEDS",
    "Changes",
    "Outcome",
    "Sender",
    "add_holiday",
    "add_mail",
    "add_note",
    "add_participant",
    "add_people_of_mail",
    "assign",
    "change",
    "change_state",
    "change_view",
    "close",
    "close_forgotten",
    "create_queue",
    "delete_calendar",
    "delete_sla",
    "fetch_feed",
    "go_on",
    "import_ticket",
    "keep_clocks",
    "link_by_mail",
    "may_undo",
    "move_queue",
    "note_bounce",
    "open_ticket",
    "order_slas",
    "preview_work",
    "promises_changed",
    "recount",
    "remove_holiday",
    "remove_view",
    "reopen",
    "reply",
    "revoke_tokens",
    "save_calendar",
    "save_sla",
    "save_view",
    "set_clock_rules",
    "set_feed",
    "set_members",
    "set_priority",
    "set_private",
    "standard_queue",
    "start_work",
    "take_over_holidays",
    "tell_mail_held",
    "tell_of_clocks",
    "undo_work",
    "update_queue",
]
