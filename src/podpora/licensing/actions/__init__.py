"""Writing: licences, activations, signing keys."""

from podpora.licensing.actions.activations import (
    activate,
    deactivate,
    free_all_seats,
    free_seat,
    prove_ownership,
    refresh,
    refuse_without_lock,
)
from podpora.licensing.actions.assigning import assign_device, set_device_team
from podpora.licensing.actions.bulk import forget_worker, go_on, start_work, undo_work
from podpora.licensing.actions.clones import clear_clone, flag_clone, place_hash
from podpora.licensing.actions.devices import block_device, freeze, rename_device, thaw, unblock_device
from podpora.licensing.actions.free import send_free_key
from podpora.licensing.actions.importing import (
    History,
    ImportedLicence,
    PastTransfer,
    import_licence,
    take_history,
    take_key,
    take_owner,
)
from podpora.licensing.actions.keys import ensure_signing_key, rotate_signing_key
from podpora.licensing.actions.leaving import hand_on_devices, release_devices
from podpora.licensing.actions.licences import (
    follow_ledger,
    issue,
    issue_all,
    rename,
    renew_leaked_key,
    replace_key,
    send_key,
    set_seats,
    set_state,
    show_key,
)
from podpora.licensing.actions.offline import deactivate_by_proof
from podpora.licensing.actions.recent import RECENT, Recent
from podpora.licensing.actions.resale import resell, send_claim, show_reseller
from podpora.licensing.actions.seats import end_notice, give_notice
from podpora.licensing.actions.shares import end_share, replace_share_key, share_seats, show_share_key
from podpora.licensing.actions.signing import sign
from podpora.licensing.actions.transfers import accept_transfer, cancel_transfer, forget_address, offer_transfer
from podpora.licensing.actions.trials import claim_trial, hold_trials
from podpora.licensing.actions.visits import Visit, note_visits
from podpora.licensing.actions.watching import forget, note_key_use, tell_moves, watch_clock

__all__ = [
    "RECENT",
    "History",
    "ImportedLicence",
    "PastTransfer",
    "Recent",
    "Visit",
    "accept_transfer",
    "activate",
    "assign_device",
    "block_device",
    "cancel_transfer",
    "claim_trial",
    "clear_clone",
    "deactivate",
    "deactivate_by_proof",
    "end_notice",
    "end_share",
    "ensure_signing_key",
    "flag_clone",
    "follow_ledger",
    "forget",
    "forget_address",
    "forget_worker",
    "free_all_seats",
    "free_seat",
    "freeze",
    "give_notice",
    "go_on",
    "hand_on_devices",
    "hold_trials",
    "import_licence",
    "issue",
    "issue_all",
    "note_key_use",
    "note_visits",
    "offer_transfer",
    "place_hash",
    "prove_ownership",
    "refresh",
    "refuse_without_lock",
    "release_devices",
    "rename",
    "rename_device",
    "renew_leaked_key",
    "replace_key",
    "replace_share_key",
    "resell",
    "rotate_signing_key",
    "send_claim",
    "send_free_key",
    "send_key",
    "set_device_team",
    "set_seats",
    "set_state",
    "share_seats",
    "show_key",
    "show_reseller",
    "show_share_key",
    "sign",
    "start_work",
    "take_history",
    "take_key",
    "take_owner",
    "tell_moves",
    "thaw",
    "unblock_device",
    "undo_work",
    "watch_clock",
]  # fmt: skip
