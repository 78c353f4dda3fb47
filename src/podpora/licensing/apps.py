"""The room and what its verbs say in the audit."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "licence.seat_notice": _("More devices are active than the licence has seats for; its owner was told."),
    "licence.key_sent": _("Sent the key by mail to {person}."),
    "licence.transfer_offered": _("Offered the licence to {to} ({transfer})."),
    "licence.transfer_cancelled": _("Cancelled the offer of the licence ({transfer})."),
    "licence.transferred": _("The licence {licence} went from {from} to {to} ({transfer})."),
    "licence.key_shown": _("Looked at the key."),
    "licence.issued": _("Issued the licence: {kind}; devices: {seats} ({source})."),
    "licence.key_imported": _("Gave the licence the key that it had in another system."),
    "licence.owner_imported": _("The licence {licence} is that of {to}, as it was in another system."),
    "licence.resold_before": _(
        "The licence was bought for {to} by {reseller}, long before it came into this system; nobody was told."
    ),
    "licence.seats_changed": _("Seats changed from {before[seats]} to {after[seats]}."),
    "licence.state_changed": _("The licence changed from {before[state]} to {after[state]}."),
    "licence.renamed": _("Named the licence {after[name]}."),
    "licence.key_replaced": _("Gave the licence a new key, {after[hint]}; the old one is unknown from now on."),
    "licence.activated": _("Activated the device {name} ({device})."),
    "licence.deactivated": _("Took the device {name} ({device}) off its seat."),
    "device.blocked": _("Shut out the device {name} ({device})."),
    "device.unblocked": _("Let the device {name} ({device}) in again."),
    "device.renamed": _("Renamed the device {device} from {before[name]} to {after[name]}."),
    "licence.resold": _("The licence was bought for {to} by {reseller}; the link to claim it was sent."),
    "licence.shown_to_reseller": _("Let {reseller}, who sold the licence, see its dates and used seats."),
    "licence.hidden_from_reseller": _("{reseller}, who sold the licence, no longer sees its dates."),
    "licence.claimed": _("Gave the trial to {customer}."),
    "device.clock_wrong": _("The clock of the device {name} ({device}) is off by {hours} hours."),
    "device.clock_right": _("The clock of the device {name} ({device}) is right again."),
    "device.suspected_clone": _("Two computers seem to use the activation of the device {name} ({device})."),
    "device.clone_cleared": _("Took the suspicion of two computers off the device {name} ({device})."),
    "device.same_as": _("An owner said that this is the same computer as {name} ({device})."),
    "licence.devices_released": _("Took all devices off their seats: {count}."),
    "licence.frozen": _("Froze the licence, so that no new device comes: {reason}"),
    "licence.thawed": _("Let new devices come to the licence again."),
    "device.work_free": _("Freed the seats of {changed} devices ({work})."),
    "device.work_rename": _("Renamed {changed} devices by the pattern {pattern} ({work})."),
    "device.work_assign": _("Said who uses {changed} devices: {person} ({work})."),
    "device.work_team": _("Moved {changed} devices to the team {team} ({work})."),
    "device.work_block": _("Shut out {changed} devices ({work})."),
    "device.work_unblock": _("Let {changed} devices in again ({work})."),
    "device.work_undone": _("Undid what was done to {changed} devices ({work})."),
    "device.assigned": _("Said who uses the device {name} ({device}): {after[person]} instead of {before[person]}."),
    "device.team_set": _("Moved the device {name} ({device}) to the team {after[team]}."),
    "licence.shared": _("Gave {after[seats]} seats to the team {team} (before: {before[seats]})."),
    "licence.share_ended": _("Took the {before[seats]} seats of the team {team} back."),
    "licence.share_trimmed": _("The licence got smaller: the team {team} has {after[seats]} seats instead of {before[seats]}."),
    "licence.share_key_shown": _("Looked at the key of the team {team}."),
    "licence.share_key_replaced": _("Gave the team {team} a new key, {after[hint]}."),
    "signing_key.made": _("Made the first key that signs certificates."),
    "signing_key.rotated": _("Let the key {after[kid]} sign certificates instead of {before[kid]}."),
}


EVENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "licence.issued", "text": _("A licence was issued."), "verbs": ("licence.issued",),
        "facts": ("customer", "offer", "kind", "seats", "source"),
        "data": {
            "licence": "L-7Q4K92XM", "customer": "C-2M8XPA4R", "offer": "pro-private-3", "kind": "one-time", "seats": 3,
            "source": "order:A-SKVCJJ59/1",
        },
    },
    {
        "name": "licence.changed", "text": _("Seats, state or key of a licence changed."),
        "verbs": ("licence.seats_changed", "licence.state_changed", "licence.key_replaced"),
        "data": {"licence": "L-7Q4K92XM", "before": {"seats": 3}, "after": {"seats": 4}},
    },
    {
        "name": "licence.activated", "text": _("A device was activated."), "verbs": ("licence.activated",),
        "facts": ("device", "activation"), "data": {"licence": "L-7Q4K92XM", "device": "D-4HXN7K2B", "activation": "V-8Y3KQ9TM2RWC"},
    },
    {
        "name": "licence.deactivated", "text": _("A device gave its seat back or was taken off it."), "verbs": ("licence.deactivated",),
        "facts": ("device", "activation"), "data": {"licence": "L-7Q4K92XM", "device": "D-4HXN7K2B", "activation": "V-8Y3KQ9TM2RWC"},
    },
    {
        "name": "licence.limit_reached", "text": _("A new device was refused because all seats are taken; once an hour for each licence."),
        "data": {"licence": "L-7Q4K92XM", "seats": 3},
    },
)  # fmt: skip


class LicensingConfig(AppConfig):
    name = "podpora.licensing"
    label = "licensing"

    def ready(self) -> None:
        from podpora.audit.values import EventType, declare_event, declare_sentence, declare_words
        from podpora.licensing.values import KIND_NAMES, STATE_NAMES

        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
        declare_words("licence.issued", "kind", lambda kind: str(KIND_NAMES.get(kind, kind)))
        declare_words("licence.issued", "source", lambda source: str(source).removeprefix("order:"))
        declare_words("licence.state_changed", "state", lambda state: str(STATE_NAMES.get(state, state)))
        for event in EVENTS:
            declare_event(EventType(**event))
