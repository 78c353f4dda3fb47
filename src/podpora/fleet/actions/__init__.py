"""Writing central settings: one function per thing that can happen."""

from podpora.fleet.actions.approving import approve, rebase_drafts
from podpora.fleet.actions.delivering import renew
from podpora.fleet.actions.drafting import discard_drafts, ensure_profile, save_layer
from podpora.fleet.actions.grouping import create_group, delete_group, set_devices, update_group
from podpora.fleet.actions.proposals import decline, guard
from podpora.fleet.actions.publishing import publish, roll_back
from podpora.fleet.actions.reporting import report
from podpora.fleet.actions.rollouts import halt_rollout, move_rollout, next_wave, pause_rollout, resume_rollout
from podpora.fleet.actions.schemas import upload_schema

__all__ = [
    "approve", "create_group", "decline", "delete_group", "discard_drafts", "ensure_profile", "guard", "halt_rollout", "move_rollout",
    "next_wave", "pause_rollout", "publish", "rebase_drafts", "renew", "report", "resume_rollout", "roll_back", "save_layer", "set_devices",
    "update_group", "upload_schema",
]  # fmt: skip
