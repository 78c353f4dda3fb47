"""Reading: licences (of whom, by key), devices on them, activations by token, signing keys."""

from podpora.licensing.queries.claims import claim_of, claimable
from podpora.licensing.queries.devices import (
    activation_by_token,
    active_devices,
    device_like,
    device_state,
    devices_at_hand,
    devices_of,
    fingerprint_of,
    likely_device,
    new_activations,
    newest_first,
    trial_of,
)
from podpora.licensing.queries.finding import counts_by_state, licences_found
from podpora.licensing.queries.free import free_installs, free_licence_of
from podpora.licensing.queries.keys import jwk_set, signer, signing_keys
from podpora.licensing.queries.licences import (
    all_licences,
    by_code,
    due_seat_notices,
    held,
    key_of,
    licence_by_key,
    licence_visible_to,
    licences_at_hand,
    licences_of,
    locked,
    open_seat_notice,
    visible_to,
)
from podpora.licensing.queries.lists import (
    DEVICE_FIELDS,
    DeviceWish,
    ListedDevice,
    all_devices,
    chosen_ids,
    device_counts,
    device_in,
    device_page,
    devices_seen_by,
    devices_used_by,
    led_teams,
    listed,
    narrowed,
    order_of,
    share_teams,
    work_of,
)
from podpora.licensing.queries.proofs import owner_proof_holds, proof_code
from podpora.licensing.queries.shares import share_by_key, share_in, share_key_of, share_of, shared_used, shares_of
from podpora.licensing.queries.transfers import (
    claims_of,
    is_for,
    may_give,
    offered_to,
    open_transfer,
    resold_by,
    transfer_by_token,
    transfer_hash,
    transfer_visible_to,
    transfers,
)

__all__ = [
    "DEVICE_FIELDS", "DeviceWish", "ListedDevice", "activation_by_token", "active_devices", "all_devices", "all_licences",
    "by_code", "chosen_ids", "claim_of", "claimable", "claims_of", "counts_by_state", "device_counts", "device_in", "device_like",
    "device_page", "device_state", "devices_at_hand", "devices_of", "devices_seen_by", "devices_used_by", "due_seat_notices",
    "fingerprint_of", "free_installs", "free_licence_of", "held", "is_for", "jwk_set", "key_of", "led_teams", "licence_by_key",
    "licence_visible_to", "licences_at_hand", "licences_found", "licences_of", "likely_device", "listed", "locked", "may_give",
    "narrowed", "new_activations", "newest_first", "offered_to", "open_seat_notice", "open_transfer", "order_of",
    "owner_proof_holds", "proof_code", "resold_by", "share_by_key", "share_in", "share_key_of", "share_of", "share_teams", "shared_used",
    "shares_of", "signer", "signing_keys", "transfer_by_token", "transfer_hash", "transfer_visible_to", "transfers", "trial_of",
    "visible_to", "work_of",
]  # fmt: skip
