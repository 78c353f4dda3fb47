"""Rights over time, as pure functions (RULES.md A, B, D, F, G). Start with `support.may_open_ticket`.

years       calendar years with an anchor day
ledger      which entries stand at an instant
walk        the standing grants in date order: periods of support
replay      the whole: periods of support, versions, seats, and the trail that explains them
support     may a VIP ticket be opened? until when is support?
run         may this version run?
coverage    does it cover this release? which is the newest one that it covers?
extending   may this renewal, upgrade or addition be sold, and what will come of it?
reminding   when people and programs are reminded
seats       fewer seats, taken back seats
manager     who gets the whole License Manager?
holding     may staff suspend it, or reinstate it?
settings    a mark of what the vendor set
"""

from podpora.entitlements.rules.coverage import covers_release, may_run_release, newest_of, newest_owned, next_update, release_meant
from podpora.entitlements.rules.extending import (
    align,
    ended_major,
    may_add_devices,
    may_add_lifetime,
    may_align,
    may_give_goodwill,
    may_reduce,
    may_renew,
    may_upgrade,
    preview,
)
from podpora.entitlements.rules.holding import may_reinstate, may_suspend
from podpora.entitlements.rules.manager import may_use_manager
from podpora.entitlements.rules.reminding import due, program_notices
from podpora.entitlements.rules.replay import replay
from podpora.entitlements.rules.run import may_run, may_run_version, version_at
from podpora.entitlements.rules.seats import reduction_after, silent_longest
from podpora.entitlements.rules.settings import settings_mark
from podpora.entitlements.rules.support import about, may_open_ticket, support_of, support_of_line, ticket_about

__all__ = [
    "about",
    "align",
    "covers_release",
    "due",
    "ended_major",
    "may_add_devices",
    "may_add_lifetime",
    "may_align",
    "may_give_goodwill",
    "may_open_ticket",
    "may_reduce",
    "may_reinstate",
    "may_renew",
    "may_run",
    "may_run_release",
    "may_run_version",
    "may_suspend",
    "may_upgrade",
    "may_use_manager",
    "newest_of",
    "newest_owned",
    "next_update",
    "preview",
    "program_notices",
    "reduction_after",
    "release_meant",
    "replay",
    "settings_mark",
    "silent_longest",
    "support_of",
    "support_of_line",
    "ticket_about",
    "version_at",
]
