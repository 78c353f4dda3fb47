"""Reading: licences (of whom, by key), devices on them, activations by token, signing keys."""

from podpora.licensing.queries.devices import (
    activation_by_token,
    active_devices,
    device_like,
    device_state,
    devices_at_hand,
    devices_of,
    fingerprint_of,
    new_activations,
    owner_proof_holds,
    trial_of,
)
from podpora.licensing.queries.finding import counts_by_state, licences_found
from podpora.licensing.queries.keys import jwk_set, signer, signing_keys
from podpora.licensing.queries.licences import (
    all_licences,
    by_code,
    held,
    key_of,
    licence_by_key,
    licence_visible_to,
    licences_at_hand,
    licences_of,
    locked,
    visible_to,
)
from podpora.licensing.queries.shares import share_by_key, share_in, share_key_of, share_of, shared_used, shares_of

__all__ = [
    "activation_by_token",
    "active_devices",
    "all_licences",
    "by_code",
    "counts_by_state",
    "device_like",
    "device_state",
    "devices_at_hand",
    "devices_of",
    "fingerprint_of",
    "held",
    "jwk_set",
    "key_of",
    "licence_by_key",
    "licence_visible_to",
    "licences_at_hand",
    "licences_found",
    "licences_of",
    "locked",
    "new_activations",
    "owner_proof_holds",
    "share_by_key",
    "share_in",
    "share_key_of",
    "share_of",
    "shared_used",
    "shares_of",
    "signer",
    "signing_keys",
    "trial_of",
    "visible_to",
]
