"""Writing: licences, activations, signing keys."""

from podpora.licensing.actions.activations import activate, deactivate, free_seat, prove_ownership, refresh
from podpora.licensing.actions.keys import ensure_signing_key, rotate_signing_key
from podpora.licensing.actions.licences import issue, rename, replace_key, set_seats, set_state, show_key

__all__ = [
    "activate", "deactivate", "ensure_signing_key", "free_seat", "issue", "prove_ownership", "refresh", "rename",
    "replace_key", "rotate_signing_key", "set_seats", "set_state", "show_key",
]  # fmt: skip
