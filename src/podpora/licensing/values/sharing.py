"""Seats of teams, and one thing done to many devices: reason codes."""

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare
from podpora.catalog.values import WRITE
from podpora.licensing.values.ways import ADD_DEVICE, FREE_ONE

TEAM_LIMIT = declare(
    "licence.team_limit",
    _("All seats of the team {team} on this licence are taken (it has {seats}). Free one of them, or ask for more seats."),
    ways=(FREE_ONE, WRITE),
)
SEATS_SHARED = declare(
    "licence.seats_shared",
    _("Further seats of the licence belong to teams ({shared}): a device of a team activates with the key of its team."),
    ways=(FREE_ONE,),
)
SHARE_TOO_BIG = declare(
    "licence.share_too_big",
    _(
        "Not enough seats are free to be given to a team (free: {free}). Free seats first, take some back from another team, or add devices."
    ),
    ways=(ADD_DEVICE, FREE_ONE),
)
SHARE_TOO_SMALL = declare(
    "licence.share_too_small", _("The team needs at least as many seats as it has devices on this licence ({devices}).")
)
WORK_NO_UNDO = declare(
    "device.no_undo", _("This can't be undone: a freed seat is taken again by the program, with the licence key.")
)
WORK_UNDONE = declare("device.already_undone", _("This was undone already."), ways=(WRITE,))
WORK_RUNS = declare("device.work_runs", _("This is not finished yet. Wait until it is, then undo it."))
DEVICE_NO_SEAT = declare("device.no_seat", _("The device holds no seat any more."))
declare("device.pattern_unknown", _("Only {n}, {nn}, {nnn}, {nnnn}, {name}, {platform}, {person} and {code} can be filled in."))
NOT_A_MEMBER = declare("device.not_a_member", _("{person} does not belong to the company that owns the licence."))
